"""Where in the settings file a key stands, so that an error can name the line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kbtool.core.errors import KbError
from kbtool.settings.faults import SettingsFaults
from kbtool.settings.file import settings_file


def locate(error: KbError, start: Path) -> None:
    """Have an error that names a key of the settings name file and line too, as `kbtool.toml:7`.

    `start` is any folder of the knowledge base. An error that names something else stays as it is.
    """
    if not (isinstance(error, SettingsFaults) or error.where):
        return
    file, lines = _lines(start)
    if isinstance(error, SettingsFaults):
        error.where = file
        error.place(lambda key: f"{file}:{line}" if (line := _nearest(lines, key)) else file)
    elif error.where in lines:
        error.where = f"{file}:{lines[error.where]}, {error.where}"


def place_of(start: Path, key: str) -> tuple[str, int]:
    """The settings file, and the line on which a dotted key begins; 1 where it is not there."""
    file, lines = _lines(start)
    return file, _nearest(lines, key) or 1


def _lines(start: Path) -> tuple[str, dict[str, int]]:
    """The name of the settings file, and the line of each of its keys."""
    file = next(filter(None, map(settings_file, (start, *start.parents))), None)
    if file is None:
        return "kbtool.toml", {}
    prefix = "tool.kbtool." if file.name == "pyproject.toml" else ""
    try:
        found = lines_of(file.read_text("utf-8"))
        return file.name, {key.removeprefix(prefix): line for key, line in found if key.startswith(prefix)}
    except (OSError, ValueError):  # not to be read: then that is what there is to tell
        return file.name, {}


def _nearest(lines: dict[str, int], key: str) -> int | None:
    """The line of a key; of one that is missing, the line of the table that should have it."""
    while key not in lines and "." in key:
        key = key.rpartition(".")[0]
    return lines.get(key)


def lines_of(text: str) -> Iterator[tuple[str, int]]:
    """The dotted keys of a TOML file with the line each begins in, tables before what is in them.

    The tables of an array have a number, from 1: `policy.2.mode`.
    Raises ValueError where the text is no TOML.
    """
    tomllib.loads(text)
    table, tables, statement, start = "", dict[str, int](), "", 1
    for number, line in enumerate(text.split("\n"), 1):
        start = start if statement else number
        statement += f"{line}\n"
        try:
            found = tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue  # a value that goes on in the next line
        if statement.lstrip().startswith("["):
            table = _header(found, tables)
            yield table, start
        else:
            yield from ((key, start) for key in _keys(found, f"{table}." if table else ""))
        statement = ""


def _header(found: Any, tables: dict[str, int]) -> str:
    """The name of a table from its own line; `tables` counts those of arrays."""
    name = ""
    while found:
        key, found = next(iter(found.items()))
        name = f"{name}.{key}" if name else key
        if isinstance(found, list):
            tables[name] = tables.get(name, 0) + 1
            found = found[0]
        if name in tables:
            name = f"{name}.{tables[name]}"
    return name


def _keys(found: dict[str, Any], prefix: str) -> Iterator[str]:
    for key, value in found.items():
        yield prefix + key
        if isinstance(value, dict):
            yield from _keys(value, f"{prefix}{key}.")

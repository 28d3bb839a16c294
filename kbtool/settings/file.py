"""Finding and reading the settings: kbtool.toml, or `[tool.kbtool]` in pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from kbtool.core.errors import UsageError
from kbtool.settings.faults import Fault, SettingsFaults
from kbtool.settings.keys import settings_of
from kbtool.settings.table import Table
from kbtool.settings.values import Settings


def settings_file(root: Path) -> Path | None:
    """kbtool.toml, or a pyproject.toml that has `[tool.kbtool]`."""
    if (own := root / "kbtool.toml").is_file():
        return own
    project = root / "pyproject.toml"
    if project.is_file() and "[tool.kbtool" in project.read_text("utf-8", "replace"):
        return project
    return None


def find_root(start: Path) -> Path:
    """The knowledge base's root: the nearest folder upwards with settings or a mkdocs.yml."""
    for folder in (start, *start.parents):
        if settings_file(folder) or (folder / "mkdocs.yml").is_file():
            return folder
    raise UsageError(
        "no knowledge base here",
        where=str(start),
        hint="run this inside one (a folder with kbtool.toml or mkdocs.yml), name it with -C DIR, "
        "or make a fresh one: kbtool init my-help-centre",
    )


def load_settings(root: Path) -> Settings:
    """The settings of the knowledge base at `root`.

    Raises SettingsFaults, or UsageError for a file that is no TOML.
    """
    path = settings_file(root)
    if path is None:
        return Settings(source=theme_language(root) or "en")
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        at = re.search(r"at line (\d+)", str(error))
        place = f"{path.name}:{at[1]}" if at else path.name
        raise UsageError(
            f"cannot read the settings: {error}", where=place, hint="mend that line; the rest is read then"
        ) from None
    if path.name == "pyproject.toml":
        table = table["tool"]["kbtool"]
    table.setdefault("source", theme_language(root) or "en")
    faults: list[Fault] = []
    settings = settings_of(Table(table, faults))
    if faults:
        raise SettingsFaults(faults)
    return settings


def theme_language(root: Path) -> str | None:
    """`theme: language:` of mkdocs.yml, read as text so that nothing in it can run."""
    try:
        text = (root / "mkdocs.yml").read_text("utf-8")
    except OSError:
        return None
    theme = re.search(r"^theme:[ \t]*\n((?:[ \t]+.*\n|\s*\n)*)", text + "\n", re.M)
    language = re.search(r"^\s+language:\s*['\"]?([\w-]+)", theme[1], re.M) if theme else None
    return language[1] if language else None

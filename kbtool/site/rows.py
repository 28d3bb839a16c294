"""The file of what is recalled: a line for each value, so that one that stays as it was is not put into words again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kbtool.site.signs import Sign, opened, sealed

FORMAT = 4
Table = dict[str, Any]  #: name → what a value followed from, and the value
Files = dict[str, tuple[Sign, str]]  #: name → how a file looks, and the digest of what it holds


@dataclass(slots=True)
class Rows:
    """What was read."""

    files: Files = field(default_factory=dict)
    values: dict[str, Table] = field(default_factory=dict)  #: by kind
    lines: dict[str, dict[str, str]] = field(default_factory=dict)  #: the same as they are written


def read_rows(file: Path, key: str) -> Rows | None:
    """What was written with this key; none if it is another one, or if the file is missing or damaged."""
    try:
        signs, text = opened(file.read_bytes())
    except (OSError, ValueError):
        return None
    lines = text.split("\n")
    head = json.loads(lines[0])
    if head["format"] != FORMAT or head["key"] != key:
        return None
    names, digests = json.loads(lines[1]), json.loads(lines[2])
    found = Rows(dict(zip(names, zip(signs, digests, strict=True), strict=True)))
    at = 3
    for kind, count in head["kinds"]:
        own = lines[at : at + count]
        rows = [(name, [parts, value]) for name, parts, value in json.loads(f"[{','.join(own)}]")]
        found.values[kind] = dict(rows)
        found.lines[kind] = {name: line for (name, _), line in zip(rows, own, strict=True)}
        at += count
    return found


def written(key: str, files: Files, values: Mapping[str, Table], before: Rows) -> bytes:
    """The same as a file; `before` is what was read."""
    head = {"format": FORMAT, "key": key, "kinds": [(kind, len(table)) for kind, table in values.items()]}
    digests = [digest for _, digest in files.values()]
    lines = [_json(head), _json([*files]), _json(digests)]
    for kind, table in values.items():
        lines += _lines(table, before.values.get(kind, {}), before.lines.get(kind, {}))
    return sealed((sign for sign, _ in files.values()), "\n".join(lines))


def _lines(table: Table, old: Table, lines: Mapping[str, str]) -> Iterator[str]:
    for name, row in table.items():
        yield lines[name] if old.get(name) is row else _json([name, *row])


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))

"""The file of what is recalled: a line for each value, so that one that stays as it was is not put into words again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from kbtool.site.signs import Sign, opened, sealed

FORMAT = 4
Table = dict[str, Any]  #: name → name, what a value followed from, the value
Files = dict[str, tuple[Sign, str]]  #: name → how a file looks, and the digest of what it holds


@dataclass(slots=True)
class Rows:
    """What was read."""

    files: Files = field(default_factory=dict)
    values: dict[str, Table] = field(default_factory=dict)  #: by kind
    lines: list[str] = field(default_factory=list)  #: the same as they are written


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
    found.lines = lines[3:]
    rows = iter(json.loads(f"[{','.join(found.lines)}]"))
    for kind, count in head["kinds"]:
        found.values[kind] = {row[0]: row for row in islice(rows, count)}
    return found


def written(key: str, files: Files, values: Mapping[str, Table], before: Rows) -> bytes:
    """The same as a file; `before` is what was read."""
    head = {"format": FORMAT, "key": key, "kinds": [(kind, len(table)) for kind, table in values.items()]}
    digests = [digest for _, digest in files.values()]
    lines = [_json(head), _json([*files]), _json(digests)]
    rows = (row for table in before.values.values() for row in table.values())
    known = dict(zip(map(id, rows), before.lines, strict=True))
    lines += [known.get(id(row)) or _json(row) for table in values.values() for row in table.values()]
    return sealed((sign for sign, _ in files.values()), "\n".join(lines))


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))

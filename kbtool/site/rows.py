"""The file of what is recalled, in Python's own form for plain values: to read it takes a fifth of JSON's time.

Such files are for the Python that wrote them; `key` has to stand for its version, too.
"""

from __future__ import annotations

import marshal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kbtool.site.signs import Sign, opened, sealed

FORMAT = 5
Table = dict[str, Any]  #: name → what was noted under it
Files = dict[str, tuple[Sign, str]]  #: name → how a file looks, and the digest of what it holds


@dataclass(slots=True)
class Rows:
    """What is recalled."""

    files: dict[str, Files] = field(default_factory=dict)  #: by place
    values: dict[str, Table] = field(default_factory=dict)  #: by kind


def read_rows(file: Path, key: str) -> Rows | None:
    """What was written with this key; none if it is another one, or if the file is missing or damaged."""
    try:
        _, body = opened(file.read_bytes())
    except (OSError, ValueError):
        return None
    head = _head(key)
    if not body.startswith(head):
        return None
    return Rows(*marshal.loads(memoryview(body)[len(head) :]))  # noqa: S302 – it stands where compiled modules could stand, too


def written(key: str, rows: Rows) -> bytes:
    """The same as a file. Values may be texts, numbers, tuples, lists and dicts."""
    return sealed(b"", _head(key) + marshal.dumps((rows.files, rows.values)))


def _head(key: str) -> bytes:
    return f"{FORMAT} {key}\n".encode()

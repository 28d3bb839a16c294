"""What a locale's pages were like when they were last made, so that only those are made again that would differ.

Each page has two keys. The first stands for what its text becomes as HTML: the staged text, and where its links lead.
The second stands for the whole page: the first, what the stage says of the article, and what the menu shows there.
A page whose keys are the old ones is taken over from the old site.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

FORMAT = 1


@dataclass(slots=True)
class Made:
    """One page as it was made."""

    text: str  #: the key of its text
    page: str  #: the key of the page
    file: str  #: in the site; empty for a page that came out empty
    title: str | None
    meta: Mapping[str, Any]
    ids: list[str]  #: what can be linked to in it
    anchors: list[tuple[str, dict[str, str]]]  #: what it links to in other pages
    links: list[tuple[str, str | None]]  #: what it links to, and the address that was found
    said: list[str]  #: MkDocs' warnings
    found: str  #: the key of what search knows of it; empty where that is nothing

    @classmethod
    def begun(cls, text: str) -> Made:
        """A page that is not made yet."""
        return cls(text, "", "", None, {}, [], [], [], [], "")

    def again(self) -> Made:
        """The same text on a page that may be another."""
        return replace(self, page="", file="", found="")


_FIELDS = tuple(each.name for each in fields(Made))


@dataclass(slots=True)
class Memory:
    """One locale's pages, by their place in the stage, and what was made from them together."""

    key: str = ""
    names: str = ""  #: stands for all names that links can lead to
    pages: dict[str, Made] = field(default_factory=dict)
    index: str = ""  #: stands for what the search index was made from
    index_files: list[str] = field(default_factory=list)


class Forgotten(Exception):
    """What was remembered in one file is not in the other."""


def read_memory(folder: Path | None, key: str) -> Memory:
    """What was remembered with this key; nothing if it is another one, or if the file is damaged."""
    known = _read(folder / "pages.json") if folder else None
    if not isinstance(known, dict) or known.get("format") != FORMAT or known.get("key") != key:
        return Memory(key)
    try:
        pages = {name: Made(*made) for name, made in known["pages"].items()}
        return Memory(key, known["names"], pages, known["index"], known["index_files"])
    except (KeyError, TypeError, AttributeError):
        return Memory(key)


def read_searched(folder: Path | None) -> dict[str, list[Any]]:
    """What search knew of the pages, by key."""
    known = _read(folder / "searched.json") if folder else None
    return known if isinstance(known, dict) else {}


def write_memory(folder: Path, memory: Memory, searched: Mapping[str, list[Any]] | None) -> None:
    """Write into an empty folder; `searched` is left out where it has not changed."""
    known = {
        "format": FORMAT,
        "key": memory.key,
        "names": memory.names,
        "pages": {name: [getattr(made, name) for name in _FIELDS] for name, made in memory.pages.items()},
        "index": memory.index,
        "index_files": memory.index_files,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pages.json").write_text(json.dumps(known, separators=(",", ":"), default=str), "utf-8")
    if searched is not None:
        (folder / "searched.json").write_text(json.dumps(searched, separators=(",", ":")), "utf-8")


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError):
        return None


def plain(value: Any) -> Any:
    """Front matter as JSON gives it back: dates become texts, as keys, too."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def key_of(*parts: object) -> str:
    """A short text that stands for all parts; equal for equal ones, in every process."""
    body = "\0".join(part if isinstance(part, str) else repr(part) for part in parts)
    return hashlib.blake2b(body.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()

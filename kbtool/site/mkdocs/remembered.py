"""What a locale's pages were like when they were last made, so that only those are made again that would differ.

Each page has three keys. The first stands for what its text becomes as HTML: the staged text, and where its links lead.
The second stands for the whole page: the first, what the stage says of the article, and what the menu shows there.
A page whose keys are the old ones is taken over from the old site. The third says all that the stage says of the
page: while it and the whole menu are as they were, so are the other two, and they need not be worked out.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kbtool.site.signs import opened, sealed

if TYPE_CHECKING:
    from mkdocs.structure.files import File

FORMAT = 6
#: what no name may hold that is to be remembered
_ODD = re.compile(r"[\t\n]")


@dataclass(slots=True)
class Made:
    """One page as it was made. What few pages need of it stays JSON until it is asked for."""

    stage: str = ""  #: what the stage says of it, in words
    text: str = ""  #: the key of its text
    page: str = ""  #: the key of the page
    file: str = ""  #: in the site; empty for a page that came out empty
    found: str = ""  #: the key of what search knows of it; empty where that is nothing
    shown: str = "[null,{}]"  #: what other pages show of it: the title in its text, and its front matter
    to_anchors: str = "[]"  #: what it links to in other pages: file → anchor → the link as it is written
    warned: str = "[]"  #: MkDocs' warnings
    has: str = "[]"  #: what can be linked to in it
    leads: str = "[]"  #: what it links to, and the address that was found

    def again(self, stage: str) -> Made:
        """The same text on a page that may be another."""
        return Made(stage, self.text, "", "", "", self.shown, self.to_anchors, self.warned, self.has, self.leads)

    def show(self, title: str | None, meta: Mapping[str, Any]) -> None:
        self.shown = _json([title, plain(meta)])

    def note(
        self,
        anchors: list[tuple[str, dict[str, str]]],
        said: list[str],
        ids: list[str],
        links: list[tuple[str, str | None]],
    ) -> None:
        self.to_anchors, self.warned, self.has, self.leads = map(_json, (anchors, said, ids, links))

    @property
    def anchors(self) -> list[tuple[str, dict[str, str]]]:
        return [(name, links) for name, links in _list(self.to_anchors)]

    @property
    def said(self) -> list[str]:
        return _list(self.warned)

    @property
    def ids(self) -> list[str]:
        return _list(self.has)

    @property
    def links(self) -> list[tuple[str, str | None]]:
        return [(path, url) for path, url in _list(self.leads)]

    def leads_same(self, find: Callable[[str], File | None]) -> bool:
        """Whether its links lead where they did."""
        return all((file.url if (file := find(path)) else None) == url for path, url in self.links)


def faces(pages: Iterable[Made]) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """Each page's title and front matter."""
    yield from json.loads(f"[{','.join(page.shown for page in pages)}]")


def _list(text: str) -> list[Any]:
    found: list[Any] = json.loads(text) if text != "[]" else []
    return found


_columns = attrgetter(*(each.name for each in fields(Made)))


@dataclass(slots=True)
class Memory:
    """One locale's pages, by their place in the stage, and what was made from them together."""

    key: str = ""
    names: str = ""  #: stands for all names that links can lead to
    common: str = ""  #: stands for what the stage says of the pages together
    media: str = ""  #: stands for the stage's files that are no pages; empty if it cannot
    pages: dict[str, Made] = field(default_factory=dict)
    index: str = ""  #: stands for what the search index was made from
    index_files: list[str] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)  #: files that show nothing but what stands around all pages
    copied: list[str] = field(default_factory=list)  #: files in the site that are copies
    is_plain: bool = False  #: whether MkDocs need not be asked where files go
    days: dict[str, str] = field(default_factory=dict)  #: days as readers of the language write them

    def shown(self) -> dict[str, str]:
        """What pages show of each other."""
        return {name: made.shown for name, made in self.pages.items()}

    def is_alike(self, old: Memory) -> bool:
        """Whether everything around the texts of pages is as it was."""
        return old.common == self.common and old.names == self.names and old.shown() == self.shown()


class Forgotten(Exception):
    """What was remembered in one file is not in the other."""


def read_memory(folder: Path | None, key: str) -> Memory:
    """What was remembered with this key; nothing if it is another one, or if the file is damaged."""
    lines = read_lines(folder / "pages.txt") if folder else []
    if not lines:
        return Memory(key)
    head = json.loads(lines[0])
    if head.pop("format", None) != FORMAT or head["key"] != key:
        return Memory(key)
    names, *columns = (line.split("\t") for line in lines[1:])
    return Memory(pages=dict(zip(names, map(Made, *columns), strict=True)) if columns else {}, **head)


def read_searched(folder: Path | None) -> list[str]:
    """What search knew of the pages; nothing if the file is missing or damaged."""
    return read_lines(folder / "searched.txt") if folder else []


def write_memory(folder: Path, memory: Memory, searched: Iterable[str] | None) -> None:
    """Write into an empty folder; `searched` is left out where it has not changed."""
    pages = {name: made for name, made in memory.pages.items() if not _ODD.search(f"{name}{made.file}")}
    head = {each.name: getattr(memory, each.name) for each in fields(Memory) if each.name != "pages"}
    columns = zip(*map(_columns, pages.values()), strict=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pages.txt").write_bytes(
        as_lines([_json({"format": FORMAT, **head}), *map("\t".join, (pages, *columns))])
    )
    if searched is not None:
        (folder / "searched.txt").write_bytes(as_lines(searched))


def as_lines(lines: Iterable[str]) -> bytes:
    """Lines with what tells whether they have been damaged."""
    return sealed(b"", "\n".join(lines).encode("utf-8", "surrogatepass"))


def read_lines(file: Path) -> list[str]:
    """The same lines; none if the file is missing or damaged."""
    try:
        return str(opened(file.read_bytes())[1], "utf-8", "surrogatepass").split("\n")
    except (OSError, ValueError):
        return []


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), default=str)


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

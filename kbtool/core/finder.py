"""What the reader of a page finds: segments in their places, and the HTML that stands between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from kbtool.core import html, markers
from kbtool.core.cutter import Grammar
from kbtool.core.inline import mask
from kbtool.core.lines import Lines
from kbtool.core.model import Kind, Segment
from kbtool.core.plain import LETTER, plain
from kbtool.core.region import Region

DEEPEST = 100

_MARKDOWN = re.compile(r"\bmarkdown\b(?!\s*=\s*[\"']?0)")


class Found(NamedTuple):
    """A segment and its place in the page."""

    start: int
    end: int
    segment: Segment
    prefix: str = ""


@dataclass(slots=True)
class Level:
    base: int
    is_list: bool


@dataclass(slots=True)
class Page:
    """A page being cut: what it defines, which of its lines are code, and the segments found so far."""

    text: str
    code: dict[int, int]
    grammar: Grammar
    found: list[Found] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)

    def find(self, closer: str, start: int) -> int:
        """The position after the next `closer`, 0 if there is none; each closer that is missing is sought once."""
        if closer in self.missing:
            return 0
        at = self.text.find(closer, start)
        if at < 0:
            self.missing.add(closer)
            return 0
        return at + len(closer)


class Finder:
    """Turns stretches of lines into segments of a page."""

    def __init__(self, page: Page, lines: Lines, depth: int) -> None:
        self.page = page
        self.lines = lines
        self.depth = depth
        self.levels: list[Level] = []
        self.tags: list[tuple[str, bool]] = []  # open HTML containers, and whether Markdown is read inside
        self.item = False  # the next paragraph is the first of a list item
        self.cut_short = False  # the line before belongs to a paragraph that is no list item
        self.row = 0

    @property
    def base(self) -> int:
        return self.levels[-1].base if self.levels else 0

    @property
    def raw(self) -> bool:
        """Whether an HTML container is open in which Python-Markdown reads no Markdown, so nothing is indented code."""
        return bool(self.tags) and not self.tags[-1][1]

    def flow(self, kind: Kind, part: Region) -> None:
        """Prose, in which HTML tags may stand between paragraphs."""
        raw = part.raw.rstrip(" \t")
        tail = markers.ATTRIBUTE_TAIL.match(raw, raw.rfind("\n")) if raw.endswith("}") and "\n" in raw else None
        end = tail.start() if tail else len(raw)
        if "<" not in raw:
            self.emit(kind, part, 0, end)
            return
        last = 0
        inside: Kind | None = None
        for tag in html.block_tags(raw, end):
            self.emit(inside or kind, part, last, tag.start())
            last = tag.end()
            if tag["name"]:
                for start, segment in html.attribute_segments(tag, self.number(part, tag.start())):
                    at = part.at(tag.start() + start)
                    self.page.found.append(Found(at, at + len(segment.raw), segment))
                inside = self.tag(tag)
        self.emit(inside or kind, part, last, end)

    def number(self, part: Region, offset: int) -> int:
        return self.lines.number[part.row(offset)]

    def tag(self, tag: re.Match[str]) -> Kind | None:
        """Note which containers are open; the kind of the text that follows."""
        name = tag["name"].lower()
        if name in html.CONTAINER and not tag["end"]:
            if not tag["slash"]:
                self.tags.append((name, bool(_MARKDOWN.search(tag["attributes"]))))
            else:
                for index in range(len(self.tags) - 1, max(-1, len(self.tags) - 1 - DEEPEST), -1):
                    if self.tags[index][0] == name:
                        del self.tags[index:]
                        break
        if tag["slash"]:
            return None
        return Kind.CAPTION if name in ("figcaption", "caption") else Kind.HTML

    def emit(self, kind: Kind, part: Region, start: int = 0, end: int | None = None) -> None:
        """A segment from start to end of a region; white space at its edges stays frame."""
        raw = part.raw[start:end]
        left = raw.lstrip()
        start += len(raw) - len(left)
        raw = left.rstrip()
        if not raw:
            return
        row = part.row(start)
        line = self.lines.number[row]
        text, slots, inside = mask(raw, self.page.grammar, line)
        if not LETTER.search(text):
            for offset, segment in inside:
                at = part.at(start + offset)
                self.page.found.append(Found(at, at + len(segment.raw), segment))
            return
        at, several = part.at(start), "\n" in raw
        end = part.at(start + len(raw) - 1) + 1 if several else at + len(raw)
        prefix = self.lines.prefix(row + 1 if several else row)
        self.page.found.append(Found(at, end, Segment(kind, text, raw, slots, line), prefix))

    def emit_slice(self, kind: Kind, row: int, start: int, end: int) -> None:
        """A segment inside one line; start and end count from the line's first character."""
        lines, page = self.lines, self.page
        raw = lines.content(row)[start:end]
        left = raw.lstrip()
        at = lines.first[row] + start + len(raw) - len(left)
        raw = left.rstrip()
        if not raw:
            return
        line = lines.number[row]
        text, slots, inside = mask(raw, page.grammar, line)
        if LETTER.search(text):
            page.found.append(Found(at, at + len(raw), Segment(kind, text, raw, slots, line), lines.prefix(row)))
            return
        for offset, segment in inside:
            page.found.append(Found(at + offset, at + offset + len(segment.raw), segment))

    def attribute(self, kind: Kind, row: int, start: int, end: int) -> None:
        """A segment that the page shows in an attribute."""
        raw = self.lines.content(row)[start:end]
        if LETTER.search(raw):
            at = self.lines.first[row] + start
            self.page.found.append(Found(at, at + len(raw), plain(kind, raw, self.lines.number[row])))

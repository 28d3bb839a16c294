"""Heading anchors that are the same in every language: those that the site gives the original's headings.

Writers type none. When a locale is built, each heading of a translation that has no id of its own gets the original's,
as an attribute list that Python-Markdown reads, so `refunds.md#deadlines` is right in every locale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from kbtool.core.align import tie
from kbtool.core.families import size_of
from kbtool.core.fences import fences
from kbtool.core.lines import cut
from kbtool.core.model import Document, Kind, Ledger, Prose
from kbtool.core.render import Heading, Renderer
from kbtool.core.segments import parse


def headings(renderer: Renderer, original: str) -> list[Heading]:
    """The headings of an original in document order, with the ids that the site gives them."""
    return renderer.headings(original)


def with_heading_ids(
    text: str | Document,
    ids: Sequence[str | Heading],
    original: str | Document = "",
    ledger: Ledger | None = None,
) -> str:
    """The page with the original's ids on its headings, those that have ids of their own left alone.

    With the original's text (and the ledger), a heading that was added or dropped shifts none of the others. Without,
    given `Heading`s, levels are compared; given bare ids, the first goes to the first heading, and so on.
    """
    page = text if isinstance(text, Document) else parse(text)
    text = str(page)
    parts, at = [], 0
    for heading, name in _named(page, text, ids, original, ledger):
        parts += [text[at : heading.start], heading.written(name)]
        at = heading.end
    return "".join([*parts, text[at:]])


def heading_frames(original: Document, ids: Sequence[Heading]) -> dict[int, str] | None:
    """What stands behind an original's headings once they have these ids, by the place of the piece from the end.

    It is the same for each translation that was cut by the original's mould. None where ids stand anywhere else.
    """
    pieces, text, found, at = original.pieces, str(original), {}, 0
    named = {heading.segment: (heading, name) for heading, name in _named(original, text, ids, original)}
    index = 0
    for place, piece in enumerate(pieces):
        at += len(piece.text)
        if isinstance(piece, Prose):
            heading, name = named.pop(index, (None, "")) if place + 1 < len(pieces) else (None, "")
            index += size_of(piece.segment)
            if heading is not None:
                frame = pieces[place + 1].text
                marked = f"{frame[: heading.start - at]}{heading.written(name)}{frame[heading.end - at :]}"
                found[place + 1 - len(pieces)] = marked
    return None if named else found


def with_frames(page: Document, frames: Mapping[int, str]) -> str:
    """The page with other frames, named by their places from the end."""
    texts = [piece.text for piece in page.pieces]
    for place, text in frames.items():
        texts[place] = text
    return "".join(texts)


def _named(
    page: Document, text: str, ids: Sequence[str | Heading], original: str | Document, ledger: Ledger | None = None
) -> Iterator[tuple[_Found, str]]:
    """The headings that are to get an id, and that id."""
    found = _found(page, text)
    alike = [h.level for h in ids if isinstance(h, Heading)] == [h.level for h in found]
    dealt = None if alike or not original else _by_tie(found, page, ids, original, ledger)
    dealt = dealt or _by_level(found, ids)
    taken = {heading.id for heading in found if heading.id}
    for heading, name in zip(found, dealt, strict=True):
        if name and not heading.id and name not in taken:
            yield heading, name
            taken.add(name)


@dataclass(frozen=True, slots=True)
class _Found:
    """A heading in Markdown: its level, its own id, and the place for an attribute list."""

    level: int
    id: str
    start: int
    end: int
    attributes: str  #: what its attribute list says so far
    segment: int | None  #: its index in the page's segments; none where there is no letter to translate

    def written(self, name: str) -> str:
        return f" {{ #{name}{' ' if self.attributes else ''}{self.attributes} }}"


_ATX = re.compile(r"(#{1,6})[ \t]*$")
_ATTRIBUTES = re.compile(r"[ \t]+\{:?[ ]*([^\}\n ][^\}\n]*?)[ ]*\}[ \t]*$")
_ID = re.compile(r"(?:^|\s)(?:#|id=[\"']?)([^\s\"'}]+)")
_LINE_END = re.compile(r"[\r\n]")
#: A heading in the frame: it has no letter, else it would be prose.
_NUMBERS = re.compile(r"^[ \t>]*#{1,6}[ \t]*([^\sA-Za-z#{][^\r\nA-Za-z{]*)", re.MULTILINE)
_SETEXT = re.compile(r"\r?\n[ \t>]*(=|-)")


def _found(page: Document, text: str) -> list[_Found]:
    found = []
    at = index = 0
    code: list[range] | None = None
    for piece in page.pieces:
        if isinstance(piece, Prose):
            segment = piece.segment
            if segment.kind is Kind.HEADING:
                found.append(_heading(text, at, at + len(piece.text), index))
            index += size_of(segment) if segment.slots else 1
        elif "#" in piece.text:
            for match in _NUMBERS.finditer(piece.text):
                code = _code(text) if code is None else code
                if not any(at + match.start() in each for each in code):
                    found.append(_heading(text, at + match.start(1), at + match.end(1), None))
        at += len(piece.text)
    return [heading for heading in found if heading]


def _code(text: str) -> list[range]:
    """Where fenced code stands."""
    lines = cut(text)
    return [range(lines.start[first - 1], lines.end[last - 1]) for first, last in fences(lines).items()]


def _heading(text: str, start: int, end: int, segment: int | None) -> _Found | None:
    """The heading whose prose stands from `start` to `end`; None for one written in HTML."""
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    ending = _LINE_END.search(text, end)
    line_end = ending.start() if ending else len(text)
    if marks := _ATX.search(text, line_start, start):
        level = len(marks[1])
    elif underline := _SETEXT.match(text, line_end):
        level = 1 if underline[1] == "=" else 2
    else:
        return None
    line = text[line_start:line_end].rstrip()
    after = line_start + len(line)
    attributes = _ATTRIBUTES.search(line)
    if not attributes:
        return _Found(level, "", after, after, "", segment)
    own = _ID.search(attributes[1])
    return _Found(level, own[1] if own else "", line_start + attributes.start(), after, attributes[1], segment)


def _by_tie(
    found: Sequence[_Found],
    page: Document,
    ids: Sequence[str | Heading],
    original: str | Document,
    ledger: Ledger | None,
) -> list[str] | None:
    """For each heading the id of the one it translates; None where the ids do not fit the original's headings."""
    source = original if isinstance(original, Document) else parse(original)
    theirs = _found(source, str(source))
    if len(theirs) != len(ids):
        return None
    if [heading.level for heading in theirs] == [heading.level for heading in found]:
        return [_name(each) for each in ids]
    names = {heading.segment: _name(each) for heading, each in zip(theirs, ids, strict=True)}
    names.pop(None, None)
    rows = tie(source, page, ledger.entries if ledger else ()).rows
    sources = {row.target: row.source for row in rows}
    return [names.get(sources.get(heading.segment), "") if heading.segment is not None else "" for heading in found]


def _name(each: str | Heading) -> str:
    return each if isinstance(each, str) else each.id


def _by_level(found: Sequence[_Found], ids: Sequence[str | Heading]) -> list[str]:
    """For each heading found the id that is meant for it, or nothing."""
    names = [_name(each) for each in ids]
    dealt = [""] * len(found)
    levels = [each.level for each in ids if isinstance(each, Heading)]
    here = [heading.level for heading in found]
    if len(levels) != len(names) or levels == here:
        dealt[: len(names)] = names[: len(found)]
        return dealt
    known = {heading.id: n for n, heading in enumerate(found) if heading.id}
    fixed = sorted((n, known[name]) for n, name in enumerate(names) if name in known)
    for (a1, b1), (a2, b2) in zip([(-1, -1), *fixed], [*fixed, (len(names), len(here))], strict=True):
        if b1 >= b2:
            continue  # a heading with an id has moved
        blocks = SequenceMatcher(None, levels[a1 + 1 : a2], here[b1 + 1 : b2], autojunk=False).get_matching_blocks()
        for block in blocks:
            for n in range(block.size):
                dealt[b1 + 1 + block.b + n] = names[a1 + 1 + block.a + n]
    return dealt

"""Changes to a translation that a person restructured, made in place: everything else stays, byte for byte.

    page = graft(original, translation, [Edit(3, 5, "neuer Text"), Edit(4, None, "neu"), Edit(None, 7, None)], tie)

A text is replaced where it stands. A new block comes from the original with its frame (list marker, quote mark, the
code that follows it) after the block that precedes it there. A block is taken out with its lines, unless something
that stays stands on these lines or inside of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kbtool.core.align import Tie, tie
from kbtool.core.compose import compose_raw
from kbtool.core.families import families
from kbtool.core.model import Document, Kind, Prose


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: with a target its text is replaced (without `raw`, the block taken out); without one it is new."""

    source: int | None  #: the segment of the original that it comes from
    target: int | None  #: the segment of the translation that it changes
    raw: str | None  #: Markdown as it is to stand in the page


def graft(source: Document, target: Document, edits: Iterable[Edit], tied: Tie | None = None) -> str:
    """The translation with these changes; `tied` tells where new blocks belong, and saves finding out again."""
    edits = list(edits)
    changes = [*_replaced(target, edits), *_deleted(target, edits)]
    new = {e.source: e.raw for e in edits if e.source is not None and e.target is None and e.raw is not None}
    if new:
        changes += _inserted(source, target, new, tied or tie(source, target), {c.start: c.end for c in changes})
    text, parts, at = str(target), [], 0
    for change in sorted(changes, key=lambda c: (c.start, c.end)):
        if change.start >= at:
            parts += [text[at : change.start], change.text]
            at = change.end
    return "".join([*parts, text[at:]])


@dataclass(frozen=True, slots=True)
class _Change:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Placed:
    """A piece of prose, where it stands, and the lines that are its own."""

    piece: Prose
    members: tuple[int, ...]
    start: int
    end: int
    first: int  #: where its first line begins
    last: int  #: where its last line ends, its line break included


class _Page:
    """A page's prose by place."""

    def __init__(self, document: Document) -> None:
        self.text = str(document)
        self.newline = "\r\n" if "\r\n" in self.text else "\n"
        self.placed = list(_places(document, self.text))
        self.by_member = {member: n for n, each in enumerate(self.placed) for member in each.members}

    @cached_property
    def lines(self) -> frozenset[str]:
        return frozenset(line.strip() for line in self.text.splitlines())


_UNDERLINE = re.compile(r"[ \t>]*(?:=+|-+)[ \t]*(?:\r?\n|\Z)")


def _places(document: Document, text: str) -> Iterator[_Placed]:
    members = {id(piece): indexes for piece, indexes in families(document)}
    at = 0
    for piece in document.pieces:
        end = at + len(piece.text)
        if isinstance(piece, Prose):
            first = text.rfind("\n", 0, at) + 1
            last = _line_end(text, end)
            is_heading = piece.segment.kind is Kind.HEADING
            if is_heading and (line := _UNDERLINE.match(text, last)):
                last = line.end()
            yield _Placed(piece, members[id(piece)], at, end, first, last)
        at = end


def _line_end(text: str, at: int) -> int:
    return (text.find("\n", at) + 1) or len(text)


def _replaced(target: Document, edits: Sequence[Edit]) -> Iterator[_Change]:
    page = _Page(target)
    new = {e.target: e.raw for e in edits if e.target is not None and e.raw is not None}
    for placed in page.placed:
        if new.keys() & set(placed.members):
            yield _Change(placed.start, placed.end, _written(placed, new, page.newline))


def _written(placed: _Placed, new: Mapping[int, str], newline: str) -> str:
    """The text of one piece with new texts for its segment or for those inside it."""
    raw = new.get(placed.members[0])
    if raw is None:
        segments = (placed.piece.segment, *(inner for slot in placed.piece.segment.slots for inner in slot.inner))
        return compose_raw(Document((placed.piece,), segments), [new.get(member) for member in placed.members])
    if raw == placed.piece.segment.raw:
        return placed.piece.text
    return raw.replace("\r\n", "\n").replace("\n", newline + placed.piece.prefix)


#: A field, a term or a caption belongs to something that stays.
_STAY = frozenset({Kind.META, Kind.TERM, Kind.CAPTION, Kind.HTML, Kind.EXPANSION, Kind.ALT, Kind.TOOLTIP})
_HOLDS_MORE = frozenset({Kind.ITEM, Kind.TITLE})


def _deleted(target: Document, edits: Sequence[Edit]) -> Iterator[_Change]:
    gone = {e.target for e in edits if e.target is not None and e.raw is None}
    if not gone:
        return
    page = _Page(target)
    doomed = [placed for placed in page.placed if placed.members[0] in gone]
    at = -1
    for placed in doomed:
        if placed.first < at or placed.piece.segment.kind in _STAY:
            continue
        end = _inside(page.text, placed) if placed.piece.segment.kind in _HOLDS_MORE else placed.last
        if all(each.members[0] in gone for each in page.placed if each.start < end and each.end > placed.first):
            at = _with_blanks(page.text, placed.first, end)
            yield _Change(placed.first, at, "")


def _inside(text: str, placed: _Placed) -> int:
    """The end of a list item or container with all that is indented below it."""
    own = text[placed.first : placed.start]
    depth = len(own) - len(own.lstrip(" \t>"))
    end = at = placed.last
    while at < len(text):
        after = _line_end(text, at)
        line = text[at:after]
        if line.strip():
            if len(line) - len(line.lstrip(" \t>")) <= depth:
                break
            end = after
        at = after
    return end


def _with_blanks(text: str, start: int, end: int) -> int:
    """The end of a deletion: the blank lines after it go too, where some stand before it."""
    before = text[:start].rstrip(" \t\r\n")
    if text.count("\n", len(before), start) > 1 or not before:
        while end < len(text) and not text[end : _line_end(text, end)].strip():
            end = _line_end(text, end)
    return end


def _inserted(
    source: Document, target: Document, new: Mapping[int, str], tied: Tie, deleted: Mapping[int, int]
) -> Iterator[_Change]:
    ours, theirs = _Page(source), _Page(target)
    there = {row.source: row.target for row in tied.rows if row.source is not None and row.target is not None}
    for group in _groups(ours, new):
        if not _shares_a_line(ours, group):
            at, lead, trail = _where(ours, theirs, there, group)
            text = f"{lead}{_block(ours, theirs, group, new)}{trail}".replace("\r\n", "\n")
            at = next((end for start, end in deleted.items() if start < at < end), at)
            yield _Change(at, at, text.replace("\n", theirs.newline))


def _where(ours: _Page, theirs: _Page, there: Mapping[int, int], group: Sequence[int]) -> tuple[int, str, str]:
    """The place for new blocks in the translation, and the blank lines before and after them.

    They stand after the block that precedes them in the original; before the one that follows, where only that one
    stands next to them there.
    """
    known = [n for n, placed in enumerate(ours.placed) if placed.members[0] in there]
    before = max((n for n in known if n < group[0]), default=None)
    after = min((n for n in known if n > group[-1]), default=None)
    above = ours.text[ours.placed[before].last : ours.placed[group[0]].first] if before is not None else "code"
    below = ours.text[ours.placed[group[-1]].last : ours.placed[after].first] if after is not None else "code"
    if before is not None and (after is None or not above.strip() or below.strip()):
        at = _placed(ours, theirs, there, before).last
        lead = "\n" if above.strip() else above
        unended = "\n" if at == len(theirs.text) and not theirs.text.endswith("\n") else ""
        return at, unended + lead, "\n" if lead and not _blank_at(theirs.text, at) else ""
    if after is not None:
        return _placed(ours, theirs, there, after).first, "", "\n" if below.strip() else below
    unended = "\n" if theirs.text and not theirs.text.endswith("\n") else ""
    return len(theirs.text), f"{unended}\n" if theirs.text else "", ""


def _groups(ours: _Page, new: Mapping[int, str]) -> list[list[int]]:
    """Runs of new blocks that follow one another in the original."""
    found: list[list[int]] = []
    for n, placed in enumerate(ours.placed):
        if placed.members[0] in new:
            if found and found[-1][-1] == n - 1:
                found[-1].append(n)
            else:
                found.append([n])
    return found


def _shares_a_line(ours: _Page, group: Sequence[int]) -> bool:
    """Whether something else stands on the lines of new text, as in a new column of a table."""
    first, last = ours.placed[group[0]], ours.placed[group[-1]]
    near = [ours.placed[n] for n in (group[0] - 1, group[-1] + 1) if 0 <= n < len(ours.placed)]
    return any(each.start < last.last and each.end > first.first for each in near)


def _placed(ours: _Page, theirs: _Page, there: Mapping[int, int], n: int) -> _Placed:
    """Where the translation of a block of the original stands."""
    return theirs.placed[theirs.by_member[there[ours.placed[n].members[0]]]]


def _block(ours: _Page, theirs: _Page, group: Sequence[int], new: Mapping[int, str]) -> str:
    """The lines of new blocks with their frame: what stands between them, and the code after them that is new too."""
    at = ours.placed[group[0]].first
    parts = []
    for n in group:
        placed = ours.placed[n]
        parts += [ours.text[at : placed.start], _written(placed, new, "\n")]
        at = placed.end
    end = ours.placed[group[-1]].last
    parts.append(ours.text[at:end])
    follows = ours.placed[group[-1] + 1].first if group[-1] + 1 < len(ours.placed) else len(ours.text)
    frame = ours.text[end:follows]
    if frame.strip() and not any(line.strip() in theirs.lines for line in frame.splitlines() if len(line.strip()) > 4):
        parts.append(frame.rstrip() + "\n")
    text = "".join(parts)
    return text if text.endswith("\n") else f"{text}\n"


def _blank_at(text: str, at: int) -> bool:
    return at >= len(text) or not text[at : _line_end(text, at)].strip()

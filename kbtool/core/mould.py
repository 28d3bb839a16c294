"""Pages cut by the mould of another: a translation has the lines of its original, but for their words.

    mould = mould_of(original)
    mould.cut(text) in (None, parse(text))      # the law

How Markdown reads a page is decided by what stands between the words: marks, indentation, blank lines, fences. So what
the page of a translation is made of is known where it has all of that from its original, and words that mean nothing
to a parser. Where in doubt the page is not cut, for `parse` to do it: it takes several times as long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kbtool.core import frontmatter
from kbtool.core.cutter import Grammar
from kbtool.core.finder import Found
from kbtool.core.inline import mask
from kbtool.core.lines import cut
from kbtool.core.model import Document, Frame, Kind, Prose, Segment
from kbtool.core.plain import LETTER
from kbtool.core.segments import FIELDS, LARGEST, assembled, grammar_of, parse
from kbtool.core.spans import Masked

#: what stands for all words while a mould is made
_WORD = "Words"
#: Words, each between line breaks, that may mean something: they hold a mark that parts blocks, cells or titles, begin
#: with what is no letter, number, quote or inline mark, or end with what is cut off. Each alternative begins with a
#: plain character: for such a pattern `re` has a table of where it can begin.
_TELLING = re.compile(
    r"""\t|\v|\f|\r | \||<|{|}|\\ | ``` | ~~~ | \]: | --> | \?> | \$\$
    | \n(?: (?<=[\s#]\n) | (?!\Z | (?!(?:import|export)[ ])(?:
        [^\W\d_] | (?!\d{1,9}[.)][ ])\d | ["'(«»„“”‘’‚‹›¿¡…] | [*_]{1,2}[^\W_] | `[^`] | !\[ | \[(?![!^]|[ xX]\][ ])
    )))""",
    re.VERBOSE,
)
#: what words of a kind may be besides; other kinds stand in HTML and in definitions, whose marks words may end
_FITTING = {
    Kind.PARAGRAPH: None,
    Kind.HEADING: None,
    Kind.ITEM: None,
    Kind.TERM: None,
    Kind.CELL: re.compile(r"(?:[^`]|`[^`]+`)*+"),
    Kind.TITLE: re.compile(r"""[^"\[\]]{1,300}"""),
    Kind.ALT: re.compile(r"(?!.*www\.)(?:[^\W_]|[ ,.;!?%'’/–-]|:[ ])+"),
}


class _Place(NamedTuple):
    """Where words stand."""

    kind: Kind
    line: int  #: among those of the body
    prefix: str
    fitting: re.Pattern[str] | None
    frame: Frame  #: what follows


class Mould:
    """All of a page's body but its words."""

    def __init__(self, begin: str, places: Sequence[_Place], grammar: Grammar, fields: Sequence[str]) -> None:
        self._begin, self._places, self._grammar, self._fields = begin, places, grammar, fields
        frames = [place.frame.text for place in places]
        self._ends = [(frame[:1] if frame[:1] == "\n" else frame, frame, len(frame)) for frame in frames]

    def cut(self, text: str) -> Document | None:
        """The page as `parse` cuts it; None where that cannot be told."""
        head = _head(text, self._fields)
        if head is None or len(text) > LARGEST or grammar_of(text) != self._grammar:
            return None
        start = head.end + len(self._begin)
        words = self._words(text, start) if text.startswith(self._begin, head.end) else None
        if words is None or _is_telling(words):
            return None
        above, has_letter, grammar = assembled(text[:start], head.found), LETTER.search, self._grammar
        pieces, segments = [*above.pieces], [*above.segments]
        for raw, (kind, line, prefix, fitting, frame) in zip(words, self._places, strict=True):
            if fitting and not fitting.fullmatch(raw):
                return None
            at = line + head.lines
            masked, slots, _ = Masked(raw, ()) if kind is Kind.ALT else mask(raw, grammar, at)
            if not has_letter(masked):
                return None
            segment = Segment(kind, masked, raw, slots, at)
            pieces += (Prose(raw, segment, prefix), frame)
            segments.append(segment)
            if slots:
                segments += [inner for slot in slots for inner in slot.inner]
        if not pieces[-1].text:
            pieces.pop()
        return Document(tuple(pieces), tuple(segments))

    def _words(self, text: str, at: int) -> list[str] | None:
        """What stands between the frames; None where something else stands there."""
        found = []
        for sign, frame, size in self._ends:
            end = text.find(sign, at) if sign else len(text)
            if end < 0 or not text.startswith(frame, end):
                return None
            found.append(text[at:end])
            at = end + size
        return found if at == len(text) else None


def _is_telling(words: Sequence[str]) -> bool:
    listed = "\n".join(("", *words, ""))
    return listed.count("\n") > len(words) + 1 or _TELLING.search(listed) is not None


def mould_of(document: Document, fields: Sequence[str] = FIELDS) -> Mould | None:
    """The mould of a page that was cut; None for one whose words may mean more than words."""
    text = str(document)
    head = _head(text, fields)
    if head is None or "<!" in text or "<<<<<<<" in text:
        return None
    frames, prose = _parted(document, text, head.end)
    if _is_telling([one.text for one in prose]) or not all(map(_fits, prose)):
        document = parse(text := text[: head.end] + _WORD.join(frames), fields)
        alike, prose = _parted(document, text, head.end)
        if alike != frames:
            return None
    if not prose or not all(frames[1:-1]) or not all(map(_stands_free, prose, frames, frames[1:])):
        return None
    places = [_place(one, frame, head.lines) for one, frame in zip(prose, frames[1:], strict=True)]
    return Mould(frames[0], places, grammar_of(text), fields)


def _parted(document: Document, text: str, start: int) -> tuple[list[str], list[Prose]]:
    """What stands before, between and behind the prose from `start` on, and that prose."""
    at, last, frames, prose = 0, start, [], []
    for piece in document.pieces:
        end = at + len(piece.text)
        if isinstance(piece, Prose) and at >= start:
            frames.append(text[last:at])
            prose.append(piece)
            last = end
        at = end
    return [*frames, text[last:]], prose


def _fits(prose: Prose) -> bool:
    fitting = _FITTING.get(prose.segment.kind)
    return fitting is None or fitting.fullmatch(prose.text) is not None


def _stands_free(prose: Prose, before: str, after: str) -> bool:
    """Whether words at this place are only what they are; an alternative text may be a label as well."""
    segment = prose.segment
    if segment.kind not in _FITTING or segment.raw != prose.text or segment.key or not _fits(prose):
        return False
    return segment.kind is not Kind.ALT or (before.endswith("![") and after.startswith("]("))


def _place(prose: Prose, frame: str, above: int) -> _Place:
    kind = prose.segment.kind
    return _Place(kind, prose.segment.line - above, prose.prefix, _FITTING[kind], Frame(frame))


class _Head(NamedTuple):
    """A page's front matter."""

    found: list[Found]
    lines: int
    end: int


def _head(text: str, fields: Sequence[str]) -> _Head | None:
    """The front matter, read on its own; None where that may not be so easy."""
    first = text.find("\n")
    mark = text[: max(first, 0)].lstrip(" \t\ufeff").rstrip()
    if mark != "---":
        return None if mark == "+++" or "\r" in text else _Head([], 0, 0)
    end = text.find("\n---\n", first) + len("\n---\n")
    head = text[:end]
    lines = cut(head)
    found, row = frontmatter.read(head, lines, fields)
    if row != len(lines) or "\r" in text or any(mark in head for mark in ("```", "~~~", "<<<<<<<")):
        return None
    return _Head(found, row, end)

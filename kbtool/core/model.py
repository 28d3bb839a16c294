"""The words of the trade as values: pieces, segments, ledger entries, states.

Every value here is frozen and made of plain data, so it can be hashed, compared, pickled and sent to a worker.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from typing import Any, NewType

from kbtool.core.value import value

Digest = NewType("Digest", str)
Locale = str
Audience = str

#: A placeholder in masked text: ⟦3⟧ stands for something untouchable, ⟦3⟧…⟦/3⟧ encloses prose.
PLACEHOLDER = re.compile(r"⟦(/?)(\d+)⟧")


def digest(kind: str, text: str) -> Digest:
    """The 12 hex digits by which ledgers name a masked text; white space does not count."""
    body = f"{kind}\0{' '.join(text.split())}".encode("utf-8", "surrogatepass")
    found: Any = blake2b(body, digest_size=6).hexdigest()
    return found  # type: ignore[no-any-return]  # to say what it is would cost a call


class Kind(StrEnum):
    """What part of a page a segment is; part of its identity, so a heading never matches a paragraph."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"  #: the first paragraph of a list item
    CELL = "cell"
    TERM = "term"  #: of a definition list
    TITLE = "title"  #: of an admonition, a tab, a block
    CAPTION = "caption"
    ALT = "alt"  #: an image's alternative text
    TOOLTIP = "tooltip"  #: the title of a link, an image or an HTML element
    EXPANSION = "expansion"  #: of an abbreviation
    HTML = "html"  #: text inside an HTML block
    META = "meta"  #: a front matter field


@value
class Slot:
    """What one placeholder of a masked text stands for.

    A single slot (`⟦n⟧`) has only `open`; a paired one (`⟦n⟧…⟦/n⟧`) has `open` before and `close` after its prose.
    Texts inside a slot that readers see (an image's alternative text, a link's title) are segments of their own,
    `inner`: their raw text stands in `open`/`close` and is replaced there when the page is composed.
    """

    name: str  #: code, link, image, emphasis, strong, html, break, icon, reference, footnote, entity, math, macro, …
    open: str
    close: str | None = None
    inner: tuple[Segment, ...] = ()

    @property
    def paired(self) -> bool:
        return self.close is not None


class _Digested:
    """Remembers a digest, which is asked for again and again."""

    __slots__ = ("_digest",)
    _digest: Digest


@value
class Segment(_Digested):
    """One translatable block of prose, masked.

    `raw` is the Markdown as it stands in the page, without the indentation or quote marks of continuation lines;
    `text` is the same with soft line breaks as single spaces and everything untouchable as numbered placeholders.
    """

    kind: Kind
    text: str
    raw: str
    slots: tuple[Slot, ...] = ()
    line: int = 0  #: 1-based line in the page
    key: str = ""  #: the front matter field of a META segment

    @property
    def digest(self) -> Digest:
        try:
            return self._digest
        except AttributeError:
            found = digest(self.kind, self.text)
            self._digest = found
            return found

    @property
    def words(self) -> str:
        """The text without placeholders."""
        return PLACEHOLDER.sub("", self.text)

    @property
    def translatable(self) -> bool:
        """Whether there is a letter to translate; engines choke on segments without one, so those are copied."""
        return any(c.isalpha() for c in self.words)


@value
class Frame:
    """What stands between segments: code, markup, blank lines, front matter keys."""

    text: str


@value
class Prose:
    """A segment in its place: `text` is its exact bytes in the page, `prefix` starts each continuation line."""

    text: str
    segment: Segment
    prefix: str = ""


Piece = Frame | Prose


@value
class Document:
    """A page, cut: joining the pieces' texts gives the page back, byte for byte."""

    pieces: tuple[Piece, ...]
    #: all segments in document order, those inside slots directly after the segment they belong to
    segments: tuple[Segment, ...]

    def __str__(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@value
class Stamp:
    """Who, and on which day."""

    by: str
    on: date

    def __str__(self) -> str:
        return f"{self.by} {self.on.isoformat()}"


@value
class Waiver:
    """A person let a change of the original pass: the translation made from `src` still holds."""

    src: Digest  #: what the translation was made from
    stamp: Stamp
    reason: str = ""


@value
class Proposal:
    """The machine's version beside a text that a person wrote or approved."""

    text: str  #: Markdown as it would stand in the page
    src: Digest  #: the source it was made from
    by: str  #: mt:<engine>


@value
class Entry:
    """One segment in one locale: what it was made from, what kbtool last wrote or accepted, by whom."""

    src: Digest
    tgt: Digest
    by: str  #: mt:<engine> | hand | memory | copy (nothing to translate) | none (the source text stands in)
    ok: Stamp | None = None
    waived: Waiver | None = None
    proposal: Proposal | None = None
    past: tuple[tuple[Digest, Digest, Stamp], ...] = ()  #: earlier approvals (src, tgt, who): they return with the text
    major: bool = False  #: the change of the original since was declared major: the old text is wrong

    @property
    def by_person(self) -> bool:
        return self.by == "hand" or self.ok is not None


@dataclass(frozen=True, slots=True)
class Ledger:
    """The file beside a translation: entries in document order, and the stamps of its regular reviews."""

    entries: tuple[Entry, ...] = ()
    reviews: tuple[Stamp, ...] = ()


class State(StrEnum):
    """What follows from original, translation and ledger; from best to worst (`severity`)."""

    APPROVED = "approved"
    NEEDS_REVIEW = "needs-review"
    MACHINE = "machine"
    STALE = "stale"
    CONFLICT = "conflict"
    MISSING = "missing"
    ORPHANED = "orphaned"

    @property
    def severity(self) -> int:
        return list(State).index(self)


@value
class Row:
    """One segment's line in the plan: source and target tied, and the state that follows."""

    source: Segment | None
    target: Segment | None
    entry: Entry | None
    state: State


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in one place; `check`, proof, guard and audit all speak in findings."""

    rule: str
    message: str
    path: str = ""
    line: int = 0
    severity: str = "error"  #: error | warning | note
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.severity}: {self.message} [{self.rule}]" if where else f"{self.message} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class Progress:
    """An article in one locale: its worst state and how many segments are in which."""

    path: str
    locale: Locale
    state: State
    counts: Mapping[State, int] = field(default_factory=dict)

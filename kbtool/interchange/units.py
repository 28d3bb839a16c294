"""Segments as other people's tools see them: what goes out, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kbtool.core.audience import PUBLIC
from kbtool.core.model import Digest, Finding, Locale, Segment, Stamp, State, digest
from kbtool.interchange.codes import Code

#: What XML cannot carry in any form, and what no editor shows.
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: What readers of PO files take for the end of a line.
_ENDS_A_LINE = re.compile("[\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Unit:
    """One segment in one locale, on its way out. Texts are masked, with the numbers of the original."""

    article: str  #: relative to docs/
    key: str  #: names the segment in its article: `keys_of`
    kind: str
    source: str
    state: State
    target: str = ""
    by: str = ""  #: who wrote the target, as the ledger says it
    ok: Stamp | None = None
    codes: tuple[Code, ...] = ()  #: what the placeholders stand for
    line: int = 0  #: in the original
    heading: str = ""  #: under which it stands
    address: str = ""  #: of the page, for readers
    notes: tuple[str, ...] = ()  #: what a translator should know
    was: str = ""  #: the original's text that the target was made from, where that is another one
    proposal: str = ""  #: a text that waits beside the target
    proposal_by: str = ""

    @property
    def base(self) -> str:
        """The hash of the target as it goes out: whoever takes the unit back sees whether it changed here since."""
        return mark(self.kind, self.target)

    @property
    def name(self) -> str:
        return f"{self.article}#{self.key}"

    def told(self) -> Iterator[str]:
        """What every format tells a translator besides the texts."""
        if self.heading:
            yield f"Under: {self.heading}"
        if self.state is State.STALE:
            yield "The original changed since this translation was made."
        if self.state is State.CONFLICT:
            yield "Original and translation both changed since they were last compared."
        if self.was:
            yield f"The original was: {self.was}"
        yield from self.notes


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is handed to a translator: segments of one or more articles in one locale."""

    source: Locale
    target: Locale
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that belong together, without a place in an article: what a translation memory holds."""

    source: str
    target: str
    by: str = ""
    on: str = ""  #: a day, as YYYY-MM-DD
    audience: str = PUBLIC


@dataclass(frozen=True, slots=True)
class Returned:
    """One unit as it came back; nothing in it is believed yet."""

    article: str  #: empty where the file does not say
    key: str
    source: str
    target: str
    line: int
    base: str | None = None  #: of the target when it went out; None where the tool lost it
    approved: bool = False  #: the file says that somebody has
    unfinished: bool = False  #: the file says that it is a guess
    fault: str = ""  #: why its texts cannot be read
    audience: str = PUBLIC  #: of a pair without a place


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that came back, or a part of it that is in one locale."""

    source: str  #: a language tag, empty where the file does not say
    target: str
    line: int
    units: tuple[Returned, ...] = ()
    faults: tuple[Finding, ...] = ()  #: what in it is not a unit at all


def mark(kind: str, text: str) -> str:
    """The hash of a text as the ledger makes them; empty for an empty text."""
    return digest(kind, text) if text.strip() else ""


def keys_of(segments: tuple[Segment, ...]) -> list[str]:
    """A key for each segment of an article: the hash of its text, and a number where the same text stands again."""
    seen: dict[Digest, int] = {}
    found = []
    for segment in segments:
        count = seen[segment.digest] = seen.get(segment.digest, 0) + 1
        found.append(segment.digest if count == 1 else f"{segment.digest}.{count}")
    return found


def name_parts(name: str) -> tuple[str, str]:
    """Article and key of a unit's name; both empty where it is none of ours."""
    found = re.fullmatch(r"(?:docs/)?(.+\.md)#([0-9a-f]{12}(?:\.\d{1,6})?)", name.strip())
    return (found[1], found[2]) if found else ("", "")


def pages_of(units: Sequence[Unit]) -> list[str]:
    """Where readers find what some units of one article stand on, said once."""
    return [f"Page: {address}" for address in dict.fromkeys(unit.address for unit in units) if address]


def is_sayable(text: str, form: str = "") -> bool:
    """Whether a text can stand in a file of this format, or in these files at all."""
    return not _UNSAYABLE.search(text) and not (form == "po" and _ENDS_A_LINE.search(text))


def language_tag(locale: Locale) -> str:
    """A locale as XML wants it: `pt-BR`."""
    return locale.replace("_", "-")

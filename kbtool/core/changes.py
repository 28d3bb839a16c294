"""What a change means: which sections of an article it touches, and which translations fall behind or catch up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from kbtool.core.model import Document, Finding, Kind, Locale, Row, State

#: a segment in one of these states is not what the original says now
BEHIND = (State.STALE, State.CONFLICT, State.MISSING)
_ALIKE = 0.6  #: share of segments in common above which a new article is an old one that was moved


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """One article that a change touches, itself or its translations."""

    path: str
    title: str
    sections: int = (
        0  #: headings, each with what stands below; those of an article that is gone are counted as they were
    )
    changed: int = 0
    is_new: bool = False
    is_gone: bool = False
    moved_from: str = ""
    stale: Mapping[Locale, Mapping[State, int]] = field(default_factory=dict)  #: fall behind: what they lack now
    missing: tuple[Locale, ...] = ()  #: not there yet
    up_to_date: tuple[Locale, ...] = ()  #: catch up
    characters: int = 0  #: to be translated in this article


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What a branch changes, and what there is to do after it is merged."""

    base: str
    articles: tuple[ArticleChange, ...]
    segments: int
    characters: int
    requests: int
    cost: float
    currency: str
    notes: tuple[str, ...] = ()  #: why not everything could be counted
    findings: tuple[Finding, ...] = ()  #: of `check`, in files that the branch changes
    unknown: str = ""  #: why it cannot be told what changed; the figures are then those of the whole help centre

    @property
    def sections(self) -> int:
        return sum(each.sections for each in self.articles)

    @property
    def changed(self) -> int:
        return sum(each.changed for each in self.articles)

    @property
    def stale(self) -> int:
        return sum(len(each.stale) for each in self.articles)

    @property
    def missing(self) -> int:
        return sum(len(each.missing) for each in self.articles)

    @property
    def up_to_date(self) -> int:
        return sum(len(each.up_to_date) for each in self.articles)


def sections_touched(old: Document, new: Document) -> tuple[int, int]:
    """How many sections of the new text differ from the old one, and how many there are.

    What stands above the first heading, the front matter included, belongs to the first section.
    """
    places = list(_sections(new))
    touched: set[int] = set()
    before, after = _digests(old), _digests(new)
    for tag, _, _, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal" and places:
            touched.update(places[start:end] or [places[max(0, start - 1)]])
    return len(touched), count_sections(new)


def count_sections(document: Document) -> int:
    return max(_sections(document), default=-1) + 1


def _sections(document: Document) -> Iterator[int]:
    """For each segment the number of its section."""
    number, headed = 0, False
    for segment in document.segments:
        if segment.kind is Kind.HEADING:
            number, headed = number + headed, True
        yield number


def _digests(document: Document) -> list[str]:
    return [segment.digest for segment in document.segments]


def are_alike(old: Document, new: Document) -> bool:
    """Whether one is the other with some changes."""
    return SequenceMatcher(None, _digests(old), _digests(new), autojunk=False).ratio() >= _ALIKE


def behind(rows: Iterable[Row]) -> dict[State, int]:
    """The segments that are not what the original says, by state."""
    found: dict[State, int] = {}
    for row in rows:
        if row.source is not None and row.state in BEHIND:
            found[row.state] = found.get(row.state, 0) + 1
    return found

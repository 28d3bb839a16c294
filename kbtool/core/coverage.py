"""How much of a help centre is there, in each locale and section: plainly, and weighted by what people read.

A section is a folder directly below docs/. Up to date is a segment that is approved, needs review or was made by a
machine from the original as it is now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kbtool.core.model import Locale, State
from kbtool.core.queue import views_of
from kbtool.core.standing import STATES, Counts, Standing

UP_TO_DATE = (State.APPROVED, State.NEEDS_REVIEW, State.MACHINE)
_GOOD = tuple(STATES.index(state) for state in UP_TO_DATE)
_MACHINE = STATES.index(State.MACHINE)
_ORPHANED = STATES.index(State.ORPHANED)

Shares = tuple[float, ...]  #: in the order of State


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a section, or everything, stands in one locale."""

    locale: Locale
    section: str  #: empty for articles directly in docs/, and for everything
    states: Counts  #: articles, by their worst state
    segments: Counts
    views: int  #: of all these articles; 0 where nobody knows
    by_views: Shares  #: views by state: those of an article are spread over the states of its segments

    @property
    def articles(self) -> int:
        return sum(self.states)

    @property
    def up_to_date(self) -> int:
        """Articles with nothing stale, missing or in conflict."""
        return sum(self.states[n] for n in _GOOD)

    @property
    def share(self) -> float | None:
        """The share of segments that are up to date; None without any."""
        whole = sum(self.segments) - self.segments[_ORPHANED]
        return sum(self.segments[n] for n in _GOOD) / whole if whole else None

    @property
    def share_by_views(self) -> float | None:
        """The share of page views that meet text that is up to date; None without views."""
        return sum(self.by_views[n] for n in _GOOD) / self.views if self.views else None

    @property
    def machine(self) -> float | None:
        """The share of segments that a machine made and nobody approved."""
        whole = sum(self.segments) - self.segments[_ORPHANED]
        return self.segments[_MACHINE] / whole if whole else None

    @property
    def machine_by_views(self) -> float | None:
        return self.by_views[_MACHINE] / self.views if self.views else None


def section_of(path: str) -> str:
    """The section of an article; empty for one directly in docs/."""
    return path.split("/", 1)[0] if "/" in path else ""


def is_gone(standing: Standing) -> bool:
    """Whether only a translation is left: nothing that readers of the originals would miss."""
    return standing.state is State.ORPHANED and standing.segments == standing.counts[_ORPHANED]


def by_locale(standings: Iterable[Standing], views: Mapping[str, int]) -> tuple[Coverage, ...]:
    """The coverage of each locale, in the order in which they come."""
    groups: dict[Locale, list[Standing]] = defaultdict(list)
    for each in standings:
        groups[each.locale].append(each)
    return tuple(_coverage(locale, "", found, views) for locale, found in groups.items())


def by_section(standings: Iterable[Standing], views: Mapping[str, int]) -> tuple[Coverage, ...]:
    """The coverage of each section in each locale, by section."""
    groups: dict[tuple[str, Locale], list[Standing]] = defaultdict(list)
    for each in standings:
        groups[section_of(each.path), each.locale].append(each)
    ordered = sorted(groups.items(), key=lambda item: item[0][0])
    return tuple(_coverage(locale, section, found, views) for (section, locale), found in ordered)


def _coverage(locale: Locale, section: str, standings: Iterable[Standing], views: Mapping[str, int]) -> Coverage:
    states, segments, weights = [0] * len(STATES), [0] * len(STATES), [0.0] * len(STATES)
    seen = 0
    for each in standings:
        if is_gone(each):
            continue
        states[STATES.index(each.state)] += 1
        for n, count in enumerate(each.counts):
            segments[n] += count
        read = (views_of(each.path, locale, views) or 0) if views else 0
        if read:
            seen += read
            for n, share in enumerate(_shares(each)):
                weights[n] += read * share
    return Coverage(locale, section, tuple(states), tuple(segments), seen, tuple(weights))


def _shares(standing: Standing) -> Sequence[float]:
    """An article's segments by state as shares of one; what cannot be read counts as its state says."""
    counts = [0 if n == _ORPHANED else count for n, count in enumerate(standing.counts)]
    whole = sum(counts)
    if not whole:
        return [float(state is standing.state) for state in STATES]
    return [count / whole for count in counts]

"""All figures that a support lead looks at, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kbtool.core.coverage import Coverage
from kbtool.core.freshness import Freshness, Overdue
from kbtool.core.model import Locale, State
from kbtool.core.trend import Day, Mark

FILE = "kb/dashboard.html"  #: where it stands in editions that are not for the public


@dataclass(frozen=True, slots=True)
class Gap:
    """A translation of which readers miss something."""

    path: str
    title: str
    locale: Locale
    state: State
    segments: int
    lacking: int  #: segments that are missing, stale or in conflict
    views: int | None


@dataclass(frozen=True, slots=True)
class Bill:
    """What it would take to bring one locale up to date, as `kbtool translate --dry-run` counts it."""

    locale: Locale
    segments: int
    characters: int
    requests: int
    cost: float
    note: str = ""  #: why not everything could be counted


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One look at a help centre."""

    name: str
    on: date
    source: Locale
    names: Mapping[Locale, str]  #: what speakers call each language
    articles: int
    views: str  #: the file of page views; empty where there is none
    locales: tuple[Coverage, ...]
    sections: tuple[Coverage, ...]
    freshness: tuple[Freshness, ...]
    overdue: tuple[Overdue, ...]
    overdue_files: int
    gaps: tuple[Gap, ...]  #: the most important ones
    more_gaps: int
    bills: tuple[Bill, ...] | None  #: None where nobody counted
    currency: str
    trend: tuple[Day, ...]

    @property
    def today(self) -> Day:
        """These figures as a line of the history."""
        marks: Mapping[Locale, Mark] = {
            each.locale: Mark(_rounded(each.share), _rounded(each.share_by_views), _rounded(each.machine))
            for each in self.locales
        }
        return Day(self.on, self.articles, self.overdue_files, marks)


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)

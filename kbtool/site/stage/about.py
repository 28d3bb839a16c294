"""What is known of a staged article beside its text: its version, when it changed, when somebody last checked it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from kbtool.core.model import Locale
from kbtool.site.stage.desk import Desk
from kbtool.site.stage.past import Days, Past
from kbtool.site.stage.staged import Pages


class About(NamedTuple):
    """One article in one locale."""

    version: str
    updated: date | None = None  #: unknown outside git, and in a clone without its past
    reviewed: date | None = None
    created: date | None = None
    due: date | None = None  #: the next regular review; none before the first

    @property
    def happened(self) -> tuple[date, str] | None:
        """The last that happened to it, and what it was: new, updated or reviewed."""
        if self.reviewed and (self.updated is None or self.reviewed > self.updated):
            return self.reviewed, "reviewed"
        if self.updated is None:
            return None
        return self.updated, "new" if self.updated == self.created else "updated"


def about(desk: Desk, pages: Pages) -> dict[tuple[Locale, str], About]:
    """What is known of every page."""
    past = Past(desk.project, desk.recall)
    found = {}
    for locale, there in pages.items():
        days = past.days(locale, {path: staged.reviewed for path, staged in there.items()})
        for (path, staged), told in zip(there.items(), days, strict=True):
            found[locale, path] = About(staged.version, *_dates(told, staged.due))
    return found


@lru_cache(maxsize=4096)
def _dates(told: Days, due: str) -> tuple[date | None, date | None, date | None, date | None]:
    """As dates; most pages share theirs with others."""
    checked, updated, created = map(_date, told)
    return updated, checked, created, _date(due)


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

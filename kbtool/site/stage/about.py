"""What is known of a staged article beside its text: its version, when it changed, when somebody last checked it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kbtool.core.model import Locale
from kbtool.site.stage.desk import Desk
from kbtool.site.stage.past import Past, day_of
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
        folder = "docs" if locale == desk.source else f"translations/{locale}"
        for path, staged in there.items():
            updated, created = past.days(f"{folder}/{path}", staged.reviewed)
            found[locale, path] = About(staged.version, updated, day_of(staged.reviewed), created, day_of(staged.due))
    return found

"""What is known of a staged article beside its text: its version, when it changed, when somebody last checked it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kbtool.core.meta import front_matter
from kbtool.core.model import Locale
from kbtool.core.stamp import unstamped
from kbtool.history import Change, History
from kbtool.settings import days
from kbtool.site.desk import Desk

_STAMPED_WITHIN = 31  #: days after a review in which a commit may be nothing but its stamp


@dataclass(frozen=True, slots=True)
class About:
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


def about(desk: Desk, pages: Mapping[tuple[Locale, str], str]) -> dict[tuple[Locale, str], About]:
    """What is known of every page."""
    history = History.of(desk.project.root)
    past = _past(desk, history) if history and not history.is_shallow else {}
    heads = {path: front_matter(desk.project.original(path)) for locale, path in pages if locale == desk.source}
    found = {}
    for (locale, path), text in pages.items():
        head = heads.get(path, {})
        checked = reviewed(desk, path, locale, head)
        changes = past.get(desk.shown(path, locale), ())
        found[locale, path] = About(
            version=hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=4).hexdigest(),
            updated=_updated(history, changes, checked) if history else None,
            reviewed=checked,
            created=changes[-1].day if changes and changes[-1].old is None else None,
            due=checked + timedelta(days=_interval(desk, path, locale, head)) if checked else None,
        )
    return found


def reviewed(desk: Desk, path: str, locale: Locale, head: Mapping[str, Any]) -> date | None:
    """The last regular review, of the original from its front matter, of a translation from its ledger."""
    if locale == desk.source:
        return review_day(head.get("reviewed"))

    def last() -> str:
        ledger = desk.project.ledger(path, locale)
        return max((stamp.on.isoformat() for stamp in ledger.reviews), default="") if ledger else ""

    return review_day(desk.recall.value("reviewed", (desk.ledger_digest(path, locale), path), last))


def review_day(said: Any) -> date | None:
    """`reviewed:` as people write it: a date, or `2026-09-01 ana`."""
    if isinstance(said, date):
        return said
    try:
        return date.fromisoformat(str(said)[:10]) if said else None
    except ValueError:
        return None


def _interval(desk: Desk, path: str, locale: Locale, head: Mapping[str, Any]) -> int:
    """Days between two reviews: what the article says itself, else the settings."""
    usual = desk.project.settings.interval(path, None if locale == desk.source else locale)
    return days(head.get("review_every")) or usual


def _past(desk: Desk, history: History) -> Mapping[str, tuple[Change, ...]]:
    folders = [desk.project.docs, desk.project.root / "translations"]
    return {path: told for folder in folders if folder.is_dir() for path, told in history.changes(folder).items()}


def _updated(history: History, changes: tuple[Change, ...], checked: date | None) -> date | None:
    """When the text last changed: a commit that brought nothing but the stamp of a review is none of that."""
    for change in changes:
        near = checked is not None and 0 <= (change.day - checked).days <= _STAMPED_WITHIN
        if not near or change.old is None:
            return change.day
        if unstamped(history.content(change.old)).strip() != unstamped(history.content(change.new)).strip():
            return change.day
    return None

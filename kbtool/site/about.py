"""What is known of a staged article beside its text: its version, when it changed, when somebody last checked it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kbtool.core.meta import front_matter
from kbtool.core.model import Locale
from kbtool.history import History
from kbtool.site.desk import Desk


@dataclass(frozen=True, slots=True)
class About:
    """One article in one locale."""

    version: str
    updated: date | None = None  #: unknown outside git, and in a clone without its past
    reviewed: date | None = None


def about(desk: Desk, pages: Mapping[tuple[Locale, str], str]) -> dict[tuple[Locale, str], About]:
    """What is known of every page."""
    changes = _changes(desk)
    return {
        (locale, path): About(
            version=hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=4).hexdigest(),
            updated=changes.get(desk.shown(path, locale)),
            reviewed=reviewed(desk, path, locale),
        )
        for (locale, path), text in pages.items()
    }


def reviewed(desk: Desk, path: str, locale: Locale) -> date | None:
    """The last regular review, of the original from its front matter, of a translation from its ledger."""
    if locale == desk.source:
        return review_day(front_matter(desk.project.original(path)).get("reviewed"))
    ledger = desk.project.ledger(path, locale)
    return max((stamp.on for stamp in ledger.reviews), default=None) if ledger else None


def review_day(said: Any) -> date | None:
    """`reviewed:` as people write it: a date, or `2026-09-01 ana`."""
    if isinstance(said, date):
        return said
    try:
        return date.fromisoformat(str(said)[:10]) if said else None
    except ValueError:
        return None


def _changes(desk: Desk) -> Mapping[str, date]:
    history = History.of(desk.project.root)
    if history is None or history.is_shallow:
        return {}
    found = dict(history.last_changes(desk.project.docs))
    if (desk.project.root / "translations").is_dir():
        found.update(history.last_changes(desk.project.root / "translations"))
    return found

"""When a regular review is due: a clock of its own for every original and every translation."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from kbtool.core.model import Locale, Stamp

SPREAD_AT_LEAST = 1  #: day after the start on which the very first review can fall due


@dataclass(frozen=True, slots=True)
class Due:
    """The next regular review of one file."""

    file: str  #: relative to the knowledge base's root
    locale: Locale
    owner: str  #: empty where nobody is named
    on: date
    every: int  #: days
    last: Stamp | None = None
    note: str = ""  #: what is wrong with what the article says about its reviews

    def is_due(self, day: date) -> bool:
        return self.on <= day


def due_on(key: str, last: date | None, every: int, start: date) -> date:
    """The day on which a review is due.

    First reviews are spread over one interval from `start`, each article always on the same day of it, so that not
    everything falls due at once.
    """
    if last is not None:
        return last + timedelta(days=every)
    place = int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest())
    return start + timedelta(days=SPREAD_AT_LEAST + place % every)


def read_reviewed(value: object) -> Stamp | None:
    """A review from front matter: `2026-09-01 ana`, or a day alone.

    Raises ValueError for what is neither.
    """
    if value is None:
        return None
    day, _, by = str(value).strip().partition(" ")
    return Stamp(by.strip() or "unknown", date.fromisoformat(day))

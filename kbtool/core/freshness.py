"""How long ago files were reviewed, and whose reviews are overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kbtool.core.due import Due
from kbtool.core.model import Locale

#: days since the last review up to which a file counts to a group; longer ago and never are the last two
AGES = (30, 90, 180, 365)
LABELS = (*(f"up to {days} days" for days in AGES), "longer ago", "never")
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Freshness:
    """The originals, or the translations of one locale, by the age of their last review."""

    locale: Locale
    files: tuple[int, ...]  #: in the order of LABELS


@dataclass(frozen=True, slots=True)
class Overdue:
    """What one team should have reviewed by now."""

    owner: str
    originals: int
    translations: int
    oldest: date  #: since when the oldest of them is due

    @property
    def files(self) -> int:
        return self.originals + self.translations


def freshness(dues: Iterable[Due], today: date) -> tuple[Freshness, ...]:
    """One value per locale, in the order in which they come."""
    found: dict[Locale, list[int]] = {}
    for due in dues:
        found.setdefault(due.locale, [0] * len(LABELS))[_age(due, today)] += 1
    return tuple(Freshness(locale, tuple(files)) for locale, files in found.items())


def _age(due: Due, today: date) -> int:
    if due.last is None:
        return len(LABELS) - 1
    days = (today - due.last.on).days
    return next((n for n, most in enumerate(AGES) if days <= most), len(AGES))


def overdue(dues: Iterable[Due], today: date, source: Locale) -> tuple[Overdue, ...]:
    """Per owner what is due, the one with most first; a file with several owners counts for each of them."""
    groups: dict[str, list[Due]] = defaultdict(list)
    for due in dues:
        for owner in due.owner.split(", ") if due.is_due(today) else ():
            groups[owner or NOBODY].append(due)
    found = []
    for owner, mine in groups.items():
        originals = sum(due.locale == source for due in mine)
        found.append(Overdue(owner, originals, len(mine) - originals, min(due.on for due in mine)))
    return tuple(sorted(found, key=lambda each: (-each.files, each.owner)))

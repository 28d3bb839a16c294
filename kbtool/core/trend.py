"""Figures of earlier days: one line of JSON per day, so that git merges them by putting lines together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kbtool.core.errors import Refused
from kbtool.core.model import Locale


@dataclass(frozen=True, slots=True)
class Mark:
    """How far one locale was on a day; shares between 0 and 1, None where there was nothing to measure."""

    coverage: float | None
    coverage_by_views: float | None
    machine: float | None


@dataclass(frozen=True, slots=True)
class Day:
    """What was recorded on one day."""

    on: date
    articles: int
    overdue: int
    locales: Mapping[Locale, Mark]

    def __str__(self) -> str:
        """The line of the history file."""
        locales = {
            locale: {
                "coverage": mark.coverage,
                "coverage_by_views": mark.coverage_by_views,
                "machine": mark.machine,
            }
            for locale, mark in self.locales.items()
        }
        day = {"on": self.on.isoformat(), "articles": self.articles, "overdue": self.overdue, "locales": locales}
        return json.dumps(day, ensure_ascii=False, separators=(", ", ": "))


def read_days(text: str, where: str) -> tuple[Day, ...]:
    """The days of a history file, oldest first; of two lines for one day the later one counts.

    Raises Refused with file and line for what is no such line.
    """
    found: dict[date, Day] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            day = _read(line, f"{where}:{number}")
            found[day.on] = day
    return tuple(found[on] for on in sorted(found))


def _read(line: str, where: str) -> Day:
    try:
        told = json.loads(line)
        locales = {str(locale): _mark(mark) for locale, mark in told["locales"].items()}
        return Day(date.fromisoformat(told["on"]), int(told["articles"]), int(told["overdue"]), locales)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Refused(
            "this is no day of the history", where=where, hint="keep both sides of a conflict, or remove the line"
        ) from None


def _mark(told: Mapping[str, Any]) -> Mark:
    values = [told.get(key) for key in ("coverage", "coverage_by_views", "machine")]
    return Mark(*(None if value is None else min(1.0, max(0.0, float(value))) for value in values))


def with_day(text: str, day: Day) -> str:
    """The history with a day in it, once: recording the same day again replaces its line."""
    start = f'{{"on": "{day.on.isoformat()}"'
    kept: Iterable[str] = (line for line in text.splitlines() if line.strip() and not line.startswith(start))
    return "".join(f"{line}\n" for line in (*kept, str(day)))

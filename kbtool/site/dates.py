"""Days and months as readers of a language write them; the only place that knows Babel."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from kbtool.core.model import Locale
from kbtool.site import locales

if TYPE_CHECKING:
    from babel import Locale as Customs


#: locale → days as they are written there
_written: dict[Locale, dict[str, str]] = {}


def day(on: date, locale: Locale) -> str:
    """`20 August 2026`, `20. August 2026`, `2026年8月20日`."""
    known = written(locale)
    if (name := on.isoformat()) not in known:
        from babel.dates import format_date

        known[name] = format_date(on, "long", locale=_customs(locale))
    return known[name]


def written(locale: Locale) -> dict[str, str]:
    """The days that were asked for; what is added need not be asked for: what languages write is slow to load."""
    return _written.setdefault(locale, {})


def day_of_month(on: date, locale: Locale) -> str:
    """The day without its year, for a list under months: `20 August`."""
    from babel.dates import format_skeleton

    return format_skeleton("MMMMd", on, locale=_customs(locale))


def month(on: date, locale: Locale) -> str:
    """`August 2026`."""
    from babel.dates import format_skeleton

    return format_skeleton("yMMMM", on, locale=_customs(locale))


@lru_cache(maxsize=64)
def _customs(locale: Locale) -> Customs:
    """What Babel knows of a locale; of its language where it does not know the region, of English for the rest."""
    from babel import Locale as Customs
    from babel import UnknownLocaleError

    for tag in (locales.tag(locale), locales.language(locale)):
        try:
            return Customs.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Customs("en")

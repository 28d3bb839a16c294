"""The language switcher: the same page in the languages in which it exists, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kbtool.core.model import Locale
from kbtool.site import locales


@dataclass(frozen=True, slots=True)
class Choice:
    """One language on the menu."""

    locale: Locale
    link: str  #: below the site's root
    current: bool

    @property
    def lang(self) -> str:
        return locales.tag(self.locale)

    @property
    def name(self) -> str:
        return locales.name(self.locale)

    @property
    def dir(self) -> str:
        return locales.direction(self.locale)


@dataclass(frozen=True, slots=True)
class Switcher:
    """Stands in `extra.alternate`.

    Material writes a relative `hreflang` link for each item of whatever can be iterated there, so this cannot:
    our own head elements have absolute ones, and only for what exists.
    """

    choices: tuple[Choice, ...]

    def __bool__(self) -> bool:
        return len(self.choices) > 1


def switcher(current: Locale, links: Iterable[tuple[Locale, str]]) -> Switcher:
    return Switcher(tuple(Choice(locale, link, locale == current) for locale, link in links))

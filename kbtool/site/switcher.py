"""The language switcher: the same page in the languages in which it exists, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kbtool.core.model import Locale
from kbtool.site import locales
from kbtool.site.phrases import phrases, spoken


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
    def say(self) -> Mapping[str, str] | None:
        """How to offer the page to a reader of this language; nothing where kbtool does not speak it."""
        return phrases(self.locale) if spoken(self.locale) else None

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

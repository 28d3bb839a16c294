"""The language switcher: the same page in the languages in which it exists, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

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
    def attributes(self) -> str:
        """What the link says besides where it leads, as HTML."""
        return _attributes(self.locale, self.current)


@lru_cache(maxsize=256)
def _attributes(locale: Locale, current: bool) -> str:
    """Also how to offer the page to a reader of this language; nothing where kbtool does not speak it."""
    tag = locales.tag(locale)
    found = f'hreflang="{tag}" lang="{tag}" dir="{locales.direction(locale)}" class="md-select__link"'
    if current:
        return f'{found} aria-current="true"'
    if not spoken(locale):
        return found
    say = phrases(locale)
    return f'{found} data-kb-also="{say["also_in"]}" data-kb-switch="{say["switch"]}" data-kb-stay="{say["stay"]}"'


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

"""How well a page answers a word: one number from 1 to 59 per page and stem, settled at build time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import NamedTuple

from kbtool.search.card import CODE, HEADING, TITLE, Card
from kbtool.search.pack import pack

_SATURATION, _LENGTH = 1.2, 0.75  # k1 and b of BM25, as usual
_TITLE, _HEADING = 0.9, 0.25
_STEPS, _HIGHEST = 59, 2.9  # 59 is the largest number that packs into one character
#: A part of a word (of a compound, of a camelCase name) says less than the word, and code says less than prose. Both
#: are counted in whole numbers of a 25th of a word, so that their sum does not hang on the order.
_PART, _IN_CODE, _PART_IN_CODE, _UNIT = 15, 10, 6, 25

#: How often a page says a stem; of one in its title or a heading also how much of a word it is there, from 0 to 1.
Count = tuple[float] | tuple[float, float, float]


class Measure(NamedTuple):
    """What the impacts of a page hang on, whatever its stems are."""

    length: float
    title_length: int
    counts: Sequence[Sequence[float]]  #: each that one of its stems has


class Averages(NamedTuple):
    """Of the pages of one locale."""

    length: float
    title_length: float

    @classmethod
    def of(cls, pages: Sequence[Measure]) -> Averages:
        number = len(pages) or 1
        return cls(sum(page[0] for page in pages) / number or 1, sum(page[1] for page in pages) / number or 1)


@dataclass(slots=True)
class Terms:
    """The stems of one page, by where they stand."""

    whole: Counter[str] = field(default_factory=Counter)  #: words of prose
    less: Counter[str] = field(default_factory=Counter)  #: what counts less, in units
    title: dict[str, float] = field(default_factory=dict)  #: 1, or less for a part of a word
    heading: dict[str, float] = field(default_factory=dict)
    title_length: int = 0
    length: float = 0.0

    @classmethod
    def of(cls, card: Card, stems: Mapping[str, str], inner: Mapping[str, Sequence[str]]) -> Terms:
        """Those of the page's words, and of the words these are made of."""
        terms = cls()
        for where, whole, once, often in card.words:
            ones, more = [*map(stems.__getitem__, once)], [(stems[word], times) for word, times in often]
            if whole:
                terms._add(where, ones, more)
                made = [*often, *((word, 1) for word in once)] if inner else ()
                parts = [(stems[part], times) for word, times in made if word in inner for part in inner[word]]
            else:
                parts = [*more, *((stem, 1) for stem in ones)]
            terms._add_parts(where, parts)
        return terms

    def _add(self, where: str, once: list[str], often: Sequence[tuple[str, int]]) -> None:
        """Words that stand in such a place once, and others with how often."""
        number = len(once) + sum(times for _, times in often)
        if where == CODE:
            self._add_less([*zip(once, repeat(1), strict=False), *often], _IN_CODE)
            self.length += number * _IN_CODE / _UNIT
            return
        self.whole.update(once)
        for stem, times in often:
            self.whole[stem] += times
        self.length += number
        self.title_length += number * (where == TITLE)
        self._honour(where, (*once, *(stem for stem, _ in often)), 1)

    def _add_parts(self, where: str, parts: Sequence[tuple[str, int]]) -> None:
        """Parts of words, and how often."""
        self._add_less(parts, _PART_IN_CODE if where == CODE else _PART)
        self._honour(where, (stem for stem, _ in parts), _PART / _UNIT)

    def _add_less(self, stems: Iterable[tuple[str, int]], units: int) -> None:
        for stem, times in stems:
            self.less[stem] += units * times

    def _honour(self, where: str, stems: Iterable[str], share: float) -> None:
        if where in (TITLE, HEADING):
            place = self.title if where == TITLE else self.heading
            place.update((stem, max(share, place.get(stem, 0))) for stem in stems)

    def counts(self) -> dict[str, Count]:
        """All stems of the page."""
        once = (1,)
        found: dict[str, Count] = {stem: once if times == 1 else (times,) for stem, times in self.whole.items()}
        for stem, units in self.less.items():
            found[stem] = (self.whole[stem] + units / _UNIT,)
        for stem in self.title.keys() | self.heading.keys():
            found[stem] = (found[stem][0], self.title.get(stem, 0), self.heading.get(stem, 0))
        return found


class Impacts(dict[Count, str]):
    """The impacts of one page's stems, packed, by how often it says them: most words stand there once."""

    def __init__(self, page: Measure, averages: Averages) -> None:
        super().__init__()
        self.damped = _SATURATION * (1 - _LENGTH + _LENGTH * page.length / averages.length)
        self.title = _TITLE / (0.6 + 0.4 * max(1, page.title_length) / averages.title_length)

    def __missing__(self, key: Count) -> str:
        found = self[key] = pack([self.of(*key)])
        return found

    def of(self, count: float, title: float = 0, heading: float = 0) -> int:
        """Frequency, weighed by the page's length, and the honour of titles."""
        weight = count / (count + self.damped) + self.title * title + _HEADING * heading
        return max(1, min(_STEPS, round(_STEPS / _HIGHEST * weight)))

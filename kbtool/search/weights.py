"""How well a page answers a word: one number from 1 to 59 per page and stem, settled at build time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import NamedTuple

from kbtool.search.card import CODE, HEADING, TITLE, Words
from kbtool.search.pack import pack

_SATURATION, _LENGTH = 1.2, 0.75  # k1 and b of BM25, as usual
_TITLE, _HEADING = 0.9, 0.25
_STEPS, _HIGHEST = 59, 2.9  # 59 is the largest number that packs into one character
_SCALE = _STEPS / _HIGHEST
#: A part of a word (of a compound, of a camelCase name) says less than the word, and code says less than prose. Both
#: are counted in whole numbers of a unit, a 25th of a word, so that their sum does not hang on the order.
_PART, _IN_CODE, _PART_IN_CODE, _UNIT = 15, 10, 6, 25

#: How often a page says a stem; of one in its title or a heading also how much of a word it is there. All in units.
Count = int | tuple[int, int, int]


class Measure(NamedTuple):
    """What the impacts of a page hang on, whatever its stems are."""

    length: float
    title_length: int
    plain: Sequence[int]  #: the counts that its stems have
    honoured: Sequence[Sequence[int]]  #: those of stems in its title and headings

    def worth(self, averages: Averages) -> list[int]:
        """The impact of each count, from 1 to 59, but for these two bounds."""
        damped, title = _factors(self, averages)
        plain = [round(_SCALE * (n / _UNIT / (n / _UNIT + damped))) for n in self.plain]
        return plain + [_worth(n, t, h, damped, title) for n, t, h in self.honoured]


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
    """The stems of one page, as numbers, by where they stand."""

    whole: Counter[int] = field(default_factory=Counter)  #: words of prose
    less: dict[int, int] = field(default_factory=dict)  #: what counts less, in units
    title: dict[int, int] = field(default_factory=dict)  #: how much of a word, in units
    heading: dict[int, int] = field(default_factory=dict)
    title_length: int = 0
    length: float = 0.0

    @classmethod
    def of(cls, said: Iterable[Words], stems: Mapping[str, int], inner: Mapping[str, Sequence[str]]) -> Terms:
        """Those of the page's words, and of the words these are made of."""
        terms = cls()
        for where, whole, once, often in said:
            ones, more = [*map(stems.__getitem__, once)], [(stems[word], times) for word, times in often]
            if whole:
                terms._add(where, ones, more)
                made = [*((word, 1) for word in filter(inner.__contains__, once)), *often]
                parts = [(stems[part], times) for word, times in made if word in inner for part in inner[word]]
            else:
                parts = [*more, *((stem, 1) for stem in ones)]
            if parts:
                terms._add_less(parts, _PART_IN_CODE if where == CODE else _PART)
                terms._honour(where, (stem for stem, _ in parts), _PART)
        return terms

    def _add(self, where: str, once: list[int], often: Sequence[tuple[int, int]]) -> None:
        """Words that stand in such a place once, and others with how often."""
        number = len(once) + sum(times for _, times in often)
        if where == CODE:
            self._add_less(chain(zip(once, repeat(1), strict=False), often), _IN_CODE)
            self.length += number * _IN_CODE / _UNIT
            return
        self.whole.update(once)
        for stem, times in often:
            self.whole[stem] += times
        self.length += number
        self.title_length += number * (where == TITLE)
        self._honour(where, chain(once, (stem for stem, _ in often)), _UNIT)

    def _add_less(self, stems: Iterable[tuple[int, int]], units: int) -> None:
        for stem, times in stems:
            self.less[stem] = self.less.get(stem, 0) + units * times

    def _honour(self, where: str, stems: Iterable[int], share: int) -> None:
        if where in (TITLE, HEADING):
            place = self.title if where == TITLE else self.heading
            place.update((stem, max(share, place.get(stem, 0))) for stem in stems)

    def counts(self) -> dict[int, Count]:
        """All stems of the page."""
        found = {stem: times * _UNIT for stem, times in self.whole.items()}
        for stem, units in self.less.items():
            found[stem] = found.get(stem, 0) + units
        honoured = self.title.keys() | self.heading.keys()
        honours = {stem: (found[stem], self.title.get(stem, 0), self.heading.get(stem, 0)) for stem in honoured}
        return found | honours

    def measure(self, counts: Mapping[int, Count]) -> Measure:
        """What stands for the page with these counts."""
        each = set(counts.values())
        honoured = [count for count in each if isinstance(count, tuple)]
        return Measure(self.length, self.title_length, [n for n in each if isinstance(n, int)], honoured)


class Impacts(dict[Count, str]):
    """The impacts of one page's stems, packed, by how often it says them: most words stand there once."""

    def __init__(self, page: Measure, averages: Averages) -> None:
        super().__init__()
        self.factors = _factors(page, averages)

    def __missing__(self, key: Count) -> str:
        count, title, heading = key if isinstance(key, tuple) else (key, 0, 0)
        found = self[key] = pack([max(1, min(_STEPS, _worth(count, title, heading, *self.factors)))])
        return found


def _factors(page: Measure, averages: Averages) -> tuple[float, float]:
    """What the page's length makes of how often it says a word, and of its title."""
    damped = _SATURATION * (1 - _LENGTH + _LENGTH * page.length / averages.length)
    return damped, _TITLE / (0.6 + 0.4 * max(1, page.title_length) / averages.title_length)


def _worth(units: int, in_title: int, in_heading: int, damped: float, title: float) -> int:
    """Frequency, weighed by the page's length, and the honour of titles."""
    count = units / _UNIT
    weight = count / (count + damped) + title * (in_title / _UNIT) + _HEADING * (in_heading / _UNIT)
    return round(_SCALE * weight)

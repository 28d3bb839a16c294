"""How well a page answers a word: one number from 1 to 59 per page and stem, settled at build time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat

from kbtool.search.card import CODE, HEADING, TITLE

_SATURATION, _LENGTH = 1.2, 0.75  # k1 and b of BM25, as usual
_TITLE, _HEADING = 0.9, 0.25
_STEPS, _HIGHEST = 59, 2.9  # 59 is the largest number that packs into one character
#: A part of a word (of a compound, of a camelCase name) says less than the word, and code says less than prose. Both
#: are counted in whole numbers of a 25th of a word, so that their sum does not hang on the order.
_PART, _IN_CODE, _PART_IN_CODE, _UNIT = 15, 10, 6, 25

#: How often a page says a stem; of one in its title or a heading also how much of a word it is there, from 0 to 1.
Count = float | tuple[float, float, float]


@dataclass(slots=True)
class Terms:
    """The stems of one page, by where they stand."""

    whole: Counter[int] = field(default_factory=Counter)  #: words of prose
    less: Counter[int] = field(default_factory=Counter)  #: what counts less, in units
    title: dict[int, float] = field(default_factory=dict)  #: 1, or less for a part of a word
    heading: dict[int, float] = field(default_factory=dict)
    title_length: int = 0
    length: float = 0.0

    def add(self, where: str, once: list[int], often: Sequence[tuple[int, int]]) -> None:
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

    def add_parts(self, where: str, parts: Sequence[tuple[int, int]]) -> None:
        """Parts of words, and how often."""
        self._add_less(parts, _PART_IN_CODE if where == CODE else _PART)
        self._honour(where, (stem for stem, _ in parts), _PART / _UNIT)

    def _add_less(self, stems: Iterable[tuple[int, int]], units: int) -> None:
        for stem, times in stems:
            self.less[stem] += units * times

    def _honour(self, where: str, stems: Iterable[int], share: float) -> None:
        if where in (TITLE, HEADING):
            place = self.title if where == TITLE else self.heading
            place.update((stem, max(share, place.get(stem, 0))) for stem in stems)

    def counts(self) -> dict[int, Count]:
        """All stems of the page."""
        found: dict[int, Count] = dict(self.whole)
        for stem, units in self.less.items():
            found[stem] = self.whole[stem] + units / _UNIT
        for stem in self.title.keys() | self.heading.keys():
            found[stem] = (found[stem], self.title.get(stem, 0), self.heading.get(stem, 0))  # type: ignore[assignment]
        return found


def impacts(pages: Sequence[Terms]) -> Iterator[Iterator[tuple[int, int]]]:
    """For each page its stems and their impacts: frequency, weighed by the page's length, and the honour of titles."""
    average = sum(page.length for page in pages) / (len(pages) or 1) or 1
    title = sum(page.title_length for page in pages) / (len(pages) or 1) or 1
    for page in pages:
        counts = page.counts()
        yield zip(counts, map(_Impacts(page, average, title).__getitem__, counts.values()), strict=True)


class _Impacts(dict[Count, int]):
    """The impacts of one page's stems by how often it says them, each reckoned once: most words stand there once."""

    def __init__(self, page: Terms, average: float, average_title: float) -> None:
        super().__init__()
        self.damped = _SATURATION * (1 - _LENGTH + _LENGTH * page.length / average)
        self.title = _TITLE / (0.6 + 0.4 * max(1, page.title_length) / average_title)

    def __missing__(self, key: Count) -> int:
        count, title, heading = key if isinstance(key, tuple) else (key, 0, 0)
        weight = count / (count + self.damped) + self.title * title + _HEADING * heading
        self[key] = found = max(1, min(_STEPS, round(_STEPS / _HIGHEST * weight)))
        return found

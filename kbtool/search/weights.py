"""How well a page answers a word: one number from 1 to 59 per page and stem, settled at build time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

#: A part of a word (of a compound, of a camelCase name) says less than the word.
PART = 0.6
_CODE = 0.4
_SATURATION, _LENGTH = 1.2, 0.75  # k1 and b of BM25, as usual
_TITLE, _HEADING = 0.9, 0.25
_STEPS, _HIGHEST = 59, 2.9  # 59 is the largest number that packs into one character


@dataclass(slots=True)
class Terms:
    """The stems of one page, by where they stand."""

    title: dict[int, float] = field(default_factory=dict)  #: 1, or less for a part of a word
    heading: dict[int, float] = field(default_factory=dict)
    counts: Counter[int] = field(default_factory=Counter)
    title_length: int = 0
    length: float = 0.0

    def add(self, stem: int, where: str, share: float, times: int = 1) -> None:
        """Occurrences in `title`, `heading`, `text` or `code`; `share` is below 1 for a part of a word."""
        weight = times * share * (_CODE if where == "code" else 1)
        self.counts[stem] += weight  # type: ignore[assignment]  # a Counter of fractions: Counter's type knows ints only
        if where in ("title", "heading"):
            found = self.title if where == "title" else self.heading
            found[stem] = max(share, found.get(stem, 0.0))
        if share == 1:
            self.length += weight
            self.title_length += times * (where == "title")


def impacts(pages: Sequence[Terms]) -> list[dict[int, int]]:
    """For each page its stems' impacts: frequency, weighed by the page's length, and the place of honour in titles."""
    if not pages:
        return []
    average = sum(page.length for page in pages) / len(pages) or 1
    title = sum(page.title_length for page in pages) / len(pages) or 1
    return [_impacts(page, average, title) for page in pages]


def _impacts(page: Terms, average: float, average_title: float) -> dict[int, int]:
    damped = _SATURATION * (1 - _LENGTH + _LENGTH * page.length / average)
    title = _TITLE / (0.6 + 0.4 * max(1, page.title_length) / average_title)
    return {
        stem: max(1, min(_STEPS, round(_STEPS / _HIGHEST * (
            count / (count + damped) + title * page.title.get(stem, 0) + _HEADING * page.heading.get(stem, 0)
        ))))
        for stem, count in page.counts.items()
    }  # fmt: skip

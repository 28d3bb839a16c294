"""A stretch of lines that is read as one: its raw text, and where each part of it stands in the page."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from kbtool.core.lines import Lines


class Region(NamedTuple):
    """Some lines without their indentation, joined by `\\n`."""

    raw: str
    lines: Lines
    rows: range
    offsets: tuple[int, ...]  #: where in `raw` each row begins

    def at(self, offset: int) -> int:
        """The position in the page of an offset in `raw`."""
        if len(self.rows) == 1:
            return self.lines.first[self.rows[0]] + offset
        row = bisect_right(self.offsets, offset) - 1
        return self.lines.first[self.rows[row]] + offset - self.offsets[row]

    def row(self, offset: int) -> int:
        """The line in which an offset of `raw` lies."""
        return self.rows[bisect_right(self.offsets, offset) - 1]


def region(lines: Lines, lo: int, hi: int) -> Region:
    """The lines lo to hi as one."""
    text, first, end = lines.text, lines.first, lines.end
    if hi == lo + 1:
        return Region(text[first[lo] : end[lo]], lines, range(lo, hi), (0,))
    rows = range(lo, hi)
    parts = [text[first[i] : end[i]] for i in rows]
    offsets = tuple(accumulate([len(part) + 1 for part in parts[:-1]], initial=0))
    return Region("\n".join(parts), lines, rows, offsets)

"""A stretch of lines that is read as one: its raw text, and where each part of it stands in the page."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from kbtool.core.lines import Lines


@dataclass(frozen=True, slots=True)
class Region:
    """Some lines without their indentation, joined by `\\n`."""

    raw: str
    lines: Lines
    rows: range
    offsets: tuple[int, ...]  #: where in `raw` each row begins

    def at(self, offset: int) -> int:
        """The position in the page of an offset in `raw`."""
        row = bisect_right(self.offsets, offset) - 1
        return self.lines.first[self.rows[row]] + offset - self.offsets[row]

    def row(self, offset: int) -> int:
        """The line in which an offset of `raw` lies."""
        return self.rows[bisect_right(self.offsets, offset) - 1]


def region(lines: Lines, lo: int, hi: int) -> Region:
    """The lines lo to hi as one."""
    if hi == lo + 1:
        return Region(lines.content(lo), lines, range(lo, hi), (0,))
    parts: list[str] = []
    offsets: list[int] = []
    size = 0
    for i in range(lo, hi):
        offsets.append(size)
        parts.append(lines.content(i))
        size += len(parts[-1]) + 1
    return Region("\n".join(parts), lines, range(lo, hi), tuple(offsets))

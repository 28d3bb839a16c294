"""Bars and lines as numbers: where each part of a chart stands, so that a template can draw it as SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kbtool.reports.standings import percent

#: the box that a line is drawn in, and the room around it
WIDTH, HEIGHT, EDGE = 320.0, 96.0, 6.0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a stacked bar, in percent of its width."""

    kind: str  #: what it stands for; also its colour and pattern
    left: float
    width: float
    said: str  #: its share, in words


@dataclass(frozen=True, slots=True)
class Bar:
    """A stacked bar, and the sentence that says the same."""

    parts: tuple[Part, ...]
    said: str


def stacked(shares: Iterable[tuple[str, float]]) -> Bar:
    """A bar of amounts by kind; those of nothing are left out."""
    amounts = [(kind, amount) for kind, amount in shares if amount > 0]
    whole = sum(amount for _, amount in amounts)
    parts: list[Part] = []
    left = 0.0
    for kind, amount in amounts:
        width = 100 * amount / whole
        parts.append(Part(kind, round(left, 3), round(width, 3), percent(amount / whole)))
        left += width
    return Bar(tuple(parts), ", ".join(f"{part.said} {part.kind}" for part in parts) or "nothing yet")


@dataclass(frozen=True, slots=True)
class Line:
    """Shares over time, drawn into a box of WIDTH × HEIGHT."""

    points: tuple[tuple[float, float], ...]

    @property
    def path(self) -> str:
        """For the attribute `d` of an SVG path."""
        return " ".join(f"{'L' if n else 'M'}{x:g} {y:g}" for n, (x, y) in enumerate(self.points))

    @property
    def area(self) -> str:
        """The same, closed along the bottom."""
        if not self.points:
            return ""
        bottom = HEIGHT - EDGE
        return f"{self.path} L{self.points[-1][0]:g} {bottom:g} L{self.points[0][0]:g} {bottom:g} Z"


def line(values: Sequence[tuple[date, float | None]], first: date, last: date) -> Line:
    """Shares between 0 and 1 over the days from `first` to `last`; days without a share are left out."""
    days = max(1, (last - first).days)
    points = []
    for on, share in values:
        if share is not None:
            x = EDGE + (WIDTH - 2 * EDGE) * (on - first).days / days
            y = HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * share
            points.append((round(x, 1), round(y, 1)))
    return Line(tuple(points))

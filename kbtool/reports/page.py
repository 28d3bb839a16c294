"""The dashboard as one HTML page that needs nothing else: no network, no script, light and dark, screen and paper."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from kbtool.core.coverage import Coverage
from kbtool.core.dashboard import Dashboard, Gap
from kbtool.core.freshness import LABELS
from kbtool.core.model import Locale, State
from kbtool.core.standing import STATES
from kbtool.core.trend import Day, Mark
from kbtool.reports import charts
from kbtool.reports.charts import Bar, Line
from kbtool.reports.standings import TOP, percent

SHOWN = 12  #: gaps and owners on the page; --json has more
_ON_BARS = tuple(state for state in STATES if state is not State.ORPHANED)
_RECENT = 28  #: days that a change is counted over


def page(board: Dashboard) -> str:
    """The page, whole."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("kbtool.reports", "pages")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"percent": _percent, "number": _number, "money": _money}
    style = (files("kbtool.reports") / "pages" / "report.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    text = environment.get_template("report.html").render(
        board=board, style=style, digest=digest, shown=SHOWN, states=_ON_BARS, ages=LABELS, top=TOP, charts=charts,
        bars=[_bars(each) for each in board.locales], sections=_sections(board), fresh=_fresh(board),
        trends=_trends(board), totals=_totals(board), kinds=_kinds(board), most=_most(board),
        gaps=_by_article(board.gaps),
    )  # fmt: skip
    return text if text.endswith("\n") else f"{text}\n"


def _percent(share: float | None) -> str:
    return "–" if share is None else percent(share)


def _number(value: float) -> str:
    return f"{value:,}"


def _money(value: float) -> str:
    return "less than 0.01" if 0 < value < 0.01 else f"{value:,.2f}"


# -- the first line


@dataclass(frozen=True, slots=True)
class _Totals:
    """The figures that a lead reads first."""

    share: float | None
    by_views: float | None
    machine: float | None
    machine_by_views: float | None
    characters: int
    cost: float
    notes: tuple[str, ...]


def _totals(board: Dashboard) -> _Totals:
    everything = Coverage(
        "", "",
        tuple(map(sum, zip(*(each.states for each in board.locales), strict=True))) or (0,) * len(STATES),
        tuple(map(sum, zip(*(each.segments for each in board.locales), strict=True))) or (0,) * len(STATES),
        sum(each.views for each in board.locales),
        tuple(map(sum, zip(*(each.by_views for each in board.locales), strict=True))) or (0.0,) * len(STATES),
    )  # fmt: skip
    bills = board.bills or ()
    return _Totals(
        everything.share, everything.share_by_views, everything.machine, everything.machine_by_views,
        sum(bill.characters for bill in bills), sum(bill.cost for bill in bills),
        tuple(f"{bill.locale}: {bill.note}" for bill in bills if bill.note),
    )  # fmt: skip


# -- bars


@dataclass(frozen=True, slots=True)
class _Bars:
    """One locale: its segments, and its page views."""

    each: Coverage
    plain: Bar
    by_views: Bar | None


def _bars(each: Coverage) -> _Bars:
    def bar(amounts: tuple[float, ...]) -> Bar:
        return charts.stacked((state, amounts[STATES.index(state)]) for state in _ON_BARS)

    return _Bars(each, bar(each.segments), bar(each.by_views) if each.views else None)


def _kinds(board: Dashboard) -> list[State]:
    """The states that occur, for the legend."""
    return [s for s in _ON_BARS if any(each.segments[STATES.index(s)] for each in board.locales)]


def _fresh(board: Dashboard) -> list[tuple[Locale, Bar, tuple[int, ...]]]:
    found = []
    for each in board.freshness:
        bar = charts.stacked((LABELS[n], files) for n, files in enumerate(each.files))
        found.append((each.locale, bar, each.files))
    return found


def _most(board: Dashboard) -> int:
    """The longest bar of the owners."""
    return max((each.files for each in board.overdue), default=1)


# -- sections


@dataclass(frozen=True, slots=True)
class _Cell:
    """A section in a locale, with the step of its shade: 0 for nothing up to 4 for everything."""

    each: Coverage
    shade: int


def _sections(board: Dashboard) -> list[tuple[str, list[_Cell | None]]]:
    found = {(each.section, each.locale): each for each in board.sections if each.articles}
    names = dict.fromkeys(section for section, _ in found)
    return [
        (name or TOP, [_shaded(found.get((name, each.locale))) for each in board.locales])
        for name in sorted(names)
    ]  # fmt: skip


def _shaded(each: Coverage | None) -> _Cell | None:
    if each is None:
        return None
    share = each.up_to_date / each.articles
    return _Cell(each, 4 if share == 1 else 0 if share == 0 else 1 + min(2, int(share * 3)))


def _by_article(gaps: Iterable[Gap]) -> list[tuple[str, list[Gap]]]:
    """The first articles of which readers miss something, each with its languages."""
    found: dict[str, list[Gap]] = {}
    for gap in gaps:
        found.setdefault(gap.path, []).append(gap)
    return list(found.items())[:SHOWN]


# -- over time


@dataclass(frozen=True, slots=True)
class _Trend:
    """One locale over time."""

    locale: Locale
    now: Mark
    change: int | None  #: of the coverage within four weeks, in percentage points
    plain: Line
    by_views: Line | None
    days: tuple[tuple[date, Mark], ...]


def _trends(board: Dashboard) -> list[_Trend]:
    """Every locale from the first recorded day until today; nothing as long as only today is known."""
    days = [day for day in board.trend if day.on < board.on]
    if not days:
        return []
    return [_trend(each.locale, (*days, board.today)) for each in board.locales]


def _trend(locale: Locale, days: tuple[Day, ...]) -> _Trend:
    marks = tuple((day.on, day.locales[locale]) for day in days if locale in day.locales)
    first, last = days[0].on, days[-1].on
    by_views = [(on, mark.coverage_by_views) for on, mark in marks]
    weighted = charts.line(by_views, first, last) if any(share is not None for _, share in by_views) else None
    plain = charts.line([(on, mark.coverage) for on, mark in marks], first, last)
    return _Trend(locale, marks[-1][1], _change(marks), plain, weighted, marks)


def _change(marks: tuple[tuple[date, Mark], ...]) -> int | None:
    last, now = marks[-1]
    earlier = [mark.coverage for on, mark in _recent(marks, last) if mark.coverage is not None]
    if not earlier or now.coverage is None:
        return None
    return round(100 * now.coverage) - round(100 * earlier[0])


def _recent(marks: tuple[tuple[date, Mark], ...], last: date) -> Iterator[tuple[date, Mark]]:
    return ((on, mark) for on, mark in marks[:-1] if (last - on).days <= _RECENT)

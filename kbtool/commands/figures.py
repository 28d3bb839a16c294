"""The flow `report`: states, views, reviews and costs → the figures that a support lead looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from kbtool import store
from kbtool.commands.regular import Calendar
from kbtool.commands.status import status
from kbtool.commands.titles import title_of
from kbtool.commands.views import page_views, views_file
from kbtool.core.coverage import UP_TO_DATE, by_locale, by_section, is_gone
from kbtool.core.dashboard import Bill, Dashboard, Gap
from kbtool.core.due import Due
from kbtool.core.freshness import freshness, overdue
from kbtool.core.model import State
from kbtool.core.queue import views_of
from kbtool.core.standing import STATES, Standing
from kbtool.core.trend import Day, read_days, with_day
from kbtool.lock import hold
from kbtool.project import Project
from kbtool.site.config import read_config
from kbtool.site.locales import name

HISTORY = "docs/_data/history.jsonl"  #: where figures of earlier days are kept
_GAPS = 50
_LACKING = tuple(n for n, state in enumerate(STATES) if state not in (*UP_TO_DATE, State.ORPHANED))


def gather(
    project: Project,
    today: date,
    *,
    history: Path | None = None,
    may_show: Callable[[str], bool] = lambda path: True,
    costs: bool = True,
) -> Dashboard:
    """Look at everything once; `may_show` says which articles count.

    Without `costs` the figures follow from the files alone, and not from what engines and memory know.
    """
    standings = [each for each in status(project) if may_show(each.path)]
    views = page_views(project)
    dues = [due for due in Calendar(project, today).all() if may_show(_article(project, due))]
    gaps = sorted(filter(None, (_gap(each, views_of(each.path, each.locale, views)) for each in standings)), key=_order)
    file = views_file(project)
    return Dashboard(
        name=str(read_config(project.root).get("site_name") or project.root.name),
        on=today,
        source=project.settings.source,
        names={locale: name(locale) for locale in (project.settings.source, *project.settings.locales)},
        articles=sum(map(may_show, project.articles)),
        views=project.shown(file) if file else "",
        locales=by_locale(standings, views),
        sections=by_section(standings, views),
        freshness=freshness(_in_order(project, dues), today),
        overdue=overdue(dues, today, project.settings.source),
        overdue_files=sum(due.is_due(today) for due in dues),
        gaps=tuple(replace(gap, title=title_of(project, gap.path)) for gap in gaps[:_GAPS]),
        more_gaps=max(0, len(gaps) - _GAPS),
        bills=_bills(project) if costs else None,
        currency=project.settings.budget.currency,
        trend=days(project, history),
    )


def _article(project: Project, due: Due) -> str:
    """The article that a file is, or translates."""
    if due.locale == project.settings.source:
        return due.file.removeprefix("docs/")
    return due.file.removeprefix(f"translations/{due.locale}/")


def _in_order(project: Project, dues: Iterable[Due]) -> list[Due]:
    """The originals first, then the translations as the settings list their locales."""
    order = (project.settings.source, *project.settings.locales)
    return sorted(dues, key=lambda due: order.index(due.locale))


def _gap(each: Standing, views: int | None) -> Gap | None:
    lacking = sum(each.counts[n] for n in _LACKING)
    if is_gone(each) or not (lacking or each.error):
        return None
    worst = next((STATES[n] for n in reversed(_LACKING) if each.counts[n]), each.state)
    return Gap(each.path, "", each.locale, worst, each.segments, lacking, views)


def _order(gap: Gap) -> tuple[float, int, str, str]:
    """What most readers miss most of comes first."""
    share = gap.lacking / gap.segments if gap.segments else 1.0
    return (-share * (gap.views or 0), -gap.state.severity, gap.path, gap.locale)


def _bills(project: Project) -> tuple[Bill, ...]:
    from kbtool.commands.translate import translate  # late: a build asks for no costs, and needs no engines

    found = []
    for locale in project.settings.locales:
        said = translate(project, locales=[locale], dry_run=True)
        notes = "; ".join(dict.fromkeys(finding.message for finding in (*said.failed, *said.refused)))
        found.append(Bill(locale, said.segments, said.characters, said.requests, said.cost, notes))
    return tuple(found)


def days(project: Project, history: Path | None = None) -> tuple[Day, ...]:
    """What was recorded on earlier days, oldest first; nothing where there is no history file."""
    file = history or project.root / HISTORY
    return read_days(project.read(file), project.shown(file)) if file.is_file() else ()


def record(project: Project, day: Day, history: Path | None = None) -> Path:
    """Write a day into the history file, at most one line per day; gives the file."""
    file = history or project.root / HISTORY
    with hold(project.root):
        text = project.read(file) if file.is_file() else ""
        read_days(text, project.shown(file))
        store.write_text(file, with_day(text, day))
    return file

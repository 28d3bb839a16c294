"""Where articles stand, for people and for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kbtool.core import coverage
from kbtool.core.coverage import Coverage
from kbtool.core.model import State
from kbtool.core.queue import views_of
from kbtool.core.standing import STATES, Standing

TOP = "(top)"  #: articles directly in docs/
SHOWN = 40  #: articles listed before the reader is sent to a folder or to --json


def said(standings: Sequence[Standing], views: Mapping[str, int]) -> dict[str, Any]:
    """All that a terminal or a machine is told, as plain values that can be kept and told again."""
    heads, rows = by_locale(standings)
    sections = coverage.by_section(standings, views)
    section_heads, section_rows = matrix(sections)
    rest = waiting(standings)
    columns = zip(*(each.counts for each in standings), strict=True)
    segments = [sum(column) for column in columns] or [0] * len(STATES)
    return {
        "json": as_json(standings, views, sections),
        "heads": heads,
        "rows": rows,
        "section_heads": section_heads,
        "section_rows": section_rows,
        "worst": [line(each) for each in rest[:SHOWN]],
        "waiting": len(rest),
        "segments": dict(zip(STATES, segments, strict=True)),
        "errors": any(each.error for each in standings),
    }


def as_json(standings: Sequence[Standing], views: Mapping[str, int], sections: Iterable[Coverage]) -> str:
    """One object per article and locale, one to a line, then the sums of locales and sections.

    The same bytes for the same states and views, wherever it runs. `kbtool status --schema` describes it.
    """
    articles = ",\n".join(_object(each, views) for each in standings)
    locales = ",\n".join(json.dumps(covered(each)) for each in coverage.by_locale(standings, views))
    parts = ",\n".join(json.dumps({"section": each.section, **covered(each)}, ensure_ascii=False) for each in sections)
    return f'{{"schema":1,"articles":[\n{articles}\n],"locales":[\n{locales}\n],"sections":[\n{parts}\n]}}'


def _object(each: Standing, views: Mapping[str, int]) -> str:
    counts = ",".join([f'"{s}":{n}' for s, n in zip(STATES, each.counts, strict=True) if n])
    read = views_of(each.path, each.locale, views) if views else None
    more = f',"views":{read}' if read is not None else ""
    more += f',"moved_from":{json.dumps("docs/" + each.moved_from, ensure_ascii=False)}' if each.moved_from else ""
    more += f',"error":{json.dumps(each.error, ensure_ascii=False)}' if each.error else ""
    path = json.dumps("docs/" + each.path, ensure_ascii=False)
    return (
        f'{{"path":{path},"locale":"{each.locale}","state":"{each.state}","segments":{sum(each.counts)},'
        f'"counts":{{{counts}}}{more}}}'
    )


def covered(each: Coverage) -> dict[str, Any]:
    """The sums of a locale, or of a section in a locale."""
    return {
        "locale": each.locale,
        "articles": each.articles,
        "up_to_date": each.up_to_date,
        "states": {state: n for state, n in zip(STATES, each.states, strict=True) if n},
        "segments": {state: n for state, n in zip(STATES, each.segments, strict=True) if n},
        "coverage": _rounded(each.share),
        "machine": _rounded(each.machine),
        "views": each.views or None,
        "coverage_by_views": _rounded(each.share_by_views),
        "machine_by_views": _rounded(each.machine_by_views),
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def matrix(sections: Sequence[Coverage]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """Heads and rows: per section and locale the articles that are up to date, and the share of views they are for."""
    locales = list(dict.fromkeys(each.locale for each in sections))
    found = {(each.section, each.locale): each for each in sections if each.articles}
    names = list(dict.fromkeys(section for section, _ in found))
    rows = [[name or TOP, *(_cell(found.get((name, locale))) for locale in locales)] for name in names]
    return ["section", *locales], rows


def _cell(each: Coverage | None) -> str:
    if each is None:
        return "–"
    count = f"{each.up_to_date} of {each.articles}"
    return count if each.share_by_views is None else f"{count}, {percent(each.share_by_views)} of views"


def percent(share: float) -> str:
    """A share as people read it; only everything is 100 %, and only nothing is 0 %."""
    whole = round(share * 100)
    if whole == 100 and share < 1:
        return "99 %"
    return "1 %" if whole == 0 and share > 0 else f"{whole} %"


def by_locale(standings: Iterable[Standing]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """Heads and rows: how many articles of each locale are in which state."""
    found: dict[str, list[int]] = {}
    for each in standings:
        found.setdefault(each.locale, [0] * len(STATES))[STATES.index(each.state)] += 1
    used = [n for n in range(len(STATES)) if any(counts[n] for counts in found.values())]
    rows = [
        [locale, str(sum(counts)), *(str(counts[n]) if counts[n] else "–" for n in used)]
        for locale, counts in found.items()
    ]
    return ["locale", "articles", *(STATES[n] for n in used)], rows


def waiting(standings: Iterable[Standing]) -> list[Standing]:
    """What needs somebody, worst first."""
    rest = [each for each in standings if each.state is not State.APPROVED or each.error]
    return sorted(rest, key=lambda each: (-each.state.severity, each.path, each.locale))


def line(each: Standing) -> Sequence[str]:
    """One article in one locale as cells: state, locale, path, what is the matter."""
    return [each.state, each.locale, f"docs/{each.path}", "; ".join(_matters(each))]


def _matters(each: Standing) -> Iterator[str]:
    if each.error:
        yield each.error
    if each.moved_from:
        yield f"renamed by hand from docs/{each.moved_from}; kbtool translate moves its translation"
    total = sum(each.counts)
    said = [f"{n} {state}" for state, n in zip(STATES, each.counts, strict=True) if n and state is not State.APPROVED]
    if said:
        yield f"{', '.join(reversed(said))} of {total} segment{'s' if total != 1 else ''}"

"""Where articles stand, for people and for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kbtool.core.model import State
from kbtool.core.standing import STATES, Standing

SHOWN = 40  #: articles listed before the reader is sent to a folder or to --json


def said(standings: Sequence[Standing]) -> dict[str, Any]:
    """All that a terminal or a machine is told, as plain values that can be kept and told again."""
    heads, rows = by_locale(standings)
    rest = waiting(standings)
    columns = zip(*(each.counts for each in standings), strict=True)
    segments = [sum(column) for column in columns] or [0] * len(STATES)
    return {
        "json": as_json(standings),
        "heads": heads,
        "rows": rows,
        "worst": [line(each) for each in rest[:SHOWN]],
        "waiting": len(rest),
        "segments": dict(zip(STATES, segments, strict=True)),
        "errors": any(each.error for each in standings),
    }


def as_json(standings: Iterable[Standing]) -> str:
    """One object per article and locale, one to a line; the same bytes for the same states, wherever it runs."""
    return '{"schema":1,"articles":[\n' + ",\n".join(map(_object, standings)) + "\n]}"


def _object(each: Standing) -> str:
    counts = ",".join([f'"{s}":{n}' for s, n in zip(STATES, each.counts, strict=True) if n])
    more = f',"moved_from":{json.dumps("docs/" + each.moved_from, ensure_ascii=False)}' if each.moved_from else ""
    more += f',"error":{json.dumps(each.error, ensure_ascii=False)}' if each.error else ""
    path = json.dumps("docs/" + each.path, ensure_ascii=False)
    return (
        f'{{"path":{path},"locale":"{each.locale}","state":"{each.state}","segments":{sum(each.counts)},'
        f'"counts":{{{counts}}}{more}}}'
    )


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

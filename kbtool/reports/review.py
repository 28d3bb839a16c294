"""Differences for a reviewer in a terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from kbtool.core.diff import Change, Op
from kbtool.core.queue import Waiting

_MARKS = {Op.SAME: ("", ""), Op.GONE: ("[-", "-]"), Op.NEW: ("{+", "+}")}
_COLOURS = {Op.SAME: ("", ""), Op.GONE: ("\x1b[31;9m", "\x1b[0m"), Op.NEW: ("\x1b[32m", "\x1b[0m")}


def rows(queue: Iterable[Waiting]) -> list[Sequence[str]]:
    """Cells for a table: what waits, where, how often it is read, since when."""
    return [
        (
            each.state + (" (major)" if each.major else ""),
            each.locale,
            f"docs/{each.path}",
            ", ".join(f"{n} {state}" for state, n in each.counts.items())
            + (f", {each.proposals} with a proposal" if each.proposals else ""),
            "" if each.views is None else str(each.views),
            each.since.isoformat() if each.since else "",
        )
        for each in queue
    ]


def lines(sheet: Any, *, colour: bool) -> Iterator[str]:
    """A sheet of `kbtool review` as text; nothing in an article can steer the terminal."""
    yield f"== docs/{sheet.path} → {sheet.locale}"
    if sheet.error:
        yield f"   cannot be reviewed: {sheet.error}"
        return
    for finding in sheet.findings:
        yield f"   ! {_plain(finding.message)} (docs/{sheet.path}:{finding.line})"
    for shown in sheet.segments:
        yield ""
        yield from _segment(shown, colour)
    for text in sheet.added:
        yield ""
        yield f"  added in the translation: {_plain(text)}"
    yield ""
    yield f"   ({sheet.folded} segment{'' if sheet.folded == 1 else 's'} unchanged)"


def _segment(shown: Any, colour: bool) -> Iterator[str]:
    by = f", by {shown.by}" if shown.by else ""
    yield f"-- segment {shown.number}: {shown.state}{' (major)' if shown.major else ''}{by}, line {shown.line}"
    yield f"   original     {_changed(shown.source_change, colour) if shown.source_change else _plain(shown.source)}"
    yield f"   translation  {_changed(shown.target_change, colour) if shown.target_change else _plain(shown.target)}"
    if shown.proposal:
        yield f"   proposal     {_changed(shown.proposal_change, colour)}"
    if shown.note:
        yield f"   note: {shown.note}"
    for finding in shown.findings:
        yield f"   ! {_plain(finding)}"


def _changed(changes: Iterable[Change], colour: bool) -> str:
    marks = _COLOURS if colour else _MARKS
    return "".join(f"{marks[each.op][0]}{_plain(each.text)}{marks[each.op][1]}" for each in changes)


def _plain(text: str) -> str:
    """Lines below one another, and no control characters."""
    return "".join(c if c.isprintable() else "�" for c in text.replace("\r", "").replace("\n", "↵"))


def as_json(queue: Iterable[Waiting], sheets: Iterable[Any]) -> str:
    """The queue and the sheets, for other tools."""
    found = {
        "schema": 1,
        "queue": [{**asdict(each), "path": f"docs/{each.path}"} for each in queue],
        "sheets": [{**asdict(each), "path": f"docs/{each.path}"} for each in sheets],
    }
    return json.dumps(found, ensure_ascii=False, indent=1, default=str)

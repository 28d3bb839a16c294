"""What a reader should know about a page before trusting it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from kbtool.core.model import Document, Kind, Ledger, Locale, Row, State
from kbtool.core.segments import parse
from kbtool.core.states import settle
from kbtool.project import Project
from kbtool.site.recall import Recall

#: engines whose output is no translation, and is shown as such
TRIALS = frozenset({"mt:identity", "mt:pseudo"})
#: notices that say: nobody has vouched for this text as it stands
DOUBTFUL = frozenset({"trial", "major", "machine", "stale"})
_OUTDATED = frozenset({State.STALE, State.CONFLICT, State.MISSING})


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know: `name` is the phrase that says it."""

    name: str
    where: tuple[str, ...] = ()  #: headings of the original below which something changed
    grave: bool = False  #: readers would be misled without it


def notices(
    project: Project,
    path: str,
    locale: Locale,
    original: str,
    text: str | None,
    due: date | None,
    *,
    today: date,
    recall: Recall | None = None,
    parts: Sequence[object] = (),
) -> tuple[Notice, ...]:
    """What to say above an article in a locale, the gravest first; `missing` where the original stands in.

    `original` and `text` are what the edition's readers see of both: what changed elsewhere is none of their business.
    `due` is the day of the next regular review, where there has been one. `parts` stand for the ledger and the texts,
    from which `recall` may know what there is to say.
    """
    source = project.settings.source
    if text is None:
        return (Notice("missing"),)
    found: list[Notice] = []
    if locale != source:
        fields = project.settings.translatable

        def told() -> list[Any]:
            ledger = project.ledger(path, locale)
            return [[n.name, list(n.where), n.grave] for n in _of_translation(original, text, ledger, fields)]

        known = recall.value("notices", parts, told) if recall else told()
        found = [Notice(name, tuple(where), grave) for name, where, grave in known]
    if due and today > due:
        found.append(Notice("overdue"))
    return tuple(found)


def _of_translation(original: str, text: str, ledger: Ledger | None, fields: Iterable[str]) -> list[Notice]:
    """Nothing is known of a translation without a ledger: a person put it there."""
    if ledger is None or not ledger.entries:
        return []
    keys = tuple(fields)
    rows = settle(_parsed(original, keys), parse(text, keys), ledger).rows
    if any(row.entry and row.entry.by in TRIALS and row.target for row in rows):
        return [Notice("trial", grave=True)]
    found = []
    outdated = [row for row in rows if row.state in _OUTDATED and _says_something(row)]
    if any(row.entry and row.entry.major for row in outdated):
        found.append(Notice("major", _headings(rows), grave=True))
    elif outdated:
        found.append(Notice("stale", _headings(rows)))
    if any(row.state is State.MACHINE or _machine_made(row) for row in rows):
        found.append(Notice("machine"))
    return found


@lru_cache(maxsize=2)
def _parsed(original: str, fields: tuple[str, ...]) -> Document:
    """An original, cut once for all its locales."""
    return parse(original, fields)


def _says_something(row: Row) -> bool:
    return row.source is not None and row.source.translatable


def _machine_made(row: Row) -> bool:
    """A stale segment that no person ever approved is machine text too."""
    entry = row.entry
    return row.state in _OUTDATED and entry is not None and entry.by.startswith("mt:") and not entry.ok


def _headings(rows: Iterable[Row]) -> tuple[str, ...]:
    """The translated headings (the original's, where there is none) under which something changed, in order."""
    here = ""
    found: list[str] = []
    for row in rows:
        if row.source is not None and row.source.kind is Kind.HEADING:
            here = (row.target or row.source).words.strip()
        if row.state in _OUTDATED and _says_something(row) and here:
            found.append(here)
    return tuple(dict.fromkeys(found))

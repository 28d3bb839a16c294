"""What a reader should know about a page before trusting it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kbtool.core.model import Document, Entry, Kind, Ledger, Locale, Row, State, digest
from kbtool.core.states import settle
from kbtool.site.stage.desk import Desk
from kbtool.site.stage.staged import Pages

#: engines whose output is no translation, and is shown as such
TRIALS = frozenset({"mt:identity", "mt:pseudo"})
_ASKED_FOR = TRIALS | {"none"}  #: what counts as no translation, though it is what was written
#: notices that say: nobody has vouched for this text as it stands
DOUBTFUL = frozenset({"trial", "major", "machine", "stale"})
_OUTDATED = frozenset({State.STALE, State.CONFLICT, State.MISSING})


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know: `name` is the phrase that says it."""

    name: str
    where: tuple[str, ...] = ()  #: headings of the original below which something changed
    grave: bool = False  #: readers would be misled without it


def notices(desk: Desk, pages: Pages, today: date) -> dict[tuple[Locale, str], tuple[Notice, ...]]:
    """What to say above each page, the gravest first; `missing` where the original stands in."""
    found: dict[tuple[Locale, str], tuple[Notice, ...]] = {}
    day = today.isoformat()
    for locale, there in pages.items():
        for path in pages[desk.source]:
            staged = there.get(path)
            if staged is None:
                found[locale, path] = (Notice("missing"),)
            elif staged.notices or staged.due:
                said = [Notice(*each) for each in staged.notices]
                if staged.due and staged.due < day:
                    said.append(Notice("overdue"))
                if said:
                    found[locale, path] = tuple(said)
    return found


def of_translation(original: Document, page: Document, ledger: Ledger) -> list[Notice]:
    """What to say above a translation, the gravest first.

    Both documents are what the edition's readers see: what changed elsewhere is none of their business.
    """
    if is_as_written(original, page, ledger.entries):
        by_machine = any(entry.by.startswith("mt:") and not entry.ok for entry in ledger.entries)
        return [Notice("machine")] if by_machine else []
    rows = settle(original, page, ledger).rows
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


def is_as_written(original: Document, page: Document, entries: Sequence[Entry]) -> bool:
    """Whether every segment is what its entry was made from and became, so that there is little to judge."""
    if not len(entries) == len(original.segments) == len(page.segments):
        return False
    for entry, source, target in zip(entries, original.segments, page.segments, strict=True):
        if entry.src != source.digest or entry.past or entry.by in _ASKED_FOR:
            return False
        if entry.tgt != digest(target.kind, target.text):  # asked for but once
            return False
    return True


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

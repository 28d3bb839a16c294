"""The flow `review`, second half: ledger + verdict → ledger → write."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kbtool.commands import pages
from kbtool.commands.authors import Authors
from kbtool.commands.texts import with_texts
from kbtool.core.errors import KbError, UsageError
from kbtool.core.model import Digest, Entry, Ledger, Locale, Row, Stamp
from kbtool.core.states import Settled, observed, settle
from kbtool.core.verdicts import VERDICTS, Verdict, significance, unfit
from kbtool.lock import hold
from kbtool.memory import Memory
from kbtool.project import Project, Target


@dataclass(frozen=True, slots=True)
class Said:
    """One segment and what became of a verdict on it."""

    path: str
    locale: Locale
    number: int  #: of the segment, counted from 1 in the original
    why_not: str = ""  #: empty where the verdict was recorded
    forgotten: tuple[bytes, ...] = ()  #: replies that the memory does not give any more


@dataclass(frozen=True, slots=True)
class Judge:
    """Who gives verdicts, on which day, and why."""

    by: str
    on: date
    reason: str = ""

    def __post_init__(self) -> None:
        check_name(self.by)

    @property
    def stamp(self) -> Stamp:
        return Stamp(self.by, self.on)


def check_name(name: str) -> None:
    """Raise UsageError for a name that a ledger could not keep on one line."""
    words = name.split()
    if not words or " ".join(words) != name or any(len(w) == 10 and w[4:5] == w[7:8] == "-" for w in words):
        raise UsageError(f"{name!r} cannot stand as a name in a ledger", hint="use a plain name: --by ana")


def judge(
    project: Project,
    verdict: str,
    locale: Locale,
    paths: Iterable[str],
    who: Judge,
    *,
    segments: Sequence[int] = (),
    only: Mapping[str, Container[Digest]] | None = None,
) -> list[Said]:
    """Give one verdict on articles in a locale: on these segments, else on all it can be given on.

    `only` restricts it further, by article, to targets with these digests. Raises KbError where the person may not
    give it, or where a segment that was named does not allow it; nothing is written then.
    """
    project.locales((locale,))
    found: list[Said] = []
    with hold(project.root):
        for path in project.select(paths):
            allowed = only.get(path, ()) if only is not None else None
            found += rule(project, verdict, Target(path, locale), who, segments, allowed)
    return found


def rule(
    project: Project,
    verdict: str,
    target: Target,
    who: Judge,
    segments: Sequence[int],
    only: Container[Digest] | None = None,
) -> list[Said]:
    """`judge` on one article, for who holds the lock already."""
    return _Desk(project, target, verdict, who).judge(segments, only)


class _Desk:
    """One article in one locale, and a verdict to be given on it."""

    def __init__(self, project: Project, target: Target, verdict: str, who: Judge) -> None:
        self.project, self.target, self.name, self.who = project, target, verdict, who
        self.source = pages.original(project, target.path)
        page = pages.translation(project, target.path, target.locale)
        self.ledger = project.ledger(target.path, target.locale) or Ledger()
        self.settled = settle(self.source, page, self.ledger)
        self.page = page

    def judge(self, segments: Sequence[int], only: Container[Digest] | None) -> list[Said]:
        if self.page is None:
            return self.not_there(segments)
        numbered = self.numbered()
        for number in segments:
            if number not in numbered:
                raise UsageError(f"no segment {number}: {self.where} has {len(numbered)}")
        authors = Authors(self.project, self.target)
        verdict = Verdict(self.who.stamp, self.who.reason)
        rulings: dict[int, Entry] = {}
        texts: dict[int, str] = {}
        said: list[Said] = []
        for number, place in numbered.items():
            row = self.settled.rows[place]
            if (segments and number not in segments) or (only is not None and not _in(row, only)):
                continue
            if not segments and not _waits(row):
                continue
            why_not = unfit(self.name, row)
            if not why_not:
                may = authors.why_not(self.who.by, row)
                if may and self.name in ("approve", "waive"):
                    why_not = may
                else:
                    ruling = VERDICTS[self.name][0](row, replace(verdict, may_approve=not may))
                    rulings[place] = ruling.entry
                    if ruling.text is not None:
                        texts[place] = ruling.text
            if why_not and segments:
                raise KbError(f"cannot {self.name} segment {number}: {why_not}", where=self.where)
            said.append(Said(self.target.path, self.target.locale, number, why_not))
        if rulings and self.name == "reject":
            said = self.forget(said)
        self.write(rulings, texts)
        return said

    @property
    def where(self) -> str:
        return self.project.shown(self.project.translation_file(self.target.path, self.target.locale))

    def not_there(self, segments: Sequence[int]) -> list[Said]:
        if segments:
            raise KbError("there is no translation yet", where=self.where, hint="kbtool translate makes one")
        return []

    def numbered(self) -> dict[int, int]:
        """Number of a segment of the original → its row."""
        places = {t.source: place for place, t in enumerate(self.settled.tie.rows) if t.source is not None}
        return {number + 1: places[number] for number in sorted(places)}

    def write(self, rulings: Mapping[int, Entry], texts: Mapping[int, str]) -> None:
        if not rulings:
            return
        entries = entries_of(self.settled, rulings)
        if texts:
            assert self.page is not None
            page, digests = with_texts(self.page, self.settled, texts, self.project.settings.translatable, self.where)
            entries = entries_of(self.settled, {p: replace(e, tgt=digests.get(p, e.tgt)) for p, e in rulings.items()})
            self.project.write_translation(self.target, page, Ledger(entries, self.ledger.reviews))
        else:
            self.project.write_ledger(self.target, Ledger(entries, self.ledger.reviews))

    def forget(self, said: Iterable[Said]) -> list[Said]:
        """The memory would give the same texts again."""
        with Memory.of(self.project.root) as memory:
            between = self.project.settings.source, self.target.locale
            return [
                each if each.why_not
                else replace(each, forgotten=memory.forget(self.source.segments[each.number - 1].text, *between))
                for each in said
            ]  # fmt: skip


def _in(row: Row, only: Container[Digest]) -> bool:
    return row.target is not None and row.target.digest in only


def _waits(row: Row) -> bool:
    """Whether a verdict on a whole article speaks of this row."""
    return row.state not in ("approved", "missing", "orphaned")


def entries_of(settled: Settled, changed: Mapping[int, Entry]) -> tuple[Entry, ...]:
    """All entries of an article, in the ledger's order: those that changed by row, the others as people left them."""
    kept: list[tuple[tuple[int, int], Entry]] = []
    last = -1
    for place, (row, tied) in enumerate(zip(settled.rows, settled.tie.rows, strict=True)):
        entry = changed.get(place) or observed(row)
        if tied.entry is not None:
            last = tied.entry
        if entry is not None:
            kept.append(((last, 0 if tied.entry is not None else place + 1), entry))
    return tuple(entry for _, entry in sorted(kept, key=lambda each: each[0]))


def declare(project: Project, paths: Iterable[str], level: str, who: Judge) -> dict[Target, int]:
    """Say what the last change of originals means; gives how many segments of which translations it settled."""
    found: dict[Target, int] = {}
    verdict = Verdict(who.stamp, who.reason)
    with hold(project.root):
        for path in project.select(paths):
            source = pages.original(project, path)
            for locale in project.settings.locales:
                ledger = project.ledger(path, locale)
                if ledger is None:
                    continue
                settled = pages.settled(project, path, locale, source)
                changed = {
                    place: entry
                    for place, row in enumerate(settled.rows)
                    if (entry := significance(row, level, verdict)) is not None
                }
                if changed:
                    project.write_ledger(Target(path, locale), Ledger(entries_of(settled, changed), ledger.reviews))
                    found[Target(path, locale)] = len(changed)
    return found


def person(root: Path, by: str | None) -> str:
    """The name to record: as given, else git's.

    Raises UsageError where there is none.
    """
    from kbtool import history

    found = by or history.user(root)
    if not found:
        raise UsageError("who are you?", hint="name yourself with --by NAME, or tell git: git config user.name NAME")
    return found

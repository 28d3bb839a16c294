"""The flow `review`, first half: what waits, and for each waiting translation the three-part difference.

Plain values, for the terminal here and for any page that shows them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kbtool.commands import pages
from kbtool.commands.calm import Calm
from kbtool.commands.examine import examine, glossary_of
from kbtool.commands.past import old_texts
from kbtool.commands.texts import plain_words
from kbtool.commands.views import page_views
from kbtool.core import diff
from kbtool.core.align import is_parallel
from kbtool.core.diff import Change
from kbtool.core.errors import Refused
from kbtool.core.glossary import Term
from kbtool.core.model import Digest, Document, Entry, Finding, Locale, Row, State, digest
from kbtool.core.proof import Proof
from kbtool.core.queue import Waiting, in_order, views_of
from kbtool.core.states import Settled
from kbtool.core.verdicts import REJECTED, VERDICTS, has_proposal, unfit
from kbtool.history import History
from kbtool.project import Project, Target


@dataclass(frozen=True, slots=True)
class Shown:
    """One segment that waits, with everything a reviewer needs."""

    number: int  #: from 1, in the original
    state: State
    line: int  #: in the original
    source: str  #: the original now, as Markdown
    target: str  #: the translation now
    source_change: tuple[Change, ...] = ()  #: since the text that the translation was made from
    target_change: tuple[Change, ...] = ()  #: since kbtool or a reviewer last saw it
    proposal: str = ""
    proposal_change: tuple[Change, ...] = ()  #: from the translation to the proposal
    proposal_by: str = ""
    by: str = ""
    major: bool = False
    note: str = ""  #: why an old text is not shown
    findings: tuple[str, ...] = ()
    kind: str = ""  #: paragraph, heading, item …
    waits: bool = True
    last: str = ""  #: the approval or waiver on record: who, when, why
    verdicts: tuple[str, ...] = ()  #: those that can be given on it as it is
    terms: tuple[Term, ...] = ()  #: of the glossary, that stand in the original
    markup: tuple[str, ...] = ()  #: what stands for itself in the original: links, code, emphasis, images
    edit: str | None = None  #: what a person would edit; None where that is the translation's Markdown itself
    mark: str = ""  #: changes with anything that a verdict rests on


@dataclass(frozen=True, slots=True)
class Sheet:
    """One translation under review."""

    path: str
    locale: Locale
    segments: tuple[Shown, ...]
    folded: int  #: segments that nobody touched since they were approved
    findings: tuple[Finding, ...] = ()  #: of the page as a whole
    added: tuple[str, ...] = ()  #: text in the translation that the original does not have
    error: str = ""


def waits(row: Row, *, machine: bool = True) -> bool:
    """Whether a person should look at a segment; a stale text of a machine waits for the machine."""
    if row.source is None or row.target is None:
        return False
    if row.state is State.MACHINE:
        return machine
    if row.state is State.STALE:
        return bool(row.entry and (row.entry.by_person or has_proposal(row) or row.entry.src == REJECTED))
    return row.state in (State.NEEDS_REVIEW, State.CONFLICT)


def queue(project: Project, locales: Iterable[Locale] = (), paths: Iterable[str] = ()) -> list[Waiting]:
    """The translations that wait for a verdict, the most important first."""
    outlook = Outlook(project)
    return in_order(found for target in project.targets(locales, paths) if (found := outlook.of(target)))


class Outlook:
    """What waits in one translation after another; views and history are read once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._views = page_views(project)
        history = History.of(project.root)
        self._ages = history.last_changes(project.docs) if history else {}
        self._calm = Calm(project)
        self._read: tuple[str, Document] | None = None

    def of(self, target: Target, *, afresh: bool = False) -> Waiting | None:
        """What waits there; None where nothing does.

        What was read of an original, and what `status` remembers, counts again unless it is asked for `afresh`.
        """
        path, locale, project = target.path, target.locale, self.project
        if not project.translation_file(path, locale).is_file() or (not afresh and target in self._calm):
            return None
        try:
            if afresh or self._read is None or self._read[0] != path:
                self._read = (path, pages.original(project, path))
            rows = pages.settled(project, path, locale, self._read[1]).rows
        except Refused:
            return Waiting(path, locale, State.CONFLICT)
        machine = project.settings.mode(path, locale) != "machine"
        mine = [row for row in rows if waits(row, machine=machine)]
        return _waiting(path, locale, mine, self._views, self._ages.get(f"docs/{path}")) if mine else None


def _waiting(path: str, locale: Locale, rows: list[Row], views: Mapping[str, int], since: date | None) -> Waiting:
    return Waiting(
        path,
        locale,
        max((row.state for row in rows), key=lambda state: state.severity),
        dict(Counter(row.state for row in rows)),
        sum(map(has_proposal, rows)),
        any(row.entry.major for row in rows if row.entry),
        views_of(path, locale, views),
        since,
    )


def sheet(project: Project, path: str, locale: Locale, *, everything: bool = False) -> Sheet:
    """The three-part difference of one translation: of what waits, or of `everything` that is translated."""
    try:
        return _Reviewed(project, path, locale).sheet(everything)
    except Refused as error:
        return Sheet(path, locale, (), 0, error=str(error))


class _Reviewed:
    """One translation, with what history and checks say of it."""

    def __init__(self, project: Project, path: str, locale: Locale) -> None:
        self.project, self.path, self.locale = project, path, locale
        self.source = pages.original(project, path)
        self.target = pages.translation(project, path, locale)
        self.settled: Settled = pages.settled(project, path, locale, self.source)
        self.glossary = glossary_of(project, locale)

    def sheet(self, everything: bool) -> Sheet:
        machine = self.project.settings.mode(self.path, self.locale) != "machine"
        rows = self.settled.rows
        places = [n for n, tied in enumerate(self.settled.tie.rows) if tied.source is not None]
        waiting = {n for n in places if waits(rows[n], machine=machine)}
        mine = [n for n in places if n in waiting or (everything and rows[n].target is not None)]
        old = self._old_texts(mine)
        faults = self._faults()
        shown = []
        for n in mine:
            number = self.settled.tie.rows[n].source
            assert number is not None
            of_segment = [f.message for f in faults if number in getattr(f, "segments", ())]
            shown.append(self._shown(number + 1, rows[n], old, of_segment, n in waiting))
        whole = [f for f in faults if not getattr(f, "segments", ())]
        added = [r.target.raw for r in rows if r.target and r.source is None and r.entry is None]
        return Sheet(self.path, self.locale, tuple(shown), len(places) - len(mine), tuple(whole), tuple(added))

    def _shown(self, number: int, row: Row, old: _Old, findings: list[str], waiting: bool) -> Shown:
        source, target, entry = row.source, row.target, row.entry
        assert source is not None
        assert target is not None
        before, note = old.source(entry, source.digest)
        was, missing = old.target(entry, target.digest)
        proposal = entry.proposal.text if entry and entry.proposal and has_proposal(row) else ""
        return Shown(
            number,
            row.state,
            source.line,
            source.raw,
            target.raw,
            diff.words(before, source.raw) if before is not None else (),
            diff.words(was, target.raw) if was is not None else (),
            proposal,
            diff.words(target.raw, proposal) if proposal else (),
            entry.proposal.by if proposal and entry and entry.proposal else "",
            entry.by if entry and target.digest == entry.tgt else "hand",
            bool(entry and entry.major),
            "; ".join(filter(None, (note, missing))),
            (*examine(self.project, self.locale, source, target, self.glossary), *findings),
            kind=source.kind,
            waits=waiting,
            last=_last(entry),
            verdicts=tuple(name for name in VERDICTS if not unfit(name, row)),
            terms=self.glossary.relevant(source.words),
            markup=tuple(dict.fromkeys(f"{s.open}…{s.close}" if s.paired else s.open for s in source.slots)),
            edit=plain_words(target),
            mark=mark(row),
        )

    def _faults(self) -> list[Finding]:
        """What the proof says of the page; one that a person restructured is not proved as a whole."""
        if self.target is None or not is_parallel(self.settled.tie):
            return []
        renderer = pages.renderer(self.project.root)
        proof = Proof(str(self.source), renderer, fields=self.project.settings.translatable, document=self.source)
        return list(proof.check(str(self.target)))

    def _old_texts(self, places: list[int]) -> _Old:
        rows = [self.settled.rows[n] for n in places]
        sources = {e.src for r in rows if (e := r.entry) and r.source and e.src not in (r.source.digest, REJECTED)}
        sources |= {e.waived.src for r in rows if (e := r.entry) and e.waived}
        targets = {t for r in rows if r.entry and r.target for t in _seen(r.entry) if t != r.target.digest}
        history = History.of(self.project.root) if sources or targets else None
        fields = self.project.settings.translatable
        file = self.project.translation_file(self.path, self.locale)
        return _Old(
            history,
            {d: s.raw for d, s in old_texts(history, self.project.original_file(self.path), sources, fields).items()},
            {d: s.raw for d, s in old_texts(history, file, targets, fields).items()},
        )


def mark(row: Row) -> str:
    """Changes with anything that a verdict on a segment rests on: either text, or what the ledger says."""
    texts = [row.source and row.source.raw, row.target and row.target.raw, row.entry]
    return digest("row", repr(texts))


def _last(entry: Entry | None) -> str:
    """The approval or the waiver that the ledger remembers."""
    if entry is None:
        return ""
    if entry.waived:
        return f"waived: {entry.waived.stamp} {entry.waived.reason}".rstrip()
    stamp = entry.ok or (entry.past[-1][2] if entry.past else None)
    return f"approved: {stamp}" if stamp else ""


def _seen(entry: Entry) -> list[Digest]:
    """The translations that kbtool or a reviewer saw last, newest first."""
    return [entry.tgt, *(tgt for _, tgt, _ in reversed(entry.past))]


@dataclass(frozen=True, slots=True)
class _Old:
    """Old texts that history still has."""

    history: History | None
    sources: Mapping[Digest, str]
    targets: Mapping[Digest, str]

    def source(self, entry: Entry | None, now: Digest) -> tuple[str | None, str]:
        """The original that a translation was made from, or why it is not there; both empty where it is the same."""
        if entry is None or entry.src == now:
            return None, ""
        if entry.src == REJECTED:
            return None, "a reviewer sent this text back"
        found = self.sources.get(entry.src)
        return found, "" if found is not None else f"the old original is not shown: {self._why()}"

    def target(self, entry: Entry | None, now: Digest) -> tuple[str | None, str]:
        if entry is None:
            return None, ""
        for seen in _seen(entry):
            if seen != now and seen in self.targets:
                return self.targets[seen], ""
        lost = entry.tgt != now
        return None, f"the translation before the edit is not shown: {self._why()}" if lost else ""

    def _why(self) -> str:
        return self.history.why_missing() if self.history else "there is no git history here"

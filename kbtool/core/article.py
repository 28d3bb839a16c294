"""One article in one locale, written: steps and replies in, a proved page and its ledger entries out.

What a person wrote is copied byte for byte; what a machine wrote is proved before it is taken. A segment that breaks
the page keeps what stood there before, or the original's text, and is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import zip_longest

from kbtool.core.align import is_parallel, tie
from kbtool.core.compose import compose_raw
from kbtool.core.errors import MaskError
from kbtool.core.families import families
from kbtool.core.graft import Edit, graft
from kbtool.core.mask import carry, restore, same_slots
from kbtool.core.model import Document, Entry, Finding, Proposal, Row, Segment
from kbtool.core.plan import Action, Step
from kbtool.core.proof import Fault, Proof, culprits
from kbtool.core.segments import parse
from kbtool.core.stamp import unstamped
from kbtool.core.states import Settled, observed, past_of

_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Reply:
    """An engine's masked text for one segment, and who made it (`mt:<engine>`, `memory`)."""

    text: str
    by: str
    known: bool = False  #: an earlier run got it, and nothing was sent for it now


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an article: nothing is lost when it fails."""

    text: str | None  #: the page; None where the old one stays
    entries: tuple[Entry, ...] = ()
    failed: Mapping[int, str] = field(default_factory=dict)  #: segment of the original → why its reply was not taken
    faults: tuple[Finding, ...] = ()  #: why the page as a whole was refused


class Article:
    """An original, the translation as it stands, and what is to be done with each segment."""

    def __init__(
        self, document: Document, existing: Document | None, settled: Settled, steps: Sequence[Step],
        proof: Callable[[], Proof],
        *, fields: Sequence[str],
    ) -> None:  # fmt: skip
        self.document = document
        self.existing = existing
        self.settled = settled
        self.steps = steps
        #: rendering the original takes longer than all the rest: asked for only where something changes
        self.proof = proof
        self.fields = fields
        self.in_place = existing is not None and not is_parallel(settled.tie)

    def write(self, replies: Mapping[int, Reply]) -> Written:
        """The page with these replies, by segment of the original, proved; and the entries that go with it."""
        asked = {n for n, step in enumerate(self.steps) if step.sends}
        fresh = {n: reply for n, reply in replies.items() if n in asked}
        if not fresh and (still := self._as_it_stands()):
            return still
        failed: dict[int, str] = {}
        faults: Sequence[Finding] = ()
        for _ in range(_ROUNDS):
            try:
                page = self._compose(fresh)
            except _Unfit as error:
                failed[error.segment] = error.reason
                fresh.pop(error.segment, None)
                continue
            faults = self.faults(page) or self._reshaped(page)
            accused = culprits(faults, self.document) & fresh.keys()
            if not faults or not accused:
                break
            failed |= {n: _reason(faults, n) for n in accused}
            fresh = {n: reply for n, reply in fresh.items() if n not in accused}
        if faults:
            return Written(None, failed=failed, faults=tuple(faults))
        return self._finished(fresh, failed)

    def faults(self, page: str) -> list[Fault]:
        """What the proof says, less what the page had already: that is in what people wrote, and theirs."""
        found = self.proof().check(page)
        if found and self.existing is not None:
            found = [fault for fault in found if (fault.line, fault.message) not in self._known]
        return found

    @cached_property
    def _known(self) -> set[tuple[int, str]]:
        """The faults of the page without any reply."""
        return {(fault.line, fault.message) for fault in self.proof().check(self._compose({}))}

    def _reshaped(self, page: str) -> Sequence[Fault]:
        """Where a page that renders right would not be read back as the same segments, so that the next run could not
        tell what belongs to what: `text` + `---` after a wrapped line became one line."""
        if self.in_place:
            return []
        ours, theirs = self.document.segments, parse(page, self.fields).segments
        pairs = zip_longest((s.kind for s in ours), (s.kind for s in theirs))
        first = next((n for n, (a, b) in enumerate(pairs) if a != b), None)
        if first is None or any(step.row.entry and step.row.entry.by == "hand" for step in self.steps):
            return []  # people's own markup may be read otherwise; it is tied by its text
        near = tuple(n for n in (first - 1, first) if 0 <= n < len(ours))
        line = ours[near[-1]].line if near else 1
        return [Fault("proof", "the text would be read as another kind of block", line=line, segments=near)]

    def _as_it_stands(self) -> Written | None:
        """The page untouched, where nothing new is to be written and it still has what the original has.

        A person may write list markers, tables and blank lines as they like.
        """
        if self.existing is None or any(s.action is Action.COPY and s.row.target is None for s in self.steps):
            return None
        page = str(self.existing)
        if self._compose({}) != page and (self.in_place or not self._same_frame(page)):
            return None
        return Written(page, self._entries(page, {}))

    def _same_frame(self, page: str) -> bool:
        if any(step.row.target is None for step in self.steps) or any(_is_left_over(r) for r in self.settled.rows):
            return False
        places = [t.target for t in self.settled.tie.rows if t.source is not None and t.target is not None]
        if places != sorted(places):  # blocks of the same shape that the original moved; the proof sees no difference
            return False
        return not self.proof().check(page)

    def _finished(self, fresh: Mapping[int, Reply], failed: Mapping[int, str]) -> Written:
        published = {n: reply for n, reply in fresh.items() if self.steps[n].action is Action.SEND}
        page = self._compose(published)
        proposals = {n: reply for n, reply in fresh.items() if self.steps[n].action is Action.PROPOSE}
        return Written(page, self._entries(page, published, proposals), failed)

    # -- the page

    def _compose(self, fresh: Mapping[int, Reply]) -> str:
        if self.in_place and self.existing is not None:
            return graft(self.document, self.existing, self._edits(fresh), self.settled.tie)
        raws: list[str | None] = []
        for top, *inner in self._groups:
            raws += [self._written(top, inner, fresh), *(None for _ in inner)]
        return unstamped(compose_raw(self.document, raws))

    @cached_property
    def _groups(self) -> list[tuple[int, ...]]:
        """Each segment with those inside its slots."""
        return [numbers for _, numbers in families(self.document)]

    def _written(self, top: int, inner: Sequence[int], fresh: Mapping[int, Reply]) -> str | None:
        """The Markdown of a segment with those inside its slots: a person's bytes as they are wherever they hold."""
        kept = self._kept(top)
        if kept is not None and not self._is_touched(top, inner, fresh):
            return kept.raw
        return self._top(top, [self._inner(n, fresh) for n in inner], fresh)

    def _is_touched(self, top: int, inner: Sequence[int], fresh: Mapping[int, Reply]) -> bool:
        """Whether the translation of a segment has to be written anew."""
        kept = self._kept(top)
        if kept is None or not fresh.keys().isdisjoint((top, *inner)) or not all(self._kept(n) for n in inner):
            return True
        return not same_slots(self.document.segments[top], kept)

    def _top(self, number: int, inner: Sequence[str | None], fresh: Mapping[int, Reply]) -> str | None:
        source, kept = self.document.segments[number], self._kept(number)
        if number in fresh:
            return self._restored(number, fresh[number].text, inner)
        if kept is None:
            return restore(source, source.text, inner)
        text = carry(source, kept)
        return kept.raw if text is None else self._restored(number, text, inner)

    def _inner(self, number: int, fresh: Mapping[int, Reply]) -> str | None:
        if number in fresh:
            return self._restored(number, fresh[number].text)
        kept = self._kept(number)
        return kept.raw if kept else None

    def _restored(self, number: int, text: str, inner: Sequence[str | None] = ()) -> str:
        try:
            return restore(self.document.segments[number], text, inner)
        except MaskError as error:
            raise _Unfit(number, error.what) from None

    def _kept(self, number: int) -> Segment | None:
        """The translation that stands there, unless the original's own text is to be copied over it."""
        step = self.steps[number]
        if step.action is Action.COPY and step.row.target and step.row.target.text != step.source.text:
            return None
        return step.row.target

    def _edits(self, fresh: Mapping[int, Reply]) -> list[Edit]:
        """What changes in a translation that a person restructured: new texts, and new links and code in old ones."""
        rows = {row.source: row for row in self.settled.tie.rows if row.source is not None}
        edits = []
        for top, *inner in self._groups:
            row, kept = rows[top], self._kept(top)
            if kept is None and row.target is None and top not in fresh and row.entry is not None:
                continue  # a person left it out
            if self._is_touched(top, inner, fresh):
                edits.append(Edit(top, row.target, self._written(top, inner, fresh)))
        gone = [row for row in self.settled.tie.rows if row.source is None and row.entry is not None]
        return edits + [Edit(None, row.target, None) for row in gone if row.target is not None]

    # -- the ledger

    def _entries(
        self, page: str, fresh: Mapping[int, Reply], proposals: Mapping[int, Reply] | None = None
    ) -> tuple[Entry, ...]:
        """One entry per segment of the page that has an original, in the page's order."""
        targets = self._targets(parse(page, self.fields))
        found: list[tuple[int, Entry]] = []
        for number, step in enumerate(self.steps):
            target = targets.get(number)
            if target is None:
                # A person left it out; remembered, so that it stays out.
                if step.row.entry is not None and self.in_place:
                    found.append((found[-1][0] if found else 0, step.row.entry))
                continue
            place, segment = target
            found.append((place, self._entry(number, segment, fresh.get(number), (proposals or {}).get(number))))
        return tuple(entry for _, entry in sorted(found, key=lambda pair: pair[0]))

    def _targets(self, page: Document) -> dict[int, tuple[int, Segment]]:
        """Where each segment of the original stands in a composed page."""
        ours, theirs = self.document.segments, page.segments
        if not self.in_place and [s.kind for s in ours] == [s.kind for s in theirs]:
            return dict(enumerate(enumerate(theirs)))
        rows = tie(self.document, page, [e for s in self.steps if (e := s.row.entry)]).rows
        return {r.source: (r.target, theirs[r.target]) for r in rows if r.source is not None and r.target is not None}

    def _entry(self, number: int, target: Segment, reply: Reply | None, proposal: Reply | None) -> Entry:
        step = self.steps[number]
        source, old = step.source, step.row.entry
        if reply is not None:
            return Entry(source.digest, target.digest, reply.by, past=past_of(old) if old else ())
        if step.action is Action.COPY:
            return Entry(source.digest, target.digest, "copy")
        if step.row.target is None:
            return Entry(source.digest, target.digest, "none", past=past_of(old) if old else ())
        entry = observed(step.row) or Entry(source.digest, target.digest, "hand")
        if proposal is not None:
            entry = replace(entry, proposal=Proposal(self._restored(number, proposal.text), source.digest, proposal.by))
        if target.digest != step.row.target.digest and entry.tgt == step.row.target.digest:
            # Only links or code were rebuilt; the approval is of the text, which is the same.
            entry = replace(entry, tgt=target.digest)
        return entry


class _Unfit(Exception):
    """A reply that cannot be put into the page."""

    def __init__(self, segment: int, reason: str) -> None:
        super().__init__(reason)
        self.segment, self.reason = segment, reason


def _is_left_over(row: Row) -> bool:
    """Text of the translation whose segment the original no longer has."""
    return row.source is None and row.target is not None


def _reason(faults: Iterable[Finding], number: int) -> str:
    said = [f.message for f in faults if number in getattr(f, "segments", ())]
    return "; ".join(said or [f.message for f in faults][:1])

"""What a reviewer may say about one segment, and the ledger entry that follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kbtool.core.model import Digest, Entry, Proposal, Row, Segment, Stamp, State, Waiver
from kbtool.core.states import observed, past_of

#: The source of a text that a reviewer sent back: no text has it, so the segment is stale.
REJECTED = Digest("0" * 12)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What becomes of one segment."""

    entry: Entry
    text: str | None = None  #: Markdown that takes the place of the translation


@dataclass(frozen=True, slots=True)
class Verdict:
    """A reviewer's word: who, when, why, and whether that person may approve."""

    stamp: Stamp
    reason: str = ""
    may_approve: bool = True

    @property
    def ok(self) -> Stamp | None:
        return self.stamp if self.may_approve else None


def has_proposal(row: Row) -> bool:
    """Whether a machine's text for the original as it is now waits beside the translation."""
    proposal = row.entry.proposal if row.entry else None
    return bool(proposal and proposal.text and row.source and proposal.src == row.source.digest)


def _parts(row: Row) -> tuple[Segment, Segment, Entry]:
    entry = observed(row)
    assert row.source is not None
    assert row.target is not None
    assert entry is not None
    return row.source, row.target, entry


def approve(row: Row, verdict: Verdict) -> Ruling:
    """This translation is right: binds exactly this pair of texts."""
    _, _, entry = _parts(row)
    return Ruling(replace(entry, ok=verdict.stamp, proposal=None, major=False))


def waive(row: Row, verdict: Verdict) -> Ruling:
    """The change of the original does not matter here; the translation stays and is up to date again."""
    source, target, entry = _parts(row)
    made_from = entry.waived.src if entry.waived else entry.src
    waiver = Waiver(made_from, verdict.stamp, verdict.reason)
    if target.digest != entry.tgt:
        return Ruling(Entry(source.digest, target.digest, "hand", waived=waiver, past=past_of(entry)))
    return Ruling(replace(entry, src=source.digest, waived=waiver, proposal=None, major=False))


def accept(row: Row, verdict: Verdict) -> Ruling:
    """The proposal, or else the text as it stands, is the translation of the original as it is now."""
    source, target, entry = _parts(row)
    if has_proposal(row):
        assert entry.proposal is not None
        made = Entry(source.digest, target.digest, entry.proposal.by, verdict.ok, past=past_of(entry))
        return Ruling(made, entry.proposal.text)
    return Ruling(Entry(source.digest, target.digest, "hand", verdict.ok, past=past_of(entry)))


def reject(row: Row, verdict: Verdict) -> Ruling:
    """Not good enough: a proposal is dropped, or the text is sent back (a person's is still never overwritten)."""
    _, target, entry = _parts(row)
    if has_proposal(row):
        assert entry.proposal is not None
        return Ruling(replace(entry, proposal=Proposal("", entry.proposal.src, entry.proposal.by)))
    past = tuple(each for each in entry.past if each[:2] != (entry.src, target.digest))
    if row.state is State.CONFLICT:
        return Ruling(Entry(entry.src, target.digest, "hand", past=past))
    return Ruling(Entry(REJECTED, target.digest, entry.by, past=past))


def _approvable(row: Row) -> str:
    if row.state is State.APPROVED:
        return "it is approved already"
    if row.state in (State.MACHINE, State.NEEDS_REVIEW):
        return ""
    if row.entry and row.entry.src == REJECTED:
        return "it was rejected: run `kbtool translate` for another text, or take that back with `kbtool waive`"
    hints = {
        State.STALE: "the original has changed: accept its proposal, or waive the change",
        State.CONFLICT: "original and translation have both changed: accept the translation as it stands, or reject it",
        State.MISSING: "there is no translation yet",
    }
    return hints.get(row.state, f"it is {row.state}")


def _waivable(row: Row) -> str:
    if row.state in (State.STALE, State.CONFLICT):
        return ""
    return f"it is {row.state}; only a change of the original can be waived"


def _acceptable(row: Row) -> str:
    if row.state is State.CONFLICT or has_proposal(row):
        return ""
    if row.state is State.STALE:
        return "no proposal waits: run `kbtool translate`, edit the translation first, or waive the change"
    return f"it is {row.state}; there is nothing to accept"


def _rejectable(row: Row) -> str:
    if has_proposal(row) or row.state in (State.MACHINE, State.NEEDS_REVIEW, State.CONFLICT, State.APPROVED):
        return ""
    return f"it is {row.state}; there is nothing to reject"


#: name → what follows, and why it cannot be said of a segment ("" where it can)
VERDICTS: Mapping[str, tuple[Callable[[Row, Verdict], Ruling], Callable[[Row], str]]] = {
    "approve": (approve, _approvable),
    "waive": (waive, _waivable),
    "accept": (accept, _acceptable),
    "reject": (reject, _rejectable),
}


def unfit(name: str, row: Row) -> str:
    """Why a verdict cannot be given on a segment; empty where it can."""
    if row.source is None:
        return "it has no original"
    if row.target is None:
        return "there is no translation yet"
    return VERDICTS[name][1](row)


# -- what a change of the original means in all locales


def significance(row: Row, level: str, verdict: Verdict) -> Entry | None:
    """The entry after a writer said what the last change of the original means; None where nothing changes.

    `minor` waives it, `major` says that the old text is wrong, `normal` takes either back.
    """
    entry = row.entry
    if row.source is None or row.target is None or entry is None:
        return None
    if level == "minor":
        return waive(row, replace(verdict, reason=verdict.reason or "minor")).entry if not _waivable(row) else None
    if entry.waived is not None and row.source.digest == entry.src:
        entry = replace(entry, src=entry.waived.src, waived=None)
    elif row.state not in (State.STALE, State.CONFLICT):
        return None
    changed = replace(entry, major=level == "major")
    return changed if changed != row.entry else None

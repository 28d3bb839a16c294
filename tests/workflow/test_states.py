"""The state table of DESIGN, section 4: every line of it, and what is recorded of people's edits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kbtool.core.model import Digest, Entry, Kind, Ledger, Row, Segment, Stamp, State, Waiver
from kbtool.core.states import observe, past_of, progress, settle, worst

ANA = Stamp("ana", date(2026, 9, 1))
OTHER = Digest("0" * 12)


def text(words: str) -> Segment:
    return Segment(Kind.PARAGRAPH, words, words)


SUM = text("1 + 1")
SOURCE, TARGET = text("Refunds take three days to arrive."), text("Erstattungen dauern drei Tage.")
PAIR = (SOURCE.digest, TARGET.digest, ANA)
MADE = Entry(SOURCE.digest, TARGET.digest, "mt:apertium")
OLD = Entry(OTHER, TARGET.digest, "mt:apertium", ANA)

TABLE = {
    "no target": (SOURCE, None, None, State.MISSING),
    "target deleted": (SOURCE, None, MADE, State.MISSING),
    "original stands in": (SOURCE, SOURCE, Entry(SOURCE.digest, SOURCE.digest, "none"), State.MISSING),
    "older original stands in": (text("Newer."), SOURCE, Entry(SOURCE.digest, SOURCE.digest, "none"), State.MISSING),
    "machine": (SOURCE, TARGET, MADE, State.MACHINE),
    "memory": (SOURCE, TARGET, replace(MADE, by="memory"), State.NEEDS_REVIEW),
    "by hand": (SOURCE, TARGET, replace(MADE, by="hand"), State.NEEDS_REVIEW),
    "approved": (SOURCE, TARGET, replace(MADE, ok=ANA), State.APPROVED),
    "nothing to translate": (SUM, SUM, Entry(SUM.digest, SUM.digest, "copy"), State.APPROVED),
    "edited": (SOURCE, text("Anders."), replace(MADE, ok=ANA), State.NEEDS_REVIEW),
    "missing one translated by hand": (SOURCE, TARGET, Entry(SOURCE.digest, SOURCE.digest, "none"), State.NEEDS_REVIEW),
    "stale": (SOURCE, TARGET, OLD, State.STALE),
    "conflict": (SOURCE, text("Anders."), OLD, State.CONFLICT),
    "orphaned": (None, TARGET, MADE, State.ORPHANED),
    "waived": (SOURCE, TARGET, replace(MADE, by="hand", waived=Waiver(OTHER, ANA)), State.NEEDS_REVIEW),
    "waived and approved": (SOURCE, TARGET, replace(MADE, ok=ANA, waived=Waiver(OTHER, ANA)), State.APPROVED),
    "back to before the waiver": (SOURCE, TARGET, replace(OLD, waived=Waiver(SOURCE.digest, ANA)), State.APPROVED),
    "earlier approval": (SOURCE, TARGET, Entry(OTHER, OTHER, "mt:x", past=(PAIR,)), State.APPROVED),
    "adopted": (SOURCE, TARGET, None, State.NEEDS_REVIEW),
    "adopted, untranslated": (SOURCE, SOURCE, None, State.MISSING),
    "adopted, a name": (text("Google Drive"), text("Google Drive"), None, State.NEEDS_REVIEW),
    "adopted, letterless": (text("42"), text("42"), None, State.APPROVED),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_the_table(case: str) -> None:
    source, target, entry, state = TABLE[case]
    settled = settle(
        [source] if source else [], [target] if target else None, Ledger((entry,)) if entry is not None else None
    )
    assert [row.state for row in settled.rows] == [state]


@pytest.mark.parametrize("case", TABLE)
def test_recording_twice_is_recording_once(case: str) -> None:
    source, target, entry, _ = TABLE[case]
    sources, targets = [source] if source else [], [target] if target else []
    once = observe(settle(sources, targets, Ledger((entry,)) if entry else None).rows)
    rows = settle(sources, targets, Ledger(once)).rows
    assert observe(rows) == once
    assert [row.state for row in rows] == [TABLE[case][3]], "recording what a person did changes no state"


def test_an_edit_by_a_person_is_recorded_and_its_approval_returns_with_the_text() -> None:
    approved = replace(MADE, ok=ANA)
    (edited,) = observe(settle([SOURCE], [text("Anders.")], Ledger((approved,))).rows)
    assert (edited.by, edited.ok, edited.tgt) == ("hand", None, text("Anders.").digest)
    assert edited.past == ((SOURCE.digest, TARGET.digest, ANA),)
    (back,) = observe(settle([SOURCE], [TARGET], Ledger((edited,))).rows)
    assert (back.ok, back.tgt, back.past) == (ANA, TARGET.digest, ())


def test_stale_and_conflict_stay_until_somebody_decides() -> None:
    for target in (TARGET, text("Anders.")):
        assert observe(settle([SOURCE], [target], Ledger((OLD,))).rows) == (OLD,)


def test_an_entry_remembers_few_approvals_newest_last() -> None:
    entry = replace(MADE, ok=ANA, past=tuple((Digest(f"{n:012d}"), OTHER, ANA) for n in range(9)))
    assert len(past_of(entry)) == 5
    assert past_of(entry)[-1] == (MADE.src, MADE.tgt, ANA)


def test_an_article_is_as_bad_as_its_worst_segment() -> None:
    rows = [Row(SOURCE, TARGET, MADE, State.MACHINE), Row(SOURCE, TARGET, OLD, State.STALE)]
    assert worst(rows) is State.STALE
    assert progress("a.md", "de", rows).counts == {State.MACHINE: 1, State.STALE: 1}


def test_text_that_a_person_added_counts_nowhere() -> None:
    rows = settle([SOURCE], [TARGET, text("Übrigens: auch samstags.")], Ledger((replace(MADE, ok=ANA),))).rows
    assert [row.source is None and row.entry is None for row in rows] == [False, True]
    assert worst(rows) is State.APPROVED

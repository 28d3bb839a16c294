"""How an edited translation is tied back to its original, and what may never happen."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.core.align import Tie, is_parallel, tie
from kbtool.core.model import Digest, Entry, Kind, Proposal, Segment
from kbtool.core.segments import parse
from tests.cases import cases

CASES = list(cases(Path(__file__).parent / "cases", 5))


@pytest.mark.parametrize("parts", [c[1] for c in CASES], ids=[c[0] for c in CASES])
def test_edited_pages_are_tied_as_a_person_would(parts: list[str]) -> None:
    old, old_translation, new, new_translation = (parse(part) for part in parts[:4])
    entries = [Entry(s.digest, t.digest, "hand") for s, t in zip(old.segments, old_translation.segments, strict=True)]
    rows = tie(new, new_translation, entries).rows
    shown = []
    for row in rows:
        here = new.segments[row.source].raw if row.source is not None else ""
        there = new_translation.segments[row.target].raw if row.target is not None else ""
        if here or there:
            shown.append(f"{here} = {there}".strip())
    assert shown == parts[4].splitlines()
    everything_once(tie(new, new_translation, entries), len(new.segments), len(entries), len(new_translation.segments))


def everything_once(tied: Tie, sources: int, entries: int, targets: int) -> None:
    assert sorted(row.source for row in tied.rows if row.source is not None) == list(range(sources))
    assert sorted(row.entry for row in tied.rows if row.entry is not None) == list(range(entries))
    assert sorted(row.target for row in tied.rows if row.target is not None) == list(range(targets))
    assert all(row.source is not None or row.entry is not None or row.target is not None for row in tied.rows)


def segment(text: str, kind: Kind = Kind.PARAGRAPH) -> Segment:
    return Segment(kind, text, text)


SEGMENTS = st.lists(
    st.builds(
        segment,
        st.sampled_from(["one", "two", "three 3", "four `x`", "five and many more words", "a 1", "b 2", "c"]),
        st.sampled_from([Kind.PARAGRAPH, Kind.ITEM, Kind.HEADING, Kind.CELL]),
    ),
    max_size=12,
)
DIGESTS = st.sampled_from([segment(text).digest for text in ("one", "two", "three 3", "c", "gone")])


@given(SEGMENTS, SEGMENTS, st.lists(st.builds(Entry, DIGESTS, DIGESTS, st.just("hand")), max_size=10))
def test_everything_comes_out_exactly_once(source: list[Segment], target: list[Segment], entries: list[Entry]) -> None:
    everything_once(tie(source, target, entries), len(source), len(entries), len(target))


@given(SEGMENTS, st.booleans())
def test_a_page_is_tied_to_itself_in_order(page: list[Segment], with_ledger: bool) -> None:
    entries = [Entry(s.digest, s.digest, "hand") for s in page] if with_ledger else []
    tied = tie(page, page, entries)
    assert [(row.source, row.target) for row in tied.rows] == [(n, n) for n in range(len(page))]
    assert is_parallel(tied)


@given(st.integers(1, 30), st.integers(0, 30), st.integers(1, 8), st.booleans())
def test_what_is_inserted_leaves_everything_else_tied(size: int, at: int, count: int, into_target: bool) -> None:
    source = [segment(f"Sentence number {n}.") for n in range(size)]
    target = [segment(f"Satz Nummer {n}.") for n in range(size)]
    entries = [Entry(s.digest, t.digest, "hand") for s, t in zip(source, target, strict=True)]
    at = min(at, size)
    new = [segment(f"Neu {chr(97 + n)} und ganz anders als alles andere auf dieser Seite.") for n in range(count)]
    if into_target:
        target[at:at] = new
    else:
        source[at:at] = new
    rows = tie(source, target, entries).rows
    for row in rows:
        here = source[row.source].text if row.source is not None else None
        there = target[row.target].text if row.target is not None else None
        if here and there:
            assert here.split()[-1] == there.split()[-1]
        else:
            assert (here or there or "").startswith("Neu")
    assert len(rows) == size + count


def test_a_proposal_ties_an_entry_to_the_text_it_was_made_for() -> None:
    source = [segment("completely new words")]
    target = [segment("alter Text")]
    proposal = Proposal("neuer Text", source[0].digest, "mt:x")
    entries = [Entry(Digest("0" * 12), target[0].digest, "hand", proposal=proposal)]
    (row,) = tie(source, target, entries).rows
    assert (row.source, row.entry, row.target) == (0, 0, 0)


def test_moved_originals_keep_a_page_parallel_and_moved_translations_do_not() -> None:
    source = [segment(f"Sentence {n}") for n in "abc"]
    target = [segment(f"Satz {n}") for n in "abc"]
    entries = [Entry(s.digest, t.digest, "hand") for s, t in zip(source, target, strict=True)]
    assert is_parallel(tie(source[::-1], target, entries))
    assert not is_parallel(tie(source, target[::-1], entries))
    assert not is_parallel(tie(source, [*target, segment("Zusatz, den jemand schrieb", Kind.HEADING)], entries))

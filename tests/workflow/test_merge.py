"""Ledgers of two branches: what one side did is kept, what both did is never guessed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_base import Base

from kbtool.core.ledger import dump_ledger
from kbtool.core.merge import merge, sides
from kbtool.core.model import Digest, Entry, Ledger, Stamp

ANA, BEN = Stamp("ana", date(2026, 9, 1)), Stamp("ben", date(2026, 9, 2))


def entry(n: int, **more: object) -> Entry:
    return replace(Entry(Digest(f"{n:012d}"), Digest(f"{n + 500:012d}"), "mt:x"), **more)  # type: ignore[arg-type]


def ledger(*entries: Entry) -> Ledger:
    return Ledger(entries)


some = st.builds(entry, st.integers(0, 6), by=st.sampled_from(["hand", "mt:x"]), ok=st.sampled_from([None, ANA, BEN]))
some_ledgers = st.builds(Ledger, st.lists(some, max_size=6).map(tuple), st.sets(st.sampled_from([ANA, BEN])).map(
    lambda found: tuple(sorted(found, key=lambda s: s.on))))  # fmt: skip


@given(some_ledgers, some_ledgers)
def test_what_only_one_side_changed_is_kept(base: Ledger, changed: Ledger) -> None:
    assert merge(base, base, changed) == changed
    assert merge(base, changed, base) == changed
    assert merge(base, changed, changed) == changed


@given(some_ledgers, some_ledgers, some_ledgers)
def test_a_merge_never_approves_by_itself(base: Ledger, ours: Ledger, theirs: Ledger) -> None:
    given_by_people = {(e.src, e.tgt, e.ok) for side in (base, ours, theirs) for e in side.entries if e.ok}
    for found in merge(base, ours, theirs).entries:
        assert found.ok is None or (found.src, found.tgt, found.ok) in given_by_people
        assert all(each in given_by_people for each in found.past)


A, B, C, D = (entry(n) for n in range(1, 5))
NEW, OTHER = replace(B, src=Digest("0" * 11 + "a"), tgt=Digest("0" * 11 + "b")), entry(9)
CASES = {
    "neighbours change": ([A, B, C], [replace(A, ok=ANA), B, C], [A, B, replace(C, ok=BEN)],
                          [replace(A, ok=ANA), B, replace(C, ok=BEN)]),
    "both add": ([A, D], [A, B, D], [A, C, D], [A, B, C, D]),
    "both add the same": ([A], [A, B], [A, B], [A, B]),
    "one drops, one changes another": ([A, B, C], [A, C], [A, B, replace(C, ok=ANA)], [A, replace(C, ok=ANA)]),
    "one retranslates, one approves": ([A, B], [A, NEW], [A, replace(B, ok=ANA)],
                                       [A, replace(NEW, past=((B.src, B.tgt, ANA),))]),
    "both approve": ([A], [replace(A, ok=ANA)], [replace(A, ok=BEN)], [replace(A, ok=ANA)]),
    "one takes an approval back": ([replace(A, ok=ANA)], [A], [replace(A, ok=ANA, major=True)],
                                   [replace(A, major=True)]),
    "both add at the end": ([A], [A, B], [A, C], [A, B, C]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_merge(case: str) -> None:
    base, ours, theirs, merged = (ledger(*entries) for entries in CASES[case])
    assert merge(base, ours, theirs) == merged


def test_what_both_retranslated_differently_is_a_conflict_of_nobodys_making() -> None:
    ours, theirs = replace(NEW, ok=ANA), replace(NEW, tgt=OTHER.tgt, ok=BEN)
    (found,) = merge(ledger(B), ledger(ours), ledger(theirs)).entries
    assert (found.tgt, found.ok) == (ours.tgt, ANA)
    assert found.past == ((theirs.src, theirs.tgt, BEN),), "whichever text stands there in the end, its approval holds"


def test_conflict_markers_are_taken_apart() -> None:
    text = "a\n<<<<<<< HEAD\nb\n||||||| base\nc\n=======\nd\n>>>>>>> x\ne\n"
    assert sides(text) == ("a\nc\ne\n", "a\nb\ne\n", "a\nd\ne\n")


@pytest.fixture
def branches(base: Base) -> Iterator[Base]:
    """Two branches that will touch the same ledger lines: one approves all, one translates a changed paragraph."""
    base.kbtool("translate", "--to", "de")
    base.commit("translated")
    base.git("checkout", "-q", "-b", "approve")
    base.kbtool("approve", "de", "refunds.md", "--by", "ana")
    base.commit("approved")
    base.git("checkout", "-q", "main")
    base.edit("docs/refunds.md", "three days", "two days")
    base.kbtool("translate", "--to", "de")
    base.commit("two days")
    yield base


def test_the_merge_driver_settles_ledgers(branches: Base) -> None:
    import sys

    branches.write(".gitattributes", "*.ledger.yml merge=kbtool-ledger\n")
    branches.commit("attributes")
    branches.git("config", "merge.kbtool-ledger.driver", f"'{sys.executable}' -m kbtool merge-ledger %O %A %B %P")
    branches.git("merge", "-q", "--no-edit", "approve")
    assert branches.counts("refunds.md") == {"approved": 5, "machine": 1}
    assert branches.read("translations/de/refunds.ledger.yml").startswith("# translations/de/refunds.ledger.yml – ")
    branches.edit("docs/refunds.md", "two days", "three days")
    branches.kbtool("translate", "--to", "de")
    assert branches.counts("refunds.md") == {"approved": 6}, "the earlier approval returns with the text"


def test_a_ledger_with_conflict_markers_is_settled_by_the_markdown(branches: Base) -> None:
    import subprocess

    with pytest.raises(subprocess.CalledProcessError):
        branches.git("merge", "-q", "--no-edit", "approve")
    assert "<<<<<<<" in branches.read("translations/de/refunds.ledger.yml")
    branches.kbtool("status", code=1)
    assert "conflict markers" in branches.said
    branches.kbtool("merge-ledger", "--resolve")
    assert branches.counts("refunds.md") == {"approved": 5, "machine": 1}
    branches.kbtool("merge-ledger", "--resolve")
    assert "No ledger" in branches.said


def test_markdown_with_conflict_markers_is_settled_first(branches: Base) -> None:
    for file in ("translations/de/refunds.md", "translations/de/refunds.ledger.yml"):
        branches.write(file, "<<<<<<< a\nb\n=======\nc\n>>>>>>> d\n")
    branches.kbtool("merge-ledger", "--resolve", code=1)
    assert "translations/de/refunds.md" in branches.said


def test_what_is_no_ledger_stays_a_conflict_for_git(base: Base) -> None:
    for name in "abc":
        base.write(name, "segments: []\n")
    base.write("c", "?")
    base.kbtool("merge-ledger", "a", "b", "c", "translations/de/x.ledger.yml", code=1)
    assert base.read("b") == "segments: []\n"
    base.kbtool("merge-ledger", "a", "b", code=2)


def by_git(tmp_path: Path, *sides: Ledger) -> int:
    """Merge base, ours, theirs as git does without the driver; gives the number of conflicts."""
    import subprocess

    for name, side in zip(("base", "ours", "theirs"), sides, strict=True):
        (tmp_path / name).write_text(dump_ledger(side, name="x"), "utf-8")
    command = ["git", "merge-file", "-p", *(str(tmp_path / name) for name in ("ours", "base", "theirs"))]
    return subprocess.run(command, capture_output=True, check=False).returncode


@pytest.mark.parametrize(
    "changed",
    [replace(B, src=NEW.src), replace(B, tgt=NEW.tgt), NEW, replace(B, tgt=NEW.tgt, by="hand")],
    ids=["source", "target", "both", "by hand"],
)
def test_even_git_alone_never_carries_an_approval_to_another_pair(tmp_path: Path, changed: Entry) -> None:
    assert by_git(tmp_path, ledger(A, B, C), ledger(A, replace(B, ok=ANA), C), ledger(A, changed, C)) == 1


def test_git_alone_merges_what_happened_to_neighbours(tmp_path: Path) -> None:
    ours, theirs = ledger(replace(A, ok=ANA), replace(B, ok=ANA), C, D), ledger(A, B, entry(7, by="hand", ok=BEN), D)
    assert by_git(tmp_path, ledger(A, B, C, D), ours, theirs) == 0

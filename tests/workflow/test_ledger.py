"""Ledgers: what is written is read again, by kbtool and by any YAML reader, and faults name their line."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kbtool.core.errors import Refused
from kbtool.core.ledger import _canonical, dump_ledger, load_ledger
from kbtool.core.ledger_yaml import Reader
from kbtool.core.model import Digest, Entry, Ledger, Proposal, Stamp, Waiver

digests = st.text("0123456789abcdef", min_size=12, max_size=12).map(Digest) | st.sampled_from(
    [Digest("012345670123"), Digest("1234567e0123"), Digest("000000000000")]
)
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=8).filter(
    lambda name: not name[:4].isdigit()
) | st.sampled_from(["ana", "Ana Lima", "o'brien: x", "#1", "@ben", '"q"', "-", "яна", "true"])
days = st.dates(date(1970, 1, 1), date(2199, 12, 31))
stamps = st.builds(Stamp, names, days)
makers = st.sampled_from(["hand", "memory", "copy", "none", "mt:apertium", "mt:deepl"])
entries = st.builds(
    Entry,
    digests,
    digests,
    makers,
    st.none() | stamps,
    st.none() | st.builds(Waiver, digests, stamps, anything),
    st.none()
    | st.builds(Proposal, anything | st.lists(st.text("ab :#-*`\\|", max_size=9)).map("\n".join), digests, makers),
    st.lists(st.tuples(digests, digests, stamps), max_size=2).map(tuple),
    st.booleans(),
)
ledgers = st.builds(Ledger, st.lists(entries, max_size=4).map(tuple), st.lists(stamps, max_size=2).map(tuple))


@given(ledgers)
def test_loading_what_was_dumped_gives_the_same(ledger: Ledger) -> None:
    text = dump_ledger(ledger, name="translations/de/a.ledger.yml")
    assert load_ledger(text, where="a") == ledger
    assert _canonical(text) == ledger, "kbtool reads its own form without a YAML parser"
    assert Reader(text, "a").ledger() == ledger, "and a YAML parser reads the same"


@given(ledgers)
def test_a_ledger_that_a_person_reformatted_says_the_same(ledger: Ledger) -> None:
    text = dump_ledger(ledger, name="a")
    again = yaml.dump(yaml.load(text, yaml.BaseLoader), default_flow_style=True)
    assert load_ledger(again, where="a") == ledger
    assert load_ledger("\ufeff" + text.replace("\n", "\r\n"), where="a") == ledger or "\r" in text


FORM = """\
# translations/de/billing/refunds.ledger.yml – written by kbtool
segments:
- src: 3f9c1a2b7d10
  ok: ana 2026-09-01
  tgt: 91be0c44a2e7
  by: mt:apertium

- src: 77aa02c41e0b
  tgt: c0ffee123456
  by: hand
  waived: 5b1d9e0f3a21 ana 2026-09-03 typo

- src: 0b7e55d2aa10
  ok: ana 2026-09-01
  tgt: 4d9911aa0c3e
  by: hand
  was:
  - 0b7e55d2aa10 91be0c44a2e7 ben 2026-08-01
  proposal: Öffnen Sie die **Einstellungen**.
  for: 9a3f00c1d2e4
  from: mt:deepl
reviews:
- 2026-09-01 ana
"""


def test_the_form_is_the_documented_one() -> None:
    ledger = load_ledger(FORM, where="x")
    assert dump_ledger(ledger, name="translations/de/billing/refunds.ledger.yml") == FORM
    ana = Stamp("ana", date(2026, 9, 1))
    assert ledger.reviews == (ana,)
    assert ledger.entries[0] == Entry(Digest("3f9c1a2b7d10"), Digest("91be0c44a2e7"), "mt:apertium", ana)
    assert ledger.entries[1].waived == Waiver(Digest("5b1d9e0f3a21"), Stamp("ana", date(2026, 9, 3)), "typo")
    assert ledger.entries[2].proposal == Proposal(
        "Öffnen Sie die **Einstellungen**.", Digest("9a3f00c1d2e4"), "mt:deepl"
    )


def test_a_proposal_of_several_lines_is_a_block() -> None:
    entry = Entry(Digest("0" * 12), Digest("1" * 12), "hand", proposal=Proposal("Eins\nzwei", Digest("2" * 12), "mt:x"))
    text = dump_ledger(Ledger((entry,)), name="a")
    assert "  proposal: |-\n    Eins\n    zwei\n" in text


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (("  tgt: c0ffee123456\n", ""), 8, "without 'tgt'"),
        (("c0ffee123456", "c0ffee"), 9, "12 hex digits"),
        (("ana 2026-09-01", "ana 2026-13-01"), 4, "month"),
        (("by: hand", "bye: hand"), 10, "unknown key 'bye'"),
        (("  by: hand\n", "  by: hand\n  by: hand\n"), 11, "twice"),
        (("  for: 9a3f00c1d2e4\n", ""), 13, "without 'for'"),
        (("by: mt:apertium", "by: [mt]"), 6, "one value"),
        (("- src: 3f9c", "<<<<<<< ours\n- src: 3f9c"), 3, "conflict markers"),
        (("segments:\n- src", "segments: &a\n- src"), 0, ""),
        (("reviews:\n- 2026-09-01 ana", "reviews: *a"), 20, "alias"),
        (("by: mt:apertium", "by: 'mt"), 22, "end of stream"),
    ],
)
def test_a_fault_names_its_line(change: tuple[str, str], line: int, says: str) -> None:
    text = FORM.replace(*change, 1)
    if not line:
        assert load_ledger(text, where="x").entries
        return
    with pytest.raises(Refused, match=says) as caught:
        load_ledger(text, where="de/a.ledger.yml")
    assert (caught.value.where or "").startswith("de/a.ledger.yml:")
    if "alias" not in says and "end" not in says:
        assert caught.value.where == f"de/a.ledger.yml:{line}"


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "segments: []\n", "segments:\n", "reviews:\n"])
def test_nothing_is_an_empty_ledger(text: str) -> None:
    assert load_ledger(text, where="x") == Ledger()


@pytest.mark.parametrize("text", ["[" * 100_000, "- a\n- b\n", "just words\n", "\x00", "a: &a [*a]\n"])
def test_what_is_no_ledger_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        load_ledger(text, where="x")


def test_every_field_is_written() -> None:
    """A new field of Entry needs a line in the file; this fails until it has one."""
    assert {f.name for f in dataclasses.fields(Entry)} == {
        "src", "tgt", "by", "ok", "waived", "proposal", "past", "major",
    }  # fmt: skip


def test_keys_may_stand_in_any_order() -> None:
    other = FORM.replace("  ok: ana 2026-09-01\n  tgt: 91be0c44a2e7\n  by: mt:apertium\n\n", (
        "  tgt: 91be0c44a2e7\n  by: mt:apertium\n  ok: ana 2026-09-01\n"))  # fmt: skip
    assert load_ledger(other, where="x") == load_ledger(FORM, where="x")

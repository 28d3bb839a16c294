"""What a build leaves to the next in its own files comes back as it was, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.site.rows import Rows, read_rows, written
from kbtool.site.signs import opened, sealed
from kbtool.site.stage.recall import Recall, digest

numbers = st.integers(-(2**63), 2**63 - 1)
signs = st.tuples(numbers, numbers, numbers, st.integers(0, 2**64 - 1))
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
anything = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
values = st.recursive(anything, lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner), max_leaves=5)
files = st.dictionaries(names, st.tuples(signs, names), max_size=4)
recalled = st.builds(
    Rows, st.dictionaries(names, files, max_size=2), st.dictionaries(names, st.dictionaries(names, values, max_size=3))
)


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_numbers_and_texts_come_back(found: bytes, text: bytes) -> None:
    assert opened(sealed(found, text)) == (found, text)


@given(st.data())
def test_damage_is_noticed(data: st.DataObject) -> None:
    whole = sealed(b"12345678", b"many words")
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.binary(max_size=2).filter(lambda new: new != whole[at : at + 1]))
    damaged = whole[:at] + other + whole[at + 1 :]
    try:
        found = opened(damaged)
    except ValueError:
        return
    assert found == opened(whole)  # a leading zero or a blank before the number that is compared


@given(recalled)
def test_values_come_back(tmp_path_factory: pytest.TempPathFactory, rows: Rows) -> None:
    file = tmp_path_factory.getbasetemp() / "rows"
    file.write_bytes(written("key", rows))
    assert read_rows(file, "key") == rows
    assert read_rows(file, "another") is None


@given(st.data())
def test_damaged_values_are_none(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    file = tmp_path_factory.getbasetemp() / "damaged"
    whole = written("key", Rows({"": {"a.md": ((1, 2, 3, 4), "5")}}, {"kind": {"a": "many words"}}))
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.binary(max_size=2).filter(lambda new: new != whole[at : at + 1]))
    file.write_bytes(whole[:at] + other + whole[at + 1 :])
    assert read_rows(file, "key") is None


def test_a_value_is_recalled_while_its_files_look_as_they_did(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("one")
    sign, file = (3, 1, 1, 7), tmp_path / "known"
    first = Recall(file, tmp_path, "key", {"a.md": sign})
    first.note("kind", "a", [first.digest("a.md")], ["worked out"])
    first.save()
    (tmp_path / "a.md").write_text("two")
    same = Recall(file, tmp_path, "key", {"a.md": sign})
    assert same.known("kind", "a", [same.digest("a.md")]) == ["worked out"]
    other = Recall(file, tmp_path, "key", {"a.md": (3, 2, 2, 7)})
    assert other.known("kind", "a", [other.digest("a.md")]) is None


def test_a_file_that_holds_what_it_did_is_the_same_however_it_looks(tmp_path: Path) -> None:
    """Also one that is asked about after it was read, or that was read when nobody had seen how it looks."""
    for name in "abc":
        (tmp_path / f"{name}.md").write_text(name)
    file, old, new = tmp_path / "known", (1, 1, 1, 7), (1, 2, 2, 8)
    first = Recall(file, tmp_path, "key", {"a.md": old, "b.md": old, "d.md": old})
    for name in "abd":
        first.digest(f"{name}.md")
    first.learn("c.md", digest(b"c"))
    first.save()
    (tmp_path / "b.md").write_text("x")
    again = Recall(file, tmp_path, "key", {"a.md": new, "b.md": new, "e.md": old})
    again.digest("b.md")
    assert [again.is_same(f"{name}.md") for name in "abcdef"] == [True, False, False, True, True, True]
    assert again.touched == {"a.md", "b.md", "c.md", "e.md"}


@pytest.mark.parametrize("content", [b"", b"{}", b"12\n", b"\xff\xfe", b"0\n0\n"])
def test_a_damaged_file_recalls_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "known"
    file.write_bytes(content)
    assert not Recall(file, tmp_path, "key").has("kind", "a")

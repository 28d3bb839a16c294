"""What a build leaves to the next in its own files comes back as it was, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.site.rows import Rows, read_rows, written
from kbtool.site.signs import Sign, opened, sealed
from kbtool.site.stage.recall import Recall

numbers = st.integers(-(2**63), 2**63 - 1)
signs = st.tuples(numbers, numbers, numbers, st.integers(0, 2**64 - 1))
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.recursive(st.none() | st.integers() | names, lambda inner: st.lists(inner, max_size=3), max_leaves=5)
rows = st.tuples(names, st.lists(names, max_size=2), values).map(list)
tables = st.lists(rows, max_size=4).map(lambda listed: {row[0]: row for row in listed})


@given(st.lists(signs, max_size=5), names)
def test_signs_come_back(found: list[Sign], text: str) -> None:
    assert opened(sealed(found, text)) == (found, text)


def test_a_time_beyond_all_measure_fits_no_file() -> None:
    assert opened(sealed([(1, 2**70, 3, 4)], "x")) == ([(0, 0, 0, 0)], "x")


@given(st.data())
def test_damage_is_noticed(data: st.DataObject) -> None:
    whole = sealed([(1, 2, 3, 4)], "many words")
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.binary(max_size=2).filter(lambda new: new != whole[at : at + 1]))
    damaged = whole[:at] + other + whole[at + 1 :]
    try:
        found = opened(damaged)
    except ValueError:
        return
    assert found == opened(whole)  # a leading zero or a blank before the number that is compared


@given(st.dictionaries(names, st.tuples(signs, names), max_size=4), st.dictionaries(names, tables, max_size=3))
def test_values_come_back(tmp_path_factory: pytest.TempPathFactory, files: dict, kinds: dict) -> None:  # type: ignore[type-arg]
    file = tmp_path_factory.getbasetemp() / "rows.txt"
    file.write_bytes(written("key", files, kinds, Rows()))
    found = read_rows(file, "key")
    assert found is not None
    assert (found.files, found.values) == (files, kinds)
    assert written("key", found.files, found.values, found) == file.read_bytes()
    assert read_rows(file, "another") is None


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


@pytest.mark.parametrize("content", [b"", b"{}", b"12\n", b"\xff\xfe", b"0\n0\n"])
def test_a_damaged_file_recalls_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "known"
    file.write_bytes(content)
    assert not Recall(file, tmp_path, "key").has("kind", "a")

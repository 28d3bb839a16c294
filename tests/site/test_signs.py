"""Rows of signs are changed and compared as if each file's were looked at by itself."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kbtool.site.signs import Sign, Signs, look
from tests.site.conftest import write

names = st.text("ab/", max_size=3)
tables = st.dictionaries(names, st.tuples(*[st.integers(0, 2**64 - 1)] * 4))


def plain(signs: Signs) -> dict[str, Sign]:
    numbers = iter(signs.numbers)
    return dict(zip(signs.names, zip(numbers, numbers, numbers, numbers, strict=True), strict=True))


@given(tables, st.sets(names), tables)
def test_some_go_and_others_change(before: dict[str, Sign], gone: set[str], now: dict[str, Sign]) -> None:
    now = {name: sign for name, sign in now.items() if name not in gone}
    first = Signs().but((), before)
    assert plain(first) == before
    wanted = {name: sign for name, sign in (before | now).items() if name not in gone}
    assert plain(first.but(gone, now)) == wanted
    assert plain(first) == before
    assert plain(first.some(sorted(gone))) == {name: before[name] for name in sorted(gone & before.keys())}
    assert [*first.sizes] == [sign[0] for sign in before.values()]


def test_files_that_are_not_what_they_were_are_named(tmp_path: Path) -> None:
    write(tmp_path, {f"{place}/{name}": name for place in ("a", "b") for name in ("edited", "gone", "left", "linked")})
    signs = Signs().but((), {**look(str(tmp_path)).files, "b/odd": (1, 2**70, 1, 1)})
    assert signs.unlike(str(tmp_path)) == {"b/odd"}
    (tmp_path / "a" / "edited").write_text("others", "utf-8")
    (tmp_path / "a" / "gone").unlink()
    os.link(tmp_path / "b" / "linked", tmp_path / "b" / "other")
    assert signs.unlike(str(tmp_path)) == {"a/edited", "a/gone", "b/linked", "b/odd"}
    assert signs.unlike(str(tmp_path / "nowhere")) == set(signs.names)

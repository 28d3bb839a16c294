"""What an article says is heard text by text, though it is read in one go."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbtool.checks.audit.stock import heard
from kbtool.checks.audit.words import APART, peel, said, views
from tests.audit.test_sieve import page


def apart(words: list[bytes]) -> set[bytes]:
    mark = APART.encode()
    return {b" ".join(part.split()) for text in words for part in text.split(mark)} - {b""}


@given(st.lists(st.integers(0, 10**9).map(page) | st.text(max_size=20), max_size=6))
@example(["\\", "n", "&", "amp;", "%", "41", "\ud83d", "\ude00"])
@example(["e", "\u0301", "<b", ">x", "a\x02b", "%02"])
@settings(max_examples=300)
def test_texts_do_not_run_into_each_other(texts: list[str]) -> None:
    assert apart(heard(texts)) == apart([said(view) for text in texts for view in views(peel(text)[0])])

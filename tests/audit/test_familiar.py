"""Words that are known are passed over only where there is nothing in them."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbtool.checks.audit.familiar import Familiar
from kbtool.checks.audit.needles import Needles
from kbtool.checks.audit.passages import Passage
from kbtool.checks.audit.runs import encoded_runs, runs_in
from kbtool.checks.audit.sieve import Sieve
from kbtool.checks.audit.words import fold, folded_words, is_joined, peel, views
from tests.audit.test_sieve import page

LETTERS = st.text(
    st.sampled_from("abcAzZ019 \n\r<>/b=\"'-_+é\u0301\u200b¶ﬁ返責ÅIıİ\u1100\u1161Ａ＜\ud83d\x01\x85\xa0"), max_size=30
)
TEXTS = st.integers(0, 10**9).map(page) | LETTERS | st.text(max_size=12)


def words(text: str) -> set[bytes]:
    return {word for view in views(fold(text)) for word in folded_words(view)}


@given(st.lists(TEXTS, min_size=1, max_size=5), st.data())
@example(["foo<b>bar</b>", "e<b>\u0301</b>", "e\u0301"], None)
@example(["QUJDREVGR0hJSktM\rTU5PUFFSU1RVVldYWVo="], None)
@settings(max_examples=400)
def test_nothing_telling_is_passed_over(texts: list[str], data: st.DataObject | None) -> None:
    """Whatever words tell, and whatever was met before."""
    peeled = [peel(text)[0] for text in texts]
    met = sorted(set().union(*map(words, peeled)))
    telling = data.draw(st.sets(st.sampled_from(met), max_size=3)) if data and met else set(met[:1])
    familiar = Familiar(frozenset(telling), set(), lambda coded: None if list(coded) else (0, 0))
    for text in [*peeled, *reversed(peeled)]:
        if familiar.sizes(text) is not None:
            assert telling.isdisjoint(words(text))
            assert list(encoded_runs(text, set())) == []
            assert not runs_in(text).go_on


@given(TEXTS)
@settings(max_examples=400)
def test_words_run_together_only_where_it_is_said(text: str) -> None:
    peeled = peel(text)[0]
    read = views(fold(peeled))
    first, last = folded_words(read[0]), folded_words(read[-1])
    if not is_joined(peeled):
        assert set(last) <= set(first)


def test_a_piece_stays_suspicious_when_there_is_no_room_for_more() -> None:
    passage = Passage("Nobody gets a third one without a word from the shift lead.", "docs/x.md", 1, "agent")
    leak = f"<p>{passage.text}</p>\n".encode()
    sieve = Sieve(Needles.of([passage], []), {}, room=100)
    for number in range(3):
        assert not sieve.holds_nothing(leak + f"<p>Something new, number {number}, that takes room</p>\n".encode())

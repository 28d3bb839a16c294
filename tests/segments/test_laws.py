"""Laws that hold for every text: nothing is lost, and giving every segment back unchanged changes nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.core.compose import compose
from kbtool.core.mask import carry, restore, same_slots
from kbtool.core.segments import parse

_MARKS = r"""
# ## - * + 1. 2) > | |--|-- : :::tip ::: !!! ??? === /// --- +++ ``` ~~~ ` `` $$ $ \ \( \) [ ] ( ) ![ ](u) ][ [x] [^1]
[^1]: [x]: *[X]: _ __ ** *** ~~ ~ ^^ == ++k++ :icon: {.a} {:#b} {{ }} {% %} {* *} {{< >}} <!-- --> <div> </div> <b>
</b> <br> <p markdown> <script> </script> <img alt="a"> <a title='t'> &amp; &#12; ⟦1⟧ ⟦/1⟧ ⟦ https://a.b/c a@b.co word
два 三字 é 42 "q" 'q' title: description: "T" [!NOTE]
"""
_SPACES = ["\n", "\n\n", "\r\n", "\r", "\t", " ", "  ", "    ", "\ufeff", "\x00", "\ud800", "\u2028", "\f", "---\n"]
_SCRAPS = st.sampled_from([*_MARKS.split(), *_SPACES, "| a | b |\n|---|---|\n"])
_MARKDOWN = st.one_of(
    st.text(max_size=80),
    st.lists(st.one_of(_SCRAPS, st.text(max_size=3)), max_size=40).map("".join),
    st.lists(_SCRAPS, max_size=40).map(" ".join),
)


@settings(max_examples=400)
@given(_MARKDOWN)
def test_pieces_joined_are_the_page_byte_for_byte(text: str) -> None:
    assert str(parse(text)) == text


@settings(max_examples=400)
@given(_MARKDOWN)
def test_segments_given_back_unchanged_change_nothing(text: str) -> None:
    page = parse(text)
    assert compose(page, [None] * len(page.segments)) == text
    assert compose(page, [segment.text for segment in page.segments]) == text


@settings(max_examples=400)
@given(_MARKDOWN)
def test_each_segment_is_its_own_translation(text: str) -> None:
    for segment in parse(text).segments:
        assert restore(segment, segment.text) == segment.raw
        assert same_slots(segment, segment)
        assert carry(segment, segment) is not None


@settings(max_examples=400)
@given(_MARKDOWN)
def test_changed_words_can_always_be_written(text: str) -> None:
    page = parse(text)
    composed = compose(page, [f"ж {segment.text} ж" for segment in page.segments])
    assert all(frame.text in composed for frame in page.pieces if not hasattr(frame, "segment"))

"""What is not a change of words changes no digest; a changed word changes exactly one."""

from __future__ import annotations

from collections import Counter
from textwrap import fill

from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.core.model import Digest
from kbtool.core.segments import parse

_VOCABULARY = "die Katze sitzt on the old mat und träumt von 猫 fish"
_WORDS = st.lists(st.sampled_from(_VOCABULARY.split()), min_size=3, max_size=20)
_TEXTS = st.lists(_WORDS.map(" ".join), min_size=1, max_size=6, unique=True)


def digests(text: str) -> list[Digest]:
    return [segment.digest for segment in parse(text).segments]


@settings(max_examples=100)
@given(_TEXTS, st.integers(20, 80))
def test_wrapping_a_paragraph_otherwise(texts: list[str], width: int) -> None:
    wrapped = [fill(text, width, break_on_hyphens=False) for text in texts]
    assert digests("\n\n".join(wrapped)) == digests("\n\n".join(texts))


@settings(max_examples=100)
@given(_TEXTS, st.sampled_from(["- ", "* ", "+   ", "1. ", "7) "]), st.sampled_from(["\n", "\n\n", "\r\n"]))
def test_other_list_markers_and_blank_lines(texts: list[str], marker: str, between: str) -> None:
    assert digests(between.join(f"{marker}{text}" for text in texts)) == digests("\n".join(f"- {t}" for t in texts))


@settings(max_examples=100)
@given(_TEXTS, st.sampled_from(["other.md", "https://example.org/a_(b)", "<a b.md>", "../x.md#y"]))
def test_another_link_target_another_code_sample(texts: list[str], target: str) -> None:
    before = "\n\n".join(f"{text} [here](old.md) and `x`.\n\n```\ncode\n```" for text in texts)
    after = "\n\n".join(f"{text} [here]({target}) and `y_z`.\n\n```\nother code\n```" for text in texts)
    assert digests(before) == digests(after)


@settings(max_examples=100)
@given(_TEXTS, st.randoms())
def test_another_order_of_blocks(texts: list[str], random: object) -> None:
    blocks = [f'!!! note "{text}"\n\n    {text} *now*.' for text in texts]
    shuffled = sorted(blocks, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert Counter(digests("\n\n".join(blocks))) == Counter(digests("\n\n".join(shuffled)))


@settings(max_examples=100)
@given(_TEXTS, st.data())
def test_changing_a_word_changes_one(texts: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(texts) - 1))
    changed = [*texts]
    changed[place] += " anew"
    pairs = zip(digests("\n\n".join(texts)), digests("\n\n".join(changed)), strict=True)
    assert [before == after for before, after in pairs] == [n != place for n in range(len(texts))]

"""Placeholder forms: whatever shape a text travels in, it comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.core.model import PLACEHOLDER
from kbtool.engines.forms import decode, encode, numbers, renumber

NESTED = st.recursive(
    st.sampled_from(["word ", "a < b", "&amp; ", "⟦9⟧", "{x}", '"quoted"', "é日", " ", "</b>"]),
    lambda inner: st.lists(inner, max_size=3).map(lambda parts: f"⟦1⟧{''.join(parts)}⟦/1⟧"),
    max_leaves=6,
)


def distinct(text: str) -> str:
    """The text with every placeholder's number its own, pairs kept."""
    stack: list[int] = []
    count = iter(range(1, 1000))

    def number(match: object) -> str:
        mark = match[0]  # type: ignore[index]
        if mark.startswith("⟦/"):
            return f"⟦/{stack.pop()}⟧"
        n = next(count)
        if mark == "⟦1⟧":
            stack.append(n)
        return f"⟦{n}⟧"

    return PLACEHOLDER.sub(number, text)


@pytest.mark.parametrize("form", ["marks", "braces", "xml", "html"])
@given(parts=st.lists(NESTED, max_size=4))
def test_what_is_encoded_can_be_decoded(form: str, parts: list[str]) -> None:
    text = distinct("".join(parts))
    assert decode(form, encode(form, text)) == text


@given(st.lists(NESTED, max_size=3), st.integers(0, 500))
def test_renumbering_is_undone_by_renumbering_back(parts: list[str], by: int) -> None:
    text = distinct("".join(parts))
    assert renumber(renumber(text, by), -by) == text
    assert numbers(renumber(text, by)) == {n + by for n in numbers(text)}


@pytest.mark.parametrize(
    ("form", "reply", "text"),
    [
        ("xml", 'Öffnen <x id="2"></x> und <g id="1">hier</g>', "Öffnen ⟦2⟧ und ⟦1⟧hier⟦/1⟧"),
        ("xml", "Öffnen <x id='2' />", "Öffnen ⟦2⟧"),
        ("html", '<span class="notranslate" id="s2" translate="no">2</span> da', "⟦2⟧ da"),
        ("html", '<SPAN ID="g1">a &amp; <span id=s2></span></SPAN>', "⟦1⟧a & ⟦2⟧⟦/1⟧"),
        ("html", "a < b > c", "a < b > c"),
        ("braces", "{{ 1 }}hier{{ /1}}", "⟦1⟧hier⟦/1⟧"),
    ],
)
def test_what_engines_do_to_a_form_is_understood(form: str, reply: str, text: str) -> None:
    assert decode(form, reply) == text

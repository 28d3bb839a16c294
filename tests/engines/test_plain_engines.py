"""The engines that are always there, and how an unknown one is answered."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.core.errors import UsageError
from kbtool.core.model import PLACEHOLDER
from kbtool.engines import about, create, names


def test_identity_gives_every_text_back() -> None:
    texts = ["Open ⟦1⟧Settings⟦/1⟧.", "", "→"]
    assert create("identity", {}).translate(texts, "en", "de") == texts


@given(st.text(alphabet=string.ascii_letters + " ⟦1⟧⟦/1⟧.ß→", max_size=80))
def test_pseudo_changes_every_letter_and_no_placeholder(text: str) -> None:
    (reply,) = create("pseudo", {}).translate([text], "en", "de")
    assert PLACEHOLDER.findall(reply) == PLACEHOLDER.findall(text)
    assert len(reply) == len(text)
    for before, after in zip(text, reply, strict=True):
        assert (before != after and after.isalpha()) if before in string.ascii_letters else before == after


def test_pseudo_keeps_upper_and_lower_case_and_never_mixes_two_letters_up() -> None:
    (reply,) = create("pseudo", {}).translate([string.ascii_letters], "en", "de")
    assert len(set(reply)) == 52
    assert reply[:26].islower()
    assert reply[26:].isupper()


def test_an_unknown_engine_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(UsageError) as caught:
        create("gogle", {})
    assert "unknown engine 'gogle'" in str(caught.value)
    assert "did you mean 'google'?" in (caught.value.hint or "")
    assert "pseudo" in (caught.value.hint or "")


@pytest.mark.parametrize(("name", "instead"), [("chatgpt", "llm"), ("papago", "google"), ("yandex", "libretranslate")])
def test_engines_that_no_longer_work_are_refused_with_a_way_out(name: str, instead: str) -> None:
    with pytest.raises(UsageError) as caught:
        create(name, {})
    assert "does not work" in str(caught.value)
    assert instead in (caught.value.hint or "")


def test_every_installed_engine_describes_itself_without_being_set_up() -> None:
    assert {"google", "pseudo", "identity"} <= set(names())
    for name in names():
        found = about(name)
        assert found.name == name
        assert found.summary
        assert found.forms

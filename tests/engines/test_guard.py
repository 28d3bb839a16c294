"""The guard: good replies pass, bad ones do not, and mending changes no word."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from bad_replies import KINDS
from hypothesis import given
from hypothesis import strategies as st

from kbtool.core.guard import examine, repair
from kbtool.engines.detect import language

GOOD = [
    tuple(cell.strip(" ") for cell in line.split("|"))
    for line in (Path(__file__).parent / "good_replies.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
BITS = [
    "⟦1⟧",
    "⟦/1⟧",
    "⟦2⟧",
    "⟦3⟧",
    " ",
    "  ",
    "word",
    "Other",
    ".",
    ",",
    "42",
    "é",
    "日本",
    "\n",
    "*",
    "<b>",
    "(",
    "l'",
]
MASKED = st.lists(st.sampled_from(BITS)).map("".join)


def faults(locale: str, source: str, reply: object) -> list[str]:
    found = examine(source, reply, source_locale="en", target_locale=locale, detect=language)
    return [finding.rule for finding in found]


@pytest.mark.parametrize(("locale", "source", "reply"), GOOD)
def test_good_replies_pass_and_are_not_touched(locale: str, source: str, reply: str) -> None:
    assert faults(locale, source, reply) == []
    assert repair(source, reply, locale) == reply


@pytest.mark.parametrize("kind", KINDS)
def test_no_bad_reply_of_this_kind_gets_through(kind: str) -> None:
    chance = random.Random(1)
    tried = 0
    for locale, source, reply in GOOD:
        other = "Das ist die Antwort auf einen anderen Text ⟦1⟧ mit ⟦7⟧."
        bad = KINDS[kind](source, reply, other, chance)
        if bad is None or bad == reply:
            continue
        tried += 1
        mended = repair(source, bad, locale) if isinstance(bad, str) else bad
        assert mended == reply or faults(locale, source, mended), f"{locale}: {bad!r}"
    assert tried


def test_nothing_at_all_is_no_reply() -> None:
    assert faults("de", "Refunds", None) == ["guard-type"]


@given(MASKED)
def test_a_text_given_back_is_never_refused_for_an_engine_that_does_not_translate(text: str) -> None:
    assert repair(text, text) == text
    assert not examine(text, text, source_locale="en", target_locale="de", translation=False)


@given(MASKED, MASKED)
def test_mending_twice_is_mending_once(source: str, reply: str) -> None:
    once = repair(source, reply)
    assert repair(source, once) == once


@pytest.mark.parametrize(
    ("source", "reply", "mended"),
    [
        ("Click ⟦1⟧Save⟦/1⟧.", "Klicken Sie auf ⟦1⟧ Speichern ⟦/1⟧ .", "Klicken Sie auf ⟦1⟧Speichern⟦/1⟧."),
        ("Go ⟦1⟧Save⟦/1⟧ now", "Nun auf⟦1⟧Speichern⟦/1⟧jetzt", "Nun auf ⟦1⟧Speichern⟦/1⟧ jetzt"),
        ("See ⟦1⟧.", "Siehe [1] .", "Siehe ⟦1⟧."),
        ("See ⟦1⟧.", "Siehe ［１］.", "Siehe ⟦1⟧."),
        (" Yes ", "Ja\u200b", " Ja "),
        ("One line", "Eine\nZeile", "Eine Zeile"),
    ],
)
def test_what_engines_do_to_placeholders_and_spaces_is_undone(source: str, reply: str, mended: str) -> None:
    assert repair(source, reply, "de") == mended


def test_a_reply_of_a_million_characters_is_refused_at_once() -> None:
    assert faults("de", "Short text", "a-b." * 250_000) == ["guard-length"]

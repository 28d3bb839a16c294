"""Planted internal text is found, in every channel and every encoding; see benchmarks/leaks.py for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.checks.audit.words import peel, words
from tests.audit.base import CANARIES, SENTENCES
from tests.audit.conftest import Built
from tests.audit.plants import CHANNELS, ENCODINGS, plant, possible

NAMES = list(ENCODINGS)


def combinations() -> Iterator[tuple[str, str]]:
    """Three encodings for each channel, so that each encoding is tried in four or five channels."""
    for number, channel in enumerate(CHANNELS):
        turned = NAMES[number * 3 % len(NAMES) :] + NAMES[: number * 3 % len(NAMES)]
        yield from islice(((channel, encoding) for encoding in turned if possible(channel, encoding)), 3)


COMBINATIONS = list(combinations())


def test_every_channel_and_every_encoding_has_its_turn() -> None:
    assert {channel for channel, _ in COMBINATIONS} == set(CHANNELS)
    assert {encoding for _, encoding in COMBINATIONS} == set(ENCODINGS)
    assert len(CHANNELS) >= 28
    assert len(ENCODINGS) >= 19


@pytest.mark.parametrize(("channel", "encoding"), COMBINATIONS)
def test_a_planted_leak_is_found(built: Built, channel: str, encoding: str) -> None:
    number = COMBINATIONS.index((channel, encoding))
    for text in (SENTENCES[number % len(SENTENCES)], CANARIES[number % len(CANARIES)]):
        name, data = plant(built.site, channel, encoding, text)
        leaks = [leak for leak in built.scanner.scan(name, data) if leak.passage is not None]
        assert any(text in leak.passage.text for leak in leaks if leak.passage), f"{text!r} in {name}"


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_is_public_anyway_is_no_leak(built: Built, channel: str) -> None:
    text = "Every order has a number of eight digits; you find it in the mail that we sent when you paid."
    name, data = plant(built.site, channel, "plain", text)
    assert built.scanner.scan(name, data) == []


@pytest.mark.parametrize(
    "text",
    ["Golden parachute", "within fifteen minutes", "Eskalationsplan", "Payments down", "Night shift Lisbon",
     "Golden handshakes", "Abfindungsfälle"],
)  # fmt: skip
@pytest.mark.parametrize(
    "channel", ["page body", "menu", "tag", "page of changes", "alternative text", "search title", "structured data"]
)
def test_short_passages_are_found_whole(built: Built, channel: str, text: str) -> None:
    name, data = plant(built.site, channel, "plain", text)
    assert [leak.passage.text for leak in built.scanner.scan(name, data) if leak.passage] == [text]


@pytest.mark.parametrize("text", ["Golden rules and a parachute", "a golden parachutes", "sandPayments downtown"])
def test_words_of_a_short_passage_apart_are_no_leak(built: Built, text: str) -> None:
    name, data = plant(built.site, "page body", "plain", text)
    assert built.scanner.scan(name, data) == []


def test_a_word_list_of_an_internal_page_is_found(built: Built) -> None:
    """A search index holds words in its own order; together they still give the page away."""
    listed = " ".join(sorted(set(SENTENCES[0].split()) | set(SENTENCES[1].split()) | set(SENTENCES[2].split())))
    name, data = plant(built.site, "source map", "plain", listed)
    assert [leak.kind for leak in built.scanner.scan(name, data)] == ["words"]


@given(st.lists(st.sampled_from(SENTENCES + CANARIES), min_size=1, max_size=3), st.sampled_from(NAMES))
@settings(max_examples=60)
def test_peeling_brings_the_words_back(texts: list[str], encoding: str) -> None:
    text = " ".join(texts)
    encoded = ENCODINGS[encoding](text)
    if isinstance(encoded, str) and "base64" not in encoding and encoding not in ("quoted-printable", "json"):
        bare = peel(encoded)[0].replace("<b>", "").replace("</b>", "").replace('<span class="w">', "")
        assert words(bare.replace("</span>", "")) == words(text)


@given(st.text(max_size=300))
@settings(max_examples=200)
def test_peeling_twice_is_peeling_once(text: str) -> None:
    peeled, bare = peel(text)
    assert not bare or peel(peeled) == (peeled, True)
    words(peeled)

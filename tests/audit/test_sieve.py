"""Looking through a file piece by piece finds whatever looking through it as a whole does."""

from __future__ import annotations

import base64
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.checks.audit.needles import RARE_WORDS, Needles
from kbtool.checks.audit.sieve import Sieve
from kbtool.checks.audit.words import fold, folded_words, peel, views
from tests.audit.base import CANARIES, SENTENCES
from tests.audit.conftest import Built
from tests.audit.plants import CHANNELS, ENCODINGS, PAGE, plant, possible

TEXTS = (*SENTENCES, *CANARIES, "Golden parachute", "within fifteen minutes", "Eskalationsplan", "Golden handshakes")
#: what stands between the words of a page, and whatever might reach across a piece's end
BETWEEN = (
    " ", " ", " ", "\n", ">\n", ">\n", "<p>\n", "</p>\n", "<b>", "</b>", "<b\n>\n", '<a href="x">\n', "<!-- ", "-->\n",
    "<", "<\n", ">", "&gt;\n", "&", "&amp;", "&#10", "&#60;", "%3E\n", "%3C", "%ud83d", "%ude00", "=\n", "=3E\n", "=20",
    "\\", "\\\n", "\\3e\n", "\\u003e\n", "\\ud83d", "\\3e ", "\r\n", ">\r\n", "\u0301", "\u0338", "\uff1c", "\uff9e",
    "\u1161", "\u200b", "返", "é", "A" * 40 + "\n", "QUJD" * 10, "/",
)  # fmt: skip
FRAGMENTS = sorted({word for text in TEXTS for word in text.split()} | set("責任者の承認を得て") | {"Ã¼", "order", "x"})


def halved(text: str, dice: random.Random) -> str:
    """A text with something between its words, as often as not."""
    return "".join(word + (dice.choice(BETWEEN) if dice.random() < 0.3 else " ") for word in text.split(" "))


def piece(dice: random.Random) -> str:
    kind = dice.random()
    if kind < 0.15:
        return halved(dice.choice(TEXTS), dice)
    if kind < 0.2:
        encoded = ENCODINGS[dice.choice(list(ENCODINGS))](dice.choice(TEXTS))
        return encoded if isinstance(encoded, str) else base64.b64encode(encoded).decode()
    return dice.choice(FRAGMENTS) if kind < 0.6 else dice.choice(BETWEEN)


def page(seed: int) -> str:
    dice = random.Random(seed)
    return "".join(piece(dice) for _ in range(dice.randint(1, 40)))


def same(built: Built, sieve: Sieve, data: bytes) -> None:
    if sieve.holds_nothing(data):
        assert built.scanner.scan_whole("page.html", data) == []


@pytest.fixture
def sieve(built: Built) -> Sieve:
    return Sieve(built.scanner.needles, built.scanner.internal_assets)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=4), st.sampled_from([0, 500, 100_000]))
@settings(max_examples=400)
def test_what_passes_has_no_leak(built: Built, seeds: list[int], long: int) -> None:
    """Also when pieces of one page stand in another, and whether or not words are remembered."""
    sieve = Sieve(built.scanner.needles, built.scanner.internal_assets, long=long)
    pages = [page(seed) for seed in seeds]
    for text in [*pages, "".join(pages), ">\n".join(reversed(pages))]:
        same(built, sieve, text.encode("utf-8", "surrogatepass"))


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=12), st.sampled_from([0, 500, 100_000]))
@settings(max_examples=200, deadline=None)
def test_files_pass_together_only_if_each_has_no_leak(built: Built, seeds: list[int], long: int) -> None:
    sieve = Sieve(built.scanner.needles, built.scanner.internal_assets, long=long)
    files = [page(seed).encode("utf-8", "surrogatepass") for seed in seeds]
    for _ in range(2):  # with what was remembered as well
        for data, clean in zip(files, sieve.clean(files), strict=True):
            assert not clean or built.scanner.scan_whole("page.html", data) == []


@given(st.integers(0, 10**9), st.integers(0, 10**9))
@settings(max_examples=300)
def test_a_text_reads_piece_by_piece_as_it_does_as_a_whole(one: int, other: int) -> None:
    parts = page(one) + ">\n", page(other)
    whole, *each = (sorted(seen(part)) for part in ("".join(parts), *parts))
    assert whole == sorted({*each[0], *each[1]}) or not all(peel(part)[1] for part in parts)


def seen(text: str) -> set[bytes]:
    return {word for view in views(fold(peel(text)[0])) for word in folded_words(view)}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("gap", [">\n", "</b>\n<b>", " <i>\n</i> ", "<p>\n\n\n</p>\n"])
def test_a_phrase_that_goes_on_in_the_next_piece(built: Built, channel: str, gap: str) -> None:
    for text in SENTENCES[:3]:
        words = text.split(" ")
        for cut in range(1, len(words)):
            name, data = plant(built.site, channel, "plain", f"{' '.join(words[:cut])}{gap}{' '.join(words[cut:])}")
            assert built.scanner.scan(name, data) == built.scanner.scan_whole(name, data)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_findings_are_those_of_the_whole(built: Built, encoding: str) -> None:
    for channel in CHANNELS:
        if possible(channel, encoding):
            name, data = plant(built.site, channel, encoding, SENTENCES[0])
            assert (leaks := built.scanner.scan(name, data)) == built.scanner.scan_whole(name, data)
            assert leaks


def test_rare_words_are_counted_over_all_pieces(built: Built, sieve: Sieve) -> None:
    words = sorted(word.decode() for word in built.scanner.needles.rare if word.isascii())
    entries = (f"<p>{word}</p>\n" for word in words)
    listed = [entry for entry in entries if not built.scanner.scan_whole("page.html", entry.encode())][:RARE_WORDS]
    assert len(listed) == RARE_WORDS
    for entry in listed:
        assert sieve.holds_nothing(entry.encode())
    assert sieve.holds_nothing("".join(listed[1:]).encode())
    assert not sieve.holds_nothing("".join(listed).encode())


def test_pages_of_a_site_pass(built: Built, sieve: Sieve) -> None:
    assert [name for name, data in built.site.items() if name.endswith(".html") and not sieve.holds_nothing(data)] == []
    assert sieve.holds_nothing(built.site[PAGE])


def test_without_needles_all_text_passes() -> None:
    sieve = Sieve(Needles(), {})
    assert sieve.holds_nothing(b"<p>\nAnything.</p>\n")
    assert not sieve.holds_nothing(b"\x89PNG\r\n\x1a\n")

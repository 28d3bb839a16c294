"""The files that the browser searches: the same for the same pages, and nothing in them that the pages do not say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.core.errors import KbError
from kbtool.search.catalogue import Catalogue
from kbtool.search.drawer import from_lines, lines_of
from kbtool.search.index import build
from kbtool.search.index import index as indexed
from kbtool.search.language import Language, fold, tokens
from kbtool.search.messages import messages
from kbtool.search.pack import pack
from kbtool.search.page import Page, Section
from kbtool.search.synonyms import Synonym, parse

_TEXTS = st.text(alphabet=st.sampled_from("aebnßÄ é-_.パスワ密码مر1 \n"), max_size=40)


def page(url: str, title: str, text: str = "", **more: Any) -> Page:
    return Page(url, title, (Section("", title, text), Section("more", "More", "")), **more)


def index(pages: list[Page], locale: str = "en", **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(build(pages, locale, **more)["index.json"])
    return found


def unpack(text: str) -> list[int]:
    """The reader's side, as the browser does it."""
    digits = [chr(c) for c in range(33, 127) if chr(c) not in '"\\=&%<']
    digits[56:56] = "¡¢£¤"
    numbers, number, times = [], 0, 1
    for char in text:
        digit = digits.index(char)
        if digit < 60:
            numbers.append(number + digit * times)
            number, times = 0, 1
        else:
            number, times = number + (digit - 60) * times, times * 32
    assert times == 1
    return numbers


@given(st.lists(st.integers(min_value=0, max_value=10**9)))
def test_packed_numbers_come_back(numbers: list[int]) -> None:
    packed = pack(numbers)
    assert unpack(packed) == numbers
    assert json.dumps(packed, ensure_ascii=False) == f'"{packed}"'
    assert not set("=&%<") & set(packed)


@given(st.lists(st.tuples(_TEXTS, _TEXTS), max_size=5))
def test_every_word_of_every_page_is_there_and_no_other(texts: list[tuple[str, str]]) -> None:
    pages = [page(f"{i}/", title, text) for i, (title, text) in enumerate(texts)]
    words = {fold(word) for word in index(pages)["words"].split("\n") if word}
    said = {fold(word) for title, text in texts for word in tokens(f"{title} \n {text}")}
    assert said <= words
    hyphens = " ".join(f"{title} {text}" for title, text in texts).replace("-", "")
    allowed = said | {"more"} | {fold(word) for word in tokens(hyphens)}
    assert {word for word in words - allowed if not any(word in other for other in allowed)} == set()


@given(st.lists(st.tuples(_TEXTS, _TEXTS), min_size=1, max_size=5), st.randoms())
def test_the_order_of_pages_changes_nothing(texts: list[tuple[str, str]], chance: Any) -> None:
    pages = [page(f"{i}/", title, text) for i, (title, text) in enumerate(texts)]
    shuffled = chance.sample(pages, len(pages))
    assert build(pages, "en") == build(shuffled, "en")


def test_postings_name_the_pages_that_say_a_word() -> None:
    found = index([page("a/", "Lamp"), page("b/", "Lamps and cables"), page("c/", "Cable")])
    counts = dict(zip(found["words"].split("\n"), unpack(found["counts"]), strict=False))
    assert found["words"].split("\n") == ["and", "Cable", "cables", "Lamp", "Lamps", "More"]
    assert counts["and"] == 1
    assert unpack(found["counts"]) == [1, 2, 2, 3]  # and, cable, lamp, more


def test_an_edition_without_pages_has_an_index_all_the_same() -> None:
    assert index([])["pages"] == []


def test_only_the_named_facets_reach_the_index() -> None:
    pages = [page("a/", "A", facets={"category": "Billing", "priority": "P1"}), page("b/", "B")]
    assert index(pages, facets=["category", "product"])["facets"] == {"category": {"names": ["Billing"], "of": [0, -1]}}
    assert "P1" not in str(build(pages, "en", facets=["category"]))


def test_most_read_articles_are_those_named_else_those_linked_to() -> None:
    pages = [page("a/", "A", links=frozenset({"c/"})), page("b/", "B", links=frozenset({"c/", "a/"})), page("c/", "C")]
    assert index(pages)["mostRead"] == [2, 0]
    assert index(pages, most_read=["b/", "gone/"])["mostRead"] == [1]


def test_synonyms_of_what_the_edition_does_not_say_are_dropped() -> None:
    pages = [page("a/", "Refund")]
    rules = parse("money back => refund\nbluebird, codename => unsaid")
    found = index(pages, synonyms=rules)
    assert len(found["synonyms"]) == 1
    assert {"money", "back"} <= set(found["words"].split("\n"))
    assert "bluebird" not in str(build(pages, "en", synonyms=rules))


def test_a_synonyms_file_is_one_group_a_line() -> None:
    assert parse("# words\nwifi => wlan, wireless network # here\n\nrefund,  money back\n") == [
        Synonym("wifi", ("wlan", "wireless network")),
        Synonym("refund", ("money back",)),
        Synonym("money back", ("refund",)),
    ]


@pytest.mark.parametrize("line", ["alone", "=> x", "x =>", "a, , "])
def test_a_line_without_synonyms_is_named(line: str) -> None:
    with pytest.raises(KbError) as wrong:
        parse(f"a, b\n{line}\n{line}", where="translations/de/synonyms.txt")
    assert "2, 3" in str(wrong.value)
    assert "translations/de/synonyms.txt" in str(wrong.value)


@pytest.mark.parametrize("locale", ["en", "de", "pt-BR", "ja", "xx"])
def test_every_language_says_everything(locale: str) -> None:
    said = messages(locale)
    assert said.keys() == messages("en").keys()
    assert "{n}" in said["results"] and "{q}" in said["none"]


_WORDS = st.lists(
    st.sampled_from(
        [
            "Rechnung",
            "Adresse",
            "Rechnungsadresse",
            "CORSMiddleware",
            "Middleware",
            "e-mail",
            "größe",
            "Grosse",
            "が変わ",
        ]
    ),
    max_size=12,
).map(" ".join)
_EDITS = st.tuples(st.integers(0, 11), _WORDS, _WORDS, _WORDS)


@settings(max_examples=200)
@given(
    st.lists(st.tuples(_WORDS, _WORDS, _WORDS), max_size=12),
    st.lists(st.lists(_EDITS, max_size=3), max_size=4),
    st.sampled_from(["en", "de", "ja"]),
)
def test_an_index_after_edits_is_the_index(
    texts: list[tuple[str, str, str]], edits: list[list[tuple[int, str, str, str]]], locale: str
) -> None:
    options: dict[str, Any] = {"synonyms": parse("a => Adresse"), "facets": ["category"], "most_read": []}
    language, known = Language(locale), dict(enumerate(texts))
    lines = lines_of(Catalogue.of((), locale), {})
    for edit in [[], *edits]:
        known |= {n: tuple(text) for n, *text in edit}  # a number beyond the last is a new page
        catalogue, _ = from_lines(lines, language)
        pages = [
            Page(f"{n}/", title, (Section("", title, text, code), Section("more", text, ""), Section("x", "More", "")))
            for n, (title, text, code) in known.items()
        ]
        for found in pages:
            catalogue.add(found)
        assert indexed(catalogue, locale, **options) == build(pages, locale, **options)["index.json"]
        lines = "\n".join(lines_of(catalogue, {})).split("\n")

"""What counts as one word, in many scripts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import snowballstemmer
from hypothesis import given
from hypothesis import strategies as st

from kbtool.search.compounds import parts
from kbtool.search.language import Language, fold, humps, joined, tokens

_CASES = [
    case.strip().split("\n.\n") for case in (Path(__file__).parent / "words.txt").read_text("utf-8").split("\n\n")
]


@pytest.mark.parametrize(("text", "words"), [pytest.param(*case[1:], id=case[0]) for case in _CASES])
def test_words_are_found_as_readers_type_them(text: str, words: str) -> None:
    assert " ".join(fold(token) for token in tokens(text)) == words


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    for word in tokens(text):
        assert fold(fold(word)) == fold(word)


@given(st.text(), st.text())
def test_a_space_always_parts_words(one: str, other: str) -> None:
    assert [*tokens(one), *tokens(other)] == list(tokens(f"{one} {other}"))


@pytest.mark.parametrize(
    ("locale", "forms"),
    [
        ("en", "invoice invoices invoicing"),
        ("de", "Rechnung Rechnungen"),
        ("de-AT", "Passwort Passwörter Passworts"),
        ("es", "factura facturas"),
        ("pt_BR", "configuração configurações"),
        ("fr", "facture factures"),
        ("ru", "пароль пароля паролю"),
        ("ar", "المستخدم مستخدم"),
    ],
)
def test_forms_of_a_word_have_one_stem(locale: str, forms: str) -> None:
    language = Language(locale)
    assert len({language.stem(word) for word in forms.split()}) == 1


def test_a_language_without_a_stemmer_keeps_its_words() -> None:
    assert Language("vi").stem("Mật") == "mat"


@pytest.mark.parametrize(
    ("locale", "word", "typed"), [("de", "Größe", "groesse"), ("sv", "Åäö", "aaaeoe"), ("de", "Rad", None)]
)
def test_umlauts_may_be_typed_as_two_letters(locale: str, word: str, typed: str | None) -> None:
    assert Language(locale).typed(word) == typed


def test_names_of_programs_are_taken_apart() -> None:
    assert humps("CORSMiddleware") == ["CORS", "Middleware"]
    assert humps("OAuth") == []
    assert humps("PDF") == humps("Invoice") == []
    assert humps("ŠkodaConnect2024") == ["Škoda", "Connect", "2024"]
    assert list(joined("Pfad-Parameter und e-mail, nicht a-1")) == ["Pfadparameter", "email"]


_HYPHENATED_TEXT = st.lists(
    st.one_of(
        st.sampled_from(
            ["-", "-", " ", "\u2011", "\u2010", "a", "Pfad", "mail", "x" * 19, "x" * 21, "1", "_", "(", "ß", "京"]
        ),
        st.text(max_size=2),
    )
).map("".join)


@given(_HYPHENATED_TEXT.filter(lambda text: "-" in text))
def test_hyphenated_words_are_found_wherever_they_stand(text: str) -> None:
    around = [joined(word) for word in text.split()]
    assert joined(text) == [word for found in around for word in found]


@pytest.mark.parametrize("word", ["teşekkürler", "großen", "Łódź", "пароль", "İstanbul", "पासवर्ड", "e\u0323\u0308n"])
def test_words_of_any_script_stay_whole(word: str) -> None:
    assert humps(word) == []


@pytest.mark.parametrize(
    ("word", "cut"),
    [
        ("rechnungsadresse", ("rechnung", "adresse")),
        ("kontonummer", ("konto", "nummer")),
        ("rechnungen", None),
        ("adresse", None),
    ],
)
def test_compounds_fall_into_words_of_the_knowledge_base(word: str, cut: tuple[str, str] | None) -> None:
    assert parts({word, "rechnung", "adresse", "konto", "nummer"}).get(word) == cut


def test_no_language_changes_numbers() -> None:
    for name in snowballstemmer.algorithms():
        stemmer = snowballstemmer.stemmer(name)
        for number in ("7", "42", "150243", "0123456789"):
            assert stemmer.stemWord(number) == number, name


def test_a_language_loads_its_own_stemmer_and_no_other() -> None:
    story = """
import sys
from kbtool.search import language
ours = {name: language._stemmer(name) for name in ("german", "dutch")}
print("snowballstemmer" in sys.modules, "snowballstemmer.french_stemmer" in sys.modules)
ours |= {name: language._stemmer(name) for name in language._STEMMERS.values()}
import snowballstemmer
print(all(type(found) is type(snowballstemmer.stemmer(name)) for name, found in ours.items()))
"""
    said = subprocess.run([sys.executable, "-c", story], check=True, capture_output=True, text=True).stdout
    assert said.split() == ["False", "False", "True"]

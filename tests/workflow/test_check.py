"""`kbtool check`: one bad file stops nothing, and is told."""

from __future__ import annotations

import pytest
from small_base import Base

GLOSSARY = "term,translation,never-translate,forbidden,note\n"


@pytest.mark.parametrize(
    ("broken", "said"),
    [(b"word,translation\nrefund,Erstattung\n", "unknown column 'word'"), (b"term\nsch\xf6n\n", "UTF-8")],
)
def test_a_glossary_that_cannot_be_read_is_told_once(base: Base, broken: bytes, said: str) -> None:
    base.write("docs/second.md", "# Another\n\nIt is open.\n")
    base.kbtool("translate", "--to", "de")
    before = base.json("check")["findings"]
    (base.root / "translations/de/glossary.csv").write_bytes(broken)
    after = base.json("check", code=1)["findings"]
    (told,) = [each for each in after if each not in before]
    assert (told["rule"], told["path"]) == ("glossary", "translations/de/glossary.csv")
    assert said in told["message"]


def test_terms_are_held_against_translations(base: Base) -> None:
    base.kbtool("translate", "--to", "de")
    base.write("translations/de/glossary.csv", GLOSSARY + "bank transfers,Überweisung,,,\n")
    (found,) = [each for each in base.json("check")["findings"] if each["rule"] == "guard-glossary"]
    assert found["message"] == "'bank transfers' should be 'Überweisung'"

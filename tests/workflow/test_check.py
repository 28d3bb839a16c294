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


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("kbtool.toml", "[site]\nmarkdwn = true\n", "site.markdwn: unknown key, did you mean 'markdown'?"),
        ("kbtool.toml", '[[policy]]\nengine = "gogle"\n', "unknown engine 'gogle'"),
        ("mkdocs.yml", "nav: ]\n", "mkdocs.yml:2"),
    ],
)
def test_settings_that_only_a_build_or_a_translation_reads_are_checked_too(
    base: Base, file: str, text: str, said: str
) -> None:
    base.write(file, base.read(file) + text)
    base.kbtool("check", code=2)
    assert said in base.said


def test_front_matter_that_is_no_yaml_comes_with_what_to_do(base: Base) -> None:
    base.write("docs/second.md", "---\ntitle: Refunds: who gets one\n---\n\nEverybody.\n")
    (found,) = base.json("check", code=1)["findings"]
    assert (found["path"], found["line"], found["rule"]) == ("docs/second.md", 2, "front-matter")
    assert 'title: "Refunds: who gets one"' in found["hint"]


def test_a_ledger_that_cannot_be_read_is_told(base: Base) -> None:
    base.kbtool("translate", "--to", "de")
    base.write("translations/de/refunds.ledger.yml", base.read("translations/de/refunds.ledger.yml") + "<<<<<<< HEAD\n")
    (found,) = base.json("check", code=1)["findings"]
    assert (found["rule"], found["path"]) == ("ledger", "translations/de/refunds.ledger.yml")
    assert found["line"] > 1 and "merge-ledger --resolve" in found["hint"]

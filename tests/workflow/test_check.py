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
        (
            "kbtool.toml",
            '[engines.deepl]\nformalty = "more"\n',
            "unknown key 'formalty' (kbtool.toml:5, engines.deepl.formalty)",
        ),
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


@pytest.mark.parametrize(
    ("file", "text", "rule", "line", "severity", "said"),
    [
        ("translations/de/nav.yml", "Billing: Abrechnung\n- no\n", "titles", 2, "error", "this is not YAML"),
        ("translations/es/tags.yml", "just words\n", "titles", 1, "error", "not a mapping"),
        ("docs/_data/redirects.yml", "- old.md\n", "redirect", 1, "error", "expected old place: new place"),
        ("docs/_data/redirects.yml", "x.md: refunds.md\nold.md: gone.md\n", "redirect", 2, "warning", "gone.md"),
        ("docs/_data/redirects.yml", "# moved\nrefunds.md: refunds.md\n", "redirect", 2, "warning", "again"),
        ("docs/_data/views.csv", "path,views\nrefunds.md,many\n", "views", 2, "error", "expected path,views"),
        ("mkdocs.yml", "site_name: X\nnav:\n  - A: refunds.md\n  - More: [gone.md]\n", "menu", 4, "warning", "gone"),
        ("kbtool.toml", '[owners]\n"refunds*" = "Ann"\n"bilding/**" = "Ann"\n', "pattern", 3, "warning", "bilding/**"),
        ("kbtool.toml", '[audience]\n"intern/**" = "agent"\n', "pattern", 2, "warning", "intern/** fits nothing"),
        ("kbtool.toml", '[[policy]]\nmode = "hand"\npath = "legl/**"\n', "pattern", 3, "warning", "legl/**"),
        ("docs/x.md", "Title: X\nAudience: agent\n\n# X\n\nY\n", "audience", 2, "error", "outside of front matter"),
        ("docs/x.md", "---\ntitle: X\n---\n\naudience: agent\n\nY\n", "audience", 5, "error", "outside of front"),
        ("docs/x.md", "---\ntitle: X\naudiences: agent\n---\n\nY\n", "audience", 3, "error", "audiences: is no field"),
        ("docs/x.md", "Just words.\n", "no-title", 1, "warning", "no title"),
        ("docs/x.md", "## A part\n\nJust words.\n", "no-title", 1, "warning", "no title"),
        ("docs/x.md", "# X\r\n\r\na | b\r\n-|-\r\nc | d | e\r\n", "cut-row", 5, "warning", "its table 2 columns"),
        ("docs/x.md", "# X\n\nA\u2028B\n\na | b\n-|-\nc | d | e\n", "cut-row", 7, "warning", "its table 2 columns"),
        ("docs/x.md", "---\ntitle: X\n---\n", "no-text", 1, "warning", "no text"),
        ("docs/x.md", "# X\n\n", "no-text", 1, "warning", "no text"),
        ("docs/x.md", "# X\n\n| a | b |\n| - | - |\n| c | d |\n| e | f | g |\n", "cut-row", 6, "warning", "3 cells"),
        ("docs/x.md", "# X\n\na | b\n:-|-:\nc | `d | e` | f\n", "cut-row", 5, "warning", "its table 2 columns"),
        ("docs/x.md", "---\nreview_every: soon\n---\n\n# X\n\nY\n", "front-matter", 2, "warning", "soon is no"),
        ("docs/x.md", "---\ntags: [a]\nnext: gone.md\n---\n\n# X\n\nY\n", "front-matter", 3, "warning", "gone.md"),
        ("docs/x.md", "---\nrelated: [refunds.md, y.md]\n---\n\n# X\n\nY\n", "front-matter", 2, "warning", "y.md"),
    ],
)  # fmt: skip
def test_what_a_build_would_stop_at_or_pass_over_is_told_before(
    base: Base, file: str, text: str, rule: str, line: int, severity: str, said: str
) -> None:
    base.write(file, text)
    (found,) = base.json("check", code=int(severity == "error"))["findings"]
    assert (found["path"], found["rule"], found["line"], found["severity"]) == (file, rule, line, severity)
    assert said in found["message"]


@pytest.mark.parametrize(
    "table",
    [
        "| a | b |\n|---|---|\n| c | d |\n| e |\n| | f |\n| g | h | |\n",
        "| a | b |\n|---|---|\n| `c | d` | e \\| f |\n",
        "a | b\n--|--\nc | d\n\ne | f | g\n",
        "> | a | b |\n> |---|---|\n> | c | d |\n",
        "```\n| a | b |\n|---|---|\n| c | d | e |\n```\n",
    ],
)
def test_a_table_that_shows_all_is_no_finding(base: Base, table: str) -> None:
    base.write("docs/x.md", f"# X\n\n{table}")
    assert base.json("check")["findings"] == []


def test_menus_and_addresses_that_lead_somewhere_are_no_findings(base: Base) -> None:
    base.write("docs/_data/redirects.yml", "old.md: refunds.md\nolder.md: de/refunds.md\n")
    base.write("docs/x.md", "---\nreview_every: 26w\nnext: refunds.md\nrelated: refunds.md\n---\n\n# X\n\nText.\n")
    base.write(
        "mkdocs.yml", "site_name: X\nnav: [index.md, refunds.md, ./x.md, Status: 'https://status.example.org']\n"
    )
    assert base.json("check")["findings"] == []


def test_one_error_is_said_as_one(base: Base) -> None:
    base.write("docs/x.md", "# X\n\n[gone](gone.md)\n")
    base.kbtool("check", code=1)
    assert base.said.rstrip().endswith("1 error, 0 warnings")

"""What can happen while a file is with a translator, and what is said about it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.workflow.small_base import Base


class Away:
    """A file that is with a translator; in XLIFF 1.2, edited as text."""

    def __init__(self, base: Base, name: str = "de.xlf") -> None:
        self.base, self.name = base, name
        self.file: Path = base.root / "export" / name

    def edit(self, old: str, new: str) -> None:
        text = self.file.read_text("utf-8")
        assert old in text
        self.file.write_text(text.replace(old, new), "utf-8")

    def back(self, *more: str, code: int = 0) -> Any:
        form = {"po": "po", "xlf": "xliff", "tmx": "tmx"}[self.name.split(".")[-1]]
        return self.base.json("import", form, f"export/{self.name}", *more, code=code)

    def line(self, part: str) -> int:
        lines = self.file.read_text("utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if part in line)


@pytest.fixture
def away(base: Base) -> Away:
    base.kbtool("export", "xliff", "--to", "de")
    return Away(base)


def rules(said: Any) -> list[tuple[str, str]]:
    return [(each["rule"], each["severity"]) for each in said["findings"]]


BROKEN: dict[str, tuple[Callable[[Away], None], str]] = {
    "a code is lost": (
        lambda a: a.edit('<x id="4" ctype="x-code" equiv-text="`kbtool status`"/>.</target>', ".</target>"),
        "⟦4⟧ is missing",
    ),
    "a code stands there twice": (
        lambda a: a.edit('equiv-text="`kbtool status`"/>.</target>',
                         'equiv-text="`kbtool status`"/> <x id="4" ctype="x-code"/>.</target>'),
        "twice",
    ),
    "a code says that it is another": (
        lambda a: a.edit('equiv-text="`kbtool status`"/>.</target>', 'equiv-text="`rm -rf`"/>.</target>'),
        "was changed",
    ),
    "codes cross": (
        lambda a: a.edit("ťĥŕéé <g", 'ťĥŕéé <bx id="1"/><g'),
        "twice",
    ),
    "a code of nowhere": (lambda a: a.edit("Íť íś óṕéń.", 'Íť íś <x id="7"/> óṕéń.'), "⟦7⟧ stands for nothing"),
    "a code without a number": (lambda a: a.edit("Íť íś óṕéń.", 'Íť íś <x id="b"/>.'), "no number"),
    "an element of another standard": (lambda a: a.edit("Íť íś óṕéń.", "Íť <i>íś</i>."), "no code of this"),
    "markup": (lambda a: a.edit("Íť íś óṕéń.", "Sie ist `offen`."), "markup"),
    "a script": (lambda a: a.edit("Íť íś óṕéń.", "&lt;script&gt;alert(1)&lt;/script&gt;"), "markup"),
    "a link": (lambda a: a.edit("Íť íś óṕéń.", "Sie ist offen: https://evil.example/"), "address"),
    "a character nobody sees": (lambda a: a.edit("Íť íś óṕéń.", "Sie ist \u202eoffen."), "nobody sees"),
    "the original was altered": (lambda a: a.edit(">It is open.<", ">It is closed.<"), "altered"),
    "no segment of ours": (lambda a: a.edit(">It is open.<", ">What?<"), "altered"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_named_and_the_others_go_on(away: Away, name: str) -> None:
    change, said = BROKEN[name]
    before = away.base.read("translations/de/bank.md"), away.base.read("translations/de/refunds.md")
    change(away)
    away.edit("Ťĥé ƀáńķ</target>", "Die Bank</target>")
    found = away.back(code=3)
    (error,) = [each for each in found["findings"] if each["severity"] == "error"]
    assert re.search(said, error["message"]), error
    assert error["path"] == "export/de.xlf"
    assert error["line"] > 1
    assert found["taken"] == 1
    assert (away.base.read("translations/de/bank.md"), away.base.read("translations/de/refunds.md")) == (
        before[0].replace("Ťĥé ƀáńķ", "Die Bank"), before[1],
    )  # fmt: skip


def test_a_text_that_would_break_the_page_is_not_written(away: Away) -> None:
    away.edit(">Íť íś óṕéń.<", "><x id='1'/>Íť íś óṕéń.<")
    assert rules(away.back(code=3)) == [("text", "error")]


def test_what_a_person_changed_meanwhile_is_kept(away: Away) -> None:
    away.base.edit("translations/de/bank.md", "Íť íś óṕéń.", "Sie hat offen.")
    away.edit("Íť íś óṕéń.", "Sie ist offen.")
    found = away.back(code=1)
    assert rules(found) == [("conflict", "warning")]
    assert found["findings"][0]["line"] == away.line("Sie ist offen.")
    assert "Sie hat offen." in away.base.read("translations/de/bank.md")


def test_what_the_translator_left_alone_is_no_conflict(away: Away) -> None:
    away.base.edit("translations/de/bank.md", "Íť íś óṕéń.", "Sie hat offen.")
    assert away.back()["findings"] == []
    assert "Sie hat offen." in away.base.read("translations/de/bank.md")


def test_an_approval_is_no_reason_to_refuse_a_better_text(away: Away) -> None:
    away.base.kbtool("approve", "de", "bank.md")
    away.edit("Íť íś óṕéń.", "Sie ist offen.")
    assert away.back()["taken"] == 1
    assert away.base.counts("bank.md") == {"approved": 1, "needs-review": 1}


def test_without_the_mark_of_where_it_started_a_persons_text_is_kept(away: Away) -> None:
    away.base.edit("translations/de/bank.md", "Íť íś óṕéń.", "Sie hat offen.")
    text = re.sub(r' extradata="[^"]*"', "", away.file.read_text("utf-8"))
    away.file.write_text(text.replace("Íť íś óṕéń.", "Sie ist offen."), "utf-8")
    found = away.back(code=1)
    assert "does not say which one it started from" in found["findings"][0]["message"]
    assert "Sie hat offen." in away.base.read("translations/de/bank.md")


def test_a_text_for_an_older_original_waits_as_a_proposal(away: Away) -> None:
    base = away.base
    base.edit("docs/bank.md", "It is open.", "It is open on Mondays.")
    away.edit("Íť íś óṕéń.", "Sie ist offen.")
    found = away.back(code=1)
    assert rules(found) == [("outdated", "warning")]
    assert (found["taken"], found["proposals"]) == (0, 1)
    assert "Íť íś óṕéń." in base.read("translations/de/bank.md")
    assert base.counts("bank.md") == {"machine": 1, "stale": 1}
    base.kbtool("translate", "--to", "de")  # no machine takes its place
    assert "Íť íś óṕéń." in base.read("translations/de/bank.md")
    base.kbtool("accept", "de", "bank.md", "--by", "ana")
    assert "Sie ist offen." in base.read("translations/de/bank.md")
    assert base.counts("bank.md") == {"machine": 1, "approved": 1}


def test_a_text_for_an_original_that_is_gone_is_listed(away: Away) -> None:
    away.base.edit("docs/bank.md", "It is open.", "We are here for you on every day of the week.")
    away.base.kbtool("translate", "--to", "de")
    away.edit("Íť íś óṕéń.", "Sie ist offen.")
    found = away.back(code=1)
    assert rules(found) == [("outdated", "warning")]
    assert (found["taken"], found["proposals"]) == (0, 0)


def test_an_article_that_is_gone_is_listed(away: Away) -> None:
    away.edit('original="docs/bank.md"', 'original="docs/../../etc/passwd.md"')
    assert rules(away.back(code=3)) == [("unknown", "error")]


def test_the_same_segment_twice(away: Away) -> None:
    unit = re.search(r"<trans-unit[^>]*>\s*<source[^>]*>It is open.*?</trans-unit>", away.file.read_text("utf-8"), re.S)
    assert unit
    away.edit(unit[0], unit[0] + unit[0].replace("Íť íś óṕéń.", "Sie ist offen."))
    before = away.base.read("translations/de/bank.md")
    assert rules(away.back(code=3)) == [("duplicate", "error")]
    assert away.base.read("translations/de/bank.md") == before


def test_an_emptied_translation_stays(away: Away) -> None:
    away.edit("Íť íś óṕéń.", " ")
    assert rules(away.back(code=1)) == [("empty", "warning")]
    assert "Íť íś óṕéń." in away.base.read("translations/de/bank.md")


@pytest.mark.parametrize(
    ("old", "new", "more", "said"),
    [
        ('target-language="de"', 'target-language="fr"', (), "the settings have no such language"),
        ('target-language="de"', 'target-language="es"', ("--to", "de"), "de was asked for"),
        ('target-language="de"', "", (), "does not say which language"),
        ('source-language="en"', 'source-language="sv"', (), "made from sv"),
    ],
)
def test_a_file_in_another_language(away: Away, old: str, new: str, more: tuple[str, ...], said: str) -> None:
    away.edit(old, new)
    found = away.back(*more, code=3)
    assert {each["rule"] for each in found["findings"]} == {"locale"}
    assert said in found["findings"][0]["message"]
    assert away.base.git("status", "--porcelain") == ""


def test_a_region_of_our_language_is_our_language(away: Away) -> None:
    away.edit('target-language="de"', 'target-language="de-AT"')
    away.edit("Íť íś óṕéń.", "Sie ist offen.")
    assert away.back()["taken"] == 1


def test_a_dry_run_says_the_same_and_writes_nothing(away: Away) -> None:
    away.edit("Íť íś óṕéń.", "Sie ist offen.")
    tried = away.back("--dry-run")
    assert away.base.git("status", "--porcelain") == ""
    assert {**tried, "dry_run": False} == away.back()


def test_only_reviewers_approve(away: Away) -> None:
    base = away.base
    base.write("kbtool.toml", base.read("kbtool.toml") + '\n[review]\nreviewers = { de = ["ben"] }\n')
    away.edit('state="needs-review-translation" state-qualifier="leveraged-mt">Íť íś óṕéń.', 'state="final">Offen.')
    found = away.back("--approve", "--by", "ana", code=1)
    assert (found["taken"], found["approved"]) == (1, 0)
    assert "ana is no reviewer for de" in found["findings"][0]["message"]
    assert base.counts("bank.md") == {"machine": 1, "needs-review": 1}
    assert away.back("--approve", "--by", "ben")["approved"] == 1
    assert base.counts("bank.md") == {"machine": 1, "approved": 1}


def test_without_approve_a_file_approves_nothing(away: Away) -> None:
    away.edit('state="needs-review-translation"', 'state="final"')
    assert away.back()["approved"] == 0
    assert away.base.state("bank.md") == "machine"


def test_a_fuzzy_guess_is_left(base: Base) -> None:
    base.kbtool("export", "po", "--to", "de")
    away = Away(base, "de.po")
    away.edit("Íť íś óṕéń.", "Es regnet.")
    assert rules(away.back(code=1)) == [("unfinished", "warning")]
    assert "Íť íś óṕéń." in base.read("translations/de/bank.md")


# -- who may read what goes out


@pytest.mark.parametrize("form", ["po", "xliff", "tmx"])
def test_internal_text_stays_here(base: Base, form: str) -> None:
    base.kbtool("approve", "de", "refunds.md", "bank.md", "internal/desk.md")
    said = base.kbtool("export", form, "--to", "de")
    (file,) = (base.root / "export").iterdir()
    text = file.read_text("utf-8")
    assert "3 internal segments left out" in said
    for secret in ("owl", "Secret", "óŵĺ", "internal/", "For agents"):
        assert secret not in text
    base.kbtool("export", form, "--to", "de", "--with-internal")
    assert all(secret in file.read_text("utf-8") for secret in ("owl desk", "Secret"))


def test_only_what_waits_for_work(base: Base) -> None:
    base.edit("docs/bank.md", "It is open.", "It is open on Mondays.")
    said = base.json("export", "xliff", "--to", "de", "--only", "missing,stale")
    assert (said["units"], said["internal"]) == (1, 0)
    assert "unknown state" in base.kbtool("export", "po", "--only", "stail", code=2) + base.said
    base.kbtool("export", "po", "--out", "one.po", code=2)


# -- translation memories


def test_a_memory_fills_what_no_person_wrote(base: Base) -> None:
    base.edit("translations/de/bank.md", "Íť íś óṕéń.", "Sie hat offen.")
    pairs = {"The bank": "Die Bank", "It is open.": "Sie ist offen.", "Not here.": "Nicht hier.",
             'Money goes <bpt i="0">*</bpt>back<ept i="0">*</ept> to the card.':
             'Geld geht auf die Karte <bpt i="0">*</bpt>zurück<ept i="0">*</ept>.'}  # fmt: skip
    units = "".join(
        f'<tu><tuv xml:lang="EN-US"><seg>{source}</seg></tuv><tuv xml:lang="DE-DE"><seg>{target}</seg></tuv>'
        f'<tuv xml:lang="FR"><seg>{source}</seg></tuv></tu>'
        for source, target in pairs.items()
    )
    header = '<header srclang="EN-US" creationtool="x" segtype="sentence"/>'
    text = f'<?xml version="1.0" encoding="UTF-16"?><tmx version="1.4">{header}<body>{units}</body></tmx>'
    (base.root / "vendor.tmx").write_bytes(text.encode("utf-16"))
    found = base.json("import", "tmx", "vendor.tmx")
    assert (found["taken"], found["learned"], found["findings"]) == (2, 4, [])
    assert base.read("translations/de/bank.md") == "# Die Bank\n\nSie hat offen.\n"
    assert "Geld geht auf die Karte *zurück*." in base.read("translations/de/refunds.md")
    base.write("docs/new.md", "# The bank\n\nNot here.\n")
    base.kbtool("translate", "--to", "de", "--engine", "memory", "new.md")
    assert base.read("translations/de/new.md") == "# Die Bank\n\nNicht hier.\n"
    base.kbtool("export", "tmx", "--to", "de", "--with-memory", "--out", "all.tmx")
    assert "Nicht hier." in base.read("all.tmx")


def test_internal_pairs_of_a_memory_stay_internal_on_the_way_back(base: Base) -> None:
    base.kbtool("approve", "de", "internal/desk.md")
    base.kbtool("export", "xliff", "--to", "de", "--with-internal", "--out", "de.xlf")
    text = base.read("de.xlf")
    base.write("de.xlf", text.replace("Ƒóŕ áğéńťś óńĺý.", "Nur für Bearbeiter."))
    base.kbtool("import", "xliff", "de.xlf")
    base.kbtool("export", "tmx", "--to", "de", "--with-memory", "--with-internal", "--only", "stale", "--out", "m.tmx")
    assert "Nur für Bearbeiter." in base.read("m.tmx")
    (base.root / ".kbtool/memory.sqlite").unlink()
    base.kbtool("import", "tmx", "m.tmx")
    base.kbtool("export", "tmx", "--to", "de", "--with-memory", "--only", "stale", "--out", "vendor.tmx")
    assert "Nur für Bearbeiter." not in base.read("vendor.tmx")


def test_a_translation_of_the_new_original_takes_the_place_of_the_approved_old_one(base: Base) -> None:
    base.kbtool("approve", "de", "bank.md")
    base.edit("docs/bank.md", "It is open.", "It is open on Mondays.")
    base.kbtool("export", "xliff", "--to", "de", "--only", "stale")
    away = Away(base)
    away.edit("Íť íś óṕéń.", "Sie ist montags offen.")
    assert away.back()["taken"] == 1
    assert base.read("translations/de/bank.md") == "# Ťĥé ƀáńķ\n\nSie ist montags offen.\n"
    assert base.counts("bank.md") == {"approved": 1, "needs-review": 1}
    base.edit("docs/bank.md", "It is open on Mondays.", "It is open.")  # the earlier approval is not forgotten
    base.edit("translations/de/bank.md", "Sie ist montags offen.", "Íť íś óṕéń.")
    assert base.counts("bank.md") == {"approved": 2}

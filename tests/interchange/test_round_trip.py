"""Out, through another program, and back: nothing is lost, and what a translator changed arrives."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interchange.tools import FORMS, find, options, reword, store, units
from tests.workflow.small_base import Base

every_form = pytest.mark.parametrize("form", FORMS)


def out(base: Base, form: str, *more: str) -> Path:
    base.kbtool("export", *options(form), "--to", "de", *more)
    return base.root / "export" / FORMS[form]


def back(base: Base, form: str, *more: str, code: int = 0) -> str:
    return base.kbtool("import", options(form)[0], f"export/{FORMS[form]}", *more, code=code)


@every_form
def test_a_file_that_another_program_saved_changes_nothing(base: Base, form: str) -> None:
    before = base.counts("refunds.md")
    base.kbtool("approve", "de", "refunds.md", "bank.md")
    base.commit("approved")
    file = out(base, form)
    opened = store(form, file)
    assert len(units(form, opened)) >= sum(before.values())  # more by those of bank.md, less by the internal one
    opened.savefile(str(file))
    said = back(base, form, "--approve", "--by", "ana")
    assert said.startswith("0 texts taken, 0 approved")
    assert base.git("status", "--porcelain") == ""


@every_form
def test_without_changes_a_second_export_is_the_same_file(base: Base, form: str) -> None:
    file = out(base, form)
    first = file.read_bytes()
    assert back(base, form).startswith("0 texts taken")
    assert out(base, form).read_bytes() == first
    assert base.git("status", "--porcelain") == ""


@every_form
def test_words_that_a_translator_changed_arrive_and_wait_for_a_review(base: Base, form: str) -> None:
    base.kbtool("approve", "de", "refunds.md", "bank.md")
    base.commit("approved")
    original = base.read("translations/de/refunds.md")
    file = out(base, form)
    opened = store(form, file)
    unit = find(form, opened, "Refunds take")
    reword(form, unit, lambda words: words.replace("ťáķé", "dauern").replace("áŕŕíṽé", "kommen"))
    opened.savefile(str(file))
    assert back(base, form).startswith("1 texts taken")
    page = base.read("translations/de/refunds.md")
    changed = [line for line in page.splitlines() if line not in original.splitlines()]
    assert changed == [
        "Ŕéƒúńďś dauern **ťĥŕéé *ŵóŕķíńğ* ďáýś** ťó kommen, śéé [ťĥé ƀáńķ](bank.md"
        ' "Áƀóúť ťĥé ƀáńķ") áńď `kbtool status`.'
    ]
    assert base.counts("refunds.md")["needs-review"] == 1
    assert "by: hand" in base.git("diff", "translations/de/refunds.ledger.yml")


@pytest.mark.parametrize("form", ["po", "xliff", "xliff-2.1"])
def test_what_the_translator_approved_is_approved_by_whoever_brings_it_in(base: Base, form: str) -> None:
    file = out(base, form)
    opened = store(form, file)
    unit = find(form, opened, "It is open")
    reword(form, unit, lambda words: "Sie ist offen.")
    unit.markfuzzy(False) if form == "po" else unit.markapproved(True)
    opened.savefile(str(file))
    said = back(base, form, "--approve", "--by", "ana")
    assert said.startswith("1 texts taken, 1 approved")
    assert "Sie ist offen." in base.read("translations/de/bank.md")
    assert base.counts("bank.md") == {"machine": 1, "approved": 1}


@pytest.mark.parametrize("form", ["po", "xliff", "xliff-2.1"])
def test_a_language_without_any_translation_is_filled(base: Base, form: str) -> None:
    base.kbtool("export", *options(form), "--to", "es", "bank.md")
    file = base.root / "export" / FORMS[form].replace("de", "es")
    opened = store(form, file)
    for unit, text in zip(units(form, opened), ("El banco", "Está abierto."), strict=True):
        unit.target = text
    opened.savefile(str(file))
    base.kbtool("import", options(form)[0], f"export/{file.name}")
    assert base.read("translations/es/bank.md") == "# El banco\n\nEstá abierto.\n"
    assert base.counts("bank.md", "es") == {"needs-review": 2}


@every_form
def test_a_file_for_each_article(base: Base, form: str) -> None:
    base.kbtool("approve", "de", "refunds.md", "bank.md")
    base.kbtool("export", *options(form), "--to", "de", "--per-article")
    suffix = Path(FORMS[form]).suffix
    files = sorted(p.relative_to(base.root / "export").as_posix() for p in (base.root / "export").rglob(f"*{suffix}"))
    assert files == [f"de/bank{suffix}", f"de/refunds{suffix}"]
    base.commit("approved")
    base.kbtool("import", options(form)[0], *(f"export/{file}" for file in files))
    assert base.git("status", "--porcelain") == ""

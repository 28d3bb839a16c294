"""`kbtool status`: what it says, how it ends, and that nothing but the three files decides."""

from __future__ import annotations

import os

import pytest
from small_base import REFUNDS, Base

from kbtool.commands.pages import settled
from kbtool.core.model import Ledger
from kbtool.core.states import observe
from kbtool.project import Project, Target

GERMAN = REFUNDS.replace("Refunds take three days to arrive.", "Erstattungen dauern drei Tage.").replace(
    "Open the **Settings** page and choose *Billing*.", "Öffnen Sie **Einstellungen**, dann *Abrechnung*."
)


def adopt(base: Base, path: str = "refunds.md", locale: str = "de") -> None:
    """Record a translation as it stands."""
    project = Project.at(base.root)
    rows = settled(project, path, locale).rows
    project.write_ledger(Target(path, locale), Ledger(observe(rows)))


def test_an_article_without_translation_is_missing(base: Base) -> None:
    found = base.json("status")
    assert found["schema"] == 1
    assert [(a["path"], a["locale"], a["state"]) for a in found["articles"]] == [
        ("docs/refunds.md", "de", "missing"),
        ("docs/refunds.md", "es", "missing"),
    ]
    assert found["articles"][0]["counts"] == {"missing": 6}
    assert found["articles"][0]["segments"] == 6


def test_it_ends_with_1_only_where_a_named_state_occurs(base: Base) -> None:
    base.kbtool("status")
    base.kbtool("status", "--fail-on", "stale,conflict")
    base.kbtool("status", "--fail-on", "stale,missing", code=1)
    base.kbtool("status", "--fail-on", "mising", code=2)
    assert "needs-review" in base.said


def test_one_segment_is_stale_where_one_paragraph_changed(base: Base) -> None:
    base.write("translations/de/refunds.md", GERMAN)
    adopt(base)
    assert base.counts("refunds.md") == {"needs-review": 4, "missing": 2}
    base.edit("docs/refunds.md", "three days", "two days")
    assert base.counts("refunds.md") == {"needs-review": 3, "missing": 2, "stale": 1}
    base.edit("docs/refunds.md", "two days", "three days")
    assert base.counts("refunds.md") == {"needs-review": 4, "missing": 2}


def test_a_translation_without_original_is_listed_as_orphaned(base: Base) -> None:
    base.write("translations/de/refunds.md", GERMAN)
    adopt(base)
    (base.root / "docs/refunds.md").unlink()
    (found,) = base.json("status", "--to", "de")["articles"]
    assert (found["path"], found["state"], found["counts"]) == ("docs/refunds.md", "orphaned", {"orphaned": 6})


def test_a_rename_by_hand_is_recognised(base: Base) -> None:
    base.write("translations/de/refunds.md", GERMAN)
    adopt(base)
    (base.root / "docs/billing").mkdir()
    (base.root / "docs/refunds.md").rename(base.root / "docs/billing/money-back.md")
    base.edit("docs/billing/money-back.md", "three days", "two days")
    (found,) = base.json("status", "--to", "de")["articles"]
    assert found["path"] == "docs/billing/money-back.md"
    assert found["moved_from"] == "docs/refunds.md"
    assert found["counts"] == {"needs-review": 3, "missing": 2, "stale": 1}
    assert "docs/refunds.md" in base.kbtool("status", "--to", "de")


@pytest.mark.parametrize(
    ("file", "content", "where"),
    [
        ("docs/refunds.md", b"# A\n\n\xff\n", "docs/refunds.md:3"),
        ("translations/de/refunds.md", b"# A\n\n\xff\n", "translations/de/refunds.md:3"),
        ("translations/de/refunds.ledger.yml", b"segments:\n<<<<<<< a\n", "translations/de/refunds.ledger.yml:2"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_stops_nothing(
    base: Base, file: str, content: bytes, where: str
) -> None:
    base.write("docs/other.md", "# Other\n")
    base.write("translations/de/refunds.md", GERMAN)
    (base.root / file).write_bytes(content)
    found = {a["path"]: a for a in base.json("status", "--to", "de", code=1)["articles"]}
    assert where in found["docs/refunds.md"]["error"]
    assert found["docs/other.md"]["state"] == "missing"


def test_what_it_remembers_never_decides(base: Base) -> None:
    base.write("translations/de/refunds.md", GERMAN)
    adopt(base)
    for file in base.root.rglob("*.*"):
        os.utime(file, (1, 1))
    first = base.kbtool("status", "--json")
    assert base.kbtool("status", "--json") == first
    text = base.read("translations/de/refunds.md")
    base.write("translations/de/refunds.md", text.replace("drei Tage", "vier Tage"))
    os.utime(base.root / "translations/de/refunds.md", (1, 1))
    second = base.kbtool("status", "--json", "--to", "de")
    (base.root / ".kbtool/status.json").unlink()
    assert base.kbtool("status", "--json", "--to", "de") == second
    (base.root / ".kbtool/status.json").write_text("{", "utf-8")
    assert base.kbtool("status", "--json", "--to", "de") == second


def test_the_table_is_for_people(base: Base) -> None:
    base.write("translations/de/refunds.md", GERMAN)
    said = base.kbtool("status")
    assert "2 missing, 4 needs-review of 6 segments" in said
    assert "docs/refunds.md" in said

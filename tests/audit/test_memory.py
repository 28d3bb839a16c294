"""What an audit remembers of the one before changes nothing in what it finds."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from kbtool.checks.audit import run
from kbtool.checks.audit.memory import Memory
from tests.audit.base import RULES, lay_out

PAGE = "<p>Look the number up in the ledger of the warehouse before you promise anybody a date.</p>\n"


def audited(tmp_path: Path) -> list[str]:
    """The findings with what was remembered, which are those without."""
    site, root = tmp_path / "site", tmp_path / "kb"
    found = run(site, root=root, rules=RULES, memory=Memory(tmp_path / "memory"))
    assert found == run(site, root=root, rules=RULES)
    return list(map(str, found.findings))


def remembered(tmp_path: Path) -> dict[str, bytes]:
    """The notes by the names of their files, but for those of the site."""
    notes = {file.name: file.read_bytes() for file in sorted(tmp_path.glob("memory-*"))}
    assert notes
    return {name: text for name, text in notes.items() if name != "memory-site"}


@pytest.fixture(autouse=True)
def laid_out(tmp_path: Path) -> None:
    lay_out(tmp_path / "kb")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text(PAGE, "utf-8")


def test_internal_texts_are_remembered(tmp_path: Path) -> None:
    (leak,) = audited(tmp_path)
    assert "docs/orders.md:10" in leak
    kept = remembered(tmp_path)
    assert any(b"warehouse" in notes for notes in kept.values())
    assert audited(tmp_path) == [leak]
    assert remembered(tmp_path) == kept


@pytest.mark.parametrize("name", ["docs/orders.md", "docs/parcels.md", "translations/de/orders.md"])
def test_what_an_article_says_since_then(tmp_path: Path, name: str) -> None:
    audited(tmp_path)
    article = tmp_path / "kb" / name
    article.write_text(article.read_text("utf-8") + f"\n{PAGE}", "utf-8")
    assert audited(tmp_path) == []
    article.write_text(article.read_text("utf-8").replace(PAGE, ""), "utf-8")
    assert len(audited(tmp_path)) == 1


def test_an_article_that_is_internal_since_then(tmp_path: Path) -> None:
    (tmp_path / "site" / "index.html").write_text(
        "<p>A parcel is on its way for two days; we tell you when it has left us.</p>", "utf-8"
    )
    assert audited(tmp_path) == []
    article = tmp_path / "kb" / "docs" / "parcels.md"
    article.write_text(article.read_text("utf-8").replace("tags:", "audience: agent\ntags:"), "utf-8")
    assert len(audited(tmp_path)) == 1


def test_a_proposal_in_a_ledger(tmp_path: Path) -> None:
    ledger = tmp_path / "kb" / "translations" / "de" / "orders.ledger.yml"
    ledger.write_text("segments: []\n", "utf-8")
    audited(tmp_path)
    said = "Die Bestellung wird nach acht Tagen von uns ganz ohne Rückfrage geschlossen."
    ledger.write_text(f"segments:\n- src: 3f9c1a2b7d10\n  proposal: {said}\n", "utf-8")
    (tmp_path / "site" / "index.html").write_text(f"<p>{said}</p>", "utf-8")
    for _ in range(2):
        (leak,) = audited(tmp_path)
        assert "orders.ledger.yml" in leak


def test_runs_of_letters_that_are_nothing_encoded(tmp_path: Path) -> None:
    page = tmp_path / "site" / "index.html"
    page.write_text("<p>Kundendienstleitung/Rueckerstattungsantrag</p>\n", "utf-8")
    assert audited(tmp_path) == []
    assert any(b"Kundendienstleitung" in notes for notes in remembered(tmp_path).values())
    page.write_text(f"<p>Kundendienstleitung {b64encode(PAGE.encode()).decode()}</p>\n", "utf-8")
    (leak,) = audited(tmp_path)
    assert "in base64" in leak


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff\n\0", b"0\n{}"])
def test_a_damaged_memory_is_none(tmp_path: Path, damage: bytes) -> None:
    found = audited(tmp_path)
    for name in remembered(tmp_path):
        (tmp_path / name).write_bytes(damage)
    assert audited(tmp_path) == found


def test_a_part_of_a_memory_is_none(tmp_path: Path) -> None:
    found = audited(tmp_path)
    for name, notes in remembered(tmp_path).items():
        (tmp_path / name).write_bytes(notes.replace(b"warehouse", b"warehause").replace(b"public", b"agents"))
    assert audited(tmp_path) == found

"""The whole road, once: init, write, translate, edit, edit the translation, build both editions, and no leak."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.counting_engine import Service, service

ARTICLE = """\
---
title: Refund a charge
description: What to do when a customer was charged twice.
---

# Refund a charge

Open the **settings** page and choose [Billing](index.md).

1. Find the charge in the list.
2. Press `Refund` and wait for the mail.

/// agent
Ask the lead on duty above 500 euro: code word PELIKAN-7731.
///

The customer gets the money back within five days.
"""

INTERNAL = """\
---
title: Who pays for chargebacks
audience: agent
---

# Who pays for chargebacks

The nightly finance duty accepts chargebacks below ninety euro without a second look, see FLAMINGO-4412.
"""

GERMAN = {
    "Refund a charge": "Eine Abbuchung erstatten",
    "What to do when a customer was charged twice.": "Was zu tun ist, wenn ein Kunde zweimal belastet wurde.",
    "Open the ⟦1⟧settings⟦/1⟧ page and choose ⟦2⟧Billing⟦/2⟧.": (
        "Öffnen Sie die Seite ⟦1⟧Einstellungen⟦/1⟧ und wählen Sie ⟦2⟧Abrechnung⟦/2⟧."
    ),
    "Find the charge in the list.": "Suchen Sie die Abbuchung in der Liste.",
    "Press ⟦1⟧ and wait for the mail.": "Drücken Sie auf ⟦1⟧ und warten Sie auf die E-Mail.",
    "The customer gets the money back within five days.": "Der Kunde erhält das Geld innerhalb von fünf Tagen zurück.",
    "The customer gets the money back within three days.": "Der Kunde erhält das Geld innerhalb von drei Tagen zurück.",
}
BY_HAND = "Suchen Sie die fragliche Buchung in Ihrer Liste."


def kbtool(root: Path, *args: str, code: int = 0) -> str:
    found = subprocess.run(
        [sys.executable, "-m", "kbtool", "-C", str(root), *args],
        capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"}, check=False,
    )  # fmt: skip
    assert found.returncode == code, found.stdout + found.stderr
    return found.stdout


def state(root: Path, path: str) -> dict[str, object]:
    rows = json.loads(kbtool(root, "status", "--json"))["articles"]
    return next(row for row in rows if row["path"] == f"docs/{path}" and row["locale"] == "de")


@pytest.fixture(scope="module")
def engine() -> Iterator[Service]:
    with service(GERMAN) as found:
        yield found


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, engine: Service) -> Path:
    folder = tmp_path_factory.mktemp("road") / "help-centre"
    kbtool(folder.parent, "init", folder.name)
    settings = (folder / "kbtool.toml").read_text("utf-8").replace("locales = []", 'locales = ["de"]')
    settings += f'\n[engines.google]\nurl = "{engine.url}"\nrequests_per_second = 100\n'
    (folder / "kbtool.toml").write_text(settings, "utf-8")
    commit = ["-c", "user.name=ana", "-c", "user.email=ana@example.org", "commit", "-qm", "Start"]
    for git in (["init", "-q"], ["add", "."], commit):
        subprocess.run(["git", *git], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def article(root: Path) -> Path:
    (root / "docs/billing/charge.md").write_text(ARTICLE, "utf-8")
    (root / "docs/internal/chargebacks.md").write_text(INTERNAL, "utf-8")
    return root / "docs/billing/charge.md"


def translation(root: Path) -> Path:
    return root / "translations/de/billing/charge.md"


def an_article_is_translated_segment_by_segment(root: Path, article: Path, engine: Service) -> None:
    kbtool(root, "translate", "billing/charge.md", code=3)
    # The internal block stays in the house: google is no engine that may have it. The rest is translated.
    assert not [text for text in engine.sent if "PELIKAN" in text]
    assert set(engine.taken()) == set(GERMAN) - {"The customer gets the money back within three days."}
    german = translation(root).read_text("utf-8")
    assert "title: Eine Abbuchung erstatten" in german
    assert "Öffnen Sie die Seite **Einstellungen** und wählen Sie [Abrechnung](index.md)." in german
    assert "2. Drücken Sie auf `Refund` und warten Sie auf die E-Mail." in german
    assert "by: mt:google" in translation(root).with_suffix(".ledger.yml").read_text("utf-8")


def a_second_run_sends_and_writes_nothing(root: Path, article: Path, engine: Service) -> None:
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in (root / "translations").rglob("*.*")}
    kbtool(root, "translate", "billing/charge.md", code=3)
    assert engine.taken() == []
    assert before == {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in (root / "translations").rglob("*.*")}


def an_edited_paragraph_is_sent_alone(root: Path, article: Path, engine: Service) -> None:
    article.write_text(ARTICLE.replace("within five days", "within three days"), "utf-8")
    assert state(root, "billing/charge.md")["counts"]["stale"] == 1  # type: ignore[index]
    kbtool(root, "translate", "billing/charge.md", code=3)
    assert engine.taken() == ["The customer gets the money back within three days."]
    assert "innerhalb von drei Tagen" in translation(root).read_text("utf-8")


def a_translation_edited_by_hand_is_never_sent_again(root: Path, article: Path, engine: Service) -> None:
    file = translation(root)
    file.write_text(file.read_text("utf-8").replace("Suchen Sie die Abbuchung in der Liste.", BY_HAND), "utf-8")
    assert state(root, "billing/charge.md")["counts"]["needs-review"] == 1  # type: ignore[index]
    kbtool(root, "translate", "billing/charge.md", code=3)
    assert engine.taken() == []
    assert BY_HAND in file.read_text("utf-8")
    assert "by: hand" in file.with_suffix(".ledger.yml").read_text("utf-8")


def a_changed_original_leaves_the_persons_text_and_proposes(root: Path, article: Path, engine: Service) -> None:
    original = article.read_text("utf-8")
    engine.phrases["Find the charge in your list."] = "Suchen Sie die Abbuchung in Ihrer Liste."
    article.write_text(original.replace("in the list", "in your list"), "utf-8")
    kbtool(root, "translate", "billing/charge.md", code=3)
    assert engine.taken() == ["Find the charge in your list."]
    assert BY_HAND in translation(root).read_text("utf-8")
    ledger = translation(root).with_suffix(".ledger.yml").read_text("utf-8")
    assert "proposal: Suchen Sie die Abbuchung in Ihrer Liste." in ledger
    assert state(root, "billing/charge.md")["counts"]["stale"] == 1  # type: ignore[index]
    article.write_text(original, "utf-8")
    assert "stale" not in state(root, "billing/charge.md")["counts"]  # type: ignore[operator]


def the_customers_edition_holds_no_byte_of_internal_text(root: Path, article: Path) -> None:
    kbtool(root, "build")
    customers, agents = root / "site/customers", root / "site/agents"
    for page in ("index.html", "billing/charge/index.html", "de/billing/charge/index.html"):
        assert (customers / page).is_file() and (agents / page).is_file()
    assert not (customers / "internal").exists() and (agents / "internal/chargebacks/index.html").is_file()
    secrets = ("PELIKAN", "FLAMINGO", "lead on duty", "chargebacks", "nightly finance")
    for file in customers.rglob("*"):
        content = file.read_bytes().lower() if file.is_file() else b""
        for secret in secrets:
            assert secret.lower().encode() not in content and secret.lower() not in str(file.relative_to(customers)), (
                file
            )
    assert "PELIKAN-7731" in (agents / "billing/charge/index.html").read_text("utf-8")
    assert "Öffnen Sie die Seite" in (customers / "de/billing/charge/index.html").read_text("utf-8")
    kbtool(root, "audit", "site/customers")


def the_page_tells_readers_that_a_machine_translated_it(root: Path, article: Path) -> None:
    page = (root / "site/customers/de/billing/charge/index.html").read_text("utf-8")
    assert 'lang="de"' in page and "maschinell" in page.lower()


def test_the_whole_road(root: Path, article: Path, engine: Service) -> None:
    """One story, told in order: each step goes on from where the one before left the knowledge base."""
    an_article_is_translated_segment_by_segment(root, article, engine)
    a_second_run_sends_and_writes_nothing(root, article, engine)
    an_edited_paragraph_is_sent_alone(root, article, engine)
    a_translation_edited_by_hand_is_never_sent_again(root, article, engine)
    a_changed_original_leaves_the_persons_text_and_proposes(root, article, engine)
    the_customers_edition_holds_no_byte_of_internal_text(root, article)
    the_page_tells_readers_that_a_machine_translated_it(root, article)

"""Verdicts: what a reviewer says, what is recorded, and what it means from then on."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from small_base import Base


@pytest.fixture
def made(base: Base) -> Iterator[Base]:
    """The base with machine translations, committed."""
    base.kbtool("translate")
    base.commit("translated")
    yield base


def ledger(base: Base, locale: str = "de") -> str:
    return base.read(f"translations/{locale}/refunds.ledger.yml")


def test_an_approval_binds_the_pair_and_falls_away_by_itself(made: Base) -> None:
    assert made.counts("refunds.md") == {"machine": 6}
    made.kbtool("approve", "de", "refunds.md", "--by", "ana")
    assert made.counts("refunds.md") == {"approved": 6}
    assert made.counts("refunds.md", "es") == {"machine": 6}
    made.edit("docs/refunds.md", "three days", "two days")
    assert made.counts("refunds.md") == {"approved": 5, "stale": 1}
    made.edit("docs/refunds.md", "two days", "three days")
    assert made.counts("refunds.md") == {"approved": 6}


def test_an_approved_text_is_never_replaced_only_proposed(made: Base) -> None:
    made.kbtool("approve", "de", "refunds.md", "--by", "ana")
    before = made.read("translations/de/refunds.md")
    made.edit("docs/refunds.md", "three days", "two days")
    made.kbtool("translate", "--to", "de")
    assert made.read("translations/de/refunds.md") == before
    assert "proposal: " in ledger(made)
    made.kbtool("accept", "de", "refunds.md", "--by", "ben")
    assert made.counts("refunds.md") == {"approved": 6}
    assert "ok: ben" in ledger(made)
    assert "proposal" not in ledger(made)
    assert made.read("translations/de/refunds.md") != before
    made.kbtool("translate", "--to", "de")
    assert made.counts("refunds.md") == {"approved": 6}


def test_a_rejected_proposal_does_not_come_back(made: Base) -> None:
    made.kbtool("approve", "de", "refunds.md", "--by", "ana")
    made.edit("docs/refunds.md", "three days", "two days")
    made.kbtool("translate", "--to", "de")
    made.kbtool("reject", "de", "refunds.md", "--by", "ben")
    before = ledger(made)
    made.kbtool("translate", "--to", "de")
    assert ledger(made) == before
    made.kbtool("accept", "de", "refunds.md", "--by", "ben", code=1)
    made.kbtool("waive", "de", "refunds.md", "--by", "ben", "--reason", "only a typo")
    assert made.counts("refunds.md") == {"approved": 6}
    assert "ben " in ledger(made)
    assert "only a typo" in ledger(made)


def test_a_rejected_machine_text_is_asked_for_again(made: Base) -> None:
    said = made.json("reject", "de", "refunds.md", "--segment", "3", "--by", "ana")["segments"]
    assert said == [{"path": "docs/refunds.md", "locale": "de", "number": 3, "why_not": ""}]
    assert made.counts("refunds.md") == {"machine": 5, "stale": 1}
    said = made.json("translate", "--to", "de", "--dry-run")
    assert said["segments"] == 1
    made.kbtool("translate", "--to", "de")
    assert made.counts("refunds.md") == {"machine": 6}


def test_a_rejected_text_can_be_taken_back_and_then_approved(made: Base) -> None:
    made.kbtool("reject", "de", "refunds.md", "--segment", "3", "--by", "ana")
    made.kbtool("approve", "de", "refunds.md", "--segment", "3", "--by", "ana", code=1)
    assert "it was rejected" in made.said and "take that back with `kbtool waive`" in made.said
    made.kbtool("waive", "de", "refunds.md", "--segment", "3", "--by", "ana")
    made.kbtool("approve", "de", "refunds.md", "--segment", "3", "--by", "ana")
    assert made.counts("refunds.md") == {"machine": 5, "approved": 1}


def test_text_that_both_sides_changed_waits_for_a_person(made: Base) -> None:
    made.edit("docs/refunds.md", "three days", "two days")
    german = made.read("translations/de/refunds.md").splitlines()
    at = german.index("") + 3
    german[at] = "Erstattungen dauern zwei Tage."
    made.write("translations/de/refunds.md", "\n".join(german) + "\n")
    assert made.counts("refunds.md") == {"machine": 5, "conflict": 1}
    before = made.read("translations/de/refunds.md")
    made.kbtool("translate", "--to", "de")
    assert made.read("translations/de/refunds.md") == before
    made.kbtool("approve", "de", "refunds.md", "--segment", "3", "--by", "ana", code=1)
    assert "accept" in made.said
    made.kbtool("accept", "de", "refunds.md", "--segment", "3", "--by", "ana")
    assert made.counts("refunds.md") == {"machine": 5, "approved": 1}


def test_a_change_is_declared_minor_or_major_for_all_locales(made: Base) -> None:
    made.edit("docs/refunds.md", "three days", "thre days")
    made.kbtool("significance", "refunds.md", "minor", "--by", "ana")
    for locale in ("de", "es"):
        assert made.counts("refunds.md", locale) == {"machine": 6}
    made.kbtool("significance", "docs/refunds.md", "major", "--by", "ana")
    assert "  major: true\n" in ledger(made, "es")
    assert made.counts("refunds.md") == {"machine": 5, "stale": 1}
    made.kbtool("significance", "refunds.md", "normal", "--by", "ana")
    assert "major" not in ledger(made)
    assert made.counts("refunds.md") == {"machine": 5, "stale": 1}


def test_only_reviewers_of_a_locale_approve(made: Base) -> None:
    made.write("kbtool.toml", made.read("kbtool.toml") + '[review.reviewers]\nde = ["ana"]\n')
    made.kbtool("approve", "de", "refunds.md", "--by", "ben", code=1)
    assert "ben is no reviewer for de" in made.said
    assert made.counts("refunds.md") == {"machine": 6}
    made.kbtool("approve", "de", "refunds.md", "--by", "ana")
    made.kbtool("approve", "es", "refunds.md", "--by", "ben")
    assert made.counts("refunds.md", "es") == {"approved": 6}


def test_four_eyes_see_a_text_that_a_person_wrote(made: Base) -> None:
    made.write("kbtool.toml", made.read("kbtool.toml") + "[review]\nfour_eyes = true\n")
    text = made.read("translations/de/refunds.md").splitlines()
    text[text.index("") + 3] = "Erstattungen dauern drei Tage."
    made.write("translations/de/refunds.md", "\n".join(text) + "\n")
    made.kbtool("approve", "de", "refunds.md", "--by", "ana")
    assert made.counts("refunds.md") == {"approved": 5, "needs-review": 1}, "a machine's text may be approved"
    made.commit("by hand")
    made.kbtool("approve", "de", "refunds.md", "--by", "ana", code=1)
    assert "ana wrote it" in made.said
    made.kbtool("approve", "de", "refunds.md", "--by", "ben")
    assert made.counts("refunds.md") == {"approved": 6}


def test_a_verdict_that_cannot_be_given_changes_nothing(made: Base) -> None:
    before = ledger(made)
    made.kbtool("accept", "de", "refunds.md", "--segment", "1", "--by", "ana", code=1)
    made.kbtool("approve", "de", "refunds.md", "--segment", "1", "--segment", "99", "--by", "ana", code=2)
    made.kbtool("approve", "fr", "refunds.md", "--by", "ana", code=2)
    made.kbtool("approve", "de", "refund.md", "--by", "ana", code=2)
    made.kbtool("approve", "de", "refunds.md", "--by", "a 2026-01-01 b", code=2)
    made.kbtool("approve", "de", code=2)
    assert ledger(made) == before


def test_the_name_is_taken_from_git(made: Base) -> None:
    made.kbtool("approve", "de", "refunds.md")
    assert "ok: ana 20" in ledger(made)


def event(base: Base, login: str = "ana", state: str = "approved", commit: str = "") -> str:
    told = {
        "action": "submitted",
        "review": {
            "state": state,
            "user": {"login": login},
            "commit_id": commit or base.git("rev-parse", "HEAD").strip(),
        },
        "pull_request": {"number": 1, "base": {"sha": base.git("rev-parse", "main").strip()}},
    }
    base.write("../event.json", json.dumps(told))
    return str(base.root / "../event.json")


@pytest.fixture
def branch(made: Base) -> Iterator[Base]:
    """A branch on which a machine replaced one approved paragraph."""
    made.write("kbtool.toml", made.read("kbtool.toml") + '[review.reviewers]\nde = ["ana"]\n')
    made.commit("reviewers")
    made.git("checkout", "-q", "-b", "change")
    made.edit("docs/refunds.md", "three days", "two days")
    made.kbtool("translate", "--to", "de")
    made.commit("two days")
    yield made


def test_the_approval_of_a_pull_request_is_recorded(branch: Base) -> None:
    branch.kbtool("approve", "--from-event", event(branch))
    assert branch.counts("refunds.md") == {"machine": 5, "approved": 1}, "what the reviewer did not see stays as it was"
    assert "ok: ana 20" in ledger(branch)


def test_only_a_reviewers_approval_of_this_very_text_counts(branch: Base) -> None:
    branch.kbtool("approve", "--from-event", event(branch, login="eve"), code=1)
    branch.kbtool("approve", "--from-event", event(branch, state="commented"), code=1)
    branch.kbtool("approve", "--from-event", event(branch, commit="--output=x"), code=1)
    seen = event(branch)
    branch.edit("translations/de/refunds.md", "---\n\n", "---\n\nNeu.\n\n")
    branch.kbtool("approve", "--from-event", seen, code=1)
    assert "not the text that was reviewed" in branch.said
    assert "ok:" not in ledger(branch)

"""Old addresses of moved articles lead on, in every locale, and tell nothing internal."""

from __future__ import annotations

from tests.site.conftest import Base


def test_an_old_address_leads_to_the_new_one_in_every_locale(base: Base) -> None:
    page = base.read("money/old/index.html")
    assert 'http-equiv="refresh" content="0; url=../../billing/refunds/"' in page
    assert 'href="https://help.example.com/kb/billing/refunds/"' in page and "<script" not in page
    german = base.read("de/money/old/index.html")
    assert "url=../../billing/refunds/" in german and 'lang="de"' in german and "Eine Erstattung anfordern" in german


def test_an_address_that_a_page_has_stays_with_that_page(base: Base) -> None:
    assert 'http-equiv="refresh"' not in base.read("index.html")


def test_old_and_new_places_that_are_internal_stay_in_the_agents_edition(base: Base) -> None:
    assert not base.has("plan/index.html") and base.has("plan/index.html", "agents")
    assert not base.has("internal/pelikan/index.html") and base.has("internal/pelikan/index.html", "agents")

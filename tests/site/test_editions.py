"""What stands in an edition, and what must not."""

from __future__ import annotations

import gzip
import json
import re

from tests.site.conftest import SECRET, Base


def test_no_byte_of_what_is_internal_is_in_the_customers_edition(base: Base) -> None:
    for name, data in base.files().items():
        plain = gzip.decompress(data) if name.endswith(".gz") else data
        assert SECRET.encode() not in plain.lower(), name
        assert SECRET not in name.lower()
        assert "escalation" not in name


def test_agents_read_everything_that_is_theirs(base: Base) -> None:
    start = base.read("index.html", "agents")
    assert "Before you answer" in start
    assert f"The {SECRET} desk decides" in start
    assert 'class="admonition kb-internal kb-internal--agent"' in start
    assert base.has("internal/escalation/index.html", "agents")
    assert base.has("de/internal/escalation/index.html", "agents")
    assert base.has("img/plan.png", "agents")


def test_what_is_for_nobody_known_is_in_no_edition_below_the_highest(base: Base) -> None:
    assert not base.has("odd/index.html", "customers")
    assert not base.has("odd/index.html", "agents")
    warnings = [w for edition in base.said["editions"] for w in edition["findings"]]  # type: ignore[attr-defined]
    assert any("agnet" in w and "docs/odd.md" in w for w in warnings)


def test_front_matter_for_writers_and_comments_are_for_nobody(base: Base) -> None:
    for name, data in base.files("agents").items():
        assert b"pelikan-team" not in data, name
        assert b"pelikan comment" not in data, name


def test_only_pictures_that_readers_may_see_are_there_and_say_nothing_else(base: Base) -> None:
    assert base.has("img/form.png")
    assert b"Comment" not in base.files()["img/form.png"]
    for hidden in ("img/plan.png", "img/map.png", "img/unused.png"):
        assert not base.has(hidden), hidden


def test_a_sample_of_a_block_is_shown_to_everybody(base: Base) -> None:
    assert "How a block for agents is written." in base.read("billing/refunds/index.html")


def test_data_and_snippets_are_no_pages(base: Base) -> None:
    assert not [name for name in base.files("agents") if "contacts" in name or "_snippets" in name or "_data" in name]


def test_a_translation_follows_its_original_whatever_it_says_itself(base: Base) -> None:
    assert not base.has("de/lost/index.html")
    assert base.has("de/lost/index.html", "agents")


def test_the_menu_names_only_what_the_edition_holds(base: Base) -> None:
    customers, agents = base.read("index.html"), base.read("index.html", "agents")
    assert "For agents" not in customers
    assert "Wiki" not in customers
    assert "Escalation" in agents
    assert "Wiki" in agents


def test_the_menu_speaks_the_readers_language(base: Base) -> None:
    assert "Geld" in base.read("de/index.html")
    assert "Für Mitarbeitende" in base.read("de/index.html", "agents")
    assert "Geld" not in base.read("ar/index.html")


def test_folders_of_two_letters_are_there_like_any_other(base: Base) -> None:
    for locale in ("", "de/", "ar/", "es-419/", "zh-Hans/", "pt_BR/", "en-GB/"):
        assert base.has(f"{locale}it/guide/index.html")
        assert base.has(f"{locale}index.html")
        assert base.has(f"{locale}404.html")


def test_headings_have_the_same_address_in_every_language(base: Base) -> None:
    assert 'id="who-pays"' in base.read("billing/refunds/index.html")
    assert 'id="who-pays"' in base.read("de/billing/refunds/index.html")


def test_no_page_calls_another_host(base: Base) -> None:
    for name, data in base.files().items():
        if name.endswith(".html"):
            page = data.decode()
            called = re.findall(r"<(?:script|img|iframe)[^>]+src=\"(https?:[^\"]+)", page)
            called += re.findall(
                r"<link[^>]+rel=\"(?:stylesheet|preconnect|preload)\"[^>]+href=\"(https?:[^\"]+)", page
            )
            assert called == [], name


def test_the_closing_words_say_where_the_editions_are(base: Base) -> None:
    editions = {e["edition"]: e for e in base.said["editions"]}
    assert editions["customers"]["folder"] == "site/customers"
    assert editions["customers"]["articles"] == 3
    assert editions["agents"]["articles"] == 5
    assert json.loads(json.dumps(base.said))["schema"] == 1

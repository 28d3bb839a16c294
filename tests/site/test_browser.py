"""The site in a real browser: what a reader sees and does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from tests.browser import chromium, serving
from tests.site.conftest import Base

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def site(base: Base, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `site_url` says that it stands: below /kb/, with its agents' edition beside it."""
    top = tmp_path_factory.mktemp("served")
    (top / "kb").symlink_to(base.root / "site" / "customers")
    (top / "agents").symlink_to(base.root / "site" / "agents")
    with serving(top) as address:
        yield f"{address}kb/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose scripts must not fail, nor want anything that its policy forbids."""
    context = browser.new_context(locale="en-US", timezone_id="America/New_York")
    found = context.new_page()
    faults: list[str] = []
    found.on("pageerror", lambda error: faults.append(str(error)))
    found.on("console", lambda m: faults.append(m.text) if "Security Policy" in m.text else None)
    yield found
    context.close()
    assert faults == []


def test_switching_the_language_stays_on_the_article(page: Page, site: str) -> None:
    page.goto(site + "billing/refunds/")
    page.get_by_role("button", name="Select language").hover()
    page.get_by_role("link", name="Deutsch", exact=True).click()
    assert page.url == site + "de/billing/refunds/"
    assert page.locator("h1").inner_text().startswith("Eine Erstattung anfordern")
    assert page.evaluate("document.documentElement.lang") == "de"
    page.get_by_role("button", name="Sprache wechseln").hover()
    page.get_by_role("link", name="English", exact=True).click()
    assert page.url == site + "billing/refunds/"


@pytest.mark.parametrize(
    ("start", "words", "address"),
    [
        ("", "hedgehogs", "it/guide/"),
        ("de/", "Stachelschweine", "de/billing/refunds/"),
        ("ar/", "القنافذ", "ar/it/guide/"),
        ("es-419/", "erizos", "es-419/it/guide/"),
        ("pt_BR/", "ouriços", "pt_BR/it/guide/"),
    ],
)
def test_search_finds_an_article_in_the_language_of_the_page(
    page: Page, site: str, start: str, words: str, address: str
) -> None:
    page.goto(site + start)
    field = page.get_by_role("combobox")
    field.click()
    field.press_sequentially(words)
    hit = page.locator(f".kb-results a[href*='{address}']").first
    hit.wait_for()
    hit.click()
    page.wait_for_url(f"{site}{address}*")
    assert words in page.locator("article").inner_text()


def test_right_to_left_pages_put_the_menu_on_the_right(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto(site + "ar/it/guide/")
    menu = page.locator(".md-sidebar--primary").bounding_box()
    text = page.locator("article").bounding_box()
    assert menu and text and menu["x"] > text["x"]
    page.locator("article").evaluate("e => e.insertAdjacentHTML('beforeend', '<p><code>--to</code></p>')")
    assert page.locator("article p code").last.evaluate("e => getComputedStyle(e).direction") == "ltr"
    page.goto(site + "ar/billing/refunds/")
    assert page.locator("article").evaluate("e => getComputedStyle(e).direction") == "ltr"
    assert page.locator(".kb-notices").evaluate("e => getComputedStyle(e).direction") == "rtl"


def test_without_javascript_articles_menu_and_languages_are_there(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "billing/refunds/")
    assert page.get_by_text("The shop pays within five days.").is_visible()
    assert page.locator("nav a[href='../../it/guide/']").count() >= 1
    page.locator("a[hreflang=de]").first.focus()
    page.locator("a[hreflang=de]").first.press("Enter")
    page.wait_for_url("**/de/billing/refunds/")
    context.close()


def test_a_page_view_asks_for_nothing_that_is_not_there(page: Page, site: str) -> None:
    lost: list[str] = []
    page.on("response", lambda r: lost.append(r.url) if r.status >= 400 else None)
    foreign: list[str] = []
    page.on("request", lambda r: None if r.url.startswith((site, "data:")) else foreign.append(r.url))
    for name in ("", "de/billing/refunds/", "ar/billing/refunds/"):
        page.goto(site + name, wait_until="networkidle")
    assert lost == []
    assert foreign == []


def test_a_phone_shows_the_article_without_scrolling_sideways(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    for name in ("billing/refunds/", "ar/it/guide/", "de/billing/refunds/", "tags/", "../agents/ar/billing/refunds/"):
        page.goto(site + name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    context.close()


PAGES = ["", "billing/refunds/", "de/billing/refunds/", "ar/it/guide/", "ar/billing/refunds/", "es-419/it/guide/",
         "gone/", "de/gone/", "search/?q=hedgehogs", "../agents/", "../agents/billing/refunds/", "tags/", "ar/tags/",
         "de/changes/", "../agents/changes/", "../agents/internal/escalation/",
         "../agents/search/?q=hedgehogs"]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_no_kind_of_page_has_a_serious_barrier(page: Page, site: str, name: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.goto(site + name)
    rules = {"target-size": {"enabled": True}}  # of WCAG 2.2; off by default
    found = Axe().run(page, options={"rules": rules}).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")] == []


def test_a_reader_says_what_was_wrong_and_stays_on_the_page(page: Page, site: str) -> None:
    sent: list[dict[str, str]] = []

    def take(route: Route) -> None:
        sent.append(route.request.post_data_json)
        route.fulfill(status=204)

    page.route("**/feedback", take)
    page.goto(site + "de/billing/refunds/")
    page.locator(".kb-feedback summary").click()
    page.get_by_label("Sie ist veraltet").check()
    page.get_by_label("In Ihren Worten").fill("Der Knopf heißt anders.")
    page.get_by_role("button", name="Senden").click()
    page.get_by_text("Danke für Ihre Rückmeldung.").wait_for()
    assert page.url == site + "de/billing/refunds/"
    assert sent[0].pop("version")
    wanted = {"page": "de/billing/refunds/", "locale": "de", "reason": "outdated", "helpful": "no"}
    assert sent == [{**wanted, "comment": "Der Knopf heißt anders."}]


def test_hours_are_told_in_the_readers_own_time(page: Page, site: str) -> None:
    page.goto(site)
    assert page.locator("[data-kb-hours]").inner_text() == "Mon – Fri: Open 3:00 AM to 11:00 AM your time"


def test_a_reader_is_offered_their_language_once_and_never_sent_away(browser: Browser, site: str) -> None:
    context = browser.new_context(locale="de-AT")
    page = context.new_page()
    page.goto(site + "billing/refunds/")
    assert page.url == site + "billing/refunds/"
    offer = page.locator(".kb-suggestion")
    assert "Diese Seite gibt es auch auf Deutsch." in offer.inner_text()
    assert offer.get_by_role("link", name="Auf Deutsch lesen").get_attribute("href") == site + "de/billing/refunds/"
    offer.get_by_role("button", name="Nein, danke").click()
    page.reload()
    assert offer.count() == 0
    page.goto(site + "it/guide/")
    assert offer.count() == 0
    context.close()


def test_the_keyboard_reaches_the_article_and_the_languages(page: Page, site: str) -> None:
    page.goto(site + "billing/refunds/")
    page.keyboard.press("Tab")
    assert "md-skip" in page.evaluate("document.activeElement.className")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.hreflang") == "de":
            break
    assert page.evaluate("document.activeElement.hreflang") == "de"
    assert page.locator("a[hreflang=de]").first.is_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/de/billing/refunds/")


def test_what_the_keyboard_reaches_is_not_under_the_header(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 300})
    page.goto(site + "../agents/internal/escalation/")
    page.locator(".md-footer a").last.focus()
    inside = """() => { const e = document.activeElement, box = e.getBoundingClientRect();
        const header = document.querySelector(".md-header").getBoundingClientRect().bottom;
        return e.closest("article") ? box.top >= header : null }"""
    seen = []
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        page.wait_for_timeout(30)
        seen.append(page.evaluate(inside))
    assert True in seen
    assert False not in seen


def test_a_page_that_is_not_there_speaks_the_language_of_its_folder(page: Page, site: str) -> None:
    page.goto(site + "de/gone/")
    assert page.locator("h1").inner_text() == "Diese Seite gibt es nicht"
    page.get_by_role("link", name="Startseite").click()
    assert page.url == site + "de/"


def test_an_agent_copies_the_customers_link_and_a_reply(browser: Browser, site: str) -> None:
    context = browser.new_context(locale="en-US")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(site + "../agents/billing/refunds/")
    button = page.get_by_role("button", name="Copy the customers’ link: Deutsch")
    assert "Out of date, Machine translation" in page.get_by_role("listitem").filter(has=button).inner_text()
    button.click()
    page.get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "https://help.example.com/kb/de/billing/refunds/"
    page.goto(site + "../agents/internal/escalation/")
    assert page.get_by_role("button", name="customers’ link").count() == 0
    page.get_by_role("button", name="Copy this reply").click()
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "Hello,\n\nthe lead is awake."
    page.get_by_text("Copied").wait_for(state="detached")
    page.locator(".kb-replies").get_by_role("button", name="Deutsch").click()
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "Guten Tag,\n\ndie Leitung ist wach."
    context.close()


def test_a_headings_sign_copies_its_address_and_says_so(browser: Browser, site: str) -> None:
    context = browser.new_context(locale="de-DE")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(site + "de/billing/refunds/")
    page.locator("#who-pays a.headerlink").focus()
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="Kopiert").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == site + "de/billing/refunds/#who-pays"
    context.close()


def test_freshness_counts_from_the_readers_day_and_not_from_the_build(browser: Browser, site: str) -> None:
    context = browser.new_context(locale="en-US", timezone_id="UTC")
    page = context.new_page()
    page.clock.set_fixed_time(datetime(2026, 5, 20, 12))
    page.goto(site + "../agents/it/guide/")
    words = " ".join(page.locator(".kb-fresh").inner_text().split())
    assert words.endswith("Last reviewed: January 10, 2026 (4 months ago) Review was due: April 10, 2026 (6 weeks ago)")
    context.close()


def test_on_paper_there_is_the_article_with_its_notices_and_addresses(page: Page, site: str) -> None:
    page.goto(site + "de/billing/refunds/")
    page.emulate_media(media="print")
    seen = page.locator("article :visible").evaluate_all("all => all.map(e => e.className)")
    assert any("kb-notice--machine" in str(name) for name in seen)
    for gone in (".md-header", ".md-sidebar", ".md-footer", ".kb-feedback", ".headerlink", ".kb-print"):
        assert page.locator(f"{gone}:visible").count() == 0, gone
    after = "e => getComputedStyle(e, '::after').content"
    assert page.locator(".kb-notice--stale a").evaluate(after) == f'" ({site}billing/refunds/)"'
    assert page.locator(".kb-paper").inner_text() == "https://help.example.com/kb/de/billing/refunds/"

"""The site in a real browser: what a reader sees and does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser import chromium, serving
from tests.site.conftest import Base

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def site(base: Base) -> Iterator[str]:
    with serving(base.root / "site" / "customers") as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-US")
    found = context.new_page()
    faults: list[str] = []
    found.on("pageerror", lambda error: faults.append(str(error)))
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
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    for name in ("billing/refunds/", "ar/it/guide/", "de/billing/refunds/"):
        page.goto(site + name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
    context.close()

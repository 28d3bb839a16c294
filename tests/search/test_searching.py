"""What a reader sees when searching, in a real browser on a real site."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kbtool.search.language import fold, tokens

_BOX = ".kb-search input[role=combobox]"
_HITS = ".kb-search .kb-hit"
_STATUS = ".kb-search .kb-results__status"


def ask(tab: Page, query: str, place: str = "customers/") -> None:
    """Open a page, press `/`, and type."""
    tab.goto(place)
    tab.keyboard.press("/")
    tab.keyboard.type(query)
    expect(tab.locator(_STATUS)).not_to_be_empty()


@pytest.fixture(scope="module")
def one_tab(desktop: BrowserContext) -> Page:
    """A tab that stays open from test to test."""
    return desktop.new_page()


def titles(tab: Page) -> list[str]:
    return tab.locator(f"{_HITS} .kb-hit__title").all_inner_texts()


@pytest.mark.parametrize(
    ("place", "query", "first"),
    [
        pytest.param("customers/", "refunds", "Refunds", id="the title"),
        pytest.param("customers/", "refu", "Refunds", id="half a word"),
        pytest.param("customers/", "pasword", "Change your password", id="a letter lost"),
        pytest.param("customers/", "refudns", "Refunds", id="two letters swapped"),
        pytest.param("customers/", "changing passwords", "Change your password", id="other forms"),
        pytest.param("customers/", "RECEIPT", "Refunds", id="a word of the text, in capitals"),
        pytest.param("customers/", "credentials", "Change your password", id="a keyword that no text has"),
        pytest.param("customers/", "wlan", "Connect to a wireless network", id="a synonym"),
        pytest.param("customers/", "money back", "Refunds", id="a phrase that is a synonym"),
        pytest.param("customers/de/", "rechnungs", "Rechnungen", id="German, half a compound"),
        pytest.param("customers/de/", "Rechnung Adresse", "Rechnungen", id="German, a compound in two words"),
        pytest.param("customers/de/", "groesse der lampe", "Erstattungen", id="German, umlauts typed out"),
        pytest.param("customers/de/", "passwortes", "Passwort ändern", id="German, a form that no text has"),
        pytest.param("customers/de/", "geld zurück", "Erstattungen", id="German, a synonym"),
        pytest.param("customers/ja/", "ネットワーク", "無線ネットワークに接続する", id="Japanese"),
        pytest.param("customers/ja/", "スワードを忘れ", "パスワードを変更する", id="Japanese, cut anywhere"),
        pytest.param("customers/ar/", "كلمات المرور", "تغيير كلمة المرور", id="Arabic"),
        pytest.param("agents/", "bluebird", "Change your password", id="what only agents read"),
    ],
)
def test_the_right_article_comes_first(one_tab: Page, served: str, place: str, query: str, first: str) -> None:
    if one_tab.url != f"{served}{place}":
        one_tab.goto(place)
    one_tab.locator(_BOX).fill(query)
    expect(one_tab.locator(f"{_HITS} .kb-hit__title").first).to_have_text(first)


@pytest.mark.parametrize(
    ("place", "query"), [("customers/de/", "wireless router"), ("customers/ar/", "refund invoice")]
)
def test_a_page_that_stands_in_for_a_translation_is_not_found(tab: Page, place: str, query: str) -> None:
    ask(tab, query, place)
    assert titles(tab) == []


def test_an_excerpt_shows_why_and_leads_to_the_section(tab: Page) -> None:
    ask(tab, "receipt")
    hit = tab.locator(_HITS).first
    expect(hit.locator(".kb-hit__section")).to_have_text("Without the receipt")
    expect(hit.locator("mark").first).to_have_text("receipt")
    expect(hit).to_have_attribute("href", re.compile(r"/customers/billing/refunds/#receipt$"))


def test_text_of_articles_stays_text(tab: Page) -> None:
    ask(tab, "markup onerror")
    expect(tab.locator(_HITS).first.locator(".kb-hit__text")).to_contain_text("<img src=x onerror=")
    assert "broken" not in tab.title()
    assert tab.locator(".kb-results img").count() == 0


def test_nothing_is_loaded_before_search_is_used(tab: Page) -> None:
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto("customers/", wait_until="networkidle")
    assert not [url for url in asked if "/search/" in url or "search-index" in url]
    tab.locator(".kb-search input").click()
    tab.wait_for_load_state("networkidle")
    assert [url for url in asked if url.endswith("/search/index.json")]


def test_the_keyboard_alone_is_enough(tab: Page) -> None:
    ask(tab, "password")
    box = tab.locator(_BOX)
    expect(box).to_have_attribute("aria-expanded", "true")
    options = tab.locator("[role=listbox] [role=option]")
    tab.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    tab.keyboard.press("ArrowUp")
    expect(options.first).to_have_attribute("aria-selected", "false")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/account/password/**")


def test_escape_empties_the_list_then_leaves(tab: Page) -> None:
    ask(tab, "password")
    tab.keyboard.press("Escape")
    expect(tab.locator(_HITS)).to_have_count(0)
    expect(tab.locator(_BOX)).to_be_focused()
    tab.keyboard.press("Escape")
    expect(tab.locator(_BOX)).not_to_be_focused()


def test_a_slash_in_a_text_field_is_a_slash(tab: Page) -> None:
    ask(tab, "a/b")
    expect(tab.locator(_BOX)).to_have_value("a/b")


def test_the_number_of_results_is_announced(tab: Page) -> None:
    ask(tab, "refunds")
    expect(tab.locator(".kb-search").get_by_role("status")).to_contain_text("Results:")


def test_a_typing_error_is_mended_on_request(tab: Page) -> None:
    ask(tab, "invoyce pdf")
    meant = tab.locator(".kb-results__meant")
    expect(meant).to_have_text("invoice pdf")
    meant.click()
    expect(tab.locator(_BOX)).to_have_value("invoice pdf")
    expect(meant).to_have_count(0)


def test_a_word_still_being_typed_is_no_error(tab: Page) -> None:
    ask(tab, "passw")
    expect(tab.locator(_HITS).first).to_be_visible()
    expect(tab.locator(".kb-results__meant")).to_have_count(0)


def test_without_results_there_is_still_a_way_on(tab: Page) -> None:
    ask(tab, "zzzzqqqq")
    expect(tab.locator(_STATUS)).to_have_text("Nothing found for “zzzzqqqq”.")
    advice = tab.locator(".kb-search .kb-results__advice")
    expect(advice.locator("li")).to_have_text(["Change your password", "Refunds"])
    expect(advice.get_by_role("link", name="Ask us")).to_have_attribute("href", "https://help.example.org/contact")
    advice.locator("li a").first.click()
    tab.wait_for_url("**/customers/account/password/")


def test_customers_filter_by_category_and_product(tab: Page) -> None:
    ask(tab, "your order invoice lamp light password")
    assert len(titles(tab)) > 3
    boxes = tab.locator(".kb-search select")
    assert [box.get_attribute("name") for box in boxes.all()] == ["category", "product"]
    boxes.nth(0).select_option("Billing")
    expect(tab.locator(_HITS)).to_have_count(2)
    boxes.nth(1).select_option("Studio")
    expect(tab.locator(f"{_HITS} .kb-hit__title")).to_have_text(["Invoices"])
    boxes.nth(0).select_option("")
    expect(tab.locator(_HITS)).to_have_count(2)


@pytest.mark.parametrize(
    ("facet", "value", "left"),
    [
        ("audience", "agent", ["Escalation"]),
        ("priority", "P1", ["Escalation"]),
        ("freshness", "Review is due", ["Connect to a wireless network"]),
    ],
)
def test_agents_have_more_filters(tab: Page, facet: str, value: str, left: list[str]) -> None:
    ask(tab, "night shift password order router", "agents/")
    tab.locator(f".kb-search select[name={facet}]").select_option(value)
    expect(tab.locator(f"{_HITS} .kb-hit__title")).to_have_text(left)


def test_the_search_page_answers_an_address(tab: Page) -> None:
    tab.goto("customers/search/?q=order&category=Billing")
    expect(tab.locator(".kb-search-page .kb-hit__title")).to_have_text(["Invoices", "Refunds"])
    tab.locator(".kb-search-page select[name=category]").select_option("")
    expect(tab).to_have_url(re.compile(r"\?q=order$"))
    tab.locator(".kb-search-page input").fill("wireless")
    expect(tab.locator(".kb-search-page .kb-hit__title").first).to_have_text("Connect to a wireless network")
    expect(tab).to_have_url(re.compile(r"\?q=wireless$"))


def test_enter_without_a_choice_leads_to_the_search_page(tab: Page) -> None:
    ask(tab, "order", "customers/de/")
    tab.locator(_BOX).fill("bestellung")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/customers/de/search/?q=bestellung")
    expect(tab.locator(".kb-search-page .kb-hit").first).to_be_visible()


def test_browsers_are_told_how_to_search(tab: Page) -> None:
    tab.goto("customers/de/billing/refunds/")
    link = tab.locator('link[rel="search"]')
    described = tab.request.get(str(link.evaluate("link => link.href"))).text()
    assert 'template="https://help.example.org/de/search/?q={searchTerms}"' in described


def test_analytics_hear_what_was_asked_once(tab: Page) -> None:
    tab.goto("customers/")
    tab.evaluate(
        "() => { window.heard = []; document.addEventListener('kbtool:search', ({detail}) => heard.push(detail)) }"
    )
    tab.keyboard.press("/")
    tab.keyboard.type("pasword")
    tab.wait_for_function("() => heard.length")
    tab.keyboard.press("ArrowDown")
    asked = {"query": "pasword", "terms": ["pasword"], "results": 2, "suggestion": "password"}
    assert tab.evaluate("() => heard") == [{**asked, "filters": {}, "locale": "en"}]


def test_right_to_left_pages_search_from_the_right(tab: Page) -> None:
    ask(tab, "المرور", "customers/ar/")
    hit = tab.locator(_HITS).first
    expect(hit).to_have_css("direction", "rtl")
    icon, box = (tab.locator(f".kb-search {what}").bounding_box() for what in ("label.md-icon", "form"))
    assert icon is not None and box is not None
    assert icon["x"] > box["x"] + box["width"] / 2
    expect(tab.locator(_STATUS)).to_contain_text("النتائج")


def test_japanese_is_searched_when_its_input_is_settled(tab: Page) -> None:
    tab.goto("customers/ja/")
    tab.keyboard.press("/")
    box = tab.locator(_BOX)
    expect(box).to_be_focused()
    ime = tab.context.new_cdp_session(tab)
    for part in ("ｐ", "ぱ", "ぱす", "ぱすわーど"):
        ime.send("Input.imeSetComposition", {"text": part, "selectionStart": len(part), "selectionEnd": len(part)})
    tab.wait_for_load_state("networkidle")
    expect(tab.locator(_STATUS)).to_be_empty()
    tab.keyboard.press("ArrowDown")  # belongs to the input method
    ime.send("Input.insertText", {"text": "パスワード"})
    expect(box).to_have_value("パスワード")
    expect(tab.locator(f"{_HITS} .kb-hit__title").first).to_have_text("パスワードを変更する")


@pytest.mark.parametrize("place", ["customers/", "customers/ar/"])
def test_a_phone_shows_search_on_the_whole_screen(browser: Browser, served: str, place: str) -> None:
    with browser.new_context(base_url=served, viewport={"width": 360, "height": 640}, has_touch=True) as context:
        tab = context.new_page()
        tab.goto(place)
        expect(tab.locator(_BOX)).not_to_be_in_viewport()
        tab.locator("label.md-header__button[for=__search]").tap()
        expect(tab.locator(_BOX)).to_be_focused()
        tab.keyboard.type("password" if place == "customers/" else "المرور")
        hit = tab.locator(_HITS).first
        expect(hit).to_be_in_viewport()
        assert tab.locator(".kb-search .md-search__scrollwrap").evaluate("box => box.scrollWidth <= innerWidth")
        tab.locator(".md-search__form label[for=__search]").tap()
        expect(hit).not_to_be_in_viewport()


def test_a_broken_index_says_so_and_is_asked_for_again(tab: Page) -> None:
    tab.route("**/search/index.json", lambda route: route.abort())
    ask(tab, "refund")
    expect(tab.locator(_STATUS)).to_contain_text("could not be loaded")
    tab.unroute("**/search/index.json")
    tab.keyboard.type("s")
    expect(tab.locator(_HITS).first).to_be_visible()


def test_the_index_holds_no_more_than_its_edition(sites: Path) -> None:
    customers = b"".join(file.read_bytes() for file in sorted((sites / "customers").rglob("search/*.json")))
    agents = b"".join(file.read_bytes() for file in sorted((sites / "agents").rglob("search/*.json")))
    for inside in (b"bluebird", b"Escalation", b"P1", b'priority":{'):
        assert inside not in customers
    for inside in (b"bluebird", b"Escalation", b"P1"):
        assert inside in agents
    assert b"sauce" not in agents


def test_every_address_and_anchor_of_the_index_exists(sites: Path) -> None:
    for index in sorted(sites.glob("*/**/search/index.json")):
        for url, title, name in json.loads(index.read_text("utf-8"))["pages"]:
            html = (index.parent.parent / url / "index.html").read_text("utf-8")
            assert title
            for anchor, _, _ in json.loads((index.parent / f"{name}.json").read_text("utf-8")):
                assert not anchor or f'id="{anchor}"' in html


#: characters that this Python knows; a browser may know those of a younger Unicode
_KNOWN = st.characters(exclude_categories=["Cs", "Cn"])


@settings(max_examples=25)
@given(texts=st.lists(st.text(_KNOWN, max_size=30), min_size=20, max_size=20))
def test_the_browser_cuts_and_folds_words_as_the_index_does(one_tab: Page, served: str, texts: list[str]) -> None:
    if not one_tab.url.startswith(served):
        one_tab.goto("customers/")
    there = one_tab.evaluate(
        """async (texts) => {
          const { fold, tokens } = await import("/customers/kb/search-text.js");
          return texts.map((text) => tokens(text.normalize("NFKC")).map(({ word }) => fold(word)));
        }""",
        texts,
    )
    assert there == [[fold(word) for word in tokens(text)] for text in texts]

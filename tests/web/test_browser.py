"""The reviewer's page in a real browser: a whole review by keyboard, hostile articles, barriers, small screens."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import chromium
from tests.web.conftest import GERMAN, Web, opened, silent
from tests.web.test_steps import files
from tests.workflow.small_base import Base

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

MINE = "Erstattungen brauchen zwei Tage, meistens."
FINAL = "Erstattungen brauchen zwei Tage."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


class Watched:
    """A page of which nothing may fail, and from which nothing may leave this machine."""

    def __init__(self, context: BrowserContext, root: str) -> None:
        self.page = context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._said)
        self.page.on("dialog", lambda dialog: self.faults.append(f"dialog: {dialog.message}") or dialog.accept())
        context.on("request", lambda r: None if r.url.startswith((root, "data:")) else self.faults.append(r.url))

    def _said(self, message: ConsoleMessage) -> None:
        refusal = "status of 422" in message.text or "status of 409" in message.text  # the page says it in words
        if message.type == "error" and not refusal:
            self.faults.append(message.text)


@pytest.fixture
def watched(browser: Browser, web: Web) -> Iterator[Watched]:
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900})
    found = Watched(context, web.root)
    found.page.goto(web.address)
    found.page.locator(".card").first.wait_for()
    yield found
    context.close()


@pytest.fixture
def page(watched: Watched) -> Iterator[Page]:
    yield watched.page
    assert watched.faults == []


def card(page: Page, number: int) -> str:
    return page.locator(f"#s{number}").inner_text()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_a_whole_review_by_keyboard(page: Page, web: Web, base: Base, tmp_path: Path) -> None:
    other = Base(Path(shutil.copytree(base.root, tmp_path / "other")), silent)
    start = files(base.root)
    assert "token" not in page.url

    # stale, with a proposal: what changed on either side is there to be read
    assert focused(page) == "s3"
    assert page.locator("#s3 .side:first-child del").inner_text().endswith("three")
    assert page.locator("#s3 .side:first-child ins").inner_text().endswith("two")
    assert GERMAN in card(page, 3)
    assert "Ŕéƒúńďś ťáķé ťŵó ďáýś" in page.locator("#s3 .offer").inner_text()
    assert "last approved: ben" in card(page, 3)
    assert "account number → Kontonummer" in card(page, 6)
    page.keyboard.press("j")
    assert focused(page) == "s6"

    # take the proposal: the focus goes to what still waits
    page.keyboard.press("a")
    page.locator("#s6.done").wait_for()
    assert focused(page) == "s3"
    assert "Accepted" in page.locator("#s6").inner_text()
    other.kbtool("accept", "de", "refunds.md", "--segment", "6", "--by", "ana")
    assert files(base.root) == files(other.root)
    accepted = files(base.root)

    # edit; a text that would change the page is refused with its reason, and nothing is written
    page.keyboard.press("e")
    assert focused(page) == "editor"
    page.keyboard.press("Control+a")
    page.keyboard.type("# " + MINE)
    page.locator("#checks .refused").first.wait_for()
    page.keyboard.press("Control+Enter")
    page.locator("#said.bad:not(:empty)").wait_for()
    assert files(base.root) == accepted

    # somebody else writes meanwhile: both texts are shown, mine is still under my hands
    page.keyboard.press("Control+a")
    page.keyboard.type(MINE)
    base.edit("translations/de/refunds.md", GERMAN, "Geld kommt bald.")
    page.keyboard.press("Control+Enter")
    page.locator(".theirs .text").wait_for()
    assert page.locator(".theirs .text").inner_text() == "Geld kommt bald."
    assert page.locator("#editor").input_value() == MINE
    assert focused(page) == "editor"
    assert MINE not in base.read("translations/de/refunds.md")

    # having read both, save and approve
    page.keyboard.press("Control+a")
    page.keyboard.type(FINAL)
    page.keyboard.press("Control+Enter")
    page.locator("#s3.done").wait_for()
    assert focused(page) == "onward"
    other.edit("translations/de/refunds.md", GERMAN, FINAL)
    other.kbtool("reject", "de", "refunds.md", "--segment", "3", "--by", "ana")
    other.kbtool("accept", "de", "refunds.md", "--segment", "3", "--by", "ana")
    assert files(base.root) == files(other.root)
    assert "2 of" in page.locator(".progress").inner_text()

    # undo both steps: to the text of the other editor, and no further than where nobody else wrote
    page.keyboard.press("u")
    page.locator("#s3:not(.done) .offer").wait_for()
    assert "Geld kommt bald." in base.read("translations/de/refunds.md")
    page.keyboard.press("u")
    page.locator("#said.bad", has_text="have changed since").wait_for()
    base.edit("translations/de/refunds.md", "Geld kommt bald.", GERMAN)
    page.keyboard.press("u")
    page.locator("#s6:not(.done)").wait_for()
    assert files(base.root) == start


def test_waive_with_a_reason_and_go_on_to_the_next_article(page: Page, base: Base) -> None:
    page.keyboard.press("w")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.locator("#s3.done").wait_for()
    assert re.search(r"waived: \w{12} ana \S+ meaning", base.read("translations/de/refunds.ledger.yml"))
    page.keyboard.press("r")
    page.locator("#s6:not(:has(.offer))").wait_for()
    page.keyboard.press("n")
    page.locator("#article .locale", has_text="العربية").wait_for()
    assert page.url.endswith("#/ar/refunds.md")
    page.keyboard.press("Shift+A")
    page.locator("#onward").wait_for()
    # two are out of date, made by a machine and approved by nobody: they wait for the machine
    assert base.read("translations/ar/refunds.ledger.yml").count("ok: ana") == 6
    page.keyboard.press("Enter")
    page.locator("a[aria-current=page]", has_text="start").wait_for()


def test_what_happens_to_the_files_is_noticed(page: Page, base: Base) -> None:
    base.kbtool("waive", "de", "refunds.md", "--segment", "3", "--by", "ben")
    page.locator("#s3").wait_for(state="detached")
    assert "The files have changed" in page.locator("#said").inner_text()
    assert focused(page) == "s6"


def test_nothing_typed_is_lost_while_other_things_happen(page: Page, base: Base) -> None:
    page.keyboard.press("e")
    page.keyboard.type("!")
    page.locator("#s6").get_by_role("button", name="Take the proposal").click()
    page.locator("#s6.done").wait_for()
    assert page.locator("#editor").input_value().endswith("!")
    page.locator("#editor").focus()
    base.edit("translations/de/refunds.md", "title: ", "title: Neu ")
    page.locator("#said", has_text="The files have changed").wait_for()
    assert focused(page) == "editor"
    page.keyboard.type("!")
    page.keyboard.press("Control+s")
    page.locator("#s3 .chip.conflict").wait_for()
    assert GERMAN + "!!" in base.read("translations/de/refunds.md")


def test_keys_can_be_turned_off(page: Page, base: Base) -> None:
    before = files(base.root)
    page.keyboard.press("?")
    page.get_by_label("Keys of one letter work").uncheck()
    page.keyboard.press("Escape")
    assert focused(page) == "s3"
    page.keyboard.press("a")
    page.reload()
    page.locator("#s3").wait_for()
    page.keyboard.press("a")
    page.keyboard.press("ArrowDown")
    assert focused(page) == "s6"
    assert files(base.root) == before


def test_filters_and_the_list(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("start")
    assert page.locator(".waiting a").count() == 2
    page.get_by_label("Language of the translation").select_option("ar")
    assert page.locator(".waiting a").count() == 1
    page.keyboard.press("Escape")
    page.locator(".waiting a").click()
    page.locator(".text[dir=rtl]").first.wait_for()


def test_the_preview_shows_both_pages_at_the_segment(page: Page) -> None:
    page.keyboard.press("v")
    source = page.frame_locator("[data-side=source] iframe")
    target = page.frame_locator("[data-side=target] iframe")
    assert "Refunds take two days" in source.locator("p:has(> #here)").inner_text()
    assert GERMAN in target.locator("p:has(> #here)").inner_text()
    assert target.locator("img").evaluate("image => image.naturalWidth") > 0
    page.keyboard.press("e")
    page.keyboard.press("Control+a")
    page.keyboard.type("Gleich zu *sehen*.")
    target.locator("em", has_text="sehen").wait_for()


def test_a_key_that_follows_the_end_of_a_dialog_at_once_is_heard(page: Page) -> None:
    page.keyboard.press("?")
    page.locator("dialog").wait_for()
    page.evaluate(
        """() => {
          document.querySelector("dialog").close();
          document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "v", bubbles: true }));
        }"""
    )
    page.locator("[data-side=target] iframe").wait_for()


HOSTILE = """\
---
title: "<img src=x onerror=alert(1)> {name}"
---

# Heading <img src="https://evil.example/h.png" onerror="alert(2)">

Text <script>fetch("https://evil.example/s")</script> and <b onclick="alert(3)">bold</b>.

<iframe src="https://evil.example/frame"></iframe>
<form action="https://evil.example/form"><button>Send</button></form>
<link rel="dns-prefetch" href="//evil.example"><link rel="stylesheet" href="https://evil.example/x.css">
<meta http-equiv="refresh" content="0; url=https://evil.example/meta">
<base href="https://evil.example/">
<svg onload="alert(4)"><a xlink:href="javascript:alert(5)"><text>svg</text></a></svg>
<object data="https://evil.example/o"></object><video src="https://evil.example/v" autoplay></video>
<style>body {{ background: url(https://evil.example/b) }}</style>

![image](https://evil.example/i.png) ![inside](../../../../../../etc/passwd) [link](javascript:alert(6)) words.

Closing </textarea></iframe></script><script>alert(7)</script> tags.
"""


def test_a_hostile_article_runs_nothing_and_calls_nobody(browser: Browser, base: Base) -> None:
    evil = '</script><script>alert(8)</script>"><img src=x onerror=alert(9)>'
    base.write("docs/evil.md", HOSTILE.format(name=""))
    base.write("translations/de/evil.md", HOSTILE.format(name="Übel").replace("words.", "Wörter."))
    glossary = (
        base.read("translations/de/glossary.csv") + "words,<img src=x onerror=alert(10)>,,,<script>alert(11)</script>\n"
    )
    base.write("translations/de/glossary.csv", glossary)
    with opened(base.root, by=evil) as web:
        context = browser.new_context()
        watched = Watched(context, web.root)
        page = watched.page
        page.goto(f"{web.address}")
        page.locator(".card").first.wait_for()
        page.goto(f"{web.root}/#/de/evil.md")
        page.get_by_role("heading", name="<img src=x onerror=alert(1)>").first.wait_for()
        page.keyboard.press("v")
        page.frame_locator("[data-side=target] iframe").locator("b", has_text="bold").wait_for()
        page.keyboard.press("s")
        page.keyboard.press("e")
        page.locator("#editor").wait_for()
        page.keyboard.type("<img src=https://evil.example/typed onerror=alert(12)>")
        page.locator("#checks > :not(:empty)").first.wait_for()
        for side in ("source", "target"):
            frame = page.frame_locator(f"[data-side={side}] iframe")
            assert frame.locator("script, iframe, form, link, meta[http-equiv], base, svg, object, video").count() == 0
            assert frame.locator("[onclick], [onerror], [href]").count() == 0
            assert frame.locator("img[src]").count() == 0
        assert page.locator("img").count() == 0
        assert evil in page.locator(".person").inner_text()
        frames = {each.url for each in page.frames}
        context.close()
    assert watched.faults == []
    assert frames == {f"{web.root}/#/de/evil.md", "about:srcdoc"}


def barriers(page: Page) -> list[tuple[str, str]]:
    """What axe finds; the page's own policy on HTML from texts would stop axe itself, so the context goes without."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]


LOOKS = [
    {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark", "locale": "ar"},
    {"viewport": {"width": 320, "height": 640}, "color_scheme": "light", "has_touch": True, "locale": "de"},
]


VIEWS = [("everything", "s"), ("editor", "e"), ("waive", "w"), ("help", "?"), ("preview", "v")]


@pytest.mark.parametrize(
    ("look", "views"),
    [(LOOKS[0], VIEWS), (LOOKS[1], VIEWS[:2]), (LOOKS[2], VIEWS[1::3])],
    ids=["light", "dark-rtl", "phone"],
)
def test_no_view_has_a_serious_barrier_or_is_too_wide(
    browser: Browser, web: Web, look: dict[str, object], views: list[tuple[str, str]]
) -> None:
    context = browser.new_context(bypass_csp=True, **look)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(web.address)
    page.locator(".card").first.wait_for()
    found: dict[str, object] = {}
    for name, key in views:
        page.locator("#s3").focus()
        page.keyboard.press(key)
        page.locator(
            {"editor": "#editor", "waive": "dialog", "help": "dialog", "preview": "iframe"}.get(name, "#s3")
        ).first.wait_for()
        if name == "editor":
            page.locator("#checks").wait_for(state="attached")
        if faults := barriers(page):
            found[name] = faults
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            found[f"{name}, too wide"] = wide
        if name in ("editor", "waive", "help"):
            page.keyboard.press("Escape")
    context.close()
    assert found == {}


def test_the_language_of_the_page_can_be_switched(page: Page) -> None:
    page.get_by_label("Language of this page").select_option("ar")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert "المقطع" in card(page, 3)
    page.reload()
    page.locator("#s3").wait_for()
    assert page.evaluate("document.documentElement.lang") == "ar"
    assert page.locator("#s3 .side:first-child .text").first.get_attribute("dir") == "ltr"

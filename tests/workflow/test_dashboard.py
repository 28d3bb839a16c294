"""The dashboard in a real browser, opened from disk with the network cut: light, dark, on a phone, on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from small_base import Base

from tests.browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HISTORY = """\
{"on": "2026-10-01", "articles": 3, "overdue": 0, "locales": {"de": {"coverage": 0.2, "coverage_by_views": 0.1}}}
{"on": "2026-11-01", "articles": 9, "overdue": 2, "locales": {"de": {"coverage": 0.6, "coverage_by_views": 0.9}}}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dashboard with something in every part of it, in many sections and languages."""
    base = Base(tmp_path_factory.mktemp("board"), lambda: ("", ""))
    base.write("kbtool.toml", """
source = "en"
locales = ["de", "es", "fr", "ja", "ar", "pt-BR"]
engine = "pseudo"
[owners]
"section-1/**" = "a-team-with-quite-a-long-name"
[review]
every = "30d"
start = 2026-01-01
""")  # fmt: skip
    base.write("mkdocs.yml", "site_name: A help centre\n")
    for number in range(9):
        reviewed = f"reviewed: 2026-{number + 1:02}-01 ana\n" if number % 2 else ""
        title = f"title: An article about {'something-that-has-no-space-in-it-' * 3}{number}\n"
        base.write(f"docs/section-{number % 4}/{number}.md", f"---\n{title}{reviewed}---\n\nA sentence.\n\nAnother.\n")
    base.write("docs/_data/views.csv", "path,views\nsection-1/1.md,123456\nsection-2/2.md,5\n")
    base.write("docs/_data/history.jsonl", HISTORY)
    assert _run(base, "translate", "--to", "de", "--to", "ja") == 0
    base.edit("docs/section-0/0.md", "Another.", "Another one.")
    base.edit("docs/section-1/1.md", "Another.", "Another one.")
    base.edit("translations/de/section-1/1.md", "---\n\n", "---\n\nX")
    assert _run(base, "approve", "de", "section-2", "--by", "ben") == 0
    assert _run(base, "report", "--on", "2026-11-22") == 0
    return base.root / "report.html"


def _run(base: Base, *args: str) -> int:
    from kbtool.cli.roof import run

    return run(["-C", str(base.root), *args])


@pytest.fixture
def opened(browser: Browser, board: Path) -> Iterator[Callable[..., Page]]:
    """Opens the page; nothing may fail, and nothing but the file itself may be asked for."""
    faults: list[str] = []
    contexts = []

    def open_page(**how: Any) -> Page:
        context = browser.new_context(offline=True, **how)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text))
        page.on("request", lambda r: None if r.url == board.as_uri() else faults.append(r.url))
        page.goto(board.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1280)])
def test_nothing_is_in_the_way_of_anybody(opened: Callable[..., Page], scheme: str, width: int) -> None:
    page = opened(color_scheme=scheme, viewport={"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"][:90] for n in v["nodes"]]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 29)"
    assert dark == (scheme == "dark")


def test_charts_say_in_words_what_they_show(opened: Callable[..., Page]) -> None:
    page = opened()
    bars = page.get_by_role("img")
    assert bars.count() > 10
    for label in bars.evaluate_all("all => all.map(each => each.getAttribute('aria-label'))"):
        assert label.strip()
    german = page.get_by_role("img", name="de, segments:")
    assert "% machine" in german.get_attribute("aria-label")
    parts = german.locator("rect").evaluate_all("all => all.map(each => getComputedStyle(each).fill)")
    assert any("#stripes" in fill for fill in parts), "colour is not all that tells a machine's text"
    rows = page.locator("details table").first
    assert rows.locator("tbody tr").count() == 6
    assert page.locator("figure path.plain").first.get_attribute("d").count("L") == 2


def test_on_paper_it_is_light_and_whole(opened: Callable[..., Page], tmp_path: Path) -> None:
    page = opened(color_scheme="dark", viewport={"width": 794, "height": 1123})
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(26, 33, 48)"
    assert page.evaluate("document.documentElement.scrollWidth") <= 794
    assert not page.locator("summary").first.is_visible()
    page.pdf(path=tmp_path / "board.pdf", format="A4")
    assert (tmp_path / "board.pdf").read_bytes().startswith(b"%PDF")

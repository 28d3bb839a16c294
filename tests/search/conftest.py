"""A small real help centre in four languages, built once, served, and a browser to search it with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from kbtool.pool import executor
from kbtool.project import Project
from kbtool.site.builder import build_edition
from tests.browser import Files, chromium, serving

#: what the hosting guide recommends, without the hashes of Material's own inline scripts: search must not need any
_POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'"


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both editions of tests/search/base, side by side; the agents' in English only."""
    root = tmp_path_factory.mktemp("lantern")
    shutil.copytree(Path(__file__).parent / "base", root, dirs_exist_ok=True)
    (root / "site").mkdir()
    project = Project.at(root)
    with executor("inline") as pool:
        for name, locales in (("customers", project.settings.locales), ("agents", ())):
            work = root / "work" / name
            work.mkdir(parents=True)
            url = "https://help.example.org/"
            build_edition(project, name, root / "site", work, pool, locales=locales, site_url=url)
    return root / "site"


class _Strict(Files):
    """Serves a folder with a strict policy for scripts."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", _POLICY)
        super().end_headers()


@pytest.fixture(scope="session")
def served(sites: Path) -> Iterator[str]:
    """The address of both editions: `…/customers/` and `…/agents/`."""
    with serving(sites, _Strict) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def desktop(browser: Browser, served: str) -> Iterator[BrowserContext]:
    with browser.new_context(base_url=served, viewport={"width": 1280, "height": 800}) as context:
        yield context


@pytest.fixture
def tab(desktop: BrowserContext) -> Iterator[Page]:
    """A fresh tab of a desktop's width, on no page yet; addresses are relative to both editions."""
    page = desktop.new_page()
    yield page
    page.close()

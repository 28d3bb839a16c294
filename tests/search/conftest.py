"""A small real help centre in four languages, built once, served, and a browser to search it with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from kbtool.pool import executor
from kbtool.project import Project
from kbtool.site.builder import build_edition
from tests.browser import chromium

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


class _Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a word, with a strict policy for scripts."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", _POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def served(sites: Path) -> Iterator[str]:
    """The address of both editions: `…/customers/` and `…/agents/`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(sites))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


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

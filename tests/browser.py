"""A real browser on a built site: Debian's Chromium, driven by playwright, served from a thread on loopback."""

from __future__ import annotations

import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-dev-shm-usage", "--disable-sync", "--no-first-run"]  # fmt: skip


class Files(http.server.SimpleHTTPRequestHandler):
    """A folder's files, as the hosting recipes serve them."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads a test's access log."""

    def list_directory(self, path: Any) -> None:
        """No recipe lists what lies in a folder."""
        self.send_error(404)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The nearest 404 page of the site, so in the language of the folder, as the hosting recipes do."""
        folder = Path(self.translate_path(self.path))
        pages = [above / "404.html" for above in folder.parents if above.is_relative_to(self.directory)]
        page = next((p for p in pages if p.is_file()), None)
        if code == 404 and page:
            body = page.read_bytes()
            self.send_response(404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return
        super().send_error(code, message, explain)


@contextmanager
def serving(folder: Path, handler: type[Files] = Files) -> Iterator[str]:
    """A folder at an address on loopback."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Open:
    """The one browser of this process, while anybody uses it: playwright does not run twice in a thread."""

    users = 0
    ended: Any = None
    browser: Any = None


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, shared by all who have it open; skipped, with the reason, where there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    if not _Open.users:
        with ExitStack() as stack:
            play = stack.enter_context(sync_playwright())
            _Open.browser = play.chromium.launch(executable_path=path, args=FLAGS)
            stack.callback(_Open.browser.close)
            _Open.ended = stack.pop_all()
    _Open.users += 1
    try:
        yield _Open.browser
    finally:
        _Open.users -= 1
        if not _Open.users:
            _Open.ended.close()

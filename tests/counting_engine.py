"""A translation service on loopback that answers as Google's free page does, and remembers what it was sent.

It knows a few German sentences; what it does not know it answers with a word-for-word nonsense that is still German.
"""

from __future__ import annotations

import html
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

FALLBACK = "Dieser Satz wurde maschinell in die deutsche Sprache übertragen"


class Service(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, phrases: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.phrases = phrases
        self.sent: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, text: str) -> str:
        self.sent.append(text)
        return self.phrases.get(text, text)

    def taken(self) -> list[str]:
        """What was sent since the last call."""
        found, self.sent = self.sent, []
        return found


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        text = query.get("q", [""])[0]
        body = f'<html><div class="result-container">{html.escape(self.server.answer(text))}</div></html>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@contextmanager
def service(phrases: dict[str, str]) -> Iterator[Service]:
    found = Service(phrases)
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.shutdown()
        found.server_close()
        thread.join()

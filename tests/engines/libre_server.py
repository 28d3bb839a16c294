"""A LibreTranslate-compatible server on loopback with Apertium behind it: real translations over real HTTP."""

from __future__ import annotations

import html
import json
import re
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from kbtool.core.errors import KbError
from kbtool.engines import create

_TAG = re.compile(r"<[^<>]+>")


class LibreServer:
    """POST /translate as LibreTranslate has it: q (text or array), source, target, format text|html."""

    def __init__(self) -> None:
        self.requests = 0
        self._engine = create("apertium", {})
        self._one_at_a_time = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.libre = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._engine.close()  # type: ignore[attr-defined]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.requests += 1
        texts = asked["q"] if isinstance(asked["q"], list) else [asked["q"]]
        try:
            with self._one_at_a_time:
                found = [self._translate(t, asked) for t in texts]
        except KbError as error:
            return 400, {"error": error.what}
        return 200, {"translatedText": found if isinstance(asked["q"], list) else found[0]}

    def _translate(self, text: str, asked: dict[str, Any]) -> str:
        if asked.get("format") != "html":
            return self._engine.translate([text], asked["source"], asked["target"])[0]
        tags: list[str] = []

        def mark(match: re.Match[str]) -> str:
            tags.append(match[0])
            return f"⟦{len(tags)}⟧"

        masked = html.unescape(_TAG.sub(mark, text))
        reply = self._engine.translate([masked], asked["source"], asked["target"])[0]
        # Like the real one, it does not escape again.
        return re.sub(r"⟦(\d+)⟧", lambda m: tags[int(m[1]) - 1], reply)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        asked |= json.loads(body) if body.startswith("{") else dict(urllib.parse.parse_qsl(body))
        status, answer = self.server.libre.answer(asked)  # type: ignore[attr-defined]
        payload = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

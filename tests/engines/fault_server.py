"""A server on loopback that plays every engine, on good days and on bad ones.

    with Server() as server:
        server.mode = "429"
        run(…, options=server.options())

`server.requests` says what came in. Texts are "translated" by a small word list, so that good replies pass the guard.
"""

from __future__ import annotations

import contextlib
import gzip
import html
import json
import random
import re
import socket
import struct
import threading
import time
import urllib.parse
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

WORDS = {"is": "ist", "open": "offen", "and": "und", "closed": "geschlossen", "the": "das", "your": "Ihr",
         "account": "Konto", "wait": "warten", "for": "auf", "answer": "Antwort"}  # fmt: skip
SPANISH = {"is": "está", "open": "abierto", "and": "y", "closed": "cerrada", "your": "Su", "account": "cuenta"}
#: What each engine is asked for: QCRI has no German.
TARGETS = {"qcri": "es"}
KEYS = {
    "KBTOOL_MICROSOFT_KEY": "key-microsoft-5f2c", "KBTOOL_BAIDU_KEY": "app-7:key-baidu-91aa",
    "KBTOOL_QCRI_KEY": "key-qcri-3b3b", "KBTOOL_LIBRETRANSLATE_KEY": "key-libre-77de",
    "KBTOOL_DEEPL_KEY": "key-deepl-c0de:fx", "KBTOOL_LLM_KEY": "key-llm-ab12",
}  # fmt: skip
#: The bad days; "refuse" is a port on which nobody listens.
MODES = (
    "refuse", "silent", "drip", "429", "429 later", "456", "403", "500", "503", "truncated", "page", "redirect",
    "10 MB", "bomb", "charset", "empty", "swapped", "count", "reset",
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """One request that came in."""

    engine: str
    texts: tuple[str, ...]
    raw: str  #: address, headers and body


def translated(text: str, words: dict[str, str] = WORDS) -> str:
    return re.sub(r"[A-Za-z]+", lambda m: words.get(m[0].lower(), m[0]), text)


class Server:
    """Plays every engine on 127.0.0.1."""

    def __init__(self, mode: str = "good", delay: float = 0.0) -> None:
        self.mode = mode
        self.delay = delay
        self.jitter = 0.0  #: seconds at most, at random
        self.requests: list[Seen] = []
        self.good_after = 0  #: so many bad replies, then good ones
        self._stop = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.played = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def base(self, engine: str) -> str:
        port = closed_port() if self.mode == "refuse" else self._server.server_port
        return f"http://127.0.0.1:{port}/{engine}"

    def options(self, **more: Any) -> dict[str, dict[str, Any]]:
        """The settings of every engine with an address, pointing here."""
        deep = ("google", "mymemory", "microsoft", "baidu", "qcri", "deep-libretranslate", "libretranslate")
        tables = {name: {"url": self.base(name), **more} for name in deep}
        tables["deepl"] = {"url": self.base("deepl") + "/", **more}
        tables["llm"] = {"url": self.base("llm") + "/v1", "model": "test", **more}
        return {name: {**table, "requests_per_second": 1000} for name, table in tables.items()}

    def day(self) -> str:
        """What this request meets."""
        if self.good_after > 0:
            self.good_after -= 1
            if self.good_after == 0:
                self.mode = "good"
        return self.mode

    def sleep(self, seconds: float) -> None:
        self._stop.wait(seconds)


def closed_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or every kept connection stalls for 40 ms

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        self._play(b"")

    def do_POST(self) -> None:
        self._play(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _play(self, body: bytes) -> None:
        server: Server = self.server.played  # type: ignore[attr-defined]
        engine, texts = _texts(self.path, body)
        if texts:
            server.requests.append(Seen(engine, tuple(texts), f"{self.path}\n{self.headers}\n{body.decode()}"))
        if server.delay or server.jitter:
            time.sleep(server.delay + random.uniform(0, server.jitter))
        mode = server.day() if texts else "good"
        replies = [translated(text, SPANISH if engine == "qcri" else WORDS) for text in texts]
        if mode == "swapped":
            replies = replies[1:] + replies[:1]
        if mode == "count":
            replies = replies[1:]
        payload, kind = _reply(engine, self.path, replies)
        try:
            _BAD.get(mode, _good)(self, payload, kind, server)
        except ConnectionError:
            self.close_connection = True


def _texts(path: str, body: bytes) -> tuple[str, list[str]]:
    parts = urllib.parse.urlsplit(path)
    engine = parts.path.split("/")[1]
    query = dict(urllib.parse.parse_qsl(parts.query))
    if engine in ("google", "mymemory", "baidu"):
        return engine, [query["q"]]
    if engine == "qcri":
        return engine, [query["text"]]
    if not body:
        return engine, []
    asked = json.loads(body)
    if engine == "microsoft":
        return engine, [item["Text"] if "Text" in item else item["text"] for item in asked]
    if engine == "deepl":
        return engine, list(asked["text"])
    if engine == "llm":
        return engine, list(json.loads(asked["messages"][1]["content"])["texts"].values())
    return engine, asked["q"] if isinstance(asked["q"], list) else [asked["q"]]


def _reply(engine: str, path: str, replies: list[str]) -> tuple[bytes, str]:
    first = replies[0] if replies else ""
    if engine == "google":
        return f'<html><div class="result-container">{html.escape(first)}</div></html>'.encode(), "text/html"
    shapes: dict[str, Any] = {
        "mymemory": {"responseData": {"translatedText": first}, "matches": []},
        "microsoft": [{"translations": [{"text": reply, "to": "de"}]} for reply in replies]
        if "languages" not in path
        else {"translation": {"en": {"name": "English"}, "de": {"name": "German"}}},
        "baidu": {"trans_result": [{"dst": reply} for reply in replies]},
        "qcri": {"translatedText": first},
        "deep-libretranslate": {"translatedText": first},
        "libretranslate": {"translatedText": replies},
        "deepl": {"translations": [{"text": reply, "billed_characters": len(reply)} for reply in replies]},
        "llm": {"choices": [{"message": {"content": json.dumps({f"t{n}": r for n, r in enumerate(replies, 1)})}}]},
    }
    return json.dumps(shapes[engine]).encode(), "application/json"


def _send(to: _Handler, body: bytes, kind: str, status: int = 200, **headers: str) -> None:
    to.send_response(status)
    for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
        to.send_header(name.replace("_", "-"), value)
    to.end_headers()
    to.wfile.write(body)


def _good(to: _Handler, body: bytes, kind: str, server: Server) -> None:
    _send(to, body, kind)


def _silent(to: _Handler, body: bytes, kind: str, server: Server) -> None:
    server.sleep(20)
    to.close_connection = True


def _drip(to: _Handler, body: bytes, kind: str, server: Server) -> None:
    """A byte at a time, headers too: never silent for long, never done."""
    whole = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n" + body.ljust(9999)
    for byte in whole[:2000]:
        to.wfile.write(bytes([byte]))
        server.sleep(0.02)
    to.close_connection = True


def _status(status: int, **headers: str) -> Any:
    # Servers like to say the key again.
    echo = b'{"message": "no: key-microsoft-5f2c key-deepl-c0de:fx key-llm-ab12 key-libre-77de"}'
    return lambda to, body, kind, server: _send(to, echo, "application/json", status, **headers)


_BOMB = gzip.compress(b"0" * 20_000_000, 1)  # unpacked, ten times what is taken


def _bomb(to: _Handler, body: bytes, kind: str, server: Server) -> None:
    _send(to, _BOMB, kind, Content_Encoding="gzip")


def _reset(to: _Handler, body: bytes, kind: str, server: Server) -> None:
    to.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    to.connection.close()
    to.close_connection = True
    raise ConnectionResetError


_BAD: dict[str, Any] = {
    "silent": _silent,
    "drip": _drip,
    "429": _status(429),
    "429 later": _status(429, Retry_After="1"),
    "456": _status(456),
    "403": _status(403),
    "500": _status(500),
    "503": _status(503),
    "truncated": lambda to, body, kind, server: _send(to, body[: len(body) // 2], kind),
    "page": lambda to, body, kind, server: _send(to, b"<html><h1>Sign in to the WiFi</h1></html>", "text/html"),
    "redirect": lambda to, body, kind, server: _send(to, b"", kind, 302, Location="http://127.0.0.2:9/"),
    "10 MB": lambda to, body, kind, server: _send(to, body.ljust(10_000_000), kind),
    "bomb": _bomb,
    "charset": lambda to, body, kind, server: _send(to, b"\xff\xfe\x80" + body, f"{kind}; charset=klingon"),
    "empty": lambda to, body, kind, server: _send(to, b"", kind),
    "reset": _reset,
}

"""A web server as help centres have them: text compressed, everything else as it lies on disk."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from threading import Thread
from typing import Any

_PACKED = (".html", ".css", ".js", ".json", ".svg", ".txt", ".xml")


@dataclass(slots=True)
class Server:
    """What is served where, and what has been asked for since somebody last emptied `sizes`."""

    address: str = ""
    sizes: list[int] = field(default_factory=list)  #: bytes of each answer as sent, whoever asked: page or worker


@contextmanager
def serve(site: Path) -> Iterator[Server]:
    """The site on a port of this machine, for as long as the block runs."""
    log = Server()

    @cache
    def content(path: str) -> bytes:
        data = (site / path).read_bytes()
        return gzip.compress(data, 6) if path.endswith(_PACKED) else data

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            path = self.path.partition("?")[0].lstrip("/")
            path += "index.html" if not path or path.endswith("/") else ""
            found = (site / path).is_file()
            data = content(path) if found else b""
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", guess_type(path)[0] or "application/octet-stream")
            self.send_header("Content-Length", str(len(data)))
            if found and path.endswith(_PACKED):
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(data)
            log.sizes.append(len(data))

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        log.address = f"http://127.0.0.1:{server.server_port}/"
        yield log
    finally:
        server.shutdown()
        server.server_close()

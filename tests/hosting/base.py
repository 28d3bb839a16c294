"""Debian's nginx on loopback with a configuration as it is shipped, and a client that sends bytes as they are."""

from __future__ import annotations

import gzip
import http.client
import io
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.site.conftest import run

SECRET = "pelikan"  #: stands in all internal text, so that one search of an answer finds any leak
COOKIE = "_oauth2_proxy=ana-was-let-in"
_NGINX = """\
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    keepalive_timeout 1s;
    client_header_timeout 1s;
    client_body_timeout 1s;
    lingering_close off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Site:
    """A knowledge base with both editions built."""

    root: Path

    def recipe(self, edition: str, *args: str) -> str:
        """The configuration that `kbtool hosting nginx` gives."""
        folder = str(self.root / "site" / edition)
        return run(self.root, "hosting", "nginx", "--edition", edition, "--root", folder, *args).stdout

    @cached_property
    def files(self) -> dict[str, bytes]:
        """What the agents' edition holds, by address below its root."""
        folder = self.root / "site" / "agents"
        found = {f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}
        return {name.removesuffix("index.html"): data for name, data in found.items()}

    def is_leak(self, body: bytes) -> bool:
        """Whether an answer has a word of the internal text, or a piece of any file."""
        plain = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
        piece = plain if len(plain) < 60 else plain[:60]
        return SECRET.encode() in plain.lower() or (
            len(plain) >= 20 and any(piece in data or plain[-20:] in data for data in self.files.values())
        )


@dataclass(frozen=True)
class Answer:
    """One answer, taken apart; status 0 where it is no HTTP."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Server:
    """A web server on this machine."""

    port: int
    plain_port: int

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}/"

    def send(self, raw: bytes, *, plain: bool = False) -> bytes:
        """Everything the server says to these bytes."""
        with socket.create_connection(("127.0.0.1", self.plain_port if plain else self.port), timeout=20) as connection:
            if plain:
                return _talk(connection, raw)
            with _trusting(os.environ["SSL_CERT_FILE"]).wrap_socket(connection, server_hostname="localhost") as secure:
                return _talk(secure, raw)

    def get(self, path: str, *headers: str, method: str = "GET", plain: bool = False) -> Answer:
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self.port}", *headers, "Connection: close", "", ""]
        return answer(self.send("\r\n".join(lines).encode(), plain=plain), method)


@lru_cache(maxsize=1)
def _trusting(certificate: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate)


def _talk(connection: socket.socket, raw: bytes) -> bytes:
    connection.sendall(raw)
    said = b""
    try:
        while more := connection.recv(65_536):
            said += more
    except OSError:
        pass  # a server may hang up on what it does not understand
    return said


def answer(said: bytes, method: str = "GET") -> Answer:
    class Spoken:
        def makefile(self, mode: str) -> io.BytesIO:
            return io.BytesIO(said)

    if not said.startswith(b"HTTP/"):
        return Answer(0, {}, said)
    reply = http.client.HTTPResponse(Spoken(), method=method)  # type: ignore[arg-type]
    reply.begin()
    headers: dict[str, str] = {}
    for name, value in reply.headers.items():
        headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
    return Answer(reply.status, headers, reply.read())


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def nginx(site: Site, recipe: str, folder: Path, *, proxy: int = 0) -> Iterator[Server]:
    """nginx with a recipe, on free ports; what else is changed in it is what an administrator changes, too."""
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("nginx is missing, and this machine must have it: bash scripts/system.sh test")
        pytest.skip("no nginx on this machine: apt-get install nginx")
    server = Server(free_port(), free_port())
    (folder / "site.conf").write_text(_here(site, recipe, server, proxy))
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, user="user root;" if os.getuid() == 0 else ""))
    shutil.copy("/etc/nginx/mime.types", folder)
    log = folder / "error.log"
    started = subprocess.Popen(
        [program, "-e", str(log), "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL
    )
    try:
        _wait(server.port, started, log)
        yield server
    finally:
        started.terminate()
        started.wait(timeout=20)


def _here(site: Site, recipe: str, server: Server, proxy: int) -> str:
    lines = [line for line in recipe.splitlines() if "listen [::]" not in line]
    changed = "\n".join(lines)
    for old, new in {
        "listen 443 ssl http2;": f"listen 127.0.0.1:{server.port} ssl http2;",
        "listen 80;": f"listen 127.0.0.1:{server.plain_port};",
        "/etc/letsencrypt/live/localhost/fullchain.pem": str(site.root / "certificate.pem"),
        "/etc/letsencrypt/live/localhost/privkey.pem": str(site.root / "key.pem"),
        "/etc/nginx/agents.htpasswd": str(site.root / "users"),
        "127.0.0.1:4180": f"127.0.0.1:{proxy}",
    }.items():
        changed = changed.replace(old, new)
    return changed


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nginx did not start:\n{log.read_text() if log.exists() else ''}")


class _Proxy(BaseHTTPRequestHandler):
    """oauth2-proxy as far as nginx sees it: /oauth2/auth says 202 or 401, /oauth2/start sends people to sign in."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/oauth2/auth":
            self._say(202 if COOKIE in self.headers.get("Cookie", "") else 401)
        elif parts.path == "/oauth2/start":
            back = parse_qs(parts.query).get("rd", ["/"])[0]
            self._say(302, ("Location", f"https://login.example.com/authorize?state={back}"))
        else:
            self._say(404)

    do_HEAD = do_POST = do_OPTIONS = do_GET  # noqa: N815 – the names are http.server's

    def _say(self, status: int, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (("Content-Length", "0"), *headers):
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads a test's access log."""


@contextmanager
def oauth2_proxy() -> Iterator[int]:
    """A stand-in for oauth2-proxy; gives its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Proxy)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

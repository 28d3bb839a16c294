"""One request at a time to one host, byte for byte as it was written; the only place of the probe that has a socket.

Clients such as http.client or a browser tidy a path before they send it; what a careless server does with an untidy
one is just what the probe wants to know.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property
from io import BufferedReader
from urllib.parse import urlsplit

from kbtool.core.errors import KbError, UsageError

_TIMEOUT = 10.0  #: seconds for one answer as a whole, and for each step on the way
_LARGEST = 2_000_000  #: bytes of a body that are looked at
AGENT = "kbtool-probe"


@dataclass(frozen=True, slots=True)
class Origin:
    """The host that was named; nothing is ever sent to another."""

    secure: bool
    host: str
    port: int
    base: str = "/"  #: where the site begins, with a slash at both ends

    @property
    def name(self) -> str:
        """As it stands in a Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{'https' if self.secure else 'http'}://{self.name}{self.base}"

    @property
    def is_here(self) -> bool:
        """Whether it is this machine: nobody listens on the way."""
        return self.host == "localhost" or self.host.startswith("127.") or self.host == "::1"


def origin(url: str) -> Origin:
    """The host and the folder that an address names.

    Raises UsageError for what is no web address, and for one with a password in it.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError):
        raise UsageError(f"this is no address: {url!r}", hint="such as https://agents.example.com/") from None
    if parts.scheme not in ("https", "http") or not host or re.search(r"[\x00-\x20\x7f-\uffff]", parts.path):
        raise UsageError(f"this is no web address: {url!r}", hint="such as https://agents.example.com/")
    if parts.username is not None:
        raise UsageError("a password does not belong on the command line", hint="see `kbtool probe --help`")
    secure = parts.scheme == "https"
    base = f"/{parts.path.strip('/')}/" if parts.path.strip("/") else "/"
    return Origin(secure, host, port or (443 if secure else 80), base)


def printable(text: str) -> str:
    """What a server said, so that it can stand in a message: nothing in it moves the cursor of a terminal."""
    return re.sub(r"[^\x20-\x7e]", "?", text)[:500]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; status 0 where it was no HTTP answer (then all of it is the body)."""

    status: int
    headers: Message = field(default_factory=Message)
    body: bytes = b""

    def header(self, name: str) -> str:
        """A header's value; several of one name as one list, as HTTP has it."""
        return printable(", ".join(map(str, self.headers.get_all(name) or ())))

    @property
    def is_page(self) -> bool:
        return self.header("content-type").lower().startswith("text/html")


class Spent(KbError):
    """The probe has sent as many requests as it may."""


class Wire:
    """Sends raw requests to one host, at a pace, and counts them."""

    def __init__(self, to: Origin, *, pace: float = 0.05, limit: int = 800) -> None:
        self.to, self.pace, self.limit, self.sent = to, pace, limit, 0

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    def get(self, path: str, headers: Mapping[str, str] | None = None, *, method: str = "GET") -> Reply:
        """An ordinary request for a path that begins with a slash."""
        lines = {"Host": self.to.name, "User-Agent": AGENT, "Accept": "*/*", **(headers or {}), "Connection": "close"}
        return self.send(request(f"{method} {path} HTTP/1.1".encode(), lines.items()), method=method)

    def send(self, raw: bytes, *, method: str = "GET", secure: bool | None = None, port: int | None = None) -> Reply:
        """The answer to a request as it stands.

        Raises Spent where the limit is reached, and OSError where there is no answer.
        """
        if self.sent >= self.limit:
            raise Spent(f"stopped after {self.limit} requests", hint="--limit N allows more")
        if self.sent:
            time.sleep(self.pace)
        self.sent += 1
        with self.connect(secure, port) as connection:
            connection.sendall(raw)
            return _read(connection, method)

    def connect(self, secure: bool | None = None, port: int | None = None) -> socket.socket:
        """A connection, its certificate looked at; raises OSError (ssl.SSLError is one)."""
        plain = socket.create_connection((self.to.host, port or self.to.port), timeout=_TIMEOUT)
        if not (self.to.secure if secure is None else secure):
            return plain
        try:
            return self._trust.wrap_socket(plain, server_hostname=self.to.host)
        except OSError:
            plain.close()
            raise


def request(line: bytes, headers: Iterable[tuple[str, str]]) -> bytes:
    """The bytes of a request without a body."""
    said = b"".join(f"{name}: {value}\r\n".encode("latin-1", "replace") for name, value in headers)
    return line + b"\r\n" + said + b"\r\n"


def _read(connection: socket.socket, method: str) -> Reply:
    """What the server says, up to a size and a time."""
    deadline = time.monotonic() + _TIMEOUT
    reader = connection.makefile("rb")
    if not reader.peek(5).startswith(b"HTTP/"):
        return Reply(0, body=reader.read(_LARGEST))
    reply = http.client.HTTPResponse(_Spoken(reader), method=method)  # type: ignore[arg-type]
    status, body = 0, bytearray()
    try:
        reply.begin()
        status = reply.status
        while len(body) < _LARGEST and time.monotonic() < deadline:
            more = reply.read1(65_536)
            if not more:
                break
            body += more
    except (http.client.HTTPException, OSError):
        pass  # half an answer is looked at like a whole one
    return Reply(status, reply.headers or Message(), bytes(body))


class _Spoken:
    """As much of a socket as HTTPResponse asks for: the reader that has been looked into already."""

    def __init__(self, reader: BufferedReader) -> None:
        self._reader = reader

    def makefile(self, mode: str) -> BufferedReader:
        return self._reader

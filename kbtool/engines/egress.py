"""The one door through which text leaves: every byte to and from an engine over a network passes here.

A call never takes longer than its timeout, a reply is never larger than its cap, a redirect is never followed,
only hosts on the list are spoken to, by https save on this machine; and no error ever carries an address, a text or
a key.
"""

from __future__ import annotations

import email.utils
import http.client
import io
import ipaddress
import json
import select
import socket
import ssl
import time
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from kbtool.core.errors import UsageError
from kbtool.engines.base import BadReply, EngineError, Refusal, Rejected, Transient

if TYPE_CHECKING:
    from collections.abc import Mapping

_AGENT = "kbtool (+knowledge base translator)"
_AGAIN = {408, 425, 429, 500, 502, 503, 504, 529}
_NO = {401: "the key is not accepted", 402: "payment is required", 403: "access is refused or the quota used up",
       456: "the quota is used up"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Response:
    """A whole reply, unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def text(self) -> str:
        charset = _charset(self.headers.get("content-type", ""))
        try:
            return self.body.decode(charset)
        except (LookupError, UnicodeDecodeError):
            raise BadReply("the reply is not readable text") from None

    def json(self) -> Any:
        try:
            return json.loads(self.body.decode("utf-8"))
        except (ValueError, RecursionError):
            raise BadReply("the reply is not the JSON it should be") from None


class Door:
    """The way out to one engine, and back; keeps its connection. Not for two threads at once."""

    def __init__(self, name: str, base: str, *, timeout: float = 30.0, max_bytes: int = 2_000_000) -> None:
        self.name = name
        self.timeout = timeout
        self._max_bytes = max_bytes
        self._allowed = _origin(name, urlsplit(base))
        self._connection: _Connection | None = None

    def get(
        self, url: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        return self.send("GET", _with(url, params), headers=headers)

    def post(
        self,
        url: str,
        *,
        data: Any = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """POST `data` as JSON, or a form."""
        if form is not None:
            kind, body = "application/x-www-form-urlencoded", urlencode(form).encode("ascii")
        else:
            kind, body = "application/json", json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")
        return self.send("POST", url, body=body, headers={"Content-Type": kind, **(headers or {})})

    def send(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """One request and its whole reply, or the `EngineError` that says what to make of it."""
        parts = urlsplit(url)
        if _origin(self.name, parts) != self._allowed:
            raise Refusal(f"engine '{self.name}' may not speak to any host but its own")
        # Libraries leave spaces in their addresses.
        path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe="/?&=%+:@,;~!*'()$")
        deadline = time.monotonic() + self.timeout
        response = self._exchange(method, path, body, headers or {}, deadline)
        _judge(self.name, response)
        return response

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], deadline: float
    ) -> Response:
        try:
            return self._once(method, path, body, headers, deadline)
        except EngineError:
            self.close()
            raise
        except TimeoutError:
            self.close()
            raise Transient(f"engine '{self.name}' did not answer within {self.timeout:g} seconds") from None
        except ssl.SSLError:
            self.close()
            raise Refusal(f"engine '{self.name}' has no valid certificate") from None
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Transient(f"engine '{self.name}' is not reachable ({type(error).__name__})") from None
        except ValueError as error:  # a header with a line break in it: someone's key has one
            self.close()
            raise Refusal(f"engine '{self.name}' cannot be asked ({type(error).__name__})") from None

    def _once(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], deadline: float
    ) -> Response:
        # Asked before sending, because a request that was sent is never sent again from here: it may be billed.
        if self._connection is not None and self._connection.line.is_stale():
            self.close()
        if self._connection is None:
            self._connection = _connect(self._allowed, deadline)
        connection = self._connection
        connection.line.deadline = deadline
        sent = {"User-Agent": _AGENT, "Accept-Encoding": "gzip", "Accept": "*/*", **headers}
        connection.request(method, path, body=body, headers=sent)
        reply = connection.getresponse()
        headers = {name.lower(): value for name, value in reply.getheaders()}
        raw = self._read(reply)
        if reply.will_close:
            self.close()
        return Response(reply.status, headers, self._unpack(raw, headers.get("content-encoding", "")))

    def _read(self, reply: http.client.HTTPResponse) -> bytes:
        chunks, size = [], 0
        while chunk := reply.read1(65536):
            chunks.append(chunk)
            size += len(chunk)
            if size > self._max_bytes:
                raise BadReply(f"engine '{self.name}' sent more than {self._max_bytes} bytes")
        if reply.length:
            raise Transient(f"engine '{self.name}' sent only part of its reply")
        reply.close()  # read1 leaves that to us, and an open reply blocks the connection
        return b"".join(chunks)

    def _unpack(self, raw: bytes, encoding: str) -> bytes:
        if encoding.lower() in ("", "identity"):
            return raw
        if encoding.lower() not in ("gzip", "x-gzip", "deflate"):
            raise BadReply(f"engine '{self.name}' packed its reply in a way nobody asked for")
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
        try:
            body = unpacker.decompress(raw, self._max_bytes)
        except zlib.error:
            raise BadReply(f"engine '{self.name}' sent a reply that cannot be unpacked") from None
        if unpacker.unconsumed_tail:
            raise BadReply(f"engine '{self.name}' sent more than {self._max_bytes} bytes")
        if not unpacker.eof:
            raise BadReply(f"engine '{self.name}' sent only part of its reply")
        return body


class _Socket:
    """A socket all of whose waiting, taken together, ends at `deadline`."""

    def __init__(self, inner: socket.socket, deadline: float) -> None:
        self._inner = inner
        self.deadline = deadline
        self._readers = 0
        self._closed = False

    def _arm(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._inner.settimeout(left)

    def sendall(self, data: bytes) -> None:
        self._arm()  # the timeout of sendall is for all of it
        self._inner.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        self._readers += 1
        return io.BufferedReader(_Raw(self))

    def release(self) -> None:
        """A reader is done."""
        self._readers -= 1
        self._hang_up()

    def receive_into(self, buffer: Any) -> int:
        self._arm()
        return self._inner.recv_into(buffer)

    def is_stale(self) -> bool:
        """Whether the other side has closed it, or speaks without being asked."""
        readable, _, _ = select.select([self._inner], [], [], 0)
        return bool(readable)

    def close(self) -> None:
        # http.client closes the connection of a reply that is the last one before that reply has been read.
        self._closed = True
        self._hang_up()

    def _hang_up(self) -> None:
        if self._closed and self._readers <= 0:
            self._inner.close()


class _Raw(io.RawIOBase):
    def __init__(self, source: _Socket) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._source.receive_into(buffer)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._source.release()


class _Connection(http.client.HTTPConnection):
    """A connection over a socket of ours; it never opens another on its own."""

    auto_open = 0

    def __init__(self, host: str, port: int, line: _Socket) -> None:
        super().__init__(host, port)
        self.line = line
        self.sock: Any = line


def _connect(origin: tuple[str, str, int], deadline: float) -> _Connection:
    scheme, host, port = origin
    inner = socket.create_connection((host, port), timeout=max(0.001, deadline - time.monotonic()))
    try:
        inner.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if scheme == "https":
            inner.settimeout(max(0.001, deadline - time.monotonic()))
            inner = ssl.create_default_context().wrap_socket(inner, server_hostname=host)
    except BaseException:
        inner.close()
        raise
    return _Connection(host, port, _Socket(inner, deadline))


def _origin(name: str, parts: SplitResult) -> tuple[str, str, int]:
    """Scheme, host and port of an address that text may be sent to."""
    try:
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        host, port = "", None
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise UsageError(
            f"the address of engine '{name}' is not one", where=f"engines.{name}.url", hint="like https://host:port"
        )
    if parts.scheme == "http" and not is_loopback(host):
        raise UsageError(
            f"engine '{name}' would send text unencrypted", where=f"engines.{name}.url", hint="use an https address"
        )
    return parts.scheme, host, port or {"http": 80, "https": 443}[parts.scheme]


def is_loopback(host: str) -> bool:
    """Whether this host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _judge(name: str, response: Response) -> None:
    status = response.status
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise Refusal(
            f"engine '{name}' answers with a redirect, which is not followed",
            hint="a sign-in page of the network, a consent page, or an address that has moved",
        )
    if status in _AGAIN:
        what = "asks for patience" if status == 429 else "is not well"
        raise Transient(f"engine '{name}' {what} (HTTP {status})", retry_after=_retry_after(response.headers))
    if status in _NO:
        raise Refusal(f"engine '{name}': {_NO[status]} (HTTP {status})")
    raise Rejected(f"engine '{name}' does not take the request (HTTP {status})")


def _retry_after(headers: Mapping[str, str]) -> float | None:
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        at = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, at.timestamp() - time.time())


def _charset(kind: str) -> str:
    for part in kind.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            found = value.strip().strip("\"'").lower()
            # What http libraries assume for text/* when nobody said so; no engine sends it on purpose.
            return "utf-8" if found in ("", "iso-8859-1") else found
    return "utf-8"


def _with(url: str, params: Mapping[str, str] | None) -> str:
    if not params:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(params)}"

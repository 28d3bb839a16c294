"""The one door through which text leaves: every byte to and from an engine over a network passes here.

A call never takes longer than its timeout, a reply is never larger than its cap, a redirect is never followed,
only hosts on the list are spoken to, by https save on this machine; and no error ever carries an address, a text or
a key.
"""

from __future__ import annotations

import email.utils
import http.client
import ipaddress
import json
import ssl
import time
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from kbtool.core.errors import UsageError
from kbtool.engines.base import BadReply, EngineError, Refusal, Rejected, Transient
from kbtool.engines.line import Connection, connect

if TYPE_CHECKING:
    from collections.abc import Mapping

_LARGEST = 2_000_000  #: bytes of a reply, packed or not
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

    def __init__(self, name: str, base: str, *, timeout: float = 30.0) -> None:
        self.name = name
        self.timeout = timeout
        self._allowed = _origin(name, urlsplit(base))
        self._connection: Connection | None = None

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
            self._connection = connect(self._allowed, deadline)
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
            if size > _LARGEST:
                raise BadReply(f"engine '{self.name}' sent more than {_LARGEST} bytes")
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
            body = unpacker.decompress(raw, _LARGEST)
        except zlib.error:
            raise BadReply(f"engine '{self.name}' sent a reply that cannot be unpacked") from None
        if unpacker.unconsumed_tail:
            raise BadReply(f"engine '{self.name}' sent more than {_LARGEST} bytes")
        if not unpacker.eof:
            raise BadReply(f"engine '{self.name}' sent only part of its reply")
        return body


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

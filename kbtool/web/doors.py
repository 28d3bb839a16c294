"""Who may come in: every request passes here before anything else looks at it.

The page is for the person who started it. Other websites in the same browser, names that were bound to 127.0.0.1
by somebody else, and other people on the machine must find the doors closed.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from http.cookies import CookieError, SimpleCookie
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: bytes that a request may bring: a segment is a block of prose, and a page has at most two million characters
LARGEST = 512 * 1024
POLICY = "kbtool-preview"  #: the one place where the page's script may make HTML of a text
PREVIEW_STYLE = files("kbtool.web").joinpath("static", "preview.css").read_text("utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(PREVIEW_STYLE.encode()).digest()).decode()
CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' 'sha256-{_STYLE_HASH}'",  # the one of the previews, which inherit this policy
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        f"trusted-types {POLICY}",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-DNS-Prefetch-Control": "off",
    "Cache-Control": "no-store",
}


class Doors:
    """Lets in requests to this very address, from this very page, with the cookie that the ticket bought."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self.app = app
        self.ticket = secrets.token_urlsafe(32)  #: stands in the address that the terminal shows
        self._cookie = secrets.token_urlsafe(32)
        self._name = f"kbtool-{port}"  # cookies do not know ports
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = _Headers(scope)
        reason = self._closed(scope, headers)
        if reason:
            await _answer(send, *reason)
        elif scope["path"] == "/" and self._has_ticket(scope):
            cookie = f"{self._name}={self._cookie}; Path=/; HttpOnly; SameSite=Strict"
            await _answer(send, 303, "", {"Location": "/", "Set-Cookie": cookie})
        elif not self._has_cookie(headers):
            await _answer(send, 403, "Open the address that kbtool review --web shows in the terminal.")
        else:
            body = await _body(receive)
            if body is None:
                await _answer(send, 413, f"More than {LARGEST} bytes.")
            else:
                await self.app(scope, _again(body), _with_headers(send))

    def _closed(self, scope: Scope, headers: _Headers) -> tuple[int, str] | None:
        """The status and the words with which a request is turned away; None where it may go on."""
        host, writes = headers.only("host"), scope["method"] == "POST"
        origin, site = headers.only("origin"), headers.only("sec-fetch-site")
        length = headers.only("content-length") or "0"
        kind = (headers.only("content-type") or "").partition(";")[0].strip()
        comes_in = scope["path"] == "/" and self._has_ticket(scope)
        rules = (
            (host in self._hosts, 421, "Nothing is served under this name."),
            (scope["method"] in ("GET", "HEAD", "POST"), 405, "Only GET and POST."),
            (origin == f"http://{host}" or (origin is None and not writes), 403, "Not from another page."),
            (site in (None, "same-origin", "none") or comes_in, 403, "Not from another site."),
            (not writes or kind == "application/json", 415, "Only JSON."),
            (length.isdecimal() and int(length) <= LARGEST, 413, f"More than {LARGEST} bytes."),
        )
        return next(((status, words) for holds, status, words in rules if not holds), None)

    def _has_ticket(self, scope: Scope) -> bool:
        given = parse_qs(scope["query_string"].decode("ascii", "replace")).get("token", [""])[0]
        return secrets.compare_digest(given.encode(), self.ticket.encode())

    def _has_cookie(self, headers: _Headers) -> bool:
        try:
            found = SimpleCookie(headers.only("cookie") or "").get(self._name)
        except CookieError:
            return False
        return found is not None and secrets.compare_digest(found.value.encode(), self._cookie.encode())


class _Headers:
    """A request's header fields."""

    def __init__(self, scope: Scope) -> None:
        self._fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]

    def only(self, name: str) -> str | None:
        """The field's value; two of a kind are joined, and so equal nothing that is allowed."""
        found = [value for key, value in self._fields if key == name]
        return ", ".join(found) if found else None


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None where it is too large."""
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > LARGEST:
            return None
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return body


def _again(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *_encoded(HEADERS)]
        await send(message)

    return sending


async def _answer(send: Send, status: int, text: str, more: dict[str, str] | None = None) -> None:
    fields = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(text)), **HEADERS, **(more or {})}
    await send({"type": "http.response.start", "status": status, "headers": _encoded(fields)})
    await send({"type": "http.response.body", "body": text.encode("ascii")})


def _encoded(fields: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in fields.items()]

"""What must stand in the headers of an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbtool.checks.probe.wire import Origin, Reply
from kbtool.core.model import Finding

_RECIPE = "the recipes of `kbtool hosting` set it"


def for_everyone(reply: Reply, address: str, to: Origin) -> Iterator[Finding]:
    """What any edition's answers say to browsers."""
    policy = reply.header("content-security-policy")
    if "frame-ancestors" not in policy and not reply.header("x-frame-options"):
        yield Finding(
            "frames",
            "any site may put this one into a frame",
            address,
            severity="warning",
            hint=f"Content-Security-Policy: frame-ancestors 'self'; a page cannot say it itself; {_RECIPE}",
        )
    if reply.header("x-content-type-options").lower() != "nosniff":
        yield Finding(
            "sniffing",
            "browsers may guess what a file is",
            address,
            severity="warning",
            hint=f"X-Content-Type-Options: nosniff; {_RECIPE}",
        )
    if not reply.header("referrer-policy"):
        yield Finding(
            "referrer",
            "other sites may learn which page a reader came from",
            address,
            severity="warning",
            hint=f"Referrer-Policy: strict-origin-when-cross-origin; {_RECIPE}",
        )
    if to.secure and not reply.header("strict-transport-security"):
        yield Finding(
            "hsts",
            "browsers do not insist on https yet",
            address,
            severity="note",
            hint="Strict-Transport-Security: max-age=31536000, as soon as everything works",
        )
    yield from versions(reply, address)


def versions(reply: Reply, address: str) -> Iterator[Finding]:
    """Whether a server tells which version of it can be attacked."""
    for name in ("server", "x-powered-by", "x-aspnet-version"):
        if re.search(r"\d+\.\d+", reply.header(name)):
            yield Finding(
                "version",
                f"the server tells its version: {name}: {reply.header(name)}",
                address,
                severity="warning",
                hint="nginx: server_tokens off;",
            )


def for_insiders(reply: Reply, address: str) -> Iterator[Finding]:
    """What an answer of an internal edition says to search engines and to caches on the way."""
    if "noindex" not in reply.header("x-robots-tag"):
        yield Finding(
            "robots",
            "search engines are not told to stay away",
            address,
            severity="warning",
            hint=f"X-Robots-Tag: noindex, nofollow; {_RECIPE}",
        )
    said = reply.header("cache-control").lower()
    if "private" in said or "no-store" in said:
        return
    shared = re.search(r"public|s-maxage|max-age=[1-9]", said)
    seen = 200 <= reply.status < 300
    yield Finding(
        "cache",
        f"a cache on the way may keep this answer and give it to anybody: {said or 'no Cache-Control'}",
        address,
        severity="error" if seen or shared else "warning",
        hint=f"Cache-Control: private, no-store; {_RECIPE}",
    )

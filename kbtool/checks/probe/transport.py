"""How a site is reached: over https, with a certificate that lasts, and with plain http leading there."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator

from kbtool.checks.probe.content import shows
from kbtool.checks.probe.wire import AGENT, Wire, request
from kbtool.core.model import Finding

_SOON = 14  #: days in which a certificate has to be renewed


def transport(wire: Wire, *, public: bool, plain_port: int = 80) -> Iterator[Finding]:
    """What is wrong on the way; a certificate that does not hold is seen by the first request already."""
    if not wire.to.secure:
        if not wire.to.is_here:
            yield Finding(
                "https",
                "everybody on the way can read along",
                wire.to.url,
                severity="warning" if public else "error",
                hint="certificates are free, for example from certbot",
            )
        return
    yield from _certificate(wire)
    yield from _plain(wire, public, plain_port)


def _certificate(wire: Wire) -> Iterator[Finding]:
    with wire.connect() as connection:
        assert isinstance(connection, ssl.SSLSocket)
        said = connection.getpeercert() or {}
    ends = str(said.get("notAfter", ""))
    days = (ssl.cert_time_to_seconds(ends) - time.time()) / 86_400 if ends else _SOON
    if days < _SOON:
        yield Finding(
            "certificate",
            f"the certificate ends in {max(0, int(days))} days: {ends}",
            wire.to.url,
            severity="warning",
            hint="is it renewed by a timer?",
        )


def _plain(wire: Wire, public: bool, port: int) -> Iterator[Finding]:
    address = f"http://{wire.to.host}{'' if port == 80 else f':{port}'}{wire.to.base}"
    asked = request(
        f"GET {wire.to.base} HTTP/1.1".encode(),
        [("Host", wire.to.host), ("User-Agent", AGENT), ("Connection", "close")],
    )
    try:
        reply = wire.send(asked, secure=False, port=port)
    except OSError:
        return  # nobody listens there: nothing goes in the clear
    to_https = 300 <= reply.status < 400 and reply.header("location").startswith("https://")
    if shows(reply.body) or 200 <= reply.status < 300:
        yield Finding(
            "http",
            "the site can be read without https",
            address,
            severity="warning" if public else "error",
            hint="nginx: a server on port 80 that only says `return 301 https://$server_name$request_uri;`",
        )
    elif not to_https and reply.status != 404:
        yield Finding(
            "http",
            f"plain http does not lead to https, it answers {reply.status or 'no HTTP'}",
            address,
            severity="warning",
        )

"""What people with a login get from an internal edition: everything, and nobody after them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping

from kbtool.checks.probe.content import language_of, shows
from kbtool.checks.probe.expected import Expected
from kbtool.checks.probe.headers import for_everyone, for_insiders
from kbtool.checks.probe.wire import Wire
from kbtool.core.model import Finding

_PAGES = 8


def members(wire: Wire, expected: Expected, credentials: Mapping[str, str]) -> Iterator[Finding]:
    """Whether the login works, and whether a cache on the way gives its pages to the next person."""
    start = wire.get(wire.to.base, credentials)
    if start.status != 200:
        hint = "are KBTOOL_PROBE_USER and KBTOOL_PROBE_PASSWORD, KBTOOL_PROBE_COOKIE or KBTOOL_PROBE_TOKEN right?"
        yield Finding("login", f"the login does not open the site: {start.status}", wire.to.url, hint=hint)
        return
    yield from for_everyone(start, wire.to.url, wire.to)
    for address in dict.fromkeys((*expected.telling, *expected.pages(_PAGES))):
        reply = wire.get(wire.to.base + address, credentials)
        if reply.status != 200:
            yield Finding("login", f"with the login this answers {reply.status}", wire.to.url + address)
            continue
        yield from for_insiders(reply, wire.to.url + address)
        if shows(wire.get(wire.to.base + address).body, expected.content(address)):
            yield Finding(
                "kept",
                "after somebody with a login has read this, anybody can",
                wire.to.url + address,
                hint="a cache stands in front of the login: let it keep nothing of this host",
            )
    for folder, language in expected.languages.items():
        missing = f"{folder}{secrets.token_hex(8)}/"
        reply = wire.get(wire.to.base + missing, credentials)
        if reply.status != 404 or (reply.is_page and language_of(reply.body) not in ("", language)):
            yield Finding(
                "missing",
                f"an address that does not exist answers {reply.status} in {language_of(reply.body) or 'no language'}",
                wire.to.url + missing,
                severity="warning",
                hint=f"404 with the page {folder}404.html; see `kbtool hosting nginx`",
            )

"""What somebody without a login gets from an internal edition: nothing, in whatever way they ask."""

from __future__ import annotations

import posixpath
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from kbtool.checks.probe.content import shows
from kbtool.checks.probe.disguises import Disguise, disguises
from kbtool.checks.probe.expected import Expected
from kbtool.checks.probe.wire import Reply, Wire
from kbtool.core.model import Finding

_IN_EVERY_WAY = 3  #: addresses that are asked for in all disguises; the others as they are
_ADDRESSES = 60
_HINT = "the login must stand in `server`, not in a `location`; see `kbtool hosting nginx`"


@dataclass
class Gate:
    """The login in front of a site, as a stranger sees it."""

    wire: Wire
    expected: Expected
    silent: int = 0  #: requests without an answer
    _nothing: dict[tuple[str, str], Reply] = field(default_factory=dict)

    def ask(self, way: Disguise, path: str) -> Reply:
        """The answer to a disguised request; a server that hangs up has said nothing."""
        try:
            return self.wire.send(way.request(path, self.wire.to.name), method=way.method)
        except OSError:
            self.silent += 1
            return Reply(0)

    def nothing(self, path: str, method: str = "GET") -> Reply:
        """The answer for an address of the same form that does not exist: what a closed gate looks like."""
        ending = "/" if path.endswith("/") else posixpath.splitext(path)[1]
        if (ending, method) not in self._nothing:
            try:
                found = self.wire.get(f"{self.wire.to.base}{secrets.token_hex(8)}{ending}", method=method)
            except OSError:
                found = Reply(0)
            self._nothing[ending, method] = found
        return self._nothing[ending, method]

    def lets(self, way: Disguise, path: str, reply: Reply, file: bytes) -> bool:
        """Whether an answer gives away something of the site."""
        if shows(reply.body, file):
            return True
        if way.method not in ("GET", "HEAD") or not 200 <= reply.status < 300 or not way.names_the_host:
            return False
        return not _alike(reply, self.nothing(path, way.method))


def _alike(one: Reply, other: Reply) -> bool:
    """Whether two answers are the same login page, give or take a token in it."""
    same = one.status == other.status and one.header("content-type") == other.header("content-type")
    return same and abs(len(one.body) - len(other.body)) <= 200


def strangers(wire: Wire, expected: Expected) -> Iterator[Finding]:
    """Everything that is open, and everything that shows what exists."""
    gate = Gate(wire, expected)
    ways = disguises()
    addresses = list(dict.fromkeys((*expected.telling, "", *expected.kinds(_ADDRESSES))))[:_ADDRESSES]
    for number, address in enumerate(addresses):
        yield from _address(gate, address, ways if number < _IN_EVERY_WAY else ways[:1])
    yield from _traces(gate)
    if gate.silent > 10:
        yield Finding(
            "silence",
            f"{gate.silent} requests had no answer: a firewall may have stopped the probe",
            wire.to.url,
            severity="warning",
            hint="let the probe's address through, or ask more slowly: --pace 1",
        )


def _address(gate: Gate, address: str, ways: tuple[Disguise, ...]) -> Iterator[Finding]:
    path, file = gate.wire.to.base + address, gate.expected.content(address)
    replies = [(way, gate.ask(way, path)) for way in ways]
    opened = [way.name for way, reply in replies if gate.lets(way, path, reply, file)]
    if opened:
        how = "as it is" if opened[0] == ways[0].name else f"in disguise ({', '.join(opened[:4])})"
        more = f", and in {len(opened) - 1} more of {len(ways)} ways" if len(opened) > 1 and how == "as it is" else ""
        yield Finding(
            "open", f"anybody can read this without a login, {how}{more}", gate.wire.to.url + address, hint=_HINT
        )
        return
    yield from _betrayed(gate, path, replies[0][1])


def _betrayed(gate: Gate, path: str, reply: Reply) -> Iterator[Finding]:
    """An address that exists must answer like one that does not."""
    other = gate.nothing(path)
    if reply.status != other.status and reply.status and other.status:
        yield Finding(
            "betrayed",
            f"strangers can tell what exists: this answers {reply.status}, what does not exist {other.status}",
            gate.wire.to.url + path[len(gate.wire.to.base) :],
            severity="warning",
            hint=_HINT,
        )
    elif 300 <= reply.status < 400 and urlsplit(reply.header("location")).path == f"{path}/":
        yield Finding(
            "betrayed",
            "strangers can tell that this folder exists: it answers with a slash",
            gate.wire.to.url + path[len(gate.wire.to.base) :],
            severity="warning",
            hint=_HINT,
        )


def _traces(gate: Gate) -> Iterator[Finding]:
    try:
        reply = gate.wire.get(gate.wire.to.base, {"X-Kbtool-Probe": "seen"}, method="TRACE")
    except OSError:
        return
    if b"X-Kbtool-Probe" in reply.body:
        yield Finding(
            "trace",
            "the server repeats what it is sent, cookies included",
            gate.wire.to.url,
            hint="switch the method TRACE off",
        )

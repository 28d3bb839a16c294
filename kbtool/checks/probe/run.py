"""All checks of a deployed site, one after the other; what cannot be reached is a finding, too."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kbtool.checks.probe.beside import beside
from kbtool.checks.probe.expected import Expected
from kbtool.checks.probe.headers import for_everyone, for_insiders
from kbtool.checks.probe.members import members
from kbtool.checks.probe.readers import readers
from kbtool.checks.probe.strangers import strangers
from kbtool.checks.probe.transport import transport
from kbtool.checks.probe.wire import Spent, Wire
from kbtool.core.model import Finding

_ORDER = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, worst first, and how many requests it took."""

    findings: tuple[Finding, ...]
    requests: int


def probe(
    wire: Wire, expected: Expected, credentials: Mapping[str, str] | None = None, *, plain_port: int = 80
) -> Report:
    """Look at a deployed edition from outside."""
    found: list[Finding] = []
    try:
        for finding in _everything(wire, expected, credentials or {}, plain_port):
            found.append(finding)
    except Spent as end:
        found.append(Finding("limit", end.what, wire.to.url, severity="warning", hint=end.hint or ""))
    except ssl.SSLCertVerificationError as error:
        found.append(Finding("certificate", f"browsers refuse the certificate: {error.verify_message}", wire.to.url))
    except OSError as error:
        found.append(Finding("silence", f"no answer: {error}", wire.to.url))
    distinct = dict.fromkeys(found)
    return Report(tuple(sorted(distinct, key=lambda f: _ORDER.index(f.severity))), wire.sent)


def _everything(wire: Wire, expected: Expected, credentials: Mapping[str, str], plain_port: int) -> Iterator[Finding]:
    start = wire.get(wire.to.base)
    yield from transport(wire, public=expected.public, plain_port=plain_port)
    if expected.public:
        yield from readers(wire, expected)
    else:
        yield from for_insiders(start, wire.to.url)
        yield from for_everyone(start, wire.to.url, wire.to)
        if credentials:  # first: what a cache keeps of it, a stranger must not get
            yield from members(wire, expected, credentials)
        yield from strangers(wire, expected)
    yield from beside(wire, expected)

"""What lies beside a site and must not be served with it: git's files, settings, sources, lists of files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import urljoin

from kbtool.checks.probe.content import NEVER_SERVED, is_listing
from kbtool.checks.probe.expected import Expected
from kbtool.checks.probe.wire import Wire
from kbtool.core.model import Finding

_FOLDERS = 6


def beside(wire: Wire, expected: Expected) -> Iterator[Finding]:
    """Files that show by their first bytes what they are, and folders that list what is in them."""
    for base in sorted({wire.to.base, "/"}):
        for address, mark in NEVER_SERVED.items():
            reply = wire.get(base + address)
            if 200 <= reply.status < 300 and address not in expected.files and re.search(mark, reply.body[:4096], re.M):
                yield Finding(
                    "beside",
                    "this does not belong to the site, and anybody can read it",
                    urljoin(wire.to.url, base + address),
                    hint="the web server's folder must be site/<edition>/ and nothing above it",
                )
    for folder in _folders(expected):
        if is_listing(wire.get(wire.to.base + folder).body):
            yield Finding(
                "listing",
                "the server lists what lies in this folder",
                wire.to.url + folder,
                hint="nginx: autoindex off;",
            )


def _folders(expected: Expected) -> list[str]:
    """Folders without a page of their own; where nothing is known, those of every site."""
    every = {f"{posixpath.dirname(address.rstrip('/'))}/" for address in expected.files if "/" in address.rstrip("/")}
    return sorted(folder for folder in every if folder not in expected.files)[:_FOLDERS] or [
        "assets/",
        "assets/images/",
    ]

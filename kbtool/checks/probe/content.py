"""Whether an answer shows something of a site, whatever its status says."""

from __future__ import annotations

import re
import zlib

from kbtool.checks.probe.wire import printable

#: what only a help centre's own files hold; error pages of web servers and login pages do not
_MARKS = (
    b'content="mkdocs-', b"data-md-component=", b"kbtool:audience", b'"format":1,"locale"', b'"config":{"lang"',
    b"<urlset", b"http://www.w3.org/2005/Atom", b"multistatus",
)  # fmt: skip
_LISTING = re.compile(rb"<title>(Index of|Directory listing)|<ListBucketResult|Parent Directory</a>", re.I)
#: files that lie beside a site and show what they are
NEVER_SERVED = {
    ".git/HEAD": rb"^ref: |^[0-9a-f]{40}\s*$", ".git/config": rb"^\[core\]", ".git/index": rb"^DIRC",
    ".env": rb"^[A-Z_]+=", ".htpasswd": rb"^[\w.-]+:[$\w]", "kbtool.toml": rb"^\[audience|^locales|^source ?=",
    "mkdocs.yml": rb"^site_name:", "pyproject.toml": rb"^\[(tool|project)", ".kbtool/": rb"Index of",
    "docs/index.md": rb"^#|^---", "agents/search/index.json": rb'"format"',
    "site/agents/search/index.json": rb'"format"',
}  # fmt: skip
_LARGEST = 4_000_000  #: bytes that are unpacked: a server may send a small file that grows without end
_SHORTEST = 24  #: bytes of a piece that is no coincidence


def shows(body: bytes, file: bytes = b"") -> bool:
    """Whether a body holds a piece of a site, or of the one file that was asked for."""
    plain = _unpacked(body)
    if any(mark in plain for mark in _MARKS) or is_listing(plain):
        return True
    return len(plain) >= _SHORTEST and (plain in file or plain[:512] in file)


def is_listing(body: bytes) -> bool:
    """Whether a web server lists what lies in a folder."""
    return _LISTING.search(body) is not None


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, _LARGEST)
    except zlib.error:
        return body


def language_of(body: bytes) -> str:
    """The language that a page says it is in; empty where it says nothing."""
    found = re.search(rb"<html[^>]{0,300}\slang=[\"']?([A-Za-z0-9-]+)", body)
    return found[1].decode() if found else ""


def canonical_of(body: bytes) -> str:
    """The address that a page says is its own; empty where it says none."""
    found = re.search(rb"<link[^>]{0,300}rel=\"canonical\"[^>]{0,300}href=\"([^\"]{1,300})\"", body)
    return printable(found[1].decode("utf-8", "replace")) if found else ""

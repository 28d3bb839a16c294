"""What everybody gets from a public edition: every page, in its language, and nothing of the others."""

from __future__ import annotations

import re
import secrets
from collections.abc import Generator, Iterator
from urllib.parse import urljoin, urlsplit

from kbtool.checks.probe.content import canonical_of, language_of
from kbtool.checks.probe.expected import Expected
from kbtool.checks.probe.headers import for_everyone
from kbtool.checks.probe.wire import Reply, Wire
from kbtool.core.model import Finding

_PAGES, _MOVED, _HIDDEN = 24, 20, 60
_GZIP = {"Accept-Encoding": "gzip"}
#: ending → types that browsers take it for
_TYPES = {
    ".html": "text/html", ".css": "text/css", ".js": "text/javascript|application/javascript",
    ".json": "application/json", ".webmanifest": r"application/(manifest\+)?json", ".svg": r"image/svg\+xml",
    ".png": "image/png", ".xml": r"(text|application)/(atom\+|rss\+)?xml", ".txt": "text/plain",
    ".md": "text/(markdown|plain|x-markdown)",
}  # fmt: skip


def readers(wire: Wire, expected: Expected) -> Iterator[Finding]:
    """Whether a public edition stands as it was built."""
    start = wire.get(wire.to.base, _GZIP)
    if start.status != 200:
        login = start.status in (302, 401, 403)
        hint = f"is it for insiders? kbtool probe {wire.to.url} --edition NAME" if login else ""
        yield Finding("start", f"the start page answers {start.status}", wire.to.url, hint=hint)
        return
    yield from for_everyone(start, wire.to.url, wire.to)
    if "charset=" not in start.header("content-type").lower():
        yield Finding(
            "type", "pages do not name their character set", wire.to.url, severity="note", hint="nginx: charset utf-8;"
        )
    yield from _kept(wire, start)
    yield from _compressed(wire, expected, start)
    for address in expected.pages(_PAGES):
        if address not in expected.moved:
            yield from _page(wire, expected, address)
    yield from _files(wire, expected)
    soft = yield from _missing(wire, expected)
    yield from _moved(wire, expected)
    if not soft:
        yield from _hidden(wire, expected)


def _page(wire: Wire, expected: Expected, address: str) -> Iterator[Finding]:
    at = wire.to.url + address
    reply = wire.get(wire.to.base + address)
    if reply.status != 200 or not reply.is_page:
        yield Finding("page", f"a page of the site answers {reply.status} {reply.header('content-type')}", at)
        return
    folder = max((f for f in expected.languages if address.startswith(f)), key=len, default="")
    wanted = language_of(expected.content(address)) or expected.languages.get(folder, "")
    said = language_of(reply.body)
    if wanted and said != wanted:
        yield Finding("language", f"this page should be in {wanted}, and says it is in {said or 'none'}", at)
    canonical = canonical_of(reply.body)
    # a page that stands in for a missing translation names the original
    if canonical and urlsplit(canonical).netloc != urlsplit(wire.to.url).netloc:
        yield Finding(
            "canonical", f"the page says that it belongs to {canonical}", at, severity="warning",
            hint="the address must be `site_url` of mkdocs.yml, or site.urls of the settings",
        )  # fmt: skip


def _files(wire: Wire, expected: Expected) -> Iterator[Finding]:
    """One of each kind; of sites that were not built here nobody knows what they have."""
    kinds = expected.kinds(40) if expected.files else ()
    for address in (a for a in kinds if a and not a.endswith(("/", "404.html"))):
        reply = wire.get(wire.to.base + address)
        kind = _TYPES.get("." + address.rpartition(".")[2], "")
        if reply.status != 200:
            yield Finding("file", f"a file of the site answers {reply.status}", wire.to.url + address)
        elif kind and not re.match(kind, reply.header("content-type").lower()):
            said = reply.header("content-type") or "no type"
            yield Finding("type", f"browsers are told that this is {said}", wire.to.url + address, severity="warning",
                          hint=f"it should be {kind.split('|')[0]}")  # fmt: skip


def _kept(wire: Wire, start: Reply) -> Iterator[Finding]:
    found = re.search(r"max-age=(\d+)", start.header("cache-control"))
    if found and int(found[1]) > 3600:
        yield Finding(
            "cache", f"readers see yesterday's pages: they are kept for {int(found[1]) // 3600} hours", wire.to.url,
            severity="warning", hint="Cache-Control: no-cache; only files with a hash in their name may be kept",
        )  # fmt: skip


def _compressed(wire: Wire, expected: Expected, start: Reply) -> Iterator[Finding]:
    index = wire.get(f"{wire.to.base}search/index.json", _GZIP) if "search/index.json" in expected.files else None
    for address, reply in (("", start), ("search/index.json", index)):
        if reply and reply.status == 200 and len(reply.body) > 1500 and not reply.header("content-encoding"):
            yield Finding(
                "compression", "this is sent uncompressed", wire.to.url + address, severity="warning",
                hint="nginx: gzip on; and gzip_types",
            )  # fmt: skip


def _missing(wire: Wire, expected: Expected) -> Generator[Finding, None, bool]:
    """Whether what does not exist says so, in the reader's language; gives whether it answers as if it existed."""
    soft = False
    for folder, language in (expected.languages or {"": ""}).items():
        address = f"{folder}{secrets.token_hex(8)}/"
        reply = wire.get(wire.to.base + address)
        if reply.status != 404:
            soft = soft or 200 <= reply.status < 300
            yield Finding("missing", f"an address that does not exist answers {reply.status}, not 404",
                          wire.to.url + address, hint="nginx: error_page 404 /404.html; without `=200`")  # fmt: skip
        elif language and language_of(reply.body) != language:
            said = language_of(reply.body) or "none of the site's languages"
            yield Finding(
                "missing", f"the page for addresses that do not exist is in {said}, not in {language}",
                wire.to.url + address, severity="warning", hint=f"it should be {folder}404.html",
            )  # fmt: skip
    return soft


def _moved(wire: Wire, expected: Expected) -> Iterator[Finding]:
    for old, new in list(expected.moved.items())[:_MOVED]:
        reply = wire.get(wire.to.base + old)
        found = re.search(rb"http-equiv=\"refresh\" content=\"0; url=([^\"]+)\"", reply.body)
        leads = reply.header("location") or (found[1].decode("utf-8", "replace") if found else "")
        if urlsplit(urljoin(wire.to.url + old, leads)).path != wire.to.base + new or not leads:
            yield Finding(
                "moved", f"an old address does not lead to {wire.to.base}{new}: it answers {reply.status}",
                wire.to.url + old, severity="warning", hint="copy the whole folder that `kbtool build` made",
            )  # fmt: skip


def _hidden(wire: Wire, expected: Expected) -> Iterator[Finding]:
    """What stands in another edition only answers like what does not exist, from this one's folder and from beside."""
    first = sorted({a.split("/")[0] for a in expected.files if "/" in a}) or ["assets", "search", "kb"]
    for address in expected.hidden[:_HIDDEN]:
        yield from _absent(wire, address)
    for other in expected.others:
        for folder in first:
            # an `alias` without its last slash leads to the folder above
            yield from _absent(wire, f"{folder}../{other}/index.html")


def _absent(wire: Wire, address: str) -> Iterator[Finding]:
    reply = wire.get(wire.to.base + address)
    if 200 <= reply.status < 300:
        yield Finding(
            "hidden", "this belongs to another edition, and everybody can read it", wire.to.url + address,
            hint="take the site offline, then run `kbtool audit` on the folder that the web server shows",
        )  # fmt: skip
    elif reply.status not in (0, 400, 404, 410):
        yield Finding("hidden", f"readers can tell that this exists: it answers {reply.status}, not 404",
                      wire.to.url + address, severity="warning")  # fmt: skip

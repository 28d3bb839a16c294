"""Links inside the knowledge base lead somewhere, and never from a page to one its readers may not read."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from kbtool.checks import Page
from kbtool.core.audience import may_read, rank
from kbtool.core.errors import KbError
from kbtool.core.model import Finding
from kbtool.site.blocks import InternalBlock, internal_blocks
from kbtool.site.stage.links import Link, links, page_names, targets


def check(page: Page) -> Iterator[Finding]:
    """Links to articles and files that do not exist, to anchors that no heading has, and to more internal articles."""
    named = {name: article for article in page.library.audiences for name in page_names(article)}
    blocks = _blocks(page)
    for link in links(page.text):
        if page.original is not None and any(other.target == link.target for other in links(page.original)):
            continue  # reported at the original
        yield from _link(page, link, named, blocks)


def _link(page: Page, link: Link, named: dict[str, str], blocks: list[InternalBlock]) -> Iterator[Finding]:
    places = targets(link.target, page.path)
    anchor = unquote(urlsplit(link.target).fragment) if "#" in link.target else ""
    if not places:
        if link.target.startswith("#") and anchor and anchor not in page.library.anchors(page.path):
            yield page.finding("anchor", f"no heading or id #{anchor} on this page", link.line, severity="warning")
        return
    if places[0].startswith(".."):
        yield page.finding("link", f"{link.target} leads out of docs/", link.line)
        return
    article = next((named[p] for p in places if p in named), None)
    if article is None:
        if not any(p in page.library.files or _is_folder(p, page.library.files) for p in places):
            yield page.finding(
                "link", f"{link.target} leads nowhere", link.line, hint="paths count from the page's file"
            )
        return
    reader = _reader(page, link.line, blocks)
    if not may_read(reader, page.library.audiences[article]):
        yield page.finding(
            "internal-link", f"a {reader} text links to {article}, which is not for its readers", link.line,
            hint="put the link into an internal block (/// agent … ///), or leave it out",
        )  # fmt: skip
    elif anchor and anchor not in page.library.anchors(article):
        yield page.finding("anchor", f"{article} has no heading or id #{anchor}", link.line, severity="warning")


def _blocks(page: Page) -> list[InternalBlock]:
    try:
        return internal_blocks(page.text)
    except KbError:
        return []  # the check of audiences says so


def _reader(page: Page, line: int, blocks: list[InternalBlock]) -> str:
    """Who reads the line: the article's readers, or those of the innermost internal block around it."""
    around = [b.audience for b in blocks if b.first < line <= b.last + 1]
    known = [str(page.library.audiences.get(page.path, "public")), *around]
    return max(known, key=rank)


def _is_folder(path: str, files: frozenset[str]) -> bool:
    prefix = path.rstrip("/") + "/"
    return path == "." or any(f.startswith(prefix) for f in files)

"""Reading the pages back from a built edition.

The index is made from what was published, so it cannot know more than the edition shows: only the article itself is
read, nothing of the navigation, and of it only what is in the locale's own language.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from html.parser import HTMLParser
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote, urlsplit

from kbtool.search import plain
from kbtool.search.markup import HEADINGS, INLINE, VOID, Seen, head_of, is_silent
from kbtool.search.page import Page


def pages_of(
    site: Path, locale: str, *, root: str = "", skip: Collection[str] = (), known: Collection[str] = ()
) -> Iterator[Page]:
    """The pages of one locale, from the folder `root` of the site without the folders `skip`, in order of address.

    The files `known` are left out. A page that stands in for a missing translation is too: its article, or the whole
    page, names another language.
    """
    base = site / root
    for path in sorted(base.rglob("*.html")):
        place = path.relative_to(base)
        if place.parts[0] in skip or place.name == "404.html" or path.relative_to(site).as_posix() in known:
            continue
        page = read_page(path.read_text(encoding="utf-8"), _address(place.as_posix()), locale)
        if page is not None:
            yield page


def read_page(html: str, url: str, locale: str) -> Page | None:
    """One page; None if it has no article, is kept out of the index, or is in another language."""
    seen = plain.read(html) or read_any(html)
    if seen is None or seen.excluded or not _same_language(seen.language, locale):
        return None
    sections = tuple(seen.sections())
    title = next((section.heading for section in sections if not section.anchor), "") or seen.title
    return Page(
        url=url,
        title=title,
        sections=sections,
        description=seen.meta.pop("description", ""),
        keywords=seen.meta.pop("keywords", ""),
        facets=seen.meta,
        links=frozenset(_linked(seen.links, url)),
    )


def read_any(html: str) -> Seen | None:
    """What there is on a page, whatever its HTML is like; None if it has no article."""
    reader = _Reader()
    reader.feed(_of_interest(html))
    reader.close()
    return reader.seen if reader.found else None


def _of_interest(html: str) -> str:
    """The parts of a page that say something of its article: a parser is slow, and the menu is most of the page."""
    head, article = html.find("</head>"), html.find("<article")
    if not 0 < head < article:
        return html
    end = html.rfind("</article>")
    return f"{''.join(head_of(html[:head]))}</head>{html[article:end]}</article>"


def _address(path: str) -> str:
    return path.removesuffix("index.html") if path.rpartition("/")[2] == "index.html" else path


def _same_language(found: str, locale: str) -> bool:
    """`de` is `de-AT`'s language and the other way round, `pt-BR` is not `pt-PT`'s, and no mark means the locale's."""
    one, other = found.lower().replace("_", "-"), locale.lower().replace("_", "-")
    return not one or one == other or one.startswith(other + "-") or other.startswith(one + "-")


def _linked(links: Collection[str], url: str) -> Iterator[str]:
    """The addresses of pages in the same site."""
    here = url if url.endswith("/") or not url else url.rpartition("/")[0] + "/"
    for href in dict.fromkeys(links):
        target = urlsplit(href)
        if href and not target.scheme and not target.netloc and target.path:
            path = normpath(here + unquote(target.path))
            slash = "/" if target.path.endswith("/") else ""
            yield "" if path == "." else _address(path + slash)


class _Reader(HTMLParser):
    """Collects the article's words, heading by heading."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen = Seen()
        self.found = False
        self._open: list[tuple[str, bool]] = []  # element, and whether it is silent
        self._silent = 0
        self._inside = False  # the article
        self._heading: str | None = None
        self._pre = 0
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.seen.language = values.get("lang", "")
        elif tag == "meta":
            self.seen.read_meta(values)
        elif tag == "title":
            self._in_title = True
        elif tag == "article" and not self._inside:
            self._inside = self.found = True
            self.seen.enter_article(values)
        if not self._inside:
            return
        if tag in VOID:
            self._break(tag)
            return
        silent = is_silent(tag, values)
        self._open.append((tag, silent))
        self._silent += silent
        if self._silent:
            return
        self._break(tag)
        self._pre += tag == "pre"
        if tag in HEADINGS:
            self._heading = tag
            self.seen.enter_heading(tag, values.get("id", ""))
        elif tag == "a":
            self.seen.links.append(values.get("href", ""))

    def handle_endtag(self, tag: str) -> None:
        self._in_title = self._in_title and tag != "title"
        if not self._inside or all(name != tag for name, _ in self._open):
            return
        while self._open:
            name, silent = self._open.pop()
            self._silent -= silent
            if not self._silent:
                self._break(name)
                self._pre -= name == "pre" and not silent
            if name == self._heading:
                self._heading = None
            if name == tag:
                break
        if not self._open:
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.seen.title += data
        if not self._inside or self._silent:
            return
        self.seen.part(self._heading, self._pre).append(data)

    def _break(self, tag: str) -> None:
        if tag not in INLINE and not self._silent:
            self.seen.part(self._heading, self._pre).append(" ")

"""Reading the pages back from a built edition.

The index is made from what was published, so it cannot know more than the edition shows: only the article itself is
read, nothing of the navigation, and of it only what is in the locale's own language.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html.parser import HTMLParser
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote, urlsplit

from kbtool.search.page import Page, Section

#: Set on any element to keep it, or on the article to keep the page, out of the index.
EXCLUDE = "data-search-exclude"
#: `<meta name="kbtool:category" content="billing">` and the like; see overrides/partials/search-meta.html.
META = "kbtool:"

_HEAD = re.compile(r"<html\b[^>]*>|<meta\b[^>]*>|<title\b[^>]*>[^<]*</title>", re.IGNORECASE)
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_SILENT = frozenset(("script", "style", "svg", "template", "noscript", "form", "button", "select", "nav"))
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s", "samp",
    "small", "span", "strong", "sub", "sup", "u", "var",
))  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
#: What Material puts into the article that is no part of it: permalinks, line numbers, dates, feedback.
_FURNITURE = frozenset(("headerlink", "linenos", "md-source-file", "md-feedback", "md-tags", "md-content__button"))


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
    reader = _Reader(url)
    reader.feed(_of_interest(html))
    reader.close()
    if not reader.found or reader.excluded or not _same_language(reader.language, locale):
        return None
    sections = tuple(section for section in reader.sections() if section.text or section.code or section.heading)
    title = next((section.heading for section in sections if not section.anchor), "") or reader.title
    return Page(
        url=url,
        title=title,
        sections=sections,
        description=reader.meta.pop("description", ""),
        keywords=reader.meta.pop("keywords", ""),
        facets=reader.meta,
        links=frozenset(reader.links),
    )


def _of_interest(html: str) -> str:
    """The parts of a page that say something of its article: a parser is slow, and the menu is most of the page."""
    head, article = html.find("</head>"), html.find("<article")
    if not 0 < head < article:
        return html
    end = html.rfind("</article>")
    return f"{''.join(_HEAD.findall(html, 0, head))}</head>{html[article:end]}</article>"


def _address(path: str) -> str:
    return path.removesuffix("index.html") if path.rpartition("/")[2] == "index.html" else path


def _same_language(found: str, locale: str) -> bool:
    """`de` is `de-AT`'s language and the other way round, `pt-BR` is not `pt-PT`'s, and no mark means the locale's."""
    one, other = found.lower().replace("_", "-"), locale.lower().replace("_", "-")
    return not one or one == other or one.startswith(other + "-") or other.startswith(one + "-")


class _Reader(HTMLParser):
    """Collects the article's words, heading by heading."""

    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.url = url
        self.found = self.excluded = False
        self.language = self.title = ""
        self.meta: dict[str, str] = {}
        self.links: set[str] = set()
        self._open: list[tuple[str, bool]] = []  # element, and whether it is silent
        self._silent = 0
        self._inside = False  # the article
        self._heading: str | None = None
        self._pre = 0
        self._in_title = False
        self._done: list[tuple[str, list[str], list[str], list[str]]] = [("", [], [], [])]

    def sections(self) -> Iterator[Section]:
        for anchor, *texts in self._done:
            heading, text, code = (" ".join("".join(parts).split()) for parts in texts)
            yield Section(anchor, heading, text, code)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = values.get("lang", "")
        elif tag == "meta":
            self._read_meta(values)
        elif tag == "title":
            self._in_title = True
        elif tag == "article" and not self._inside:
            self._enter_article(values)
        if not self._inside:
            return
        if tag in _VOID:
            self._break(tag)
            return
        silent = tag in _SILENT or EXCLUDE in values or not _FURNITURE.isdisjoint(values.get("class", "").split())
        self._open.append((tag, silent))
        self._silent += silent
        if self._silent:
            return
        self._break(tag)
        self._pre += tag == "pre"
        if tag in _HEADINGS:
            self._enter_heading(tag, values.get("id", ""))
        elif tag == "a":
            self._link(values.get("href", ""))

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
            self.title += data
        if not self._inside or self._silent:
            return
        self._part().append(data)

    def _enter_article(self, values: dict[str, str]) -> None:
        self._inside = self.found = True
        self.language = values.get("lang") or self.language
        self.excluded = EXCLUDE in values or "exclude" in self.meta

    def _enter_heading(self, tag: str, anchor: str) -> None:
        self._heading = tag
        first = tag == "h1" and not "".join(self._done[0][1]).strip()
        if first:
            return  # the title heads the first section, whatever stands above it
        self._done.append((anchor, [], [], []))

    def _part(self) -> list[str]:
        _, heading, text, code = self._done[-1] if self._heading != "h1" else self._done[0]
        return heading if self._heading else code if self._pre else text

    def _break(self, tag: str) -> None:
        if tag not in _INLINE and not self._silent:
            self._part().append(" ")

    def _read_meta(self, values: dict[str, str]) -> None:
        name = values.get("name", "")
        if name.startswith(META) and values.get("content", "").strip():
            self.meta[name.removeprefix(META)] = values["content"].strip()

    def _link(self, href: str) -> None:
        target = urlsplit(href)
        if href and not target.scheme and not target.netloc and target.path:
            here = self.url if self.url.endswith("/") or not self.url else self.url.rpartition("/")[0] + "/"
            path = normpath(here + unquote(target.path))
            slash = "/" if target.path.endswith("/") else ""
            self.links.add("" if path == "." else _address(path + slash))

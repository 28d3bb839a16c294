"""Links to headings follow the heading: here all languages have the anchors of the original.

`[x](page.md#überschrift)` led to the German heading by its own words; the site gives that heading the anchor of the
heading it translates, so `#heading` is where the link leads now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import unquote

from kbtool.core.anchors import with_heading_ids
from kbtool.core.links import reanchor
from kbtool.core.model import Locale
from kbtool.core.render import Heading
from kbtool.foreign import Article, Found, Left
from kbtool.foreign.tree import Tree
from kbtool.site.config import renderer
from kbtool.site.stage.links import page_names, targets

_ID = re.compile(r"\bid=\"([^\"]+)\"")
_REPEATED = re.compile(r"_(\d+)$")


def follow(
    articles: Iterable[Article], found: Found, config: Mapping[str, Any], tree: Tree
) -> Iterator[tuple[Article, list[Left]]]:
    """Each article with anchors that are there on the new site, and the links to what no heading is called.

    `config` is mkdocs.yml of the new site: its Markdown extensions make the anchors.
    """
    articles = tuple(articles)
    anchors = _Anchors(articles, found, config)
    for article in articles:
        lost: list[str] = []

        def change(path: str, anchor: str, article: Article = article, lost: list[str] = lost) -> str:
            now = anchors.now(article, path, unquote(anchor))
            lost += [f"{path}#{anchor}"] * (now is None)
            return anchor if now is None or now == unquote(anchor) else now

        text = reanchor(article.text, change) if "#" in article.text else article.text
        yield replace(article, text=text), [_nowhere(article, target, tree) for target in dict.fromkeys(lost)]


class _Anchors:
    """What every page's headings were called, and what they are called now."""

    def __init__(self, articles: Iterable[Article], found: Found, config: Mapping[str, Any]) -> None:
        self._texts = {(a.locale, a.path): a.text for a in articles}
        self._source = found.locale
        self._pages = {name: a.path for a in articles if a.locale == found.locale for name in page_names(a.path)}
        listed = config.get("markdown_extensions") or []
        # With attr_list, or else headings would lose the ids that they get here.
        items = [*([listed] if isinstance(listed, Mapping) else listed), "attr_list"]
        slugs = [{"toc": {"slugify": found.slugify}}] if found.slugify else []
        self._now = renderer({**config, "markdown_extensions": items})
        self._then = renderer({**config, "markdown_extensions": [*items, *slugs]})
        self._headings = cache(self._headings)  # type: ignore[method-assign]
        self._elements = cache(self._elements)  # type: ignore[method-assign]

    def now(self, article: Article, path: str, anchor: str) -> str | None:
        """What an anchor is called now; itself where the link leads elsewhere; None where nothing is called so."""
        places = targets(path, article.path) if path else (article.path,)
        page = next((self._pages[place] for place in places if place in self._pages), None)
        if page is None:
            return anchor
        own = self._headings(article.locale, page)
        if anchor in own:
            return own[anchor]
        if anchor in self._elements(article.locale, page):
            return anchor
        theirs = self._headings(self._source, page).get(anchor)
        return theirs if theirs in own.values() else None

    def _headings(self, locale: Locale, page: str) -> Mapping[str, str]:
        """Old anchor → new anchor of a page's headings; a page that a language lacks is shown in the original."""
        text = self._page(locale, page)
        shown = self._shown(locale, page)
        found: dict[str, str] = {}
        for then, now in zip(self._then.headings(text), self._now.headings(shown), strict=False):
            for name in _names(then):
                found.setdefault(name, now.id)
        return found

    def _elements(self, locale: Locale, page: str) -> frozenset[str]:
        """What else may be linked to: elements with an id, footnotes."""
        return frozenset(_ID.findall(self._now.html(self._shown(locale, page))))

    def _page(self, locale: Locale, page: str) -> str:
        return self._texts.get((locale, page)) or self._texts[self._source, page]

    def _shown(self, locale: Locale, page: str) -> str:
        """The page with the anchors that the site gives its headings."""
        text, original = self._page(locale, page), self._texts[self._source, page]
        return text if text == original else with_heading_ids(text, self._now.headings(original), original)


def _names(heading: Heading) -> Iterator[str]:
    """What a heading was called; GitHub counts those of the same words with a hyphen."""
    yield heading.id
    if not heading.explicit:
        yield _REPEATED.sub(r"-\1", heading.id)


def _nowhere(article: Article, target: str, tree: Tree) -> Left:
    line = tree.line_of(article.source, f"#{target.partition('#')[2]}")
    return Left(article.source, f"no heading has this address: {target}", line, "mend the link")

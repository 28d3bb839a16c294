"""Docusaurus: docs/, i18n/<locale>/docusaurus-plugin-content-docs/current, static/, a menu from sidebars or folders."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from kbtool.core.errors import Refused
from kbtool.core.meta import front_matter
from kbtool.core.model import Locale
from kbtool.foreign import Article, Found, Left
from kbtool.foreign.convert import converted, refused
from kbtool.foreign.names import Names, composed, github_slug
from kbtool.foreign.parts import Parts
from kbtool.foreign.program import Program, words
from kbtool.foreign.shelf import Page, Shelf
from kbtool.foreign.sidebars import Sidebars, unnumbered
from kbtool.foreign.tree import Tree

CONFIG = re.compile(r"docusaurus\.config\.(?:js|ts|mjs|cjs)$")
_PLUGIN = "docusaurus-plugin-content-docs"
#: front matter that is heeded here, and therefore needed no more
_HEEDED = ("id", "slug", "sidebar_label", "sidebar_position", "draft", "unlisted")
_KEPT = ("title", "description", "summary", "keywords", "tags", "image", "owner", "audience")
_REASONS = (
    ("versioned_docs/", "an older version of the articles", "keep the old site for these, or adopt them by themselves"),
    ("versioned_sidebars/", "the menu of an older version", "nothing"),
    ("versions.json", "names older versions", "nothing"),
    ("blog/", "a blog, which is no help centre", "keep it where it is, or write an article of it"),
    ("src/pages/", "a page that is a program", "write its text as an article"),
    ("src/", "program code of the old site", "nothing, if no article misses it"),
)  # fmt: skip


def is_here(tree: Tree) -> bool:
    return bool(Program.of(tree, CONFIG).file)


def read(tree: Tree) -> Found:
    """The articles of a Docusaurus site, its menu and its old addresses."""
    return _Docusaurus(tree).found()


class _Docusaurus:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.program = Program.of(tree, CONFIG)
        self.base = self.program.base
        docs = self.program.table("docs")
        self.docs = posixpath.normpath(posixpath.join(self.base, words(docs.get("path"), "docs")))
        self.route = words(docs.get("routeBasePath"), "docs").strip("/")
        self.source: Locale = words(self.program.table("i18n").get("defaultLocale"), "en")
        self.i18n = posixpath.join(self.base, "i18n")
        self.locales = tuple(sorted(tree.folders(self.i18n) - {self.source}))
        self.names = Names(frozenset(self.locales))
        self.shelf = Shelf(tree, self.names, self.source, base=self.base, site=self.program.words("url"))
        self.left: list[Left] = []
        self.read = self.program.read
        self.parts = Parts(tree)

    def found(self) -> Found:
        self._pages(self.docs, self.source)
        for locale in self.locales:
            self._pages(self._folder(locale), locale)
            self.shelf.originals[locale] = (self._folder(locale), self.docs)
        static = posixpath.join(self.base, "static")
        self.shelf.public = [static]
        self.shelf.aliases = {"@site/": self.base}
        self.shelf.locales = frozenset(self.locales)
        self.shelf.add_assets((f for f in self.tree.below(static)), static, self.source)
        articles = tuple(article for page in self.shelf.pages for article in self._article(page))
        menu = Sidebars(self.tree, self.base, self.docs, [p for p in self.shelf.pages if p.locale == self.source])
        nav = menu.nav()
        titles = {locale: self._titles(locale) for locale in self.locales}
        return Found(
            kind="docusaurus",
            locale=self.source,
            articles=articles,
            assets=tuple(self.shelf.assets.values()),
            parts=frozenset(self.parts.used),
            read=frozenset(self.read | menu.read),
            nav=tuple(nav),
            nav_titles={locale: found for locale, found in titles.items() if found},
            redirects=self._redirects(),
            left=(*self.names.left, *self.left, *self.parts.left, *menu.left, *self._reasons()),
            slugify=github_slug,
            name=self.program.words("title"),
        )

    def _folder(self, locale: Locale) -> str:
        return f"{self.i18n}/{locale}/{_PLUGIN}/current"

    def _pages(self, folder: str, locale: Locale) -> None:
        files = sorted(self.tree.below(folder))
        for file in files:
            inside = posixpath.relpath(file, folder)
            if file.endswith((".md", ".mdx")) and not any(p.startswith("_") for p in inside.split("/")):
                self._page(file, inside, locale)
        kept = (f for f in files if not re.search(r"\.(?:mdx?|jsx?|tsx?)$|/_category_\.\w+$", f))
        self.shelf.add_assets(kept, folder, locale)

    def _page(self, file: str, inside: str, locale: Locale) -> None:
        try:
            text = self.tree.text(file)
            meta = front_matter(text)
        except Refused as error:
            self.left.append(refused(file, error))
            return
        path = composed(re.sub(r"\.mdx?$", ".md", inside))
        url = address(inside, meta, self.route)
        self.shelf.add(Page.of(file, path, locale, url, meta, text))

    def _article(self, page: Page) -> list[Article]:
        made, left = converted(page, self.shelf, partial(self._part, file=page.file), _HEEDED, _KEPT)
        self.left += left
        return made

    def _part(self, path: str, file: str) -> str | None:
        """An imported page; one that a locale lacks is the original's."""
        if path.startswith("@site/"):
            return self.parts.text(posixpath.normpath(posixpath.join(self.base, path[6:])), file)
        here = posixpath.dirname(file)
        found = self.parts.text(posixpath.normpath(posixpath.join(here, path)), file)
        for own, theirs in self.shelf.originals.values() if found is None else ():
            if here.startswith(own):
                at = posixpath.join(theirs, posixpath.relpath(here, own), path)
                found = self.parts.text(posixpath.normpath(at), file)
        return found

    def _redirects(self) -> dict[str, str]:
        """From every old address to its article."""
        found = {}
        for page in self.shelf.pages:
            old = f"{page.url}.md"
            if page.locale == self.source and page.url and _own_address(page.path) != page.url:
                found[old] = page.path
        taken = {page.path for page in self.shelf.pages}
        return {old: new for old, new in found.items() if old not in taken}

    def _titles(self, locale: Locale) -> dict[str, str]:
        """Menu titles that translators translated, from `current.json`."""
        file = f"{self.i18n}/{locale}/{_PLUGIN}/current.json"
        if not self.tree.has(file):
            return {}
        try:
            said = json.loads(self.tree.text(file))
        except (ValueError, RecursionError, Refused) as error:
            self.left.append(Left(file, f"not JSON: {error}", files=1))
            return {}
        self.read.add(file)
        titles = {}
        for key, value in said.items() if isinstance(said, dict) else ():
            found = re.fullmatch(r"sidebar\.[^.]+\.(?:category|link|doc)\.(.+)", key)
            if (
                found
                and isinstance(value, dict)
                and isinstance(value.get("message"), str)
                and found[1] != value["message"]
            ):
                titles[found[1]] = value["message"]
        return titles

    def _reasons(self) -> list[Left]:
        """Why whole folders stay behind."""
        found = []
        for start, why, todo in _REASONS:
            whole = posixpath.join(self.base, start)
            found += [
                Left(f, why, todo=todo, files=1)
                for f in self.tree.files
                if (f.startswith(whole) if start.endswith("/") else f == whole)
            ]
        for file in self.tree.below(self.i18n):
            part = file.removeprefix(f"{self.i18n}/").split("/", 1)[-1]
            if part.startswith(f"{_PLUGIN}/version-"):
                found.append(
                    Left(file, "an older version of the articles", todo="nothing, or adopt it by itself", files=1)
                )
            elif part.startswith("docusaurus-plugin-content-blog"):
                found.append(Left(file, "a blog, which is no help centre", todo="keep it where it is", files=1))
            elif part.endswith(".json") and not part.endswith("/current.json"):
                found.append(
                    Left(file, "words of the old site's frame", todo="nothing: kbtool's theme has its own", files=1)
                )
        return found


def address(inside: str, meta: Mapping[str, Any], route: str) -> str:
    """Where Docusaurus showed a page, without slashes at the ends."""
    folder, name = posixpath.split(re.sub(r"\.mdx?$", "", inside))
    folder = "/".join(unnumbered(part) for part in folder.split("/")) if folder else ""
    slug = meta.get("slug")
    if isinstance(slug, str) and slug:
        found = slug if slug.startswith("/") else posixpath.join(folder, slug)
    else:
        last = unnumbered(str(meta.get("id") or name))
        starts = ("index", "readme", posixpath.basename(folder).lower())
        found = folder if last.lower() in starts else posixpath.join(folder, last)
    return posixpath.normpath(posixpath.join("/", route, found.lstrip("/"))).strip("/")


def _own_address(path: str) -> str:
    folder, name = posixpath.split(path.removesuffix(".md"))
    return folder if name in ("index", "README") else posixpath.join(folder, name)

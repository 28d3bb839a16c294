"""Starlight: src/content/docs with the first language at its root or in a folder, a menu from astro.config."""

from __future__ import annotations

import posixpath
import re
from functools import partial

from kbtool.core.errors import Refused
from kbtool.core.meta import front_matter
from kbtool.core.model import Locale
from kbtool.foreign import Article, Found, Left
from kbtool.foreign.convert import converted, refused
from kbtool.foreign.names import Names, composed, github_slug
from kbtool.foreign.parts import Parts
from kbtool.foreign.program import Program
from kbtool.foreign.shelf import Page, Shelf
from kbtool.foreign.starlight_menu import Menu, address
from kbtool.foreign.tree import Tree
from kbtool.foreign.words import picture
from kbtool.settings.keys import LOCALE
from kbtool.site.locales import NAMES

CONFIG = re.compile(r"astro\.config\.(?:js|ts|mjs|cjs|mts)$")
_HEEDED = ("sidebar", "slug", "draft", "hero", "pagefind", "banner", "template")
_KEPT = ("title", "description", "summary", "keywords", "tags", "owner", "audience")


def is_here(tree: Tree) -> bool:
    program = Program.of(tree, CONFIG)
    return bool(program.file) and any(tree.below(posixpath.join(program.base, "src/content/docs")))


def read(tree: Tree) -> Found:
    """The articles of a Starlight site, its menu and its old addresses."""
    return _Starlight(tree).found()


class _Starlight:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.program = Program.of(tree, CONFIG)
        self.base = self.program.base
        self.docs = posixpath.join(self.base, "src/content/docs")
        self.left: list[Left] = []
        self.parts = Parts(tree)
        self._languages()
        self.names = Names(frozenset(self.locales))
        self.shelf = Shelf(tree, self.names, self.source, base=self.base, site=self.program.words("site"))

    def _languages(self) -> None:
        """Which language the originals are in, where they lie, and the folders of the others."""
        folders = self.tree.folders(self.docs)
        said = self.program.table("locales")
        default = self.program.words("defaultLocale", "root")
        known = {n for n in said if LOCALE.fullmatch(n)} or {
            f for f in folders if LOCALE.fullmatch(f) and f.lower() in NAMES
        }
        self.tags = {name: _tag(said.get(name), name) for name in known}
        root = said.get("root")
        inside = default in folders and default != "root" and not isinstance(root, dict)
        self.source: Locale = default if inside else _tag(root, "en")
        self.originals = f"{self.docs}/{default}" if inside else self.docs
        self.locales = tuple(sorted((known & folders) - {default if inside else "root"}))

    def found(self) -> Found:
        for file in sorted(self.tree.below(self.docs)):
            self._take(file)
        for locale in self.locales:
            self.shelf.originals[locale] = (f"{self.docs}/{locale}", self.originals)
        public, assets = (posixpath.join(self.base, name) for name in ("public", "src/assets"))
        source = posixpath.join(self.base, "src")
        self.shelf.public = [public]
        self.shelf.aliases = {"@assets/": assets, "~/": source, "@/": source, "@site/": self.base}
        self.shelf.locales = frozenset((*self.locales, self.source))
        self.shelf.add_assets(self.tree.below(public), public, self.source)
        self.shelf.add_assets(self.tree.below(assets), assets, self.source, "assets")
        articles = tuple(article for page in self.shelf.pages for article in self._article(page))
        menu = Menu(
            self.program,
            [page for page in self.shelf.pages if page.locale == self.source],
            {name: tag for name, tag in self.tags.items() if name in self.locales},
        )
        nav = menu.nav()
        return Found(
            kind="starlight",
            locale=self.source,
            articles=articles,
            assets=tuple(self.shelf.assets.values()),
            parts=frozenset(self.parts.used),
            read=frozenset(self.program.read),
            nav=tuple(nav),
            nav_titles=menu.titles,
            redirects=self._redirects(),
            left=(*self.names.left, *self.left, *self.parts.left, *menu.left, *self._reasons()),
            slugify=github_slug,
            name=self.program.words("title"),
        )

    def _take(self, file: str) -> None:
        inside = posixpath.relpath(file, self.docs)
        first = inside.split("/")[0]
        locale = first if first in self.locales else self.source
        folder = f"{self.docs}/{first}" if first in self.locales else self.originals
        if not file.startswith(f"{folder}/"):
            self.left.append(Left(file, f"neither in {self.source} nor in another language of the site", files=1))
            return
        inside = posixpath.relpath(file, folder)
        if not file.endswith((".md", ".mdx")):
            if not re.search(r"\.(?:astro|jsx?|tsx?|mdoc)$", file):
                self.shelf.add_assets([file], folder, locale)
            return
        if inside in ("404.md", "404.mdx"):
            self.left.append(
                Left(file, "the old site's page for what is not found", todo="nothing: kbtool makes one", files=1)
            )
            return
        if any(part.startswith("_") for part in inside.split("/")):
            return
        try:
            text = self.tree.text(file)
            meta = front_matter(text)
        except Refused as error:
            self.left.append(refused(file, error))
            return
        path = composed(re.sub(r"\.mdx?$", ".md", inside))
        slug = meta.get("slug")
        url = slug.strip("/") if isinstance(slug, str) else address(path)
        self.shelf.add(Page.of(file, path, locale, url, meta, text))

    def _article(self, page: Page) -> list[Article]:
        part = partial(self._part, file=page.file)
        made, left = converted(page, self.shelf, part, _HEEDED, _KEPT, self._hero(page))
        self.left += left
        return made

    def _hero(self, page: Page) -> str:
        """What the front matter shows above the text: a banner, a line of introduction, an image, links."""
        out: list[str] = []
        banner, hero = page.meta.get("banner"), page.meta.get("hero")
        if isinstance(banner, dict) and banner.get("content"):
            out.append("!!! info\n    " + " ".join(_plain(str(banner["content"])).split()))
        if isinstance(hero, dict):
            image = hero.get("image")
            file = (image.get("file") or image.get("light") or image.get("dark")) if isinstance(image, dict) else None
            if isinstance(file, str):
                out.append(
                    picture({"src": file, "alt": str(image.get("alt") or "") if isinstance(image, dict) else ""})
                )
            if hero.get("tagline"):
                out.append(" ".join(_plain(str(hero["tagline"])).split()))
            links = [a for a in hero.get("actions") or () if isinstance(a, dict) and a.get("link")]
            out += (
                ["\n".join(f"- [{_plain(str(a.get('text') or a['link']))}]({a['link']})" for a in links)]
                if links
                else []
            )
            self.left.append(
                Left(page.file, "the large head of the page is plain text now", 1, "nothing, if it reads well")
            )
        return "".join(f"{part}\n\n" for part in out)

    def _part(self, path: str, file: str) -> str | None:
        here = posixpath.dirname(file)
        if path.startswith(("~/", "@/")):
            here, path = posixpath.join(self.base, "src"), path[2:]
        return self.parts.text(posixpath.normpath(posixpath.join(here, path)), file)

    def _redirects(self) -> dict[str, str]:
        pages = [page for page in self.shelf.pages if page.locale == self.source]
        taken = {page.path for page in pages}
        found = {f"{page.url}.md": page.path for page in pages if page.url and page.url != address(page.path)}
        if self.originals != self.docs:  # the first language stood in a folder of its own
            found |= {f"{self.source}/{page.url or 'index'}.md": page.path for page in pages}
        return {old: new for old, new in found.items() if old not in taken}

    def _reasons(self) -> list[Left]:
        reasons = (("src/content/i18n/", "words of the old site's frame", "nothing: kbtool's theme has its own"),
                   ("src/components/", "program code of the old site", "nothing, if no article misses it"))  # fmt: skip
        return [
            Left(file, why, todo=todo, files=1)
            for start, why, todo in reasons
            for file in self.tree.below(posixpath.join(self.base, start))
            if file not in self.parts.used
        ]


def _tag(said: object, otherwise: str) -> str:
    lang = said.get("lang") if isinstance(said, dict) else None
    return lang if isinstance(lang, str) and LOCALE.fullmatch(lang) else otherwise


def _plain(text: str) -> str:
    linked = re.sub(r"<a\s[^>]*href=[\"']([^\"'\s]+)[\"'][^>]*>(.*?)</a>", r"[\2](\1)", text, flags=re.S)
    return re.sub(r"<[^>]*>", "", linked)

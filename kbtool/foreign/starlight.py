"""Starlight: src/content/docs with the first language at its root or in a folder, a menu from astro.config."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from kbtool.core.errors import Refused
from kbtool.core.meta import front_matter
from kbtool.core.model import Locale
from kbtool.foreign import Article, Found, Left, jsdata
from kbtool.foreign.convert import converted, refused
from kbtool.foreign.names import Names, composed, github_slug
from kbtool.foreign.parts import Parts
from kbtool.foreign.shelf import Page, Shelf, first_of
from kbtool.foreign.tree import Tree
from kbtool.foreign.words import picture
from kbtool.settings.keys import LOCALE
from kbtool.site.locales import NAMES

CONFIG = re.compile(r"astro\.config\.(?:js|ts|mjs|cjs|mts)$")
_HEEDED = ("sidebar", "slug", "draft", "hero", "pagefind", "banner", "template")
_KEPT = ("title", "description", "summary", "keywords", "tags", "owner", "audience")
_LAST = 10_000.0


def is_here(tree: Tree) -> bool:
    found = first_of(tree, lambda name: CONFIG.match(name) is not None)
    return found is not None and any(
        True for _ in tree.below(posixpath.join(posixpath.dirname(found), "src/content/docs"))
    )


def read(tree: Tree) -> Found:
    """The articles of a Starlight site, its menu and its old addresses."""
    return _Starlight(tree).found()


class _Starlight:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.config = first_of(tree, lambda name: CONFIG.match(name) is not None) or ""
        self.text = tree.program(self.config) if self.config else ""
        self.base = posixpath.dirname(self.config)
        self.docs = posixpath.join(self.base, "src/content/docs")
        self.left: list[Left] = []
        self.parts = Parts(tree)
        self._languages()
        self.names = Names(frozenset(self.locales))
        self.shelf = Shelf(
            tree, self.names, self.source, base=self.base, site=str(jsdata.value_of(self.text, "site") or "")
        )

    def _languages(self) -> None:
        """Which language the originals are in, where they lie, and the folders of the others."""
        folders = {
            p.removeprefix(f"{self.docs}/").split("/")[0]
            for p in self.tree.below(self.docs)
            if "/" in p.removeprefix(f"{self.docs}/")
        }
        said = jsdata.value_of(self.text, "locales")
        said = said if isinstance(said, dict) else {}
        default = jsdata.value_of(self.text, "defaultLocale")
        known = {n for n in said if LOCALE.fullmatch(n)} or {
            f for f in folders if LOCALE.fullmatch(f) and f.lower() in NAMES
        }
        self.tags = {name: _tag(said.get(name), name) for name in known}
        root = said.get("root")
        inside = isinstance(default, str) and default in folders and default != "root" and not isinstance(root, dict)
        self.source: Locale = str(default) if inside else _tag(root, "en")
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
        titles: dict[Locale, dict[str, str]] = {}
        nav = self._menu(titles)
        return Found(
            kind="starlight",
            locale=self.source,
            articles=articles,
            assets=tuple(self.shelf.assets.values()),
            parts=frozenset(self.parts.used),
            read=frozenset({self.config} - {""}),
            nav=tuple(nav),
            nav_titles=titles,
            redirects=self._redirects(),
            left=(*self.names.left, *self.left, *self.parts.left, *self._reasons()),
            slugify=github_slug,
            name=str(jsdata.value_of(self.text, "title") or ""),
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
        url = slug.strip("/") if isinstance(slug, str) else _address(path)
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
        found = {f"{page.url}.md": page.path for page in pages if page.url and page.url != _address(page.path)}
        if self.originals != self.docs:  # the first language stood in a folder of its own
            found |= {f"{self.source}/{page.url or 'index'}.md": page.path for page in pages}
        return {old: new for old, new in found.items() if old not in taken}

    # -- the menu

    def _menu(self, titles: dict[Locale, dict[str, str]]) -> list[Any]:
        self.pages = {page.path: page for page in self.shelf.pages if page.locale == self.source}
        self.by_slug = {page.url: page.path for page in self.pages.values()} | {_address(p): p for p in self.pages}
        said = next((v for v in jsdata.values_of(self.text, "sidebar") if isinstance(v, list)), None)
        found = self._items(said, titles) if said else self._folder("")
        if not found:
            return self._folder("")
        named = set(_paths(found))
        rest = [
            p
            for p in sorted(self.pages)
            if p not in named and not self._hidden(p) and self.pages[p].meta.get("draft") is not True
        ]
        if said and rest:
            start = [p for p in rest if p == "index.md"]
            found = start + found + [p for p in rest if p not in start]
        return found

    def _items(self, items: list[Any], titles: dict[Locale, dict[str, str]]) -> list[Any]:
        found: list[Any] = []
        for item in items:
            if isinstance(item, str):
                found += self._link(item, "")
            elif isinstance(item, dict):
                found += self._item(item, titles)
            else:
                self._unclear(f"a part of the menu is a program: {getattr(item, 'text', item)}")
        return found

    def _item(self, item: Mapping[str, Any], titles: dict[Locale, dict[str, str]]) -> list[Any]:
        label = item.get("label")
        label = label if isinstance(label, str) else ""
        translations = item.get("translations")
        translations = translations if isinstance(translations, dict) and label else {}
        for name, tag in self.tags.items():
            text = translations.get(tag) or translations.get(name)
            if isinstance(text, str) and name in self.locales:
                titles.setdefault(name, {})[label] = text
        automatic = item.get("autogenerate")
        if isinstance(item.get("items"), list) or isinstance(automatic, dict):
            inner = self._items(item["items"], titles) if isinstance(item.get("items"), list) else []
            if isinstance(automatic, dict):
                inner = self._folder(f"{str(automatic.get('directory') or '').strip('/')}/")
            return [{label or "…": inner}] if inner else []
        if isinstance(item.get("slug"), str):
            return self._link(item["slug"], label)
        if isinstance(item.get("link"), str):
            return self._link(item["link"], label)
        self._unclear(f"an entry of the menu is not carried over: {label or item}")
        return []

    def _link(self, target: str, label: str) -> list[Any]:
        if re.match(r"https?://", target):
            return [{label or target: target}]
        path = self.by_slug.get(target.strip("/").removesuffix("/index") if target.strip("/") != "index" else "")
        if path is None:
            self._unclear(f"the menu names an article that is not there: {target}")
            return []
        return [{label: path} if label else path]

    def _folder(self, prefix: str) -> list[Any]:
        """The articles below a folder, by their own order and then by name; folders as sections."""
        entries: list[tuple[float, str, Any]] = []
        for name in dict.fromkeys(p.removeprefix(prefix).split("/")[0] for p in self.pages if p.startswith(prefix)):
            path = prefix + name
            if path not in self.pages:
                inner = self._folder(f"{path}/")
                least = min((self._order(p) for p in self.pages if p.startswith(f"{path}/")), default=_LAST)
                entries += [(least, name, {name: inner})] if inner else []
            elif not self._hidden(path):
                about = self.pages[path].meta.get("sidebar")
                label = about.get("label") if isinstance(about, dict) else None
                entries.append(
                    (-1.0 if name == "index.md" else self._order(path), name, {str(label): path} if label else path)
                )
        return [entry for _, _, entry in sorted(entries, key=lambda e: (e[0], e[1]))]

    def _order(self, path: str) -> float:
        about = self.pages[path].meta.get("sidebar")
        order = about.get("order") if isinstance(about, dict) else None
        return float(order) if isinstance(order, int | float) else _LAST

    def _hidden(self, path: str) -> bool:
        about = self.pages[path].meta.get("sidebar")
        return isinstance(about, dict) and about.get("hidden") is True

    def _unclear(self, why: str) -> None:
        self.left.append(Left(self.config, why, todo="put it into `nav:` of mkdocs.yml by hand"))

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


def _address(path: str) -> str:
    folder, name = posixpath.split(path.removesuffix(".md"))
    return folder if name == "index" else posixpath.join(folder, name)


def _paths(items: list[Any]) -> list[str]:
    found: list[str] = []
    for item in items:
        for target in item.values() if isinstance(item, dict) else (item,):
            found += _paths(target) if isinstance(target, list) else [str(target)]
    return found

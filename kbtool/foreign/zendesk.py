"""A Zendesk help centre, exported as its API gives it: JSON with categories, sections, articles and translations.

Who may read an article is taken only from what says so: `user_segment_id` is there and null, and nothing is a draft.
Everything else is for agents, until a person says otherwise.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from kbtool.core.errors import Refused
from kbtool.core.model import Locale
from kbtool.foreign import Article, Found, Left, front, html
from kbtool.foreign.attachments import Attachments, parts_of
from kbtool.foreign.export import Export, Record, lists
from kbtool.foreign.names import Names, slug
from kbtool.foreign.tags import Page
from kbtool.foreign.tree import Tree
from kbtool.site.locales import tag

_ARTICLE = re.compile(r"/hc/(?:(?P<locale>[\w-]+)/)?articles/(?P<id>\d+)")
#: regions that are languages of their own to their readers
_REGIONS = ("zh-", "pt-br", "es-419", "sr-", "en-gb")


def is_here(tree: Tree) -> bool:
    return any(lists(tree, file) for file in tree.files if file.endswith(".json"))


def read(tree: Tree) -> Found:
    """The articles of an export, HTML turned into Markdown."""
    return _Zendesk(tree).found()


class _Zendesk:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.export = export = Export(tree)
        self.records, self.texts = export.records, export.texts
        self.left: list[Left] = list(export.left)
        self.first = export.first
        spoken = {locale for kind, _, locale in self.texts if kind == "articles"} | {self.first}
        self.locales = _locales(spoken, self.first)
        self.source = self.locales[self.first]
        self.names = Names(frozenset(self.locales.values()) - {self.source})

    def found(self) -> Found:
        self.places = {key: place for key in self.export.ordered() if (place := self._place(key))}
        self.attachments = Attachments(self.tree, self.export, self.names, self.source)
        articles = [a for key in self.places for a in self._article(key)]
        done = {posixpath.splitext(a.path)[0] for a in articles if a.locale == self.source}
        titles: dict[Locale, dict[str, str]] = {}
        nav = self._nav(titles, done)
        self._say_locales()
        return Found(
            kind="zendesk",
            locale=self.source,
            articles=tuple(articles),
            assets=tuple(self.attachments.assets.values()),
            read=frozenset(self.export.read),
            nav=tuple(nav),
            nav_titles=titles,
            redirects=self._redirects(),
            left=(*self.names.left, *self.left),
        )

    # -- where things stand

    def _folder(self, chain: Iterable[tuple[str, str]]) -> str:
        return "/".join(slug(self.export.named(kind, key)) or key for kind, key in chain)

    def _place(self, key: str) -> str:
        article = self.records["articles"][key]
        source = self._source(article)
        if (("articles", key, source)) not in self.texts:
            self.left.append(
                Left(
                    self._at(key, source),
                    "an article without a text in its own language",
                    todo="export its translations as well",
                    grave=True,
                )
            )
            return ""
        folder = self._folder(self.export.chain(article))
        name = slug(self.export.title("articles", key, source)) or key
        place = posixpath.join(folder, f"{name}.md")
        if not self.names.free(place, self.source):
            place = posixpath.join(folder, f"{name}-{key}.md")
        return place if self.names.claim(place, self.source, self._at(key, source)) else ""

    def _source(self, article: Record) -> str:
        said = str(article.get("source_locale") or article.get("locale") or self.first).lower()
        key = str(article.get("id"))
        return self.first if ("articles", key, self.first) in self.texts else said

    def _at(self, key: str, locale: str) -> str:
        """A record as people find it: the file, the article, its language."""
        return f"{self.export.where.get(f'{key}/{locale}', 'articles.json')}#{key}/{locale}"

    # -- one article

    def _article(self, key: str) -> Iterator[Article]:
        article, path = self.records["articles"][key], self.places[key]
        source = self._source(article)
        internal, why = self._internal(article, source)
        if internal:
            self.left.append(
                Left(
                    self._at(key, source),
                    f"for agents only: {why}",
                    todo="take `audience: agent` out of the article if everybody may read it",
                )
            )
        locales = [
            source,
            *sorted(locale for kind, of, locale in self.texts if kind == "articles" and of == key and locale != source),
        ]
        for locale in locales:
            text = self.texts["articles", key, locale]
            at = self._at(key, locale)
            if locale != source and text.get("draft") is not False:
                self.left.append(
                    Left(
                        at,
                        "a draft of a translation"
                        if text.get("draft")
                        else "a translation that does not say whether it is a draft",
                        todo=f"publish it in the old help centre, or write translations/{self.locales[locale]}/{path}",
                    )
                )
                continue
            try:
                body = self._body(str(text.get("body") or ""), path, locale, at, internal)
            except Refused as error:
                self.left.append(Left(at, error.what, todo=error.hint or "", grave=True))
                if locale == source:
                    return
                continue
            yield Article(
                path,
                self.source if locale == source else self.locales[locale],
                front.join(self._head(article, text, internal if locale == source else False), body),
                at,
                internal,
            )

    def _internal(self, article: Record, source: str) -> tuple[bool, str]:
        """Whether an article is for agents only, and why: public is only what provably is."""
        text = self.texts["articles", str(article.get("id")), source]
        if article.get("draft") is not False or text.get("draft", False) is not False:
            return True, "a draft" if article.get("draft") or text.get("draft") else "nothing says that it is no draft"
        for kind, key in self.export.chain(article):
            if (kind, key) in self.export.restricted:
                return True, f"its section is for a group of users ({self.export.named(kind, key)})"
        if "user_segment_id" not in article:
            return True, "nothing says who may read it (user_segment_id)"
        if ("articles", str(article.get("id"))) in self.export.restricted:
            return True, "for a group of users (user_segment_id)"
        return False, ""

    def _head(self, article: Record, text: Record, internal: bool) -> str:
        values: dict[str, Any] = {"title": " ".join(str(text.get("title") or "").split()) or "…"}
        if internal:
            values["audience"] = "agent"
        said = article.get("label_names")
        labels = [" ".join(label.split()) for label in said if isinstance(label, str)] if isinstance(said, list) else []
        labels = [label for label in labels if label]
        if labels:
            values["tags"] = labels
            values["keywords"] = ", ".join(labels)
        return front.edited("", (), values)

    def _body(self, said: str, path: str, locale: str, at: str, internal: bool) -> str:
        page = Page(
            link=lambda address: self._link(address, path, internal, page),
            image=lambda address: self.attachments.place(address, path, page) or address,
        )
        body = html.markdown(said, page)
        self.left += [Left(at, why, todo=todo) for why, todo in page.notes]
        return body

    def _link(self, address: str, path: str, internal: bool, page: Page) -> str | None:
        parts = parts_of(address)
        if found := _ARTICLE.search(parts.path):
            place = self.places.get(found["id"])
            if place is None:
                page.note(f"a link to an article that is not in the export: {address}", "mend the link")
                return address
            other = self.records["articles"][found["id"]]
            if not internal and self._internal(other, self._source(other))[0]:
                page.note(
                    f"a link to an article for agents only is plain text now: {found['id']}",
                    "nothing, or open that article to everybody",
                )
                return None
            return posixpath.relpath(place, posixpath.dirname(path) or ".") + (
                f"#{parts.fragment}" if parts.fragment else ""
            )
        if file := self.attachments.place(address, path, page, quiet=True):
            return file
        if "/hc/" in parts.path and not parts.netloc:
            page.note(f"a link into the old help centre: {address}", "mend the link")
        return address

    # -- menu and addresses

    def _nav(self, titles: dict[Locale, dict[str, str]], done: set[str]) -> list[Any]:
        found: list[Any] = []
        for key, place in self.places.items():
            if posixpath.splitext(place)[0] not in done:
                continue
            here = found
            for kind, of in self.export.chain(self.records["articles"][key]):
                title = self.export.named(kind, of) or of
                for spoken, locale in self.locales.items():
                    said = self.export.title(kind, of, spoken)
                    if spoken != self.first and said and said != title:
                        titles.setdefault(locale, {})[title] = said
                section = next((i for i in here if isinstance(i, dict) and title in i), None)
                if section is None:
                    section = {title: []}
                    here.append(section)
                here = section[title]
            here.append(place)
        return found

    def _redirects(self) -> dict[str, str]:
        """The old addresses of every article, with and without its words, in each language."""
        found: dict[str, str] = {}
        for (kind, key, locale), text in self.texts.items():
            place = self.places.get(key) if kind == "articles" else None
            if place is None:
                continue
            address = str(
                text.get("html_url")
                or (self.records["articles"][key].get("html_url") if locale == self.first else "")
                or ""
            )
            match = _ARTICLE.search(parts_of(address).path)
            names = {f"hc/{locale}/articles/{key}"}
            if match and match["id"] == key:
                names.add(unquote(parts_of(address).path).strip("/"))
            target = place if locale == self.first else f"{self.locales[locale]}/{place}"
            for name in names:
                if not re.search(r"[\x00-\x1f\\]|(?:^|/)\.\.?(?:/|$)", name):
                    found[f"{name}.md"] = target
        return found

    def _say_locales(self) -> None:
        for spoken, locale in self.locales.items():
            if spoken != locale.lower():
                self.left.append(Left(spoken, f"the language {spoken} is {locale} now", todo="nothing"))


def _locales(spoken: Iterable[str], first: str) -> dict[str, Locale]:
    """The help desk's locales → ours: the language alone, unless its region tells readers apart."""
    languages = Counter(each.split("-")[0] for each in spoken)
    found: dict[str, Locale] = {}
    for each in spoken:
        alone = languages[each.split("-")[0]] == 1 or each == first
        found[each] = each.split("-")[0] if alone and not each.startswith(_REGIONS) else tag(each)
    return found

"""The pages of a source, by file and by address, so that every link can be told where its page stands now."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from kbtool.core.links import retarget
from kbtool.core.model import Locale
from kbtool.foreign import Asset, Left, front
from kbtool.foreign.names import Names, tidy
from kbtool.foreign.tree import Tree

_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.I)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the source, and its place below docs/."""

    file: str
    path: str
    locale: Locale
    url: str  #: its old address without the locale and without slashes at the ends
    meta: Mapping[str, Any]
    head: str  #: front matter, as it stands
    body: str
    before: int  #: lines of the file before the body

    @classmethod
    def of(cls, file: str, path: str, locale: Locale, url: str, meta: Mapping[str, Any], text: str) -> Page:
        """A page cut into front matter and body."""
        head, body = front.split(text)
        return cls(file, path, locale, url, meta, head, body, front.lines_before(text))


class Shelf:
    """Where everything stands."""

    def __init__(self, tree: Tree, names: Names, source: Locale, *, base: str = "", site: str = "") -> None:
        self.tree, self.names, self.source = tree, names, source
        self.base, self.site = base, site.rstrip("/")  #: folder of the project; the site's own address
        self.pages: list[Page] = []
        self.assets: dict[str, Asset] = {}  #: by file
        self.public: list[str] = []  #: folders whose files stand at the site's root
        self.aliases: dict[str, str] = {}  #: how links may begin → folder
        self.originals: dict[Locale, tuple[str, str]] = {}  #: where a locale's files lie, and where the originals'
        self.locales: frozenset[Locale] = frozenset()
        self._files: dict[str, str] = {}
        self._urls: dict[str, str] = {}

    def add(self, page: Page) -> bool:
        """Take a page, if its place is free."""
        if not self.names.claim(page.path, page.locale, page.file):
            return False
        self.pages.append(page)
        self._files[page.file] = page.path
        if page.locale == self.source:
            self._urls.setdefault(page.url.lower(), page.path)
        return True

    def add_assets(self, files: Iterable[str], folder: str, locale: Locale, below: str = "") -> None:
        """Files that pages may show; they keep their path below `folder`, under `below`."""
        for file in files:
            path = tidy(posixpath.join(below, posixpath.relpath(file, folder or ".")))
            if file not in self.assets and self.names.claim(path, locale, file):
                self.assets[file] = Asset(path, locale, file)

    def relinked(self, page: Page, text: str) -> tuple[str, list[Left]]:
        """A page's text with links to where things stand now, and the links that led nowhere already."""
        left: list[Left] = []

        def change(target: str) -> str:
            if _ELSEWHERE.match(target) and not self._own(target):
                return target
            found = self._find(unquote(target), page)
            if found is None:
                if not _ELSEWHERE.match(target):
                    line = self.tree.line_of(page.file, target)
                    left.append(Left(page.file, f"a link that leads nowhere: {target}", line, "mend the link"))
                return target
            return quote(posixpath.relpath(found, posixpath.dirname(page.path) or "."), safe="/@:+,;=!~'*()$&")

        return retarget(text, change), left

    def _own(self, target: str) -> bool:
        return target.startswith("pathname://") or (bool(self.site) and target.startswith(f"{self.site}/"))

    def _find(self, target: str, page: Page) -> str | None:
        if target.startswith("pathname://"):
            target = target.removeprefix("pathname://")
        elif self.site and target.startswith(f"{self.site}/"):
            target = target.removeprefix(self.site)
        for alias, folder in self.aliases.items():
            if target.startswith(alias):
                return self._file(posixpath.normpath(posixpath.join(folder, target.removeprefix(alias))))
        if target.startswith("/"):
            return self._absolute(target)
        here = posixpath.dirname(page.file)
        found = self._file(posixpath.normpath(posixpath.join(here, target)))
        if found is None and page.locale in self.originals:
            own, theirs = self.originals[page.locale]
            inside = posixpath.relpath(here, own)
            found = self._file(posixpath.normpath(posixpath.join(theirs, inside, target)))
        if found is not None:
            return found
        for at in (posixpath.dirname(page.url), page.url):
            address = posixpath.normpath(posixpath.join("/" + at, target))
            if (found := self._address(address)) is not None:
                return found
        return None

    def _absolute(self, target: str) -> str | None:
        found = self._address(target)
        for folder in self.public if found is None else ():
            file = posixpath.normpath(posixpath.join(folder, target.lstrip("/")))
            if (found := self._file(file)) is not None:
                return found
        return found

    def _address(self, address: str) -> str | None:
        plain = re.sub(r"(?:/index)?\.(?:html?|mdx?)$", "", address.strip("/")).lower()
        first, _, rest = plain.partition("/")
        if first in {locale.lower() for locale in self.locales} and (found := self._urls.get(rest)):
            return found
        return self._urls.get(plain)

    def _file(self, file: str) -> str | None:
        for name in (file, f"{file}.md", f"{file}.mdx", f"{file}/index.md", f"{file}/index.mdx", f"{file}/README.md"):
            if name in self._files:
                return self._files[name]
        asset = self.assets.get(file)
        return asset.path if asset else None

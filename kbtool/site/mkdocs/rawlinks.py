"""Relative addresses in HTML that writers put into Markdown themselves.

MkDocs mends the links of Markdown, not these: they would have to be written for the page's address, in the source
language. Below `<locale>/`, and wherever they are written for the file as editors show it, they would lead nowhere.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from html import escape, unescape
from urllib.parse import quote, unquote, urlsplit

from kbtool.core.model import Locale
from kbtool.site.addresses import address, way
from kbtool.site.stage.stage import Stage

#: a link as Markdown makes it, to a page or a place on one: most links there are, and none that could mean a file
_TO_PAGE = r"""a (?:class="headerlink" )?href="(?:[\w./-]*(?:/|(?-i:\.html)))?(?:#[\w.:-]*)?"(?: title="[^"<>]*")?>"""
#: the first two letters are looked at before all else: few tags begin so
_TAG = re.compile(
    rf"<(?=[aisvtoe][\sbrumfoi])(?!{_TO_PAGE})(?:img|source|video|audio|track|a|area|object|embed|iframe)\b[^<>]*>",
    re.I,
)
_ADDRESS = re.compile(r"(?P<before>\s(?:src|href|poster|data)=)(?P<quote>[\"'])(?P<link>[^\"']*)(?P=quote)", re.I)
_SET = re.compile(r"(?P<before>\ssrcset=)(?P<quote>[\"'])(?P<links>[^\"']*)(?P=quote)", re.I)


def with_right_addresses(
    html: str, stage: Stage, locale: Locale, path: str, *, folders: bool, look: Callable[[str], object]
) -> str:
    """An article's HTML in which each relative address that leads nowhere leads to the staged file it means.

    `look` hears of each staged file that was looked for, so that whoever keeps the page knows what it depends on.
    """
    finder = _Finder(stage, locale, path, folders, look)
    return _TAG.sub(lambda tag: finder.mend(tag[0]), html)


class _Finder:
    """Where addresses on one page lead."""

    def __init__(self, stage: Stage, locale: Locale, path: str, folders: bool, look: Callable[[str], object]) -> None:
        self.stage, self.locale, self.path, self.folders, self.look = stage, locale, path, folders, look
        self.docs = os.fspath(stage.docs)

    @cached_property
    def here(self) -> str:
        """Where the page stands."""
        return address(self.path, self.locale, self.stage.source, folders=self.folders)

    def mend(self, tag: str) -> str:
        tag = _ADDRESS.sub(lambda m: f"{m['before']}{m['quote']}{self._link(m['link'])}{m['quote']}", tag)
        if "srcset" not in tag.lower():
            return tag
        return _SET.sub(lambda m: f"{m['before']}{m['quote']}{self._set(m['links'])}{m['quote']}", tag)

    def _set(self, links: str) -> str:
        """`small.png 1x, large.png 2x`."""
        found = []
        for candidate in links.split(","):
            link, _, size = candidate.strip().partition(" ")
            found.append(f"{self._link(link)} {size}".strip())
        return ", ".join(found)

    def _link(self, link: str) -> str:
        try:
            parts = urlsplit(unescape(link))
        except ValueError:
            return link
        name = posixpath.basename(parts.path)
        if parts.scheme or parts.netloc or parts.path.startswith("/") or "." not in name.strip("."):
            return link  # it leads to another site, or to a page: those stand in every locale
        if name.endswith(".html") or self._leads(parts.path):
            return link
        for file in self._meant(unquote(parts.path)):
            if there := self._stands(file):
                rest = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
                return escape(way(self.here, there) + rest)
        return link

    def _leads(self, target: str) -> bool:
        """Whether the address of a file is right as it is."""
        found = unquote(posixpath.normpath(posixpath.join(_folder(self.here), target)))
        first, _, rest = found.partition("/")
        at, file = (first, rest) if first in self.stage.locales[1:] else (self.stage.source, found)
        return not found.endswith(".md") and self._is_staged(at, file)

    def _meant(self, target: str) -> Iterator[str]:
        """The files that an address may mean: read from the article's file, and from its address in the source."""
        home = address(self.path, self.stage.source, self.stage.source, folders=self.folders)
        for base in (posixpath.dirname(self.path), _folder(unquote(home))):
            file = posixpath.normpath(posixpath.join(base, target))
            if not file.startswith(".."):
                yield file

    def _stands(self, file: str) -> str:
        """Where a staged file stands on the site, the locale's own before the source's; empty where it is not."""
        if file in self.stage.titles[self.stage.source]:
            return address(file, self.locale, self.stage.source, folders=self.folders)
        for at in dict.fromkeys((self.locale, self.stage.source)):
            if not file.endswith(".md") and self._is_staged(at, file):
                return quote(file if at == self.stage.source else f"{at}/{file}")
        return ""

    def _is_staged(self, at: Locale, file: str) -> bool:
        self.look(f"{at}/{file}")
        if f"docs/{at}/{file}" in self.stage.digests:
            return True
        return os.path.isfile(f"{self.docs}/{at}/{file}")  # noqa: PTH113  # a Path would cost more than the question


def _folder(address: str) -> str:
    return address if address.endswith("/") else posixpath.dirname(address)

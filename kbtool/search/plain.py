"""Reading a page as Python-Markdown and the theme write it: every element closed, every attribute in double quotes.

It is many times as quick as a parser of any HTML, and gives up where it meets anything else.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from kbtool.search.markup import HEADINGS, INLINE, VOID, Seen, head_of, is_silent

_TAG = re.compile(r'(/?)([a-z][a-z0-9-]*)((?:[ \n]+[a-z][\w:.-]*(?:="[^"<>]*")?)*)[ \n]*(/?)', re.ASCII | re.IGNORECASE)
_ATTRIBUTE = re.compile(r'([a-z][\w:.-]*)(?:="([^"]*)")?', re.ASCII | re.IGNORECASE)
#: What stands in them is no element, or they are no part of an article.
_FOREIGN = frozenset((
    "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext",
    "html", "head", "body", "meta", "article",
))  # fmt: skip
_MARKS = HEADINGS | {"pre", "a"}
#: What a tag does: nothing that is known here; nothing within an article; it is an element with nothing in it; it
#: stands alone; it ends an element; it begins one that nobody reads, or any other, or one that marks words.
_UNKNOWN, _ELSEWHERE, _EMPTY, _ALONE, _END, _SILENT, _BEGIN, _MARK = range(8)


class _Tag(NamedTuple):
    does: int
    name: str
    parts: bool  #: words
    attributes: dict[str, str]


def read(html: str) -> Seen | None:
    """What there is on the page; None if it is no plain one."""
    head, article, end = html.find("</head>"), html.find("<article"), html.rfind("</article>")
    seen = Seen()
    if not 0 < head < article < end or not all(_read_head(element, seen) for element in head_of(html[:head])):
        return None
    first, _, rest = html[article + 1 : end].partition(">")
    tag = _tag(first)
    if tag.name != "article" or tag.does != _ELSEWHERE:
        return None
    seen.enter_article(tag.attributes)
    return seen if not is_silent(tag.name, tag.attributes) and _Article(seen).read(rest) else None


def _read_head(element: str, seen: Seen) -> bool:
    """Whether an element of the head is a plain one; what it says is noted."""
    raw, _, text = element[1:].partition(">")
    tag = _tag(raw)
    if tag.name == "html":
        seen.language = tag.attributes.get("lang", "")
    elif tag.name == "meta":
        seen.read_meta(tag.attributes)
    elif tag.name == "title":
        seen.title += unescape(text[: -len("</title>")])
    return tag.does == _ELSEWHERE


class _Article:
    """The words of an article, and where the reading has come to."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.words = seen.part(None, 0)  #: where the next ones belong
        self.inside: list[str] = []  #: elements
        self.silent = 0  #: how many they were when one began that nobody reads, with that one
        self.heading: str | None = None
        self.pre = 0

    def read(self, html: str) -> bool:
        """Note all words; false if the article is not plain."""
        first, *pieces = html.split("<")
        self.words.append(unescape(first))
        for piece in pieces:
            raw, closed, text = piece.partition(">")
            tag = _tag(raw)
            if not closed or not (self._end(tag) if tag.does == _END else self._begin(tag)):
                return False
            if text and not self.silent:
                self.words.append(unescape(text) if "&" in text else text)
        return not self.inside

    def _begin(self, tag: _Tag) -> bool:
        does, name, parts, attributes = tag
        if does >= _SILENT:
            self.inside.append(name)
        if self.silent:
            return does > _ELSEWHERE
        if does == _SILENT:
            self.silent = len(self.inside)
            return True
        if parts:
            self.words.append(" ")
        if does == _MARK:
            self._mark(name, attributes)
        return does > _EMPTY

    def _end(self, tag: _Tag) -> bool:
        _, name, parts, _ = tag
        if not self.inside or self.inside.pop() != name:
            return False
        if self.silent:
            if len(self.inside) >= self.silent:
                return name != self.heading
            self.silent = 0
            if parts:
                self.words.append(" ")
            return name != self.heading
        if parts:
            self.words.append(" ")
        if name in _MARKS:
            self._unmark(name)
        return True

    def _mark(self, name: str, attributes: dict[str, str]) -> None:
        if name == "a":
            self.seen.links.append(attributes.get("href", ""))
        elif name == "pre":
            self.pre += 1
        else:
            self.heading = name
            self.seen.enter_heading(name, attributes.get("id", ""))
        self.words = self.seen.part(self.heading, self.pre)

    def _unmark(self, name: str) -> None:
        self.pre -= name == "pre"
        if name == self.heading:
            self.heading = None
        self.words = self.seen.part(self.heading, self.pre)


@lru_cache(maxsize=4096)  # most tags are those of a few hundred
def _tag(raw: str) -> _Tag:
    found = _TAG.fullmatch(raw)
    if found is None:
        return _Tag(_UNKNOWN, "", True, {})
    end, name, rest, single = found[1], found[2].lower(), found[3], found[4]
    attributes = {key.lower(): unescape(value) for key, value in _ATTRIBUTE.findall(rest)}
    return _Tag(_does(name, attributes, end, single), name, name not in INLINE, attributes)


def _does(name: str, attributes: dict[str, str], end: str, single: str) -> int:
    if end:
        return _END if name not in _FOREIGN and not attributes and not single else _UNKNOWN
    if name in _FOREIGN:
        return _ELSEWHERE
    if name in VOID:
        return _ALONE
    if single:
        return _EMPTY
    if is_silent(name, attributes):
        return _SILENT
    return _MARK if name in _MARKS else _BEGIN

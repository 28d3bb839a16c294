"""Reading a page as Python-Markdown and the theme write it: every element closed, every attribute in double quotes.

It is many times as quick as a parser of any HTML, and gives up where it meets anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from kbtool.search.markup import HEADINGS, INLINE, VOID, Seen, head_of, is_silent

_TAG = re.compile(r'(/?)([a-z][a-z0-9-]*)((?:[ \n]+[a-z][\w:.-]*(?:="")?)*)[ \n]*(/?)', re.ASCII | re.IGNORECASE)
_ATTRIBUTE = re.compile(r'([a-z][\w:.-]*)(="")?', re.ASCII | re.IGNORECASE)
_NO_BRACKETS = bytes({*range(256)} - {*b"<>"})
#: What stands in them is no element, or they are no part of an article.
_FOREIGN = frozenset((
    "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext",
    "html", "head", "body", "meta", "article",
))  # fmt: skip
_MARKS = HEADINGS | {"pre", "a"}
#: What a tag does: nothing that is known here; nothing within an article; it is an element with nothing in it; it
#: stands alone; it ends an element; it begins one that nobody reads, or any other, or one that marks words.
_UNKNOWN, _ELSEWHERE, _EMPTY, _ALONE, _END, _SILENT, _BEGIN, _MARK = range(8)
#: Of so many different tags it is remembered what they do: most are those of a few hundred.
_MANY = 4096

#: What a tag does, the element's name, whether it parts words, attributes if anybody asks for them. A named tuple takes
#: several times as long to be taken apart.
_Tag = tuple[int, str, bool, dict[str, str]]


class _Shape(NamedTuple):
    """A tag without the values of its attributes."""

    does: int
    name: str
    attributes: tuple[tuple[str, bool], ...]  #: and whether they have a value
    told: _Tag | None  #: what the tag does, where that does not hang on the values


class _Tags(dict[str, _Tag]):
    """What tags do, by what stands between their brackets."""

    def __missing__(self, raw: str) -> _Tag:
        if len(self) >= _MANY:
            self.clear()
        parts = raw.split('"')
        shape = '""'.join(parts[::2]) if len(parts) % 2 and "<" not in raw else ""
        does, name, attributes, told = _shape(shape)
        if told is None:
            values = map(unescape, parts[1::2])
            told = _told(does, name, {name: next(values) if valued else "" for name, valued in attributes})
        self[raw] = told
        return told


_tags = _Tags()


def read(html: str) -> Seen | None:
    """What there is on the page; None if it is no plain one."""
    head, article, end = html.find("</head>"), html.find("<article"), html.rfind("</article>")
    seen = Seen()
    if not 0 < head < article < end or not all(_read_head(element, seen) for element in head_of(html[:head])):
        return None
    first, _, rest = html[article + 1 : end].partition(">")
    does, name, _, attributes = _tags[first]
    if name != "article" or does != _ELSEWHERE:
        return None
    seen.enter_article(attributes)
    return seen if not is_silent(name, attributes) and _Article(seen).read(rest) else None


def _read_head(element: str, seen: Seen) -> bool:
    """Whether an element of the head is a plain one; what it says is noted."""
    raw, _, text = element[1:].partition(">")
    does, name, _, attributes = _tags[raw]
    if name == "html":
        seen.language = attributes.get("lang", "")
    elif name == "meta":
        seen.read_meta(attributes)
    elif name == "title":
        seen.title += unescape(text[: -len("</title>")])
    return does == _ELSEWHERE


class _Article:
    """The words of an article, and where the reading has come to."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.heading: str | None = None
        self.pre = 0

    def read(self, html: str) -> bool:
        """Note all words; false if the article is not plain."""
        # a bracket that stands for itself is written as an entity; to part at both kinds at once takes half the time
        brackets = html.encode("utf-8", "surrogatepass").translate(None, _NO_BRACKETS)
        if brackets != b"<>" * (len(brackets) // 2):
            return False
        first, *pieces = html.replace(">", "<").split("<")
        elements = zip(pieces[::2], pieces[1::2], strict=True)
        add = self.seen.part(None, 0).append
        add(unescape(first))
        inside = [""]  # with what no element is called
        for raw, text in elements:
            does, name, parts, attributes = _tags[raw]
            if parts:
                add(" ")
            if does == _BEGIN:
                inside.append(name)
            elif does == _END:
                if inside.pop() != name:
                    return False
                if name in _MARKS:
                    add = self._unmark(name).append
            elif does == _MARK:
                inside.append(name)
                add = self._mark(name, attributes).append
            elif does == _SILENT:
                if (after := self._after(name, elements)) is None:
                    return False
                add(unescape(after))
                continue
            elif does != _ALONE:
                return False
            if text:
                add(unescape(text) if "&" in text else text)
        return len(inside) == 1

    def _after(self, name: str, elements: Iterator[tuple[str, str]]) -> str | None:
        """The text behind an element that nobody reads; None if it is not plain."""
        inside = [name]
        for raw, text in elements:
            does, name, *_ = _tags[raw]
            if does >= _SILENT:
                inside.append(name)
            elif does <= _ELSEWHERE or (does == _END and (inside.pop() != name or name == self.heading)):
                return None
            elif not inside:
                return text
        return None

    def _mark(self, name: str, attributes: dict[str, str]) -> list[str]:
        """Where the words in the element belong."""
        if name == "a":
            self.seen.links.append(attributes.get("href", ""))
        elif name == "pre":
            self.pre += 1
        else:
            self.heading = name
            self.seen.enter_heading(name, attributes.get("id", ""))
        return self.seen.part(self.heading, self.pre)

    def _unmark(self, name: str) -> list[str]:
        """Where the words behind the element belong."""
        self.pre -= name == "pre"
        if name == self.heading:
            self.heading = None
        return self.seen.part(self.heading, self.pre)


@lru_cache(maxsize=1024)
def _shape(text: str) -> _Shape:
    found = _TAG.fullmatch(text)
    if found is None:
        return _Shape(_UNKNOWN, "", (), (_UNKNOWN, "", True, {}))
    end, name, rest, single = found[1], found[2].lower(), found[3], found[4]
    attributes = tuple((key.lower(), bool(value)) for key, value in _ATTRIBUTE.findall(rest))
    does = _does(name, end, rest, single)
    names = dict.fromkeys((key for key, _ in attributes), "")
    asked = does == _ELSEWHERE or (does == _MARK and attributes) or (does >= _BEGIN and "class" in names)
    return _Shape(does, name, attributes, None if asked else _told(does, name, names))


def _does(name: str, end: str, attributes: str, single: str) -> int:
    if end:
        return _END if name not in _FOREIGN and not attributes and not single else _UNKNOWN
    if name in _FOREIGN:
        return _ELSEWHERE
    if name in VOID:
        return _ALONE
    if single:
        return _EMPTY
    return _MARK if name in _MARKS else _BEGIN


def _told(does: int, name: str, attributes: dict[str, str]) -> _Tag:
    silent = does >= _BEGIN and is_silent(name, attributes)
    return _SILENT if silent else does, name, name not in INLINE, attributes

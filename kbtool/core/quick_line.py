"""Code, links, pictures and emphasis among words, read in one go where there is nothing else.

Python-Markdown takes them out one after the other, each time leaves a placeholder and tries the next patterns on what
is in it and around it, and puts all back at the end. Where every mark belongs to one of the four, and none stands in
another, the outcome is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from operator import itemgetter
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import (
    BacktickInlineProcessor,
    DelimiterProcessor,
    ImageInlineProcessor,
    LinkInlineProcessor,
)
from markdown.util import AtomicString

#: the first words, and the elements behind them with the words that follow
Line: TypeAlias = tuple[str, list[Element]]
#: an element, and the words in it
_Made: TypeAlias = Callable[[re.Match[str]], tuple[Element, str]]

#: By the mark that has to be there: each begins with a plain character, which `re` finds as fast as `in` does.
_WAYS = {
    "`": re.compile(r"`(?<![\\`]`)([^\s`\\&<>:#](?:[^`\\&<>\n]*[^\s`\\&<>])?)`(?!`)"),
    "](": re.compile(r"\[(?<!!\[)([^\s\[\]^!][^\[\]]*)\]\(([\w./#?=-]+)\)"),
    "![": re.compile(r"!\[([^\s\[\]^!][^\[\]]*)\]\(([\w./#?=-]+)\)"),
    "*": re.compile(r"\*(?<!\S\*)(\*?)(\w(?:[^*\n]*\w)?)\*\1(?!\S)"),
}
_start = itemgetter(0)


def line_of(patterns: Sequence[Any], marks: Sequence[str], packages: Container[str]) -> Callable[[str], Line | None]:
    """What reads such text, and gives None for any other.

    `marks` are what the `patterns` look for; `packages` are those whose patterns are the ones known here.
    """
    ways = dict(_known(patterns, packages))
    tries = [(mark, _WAYS[mark].finditer, made) for mark, made in ways.items()]
    strange = [*marks, "\\"]

    def line(text: str) -> Line | None:
        found = [(*match.span(), *made(match)) for mark, find, made in tries if mark in text for match in find(text)]
        found.sort(key=_start)
        at, words = 0, list[str]()
        for start, end, _, inner in found:
            if start < at:
                return None
            words += text[at:start], inner
            at = end
        words.append(text[at:])
        rest = "\0".join(words)
        for mark in strange:
            if mark in rest:
                return None
        for (_, _, element, _), behind in zip(found, words[2::2], strict=True):
            element.tail = behind or None
        return words[0], [element for _, _, element, _ in found]

    return line


def _known(patterns: Sequence[Any], packages: Container[str]) -> Iterator[tuple[str, _Made]]:
    for number, pattern in enumerate(patterns):
        kind = type(pattern)
        if number == 0 and (kind is BacktickInlineProcessor or ("pymdownx" in packages and _is_plain_code(pattern))):
            yield "`", _code
        elif kind is LinkInlineProcessor:
            yield "](", _link
        elif kind is ImageInlineProcessor:
            yield "![", _image
        elif kind is DelimiterProcessor and "*" in pattern.delimiters:
            yield "*", _stress(*pattern.delimiters["*"].tags)


def _is_plain_code(pattern: Any) -> bool:
    """Whether it is pymdownx's, and colours code only where that says which language it is in."""
    if type(pattern).__module__ != "pymdownx.inlinehilite":
        return False
    pattern.get_settings()
    return not (pattern.style_plain_text or pattern.guess_lang or len(pattern.formatters) > 1)


def _code(match: re.Match[str]) -> tuple[Element, str]:
    element = Element("code")
    element.text = AtomicString(match[1])
    return element, ""


def _link(match: re.Match[str]) -> tuple[Element, str]:
    element = Element("a", {"href": match[2]})
    element.text = text = match[1]
    return element, text


def _image(match: re.Match[str]) -> tuple[Element, str]:
    return Element("img", {"src": match[2], "alt": match[1]}), match[1]


def _stress(strong: str, weak: str) -> _Made:
    def stress(match: re.Match[str]) -> tuple[Element, str]:
        element = Element(strong if match[1] else weak)
        element.text = text = match[2]
        return element, text

    return stress

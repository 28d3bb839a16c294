"""Links and code in a line: found by what they have to begin with, and read in one go.

Python-Markdown tries these patterns at every character, and reads what follows character by character. Plain ones are
read here; all others as before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from typing import Any

from markdown.inlinepatterns import (
    BACKTICK_RE,
    LINK_RE,
    BacktickInlineProcessor,
    ImageInlineProcessor,
    InlineProcessor,
    LinkInlineProcessor,
)

#: Patterns, and others that find the same: they begin with a plain character, so `re` knows where they cannot begin.
_SOONER = {
    BACKTICK_RE: r"`(?<!\\`)|(\\\\(?<!\\\\\\)(?:\\\\)*)(?=`)",
    LINK_RE: r"\[(?<!!\[)",
}
#: a target without brackets, quotes and white space, up to the bracket that ends it
_TARGET = re.compile(r"\(([\w./#:?=&%@,;~+-]*)\)")

_Text = Callable[[str, int], tuple[str, int, bool]]
_Link = Callable[[str, int], tuple[str, "str | None", int, bool]]
_Spans = Callable[[int, str], tuple[int, "int | None"]]


def install(patterns: Iterable[Any], packages: Container[str]) -> None:
    """Let these patterns find what they look for sooner, as far as they come from `packages`."""
    for pattern in patterns:
        kind = type(pattern)
        if isinstance(pattern, InlineProcessor) and (sooner := _SOONER.get(pattern.pattern)):
            pattern.compiled_re = re.compile(sooner, pattern.compiled_re.flags)
        if kind in (LinkInlineProcessor, ImageInlineProcessor):
            pattern.getText, pattern.getLink = _text(pattern.getText), _link(pattern.getLink)
        of_extension = kind.__module__ == "pymdownx.inlinehilite" and "pymdownx" in packages
        if kind is BacktickInlineProcessor or of_extension:
            pattern.find_code_spans = _code(pattern.find_code_spans)


def _text(own: _Text) -> _Text:
    """What stands in square brackets, if there are no others in them."""

    def text(data: str, index: int) -> tuple[str, int, bool]:
        end = data.find("]", index)
        if end < 0 or data.find("[", index, end) >= 0:
            return own(data, index)
        return data[index:end], end + 1, True

    return text


def _link(own: _Link) -> _Link:
    """Where a link leads, if that is all its round brackets hold."""

    def link(data: str, index: int) -> tuple[str, str | None, int, bool]:
        found = _TARGET.match(data, index)
        return (found[1], None, found.end(), True) if found else own(data, index)

    return link


def _code(own: _Spans) -> _Spans:
    """Where code begins and ends, if a single backtick stands before and behind it."""

    def spans(start: int, text: str) -> tuple[int, int | None]:
        begin = start + 1
        end = text.find("`", begin)
        if end <= begin or text.startswith("`", end + 1):
            return own(start, text)
        return begin, end

    return spans

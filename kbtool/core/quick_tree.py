"""What Python-Markdown does before and after it reads the markup, left out for texts that need nothing of it.

Each of these goes through every element of a page, for what is in few of them or in none. They know the inner
workings of one version: `quick.install` leaves others alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown, serializers
from markdown.extensions import md_in_html
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.toc import TocTreeprocessor
from markdown.postprocessors import RawHtmlPostprocessor
from markdown.preprocessors import HtmlBlockPreprocessor, NormalizeWhitespace
from markdown.serializers import to_xhtml_string
from markdown.treeprocessors import UnescapeTreeprocessor
from markdown.util import ETX, HTML_PLACEHOLDER, STX

_inner: Any = serializers  # its types say nothing of these
_HTML_EMPTY: frozenset[str] = _inner.HTML_EMPTY
_escaped: Callable[[str], str] = _inner._escape_cdata
_TAKEN_OUT = HTML_PLACEHOLDER.partition("%")[0]
_BLANK = re.compile(r"(?<=\n) +\n")


def install(markdown: Markdown) -> None:
    """Put the quick ways in place of those that are Python-Markdown's own."""
    for item in (*markdown.preprocessors, *markdown.treeprocessors, *markdown.postprocessors):
        if way := _WAYS.get(type(item)):
            item.run = way(item)
    if markdown.serializer is to_xhtml_string:
        markdown.serializer = serialized


class _Whitespace:
    """The same lines; a pattern that tries every character is left out where no line ends in a space."""

    def __init__(self, own: NormalizeWhitespace) -> None:
        self._tab = own.md.tab_length

    def __call__(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines).replace(STX, "").replace(ETX, "")
        text = text.replace("\r\n", "\n").replace("\r", "\n") + "\n\n"
        text = text.expandtabs(self._tab)
        return (_BLANK.sub("\n", text) if " \n" in text else text).split("\n")


class _HtmlBlocks:
    """Without a tag or an entity there is no raw HTML to be taken out."""

    def __init__(self, own: Any) -> None:
        self._run = own.run

    def __call__(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        found: list[str] = self._run(lines) if "<" in text or "&" in text else text.split("\n")
        return found


class _AttributeLists:
    """Only elements at whose text, tail or children's tails a brace stands can have an attribute list."""

    def __init__(self, own: AttrListTreeprocessor) -> None:
        self._run = own.run

    def __call__(self, root: Element) -> None:
        if found := [element for element in root.iter() if _has_brace(element)]:
            self._run(_Some(found))  # type: ignore[arg-type]  # it asks for nothing but iter()


def _has_brace(element: Element) -> bool:
    if "{" in (element.text or "") or "{" in (element.tail or ""):
        return True
    return any("{" in child.tail for child in element if child.tail)


class _Some:
    """Some elements of a tree, in its order."""

    def __init__(self, elements: list[Element]) -> None:
        self._elements = elements

    def iter(self) -> Iterator[Element]:
        return iter(self._elements)


class _Contents:
    """The table of contents; the place for it is looked for only where its mark stands."""

    def __init__(self, own: Any) -> None:
        self._run, self._marker, self._replace = own.run, own.marker, own.replace_marker
        own.replace_marker = self._replaced

    def __call__(self, root: Element) -> None:
        self._run(root)

    def _replaced(self, root: Element, contents: Element) -> None:
        if any(element.text and self._marker in element.text for element in root.iter()):
            self._replace(root, contents)


class _Unescaped:
    """Escaped characters are numbers behind a mark that no other text has."""

    def __init__(self, own: UnescapeTreeprocessor) -> None:
        self._unescape = own.unescape

    def __call__(self, root: Element) -> None:
        for element in root.iter():
            if (text := element.text) and STX in text and element.tag != "code":
                element.text = self._unescape(text)
            if (tail := element.tail) and STX in tail:
                element.tail = self._unescape(tail)
            for key, value in element.items():
                if value and STX in value:
                    element.set(key, self._unescape(value))


class _RawHtml:
    """Only where a placeholder stands anything was taken out; each heading is asked for it."""

    def __init__(self, own: RawHtmlPostprocessor) -> None:
        self._run = own.run

    def __call__(self, text: str) -> str:
        return self._run(text) if _TAKEN_OUT in text else text


_WAYS: dict[type, Any] = {
    NormalizeWhitespace: _Whitespace,
    HtmlBlockPreprocessor: _HtmlBlocks,
    md_in_html.HtmlBlockPreprocessor: _HtmlBlocks,
    AttrListTreeprocessor: _AttributeLists,
    TocTreeprocessor: _Contents,
    UnescapeTreeprocessor: _Unescaped,
    RawHtmlPostprocessor: _RawHtml,
    md_in_html.MarkdownInHTMLPostprocessor: _RawHtml,
}


def serialized(root: Element) -> str:
    """The same as Python-Markdown's `to_xhtml_string`, which takes each element through a dozen questions."""
    found: list[str] = []
    write = found.append
    stack: list[Any] = [root]
    while stack:
        element = stack.pop()
        if isinstance(element, str):
            write(element)
            continue
        if not isinstance(tag := element.tag, str):
            return to_xhtml_string(root)  # a comment, an instruction, a name with a namespace, or none
        opening, closing, plain = _tags(tag)
        write(opening)
        if attributes := element.attrib:
            for key, value in sorted(attributes.items()):
                if not isinstance(key, str) or not isinstance(value, str):
                    return to_xhtml_string(root)
                write(f' {key}="{_attribute(value)}"')
        if not closing:
            write(" />")
        else:
            write(">")
            if text := element.text:
                write(_escaped(text) if plain else text)
            if len(element):
                stack += (f"{closing}{_escaped(element.tail or '')}", *reversed(element))
                continue
            write(closing)
        if tail := element.tail:
            write(_escaped(tail))
    return "".join(found)


@lru_cache(1024)
def _tags(tag: str) -> tuple[str, str, bool]:
    """How an element begins and ends, which does not if it is empty, and whether its text is escaped."""
    empty = tag.lower() in _HTML_EMPTY
    return f"<{tag}", "" if empty else f"</{tag}>", tag.lower() not in ("script", "style")


_attribute: Callable[[str], str] = lru_cache(4096)(_inner._escape_attrib_html)

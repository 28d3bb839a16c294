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
from markdown.treeprocessors import PrettifyTreeprocessor, UnescapeTreeprocessor
from markdown.util import ETX, HTML_PLACEHOLDER, STX, AtomicString

from kbtool.core.quick_toc import Contents

_inner: Any = serializers  # its types say nothing of these
_HTML_EMPTY: frozenset[str] = _inner.HTML_EMPTY
_escaped: Callable[[str], str] = _inner._escape_cdata
_TAKEN_OUT = HTML_PLACEHOLDER.partition("%")[0]
_NUMBER = re.compile(f"{_TAKEN_OUT}([0-9]+){ETX}")
_BLANK = re.compile(r"(?<=\n) +\n")
_ID_ALONE = re.compile(r"#([\w-]+) *")


def install(markdown: Markdown) -> None:
    """Put the quick ways in place of those that are Python-Markdown's own."""
    for item in (*markdown.preprocessors, *markdown.treeprocessors, *markdown.postprocessors):
        if way := _WAYS.get(type(item)):
            item.run = way(item)
    if markdown.serializer is to_xhtml_string:
        markdown.serializer = serialized


class _Whitespace:
    """The same lines; what tries every character is left out where it would find nothing."""

    def __init__(self, own: NormalizeWhitespace) -> None:
        self._tab = own.md.tab_length

    def __call__(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines).replace(STX, "").replace(ETX, "")
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = (text.expandtabs(self._tab) if "\t" in text else text) + "\n\n"
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
        self._run, self._assign = own.run, own.assign_attrs
        own.assign_attrs = self._assigned  # type: ignore[method-assign, assignment]  # by position

    def __call__(self, root: Element) -> None:
        elements = list(root.iter())
        if "{" in "".join([element.tail for element in elements if element.tail]):
            found = [element for element in elements if _has_brace(element)]
        else:
            found = [element for element in elements if (text := element.text) and "{" in text]
        if found:
            self._run(_Some(found))  # type: ignore[arg-type]  # it asks for nothing but iter()

    def _assigned(self, element: Element, said: str, *, strict: bool = False) -> str:
        """An id alone needs no scanner."""
        if found := _ID_ALONE.fullmatch(said):
            element.set("id", found[1])
            return ""
        return self._assign(element, said, strict=strict)


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


class _Pretty:
    """Line breaks between blocks; what each tag is, is asked once."""

    def __init__(self, own: PrettifyTreeprocessor) -> None:
        self._is_block = own.md.is_block_level

    def __call__(self, root: Element) -> None:
        blocks: dict[Any, bool] = {}
        is_block = self._is_block
        stack = [root]
        for element in stack:  # it grows
            tag = element.tag
            if is_block(tag) and tag not in ("code", "pre") and len(element):
                inner = []
                for child in element:
                    if (known := blocks.get(child.tag)) is None:
                        known = blocks[child.tag] = is_block(child.tag)
                    if known:
                        inner.append(child)
                if not ((text := element.text) and text.strip()) and blocks[element[0].tag]:
                    element.text = "\n"
                stack += inner
            if not ((tail := element.tail) and tail.strip()):
                element.tail = "\n"
        for line_break in root.iter("br"):
            tail = line_break.tail
            line_break.tail = f"\n{tail}" if tail and tail.strip() else "\n"
        for block in root.iter("pre"):
            if len(block) and (code := block[0]).tag == "code" and not len(code) and code.text is not None:
                code.text = AtomicString(f"{code.text.rstrip()}\n")


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
    """What was taken out, put back where a placeholder stands; each heading is asked for it."""

    def __init__(self, own: RawHtmlPostprocessor) -> None:
        self._own: Any = own

    def __call__(self, text: str) -> str:
        if _TAKEN_OUT not in text:
            return text
        stash = self._own.md.htmlStash
        parts, at, looked = [], 0, 0
        while (begin := text.find(_TAKEN_OUT, looked)) >= 0:
            looked = begin + 1
            found = _NUMBER.match(text, begin)
            if not found or (number := int(found[1])) >= stash.html_counter:
                continue
            end = found.end()
            html = self._own.stash_to_string(stash.rawHtmlBlocks[number])
            if text.endswith("<p>", at, begin) and text.startswith("</p>", end):
                begin, end = begin - 3, end + 4
                if not self._own.isblocklevel(html):
                    html = f"<p>{html}</p>"
            parts += [text[at:begin], self(html) if _TAKEN_OUT in html else html]
            at = looked = end
        return "".join([*parts, text[at:]])


_WAYS: dict[type, Any] = {
    NormalizeWhitespace: _Whitespace,
    HtmlBlockPreprocessor: _HtmlBlocks,
    md_in_html.HtmlBlockPreprocessor: _HtmlBlocks,
    AttrListTreeprocessor: _AttributeLists,
    TocTreeprocessor: Contents,
    PrettifyTreeprocessor: _Pretty,
    UnescapeTreeprocessor: _Unescaped,
    RawHtmlPostprocessor: _RawHtml,
    md_in_html.MarkdownInHTMLPostprocessor: _RawHtml,
}


def serialized(root: Element) -> str:
    """The same as Python-Markdown's `to_xhtml_string`, which takes each element through a dozen questions."""
    found: list[str] = []
    try:
        _write(root, found.append)
    except (_Odd, RecursionError):
        return to_xhtml_string(root)
    return "".join(found)


class _Odd(Exception):
    """A comment, an instruction, a name with a namespace, or none."""


def _write(element: Element, write: Callable[[str], None]) -> None:
    tag = element.tag
    if not isinstance(tag, str):
        raise _Odd
    opening, closing, plain = _tags(tag)
    # to ask for `attrib` would make a dictionary for each element that has none
    if attributes := element.items():
        for key, value in sorted(attributes):
            if not isinstance(key, str) or not isinstance(value, str):
                raise _Odd
            opening += f' {key}="{_attribute(value)}"'
    text, tail = element.text or "", element.tail or ""
    if plain and ("&" in text or "<" in text or ">" in text):
        text = _escaped(text)
    if "&" in tail or "<" in tail or ">" in tail:
        tail = _escaped(tail)
    if not closing:
        write(f"{opening} />{tail}")
    elif len(element):
        write(f"{opening}>{text}")
        for child in element:
            _write(child, write)
        write(closing + tail)
    else:
        write(f"{opening}>{text}{closing}{tail}")


@lru_cache(1024)
def _tags(tag: str) -> tuple[str, str, bool]:
    """How an element begins and ends, which does not if it is empty, and whether its text is escaped."""
    empty = tag.lower() in _HTML_EMPTY
    return f"<{tag}", "" if empty else f"</{tag}>", tag.lower() not in ("script", "style")


_attribute: Callable[[str], str] = lru_cache(4096)(_inner._escape_attrib_html)

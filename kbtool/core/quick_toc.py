"""The table of contents: headings that are plain words are not written as HTML to be read again.

Python-Markdown writes each heading, takes its tags off and its placeholders out, and draws up a list of all headings,
whether the page shows one or not.
"""

from __future__ import annotations

import html
import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown.extensions import md_in_html, toc
from markdown.extensions.footnotes import FootnotePostprocessor
from markdown.extensions.toc import (
    TocTreeprocessor,
    escape_cdata,
    remove_fnrefs,
    render_inner_html,
    run_postprocessors,
    strip_tags,
    unescape,
)
from markdown.postprocessors import AndSubstitutePostprocessor, RawHtmlPostprocessor
from markdown.util import ETX, STX

#: These change nothing in a text without a placeholder.
_ENDS = frozenset({
    RawHtmlPostprocessor, md_in_html.MarkdownInHTMLPostprocessor, AndSubstitutePostprocessor, FootnotePostprocessor,
})  # fmt: skip
_inner: Any = toc  # its types are those of another version
_ODD = re.compile(f"[&<>{STX}{ETX}]")


class Contents:
    """In place of `TocTreeprocessor.run`, line by line the same, but that `md.toc` stays empty: nobody asks for it."""

    def __init__(self, own: TocTreeprocessor) -> None:
        self._own: Any = own
        self._is_heading: Any = own.header_rgx.match

    def __call__(self, root: Element) -> None:
        own: Any = self._own
        elements = list(root.iter())
        # to ask for `attrib` would make a dictionary for each element that has none
        ids = {name for element in elements if (name := element.get("id")) is not None}
        counters: dict[str, int] = {}
        is_heading = self._is_heading
        tokens = [
            self._heading(element, ids, counters)
            for element in elements
            if isinstance(tag := element.tag, str) and tag[:1] in "Hh" and is_heading(tag)
        ]
        shown = [token for token in tokens if own.toc_top <= token["level"] <= own.toc_bottom]
        own.md.toc_tokens = _inner.nest_toc_tokens(shown)
        if own.marker and own.marker in "\0".join([element.text for element in root.iter() if element.text]):
            own.replace_marker(root, own.build_toc_div(own.md.toc_tokens))

    def _heading(self, element: Element, ids: set[str], counters: dict[str, int]) -> dict[str, Any]:
        """Give a heading its id and its links; what the table of contents says of it."""
        own: Any = self._own
        own.set_level(element)
        inner, name = _words(element, own.md)
        attributes = element.attrib
        if "id" not in attributes:
            attributes["id"] = _inner.unique(own.slugify(html.unescape(name), own.sep), ids, counters)
        label = ""
        if "data-toc-label" in attributes:
            label = run_postprocessors(unescape(attributes["data-toc-label"]), own.md)
            name = escape_cdata(strip_tags(label))
            del attributes["data-toc-label"]
        name_of = attributes["id"]
        token = {
            "level": int(element.tag[-1]),
            "id": unescape(name_of) if STX in name_of else name_of,
            "name": name,
            "html": inner,
            "data-toc-label": label,
        }
        if own.use_anchors:
            own.add_anchor(element, name_of)
        if own.use_permalinks not in [False, None]:
            own.add_permalink(element, name_of)
        return token


def plain_words(element: Element, md: Any) -> str:
    """The text of a heading that holds nothing but words; empty where there may be more to it."""
    text = element.text or ""
    plain = text and not len(element) and not _ODD.search(text) and _ENDS.issuperset(map(type, md.postprocessors))
    return text.strip() if plain else ""


def _words(element: Element, md: Any) -> tuple[str, str]:
    """What a heading says, as HTML and without tags."""
    if plain := plain_words(element, md):
        return plain, " ".join(plain.split())
    inner = render_inner_html(remove_fnrefs(element), md)
    return inner, strip_tags(inner)

"""Headings keep the addresses that the stage gives them, also where mkdocs.yml knows no attribute lists."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

_LIST = re.compile(r"[ \t]+\{ #([^\s}]+)[^}\n]* \}[ \t]*$")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
#: after inline markup (20), before the table of contents (5): where attr_list itself stands
_PRIORITY = 8


class HeadingIds(Treeprocessor):
    """Reads `## Heading { #address }`, and nothing else that attr_list reads."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag in _HEADINGS:
                _give_id(element)


def register(markdown: Markdown) -> None:
    """Read headings' addresses, unless attr_list does."""
    if "attr_list" not in markdown.treeprocessors:
        markdown.treeprocessors.register(HeadingIds(markdown), "kbtool-heading-ids", _PRIORITY)


def _give_id(heading: Element) -> None:
    """Take the list from the end of the heading's words; they end behind its last child, where it has one."""
    last = heading[-1] if len(heading) else None
    words = (heading.text if last is None else last.tail) or ""
    if found := _LIST.search(words):
        heading.set("id", found[1])
        rest = words[: found.start()]
        if last is None:
            heading.text = rest
        else:
            last.tail = rest

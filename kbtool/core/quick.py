"""Python-Markdown's patterns, tried only on text that holds a character they need.

Two thirds of rendering a page is spent on trying twenty patterns on every stretch of text, most of which holds no
markup at all. The outcome is the same; a pattern that is not listed here is tried always.
`quick_blocks`, `quick_tree` and `colours` do the same for what comes before and after.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import markdown as library
from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.inlinepatterns import (
    ImageReferenceInlineProcessor,
    ReferenceInlineProcessor,
    ShortImageReferenceInlineProcessor,
    ShortReferenceInlineProcessor,
)
from markdown.treeprocessors import InlineProcessor
from markdown.util import STX, AtomicString

from kbtool.core import colours, quick_blocks, quick_line

#: The version whose inner workings `QuickInline.run` and `quick_tree` know; with others they leave them alone.
TRIED = "3.11."

#: By the name an extension registers its pattern under: what has to be there, one or the other, for it to match.
NEEDS = {
    "backtick": ("`", "`"),
    "arithmatex-inline": ("$", "\\"),
    "escape": ("\\", "\\"),
    "footnote": ("[^", "[^"),
    "reference": ("[", "["),
    "link": ("](", "]("),
    "image_link": ("![", "!["),
    "image_reference": ("![", "!["),
    "short_reference": ("[", "["),
    "short_image_ref": ("![", "!["),
    "autolink": ("<", "<"),
    "automail": ("<", "<"),
    "linebreak": ("  \n", "  \n"),
    "html": ("<", "<"),
    "entity": ("&", "&"),
    "emoji": (":", ":"),
    "keys": ("++", "++"),
    "keys-custom": ("++", "\\"),
}


#: These do nothing where the page defines no reference. A subclass may know others.
_REFERENCES = frozenset({
    ReferenceInlineProcessor, ShortReferenceInlineProcessor, ImageReferenceInlineProcessor,
    ShortImageReferenceInlineProcessor,
})  # fmt: skip


class QuickInline(InlineProcessor):
    """In place of Python-Markdown's own inline processor; use `install`.

    It replaces a private method, so a later Python-Markdown that has renamed it simply runs its own.
    """

    def __init__(self, md: Markdown, packages: Container[str]) -> None:
        super().__init__(md)
        patterns = list(md.inlinePatterns)
        # The registry looks a pattern up by number a thousand times a page, each time through three calls.
        self.inlinePatterns = patterns  # type: ignore[assignment]
        needs = {md.inlinePatterns[name]: need for name, need in NEEDS.items() if name in md.inlinePatterns}
        needs |= {pattern: need for pattern in patterns if (need := _tokens(pattern))}
        tries = [(number, pattern, *needs.get(pattern, ("", ""))) for number, pattern in enumerate(patterns)]
        bare = [each for each in tries if type(each[1]) not in _REFERENCES]
        #: by the pattern to begin with: those that follow, and those of them that need no definition
        self._tries = [[each for each in tries if each[0] >= at] for at in range(len(tries) + 1)]
        self._bare = [[each for each in bare if each[0] >= at] for at in range(len(tries) + 1)]
        #: what any pattern needs, or a placeholder; one is in every text where a pattern is always tried
        self._marks = _least({STX, *(mark for _, _, *pair in tries for mark in pair)})
        self._line = quick_line.line_of(patterns, self._marks, packages)

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        if isinstance(data, AtomicString):
            return data
        apply = self._InlineProcessor__applyPattern  # type: ignore[attr-defined]
        for number, pattern, this, that in (self._tries if self.md.references else self._bare)[patternIndex]:
            if this in data or that in data:
                matched, start = True, 0
                while matched:
                    data, matched, start = apply(pattern, data, number, start)
        return data

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """As Python-Markdown's own, line by line, but that a text without any mark is left where it is."""
        if not library.__version__.startswith(TRIED):
            return super().run(tree, ancestors)
        marks = self._marks
        self.stashed_nodes: dict[str, Element | str] = {}
        stack = [(tree, [*(ancestors or ()), tree.tag.lower()])]
        for element, above in stack:  # it grows
            self.ancestors = above
            if element is not tree:
                above.append(element.tag.lower())
            for child in element:
                has_more = len(child)
                if text := child.text:
                    for mark in marks:
                        if mark in text:
                            self._inside(child, text, stack)
                            break
                if tail := child.tail:
                    for mark in marks:
                        if mark in tail:
                            self._behind(element, child, tail)
                            break
                if has_more:
                    stack.append((child, above[:]))
        return tree

    def _inside(self, child: Element, text: str, stack: list[tuple[Element, list[str]]]) -> None:
        """Put what becomes of an element's text into it."""
        if isinstance(text, AtomicString):
            return
        if not self.md.references and (line := self._line(text)):
            child.text, elements = line
        else:
            self.ancestors.append(child.tag.lower())
            child.text = None
            found = self._placed(text, child)
            stack += found
            self.ancestors.pop()
            elements = [new for new, _ in found]
        for at, new in enumerate(elements):
            child.insert(at, new)

    def _behind(self, element: Element, child: Element, tail: str) -> None:
        """Put what becomes of the text behind a child into its parent."""
        holder = Element("d")
        child.tail = None
        found = self._placed(tail, holder, is_text=False)
        if holder.tail:
            child.tail = holder.tail
        at = list(element).index(child) + 1
        for new, _ in reversed(found):
            element.insert(at, new)

    def _placed(self, text: str, parent: Element, *, is_text: bool = True) -> list[tuple[Element, list[str]]]:
        own: Any = self
        found: list[tuple[Element, list[str]]] = own._InlineProcessor__processPlaceholders(
            own._InlineProcessor__handleInline(text), parent, is_text
        )
        return found


def _least(marks: Collection[str]) -> list[str]:
    """Marks of which one is in every text that holds any of `marks`."""
    return [mark for mark in sorted(marks) if not any(other in mark for other in marks if other != mark)]


def _tokens(pattern: Any) -> tuple[str, str] | None:
    """What the one pattern of all emphasis needs: the characters that extensions have given it."""
    tokens: list[str] = getattr(pattern, "tokens", [])
    known = "|".join(map(re.escape, tokens)) == getattr(pattern, "pattern", None)
    return (tokens[0], tokens[-1]) if known and 0 < len(tokens) < 3 else None


def install(markdown: Markdown) -> None:
    """Make `markdown` quick; to be called when all its extensions are set up."""
    packages = [*tried()]
    colours.remember(markdown)
    markdown.treeprocessors.register(QuickInline(markdown, packages), "inline", 20)
    if type(markdown.parser) is BlockParser:
        quick_blocks.install(markdown.parser, packages)
    # Asked five hundred times a page, about two dozen tags.
    markdown.is_block_level = lru_cache(1024)(markdown.is_block_level)  # type: ignore[method-assign]
    if "markdown" in packages:
        from kbtool.core import quick_marks, quick_tree  # late: they name what other versions may not have

        quick_marks.install(markdown.inlinePatterns, packages)
        quick_tree.install(markdown)


def keep_places(markdown: Markdown) -> None:
    """Let what is registered again, under its name and with its priority, take its old place: nothing is sorted anew.

    For who registers the same few things for each page, after all others.
    """
    if not library.__version__.startswith(TRIED):
        return
    for registry in (markdown.preprocessors, markdown.treeprocessors):
        _keep_places(registry)


def _keep_places(registry: Any) -> None:
    own, places = registry.register, dict[str, float]()

    def register(item: Any, name: str, priority: float) -> None:
        if places.get(name) == priority and name in registry:
            registry._data[name] = item
        else:
            own(item, name, priority)
            places[name] = priority

    registry.register = register


def tried() -> Iterator[str]:
    """The packages that are here in versions whose inner workings are known."""
    if library.__version__.startswith(TRIED):
        yield "markdown"
        if colours.tried():
            yield "pymdownx"

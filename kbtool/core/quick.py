"""Python-Markdown's patterns, tried only on text that holds a character they need.

Two thirds of rendering a page is spent on trying twenty patterns on every block and every stretch of text, most of
which holds no markup at all. The outcome is the same; a pattern that is not listed here is tried always.
`quick_tree` and `colours` do the same for what comes before and after.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import markdown as library
from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.treeprocessors import InlineProcessor
from markdown.util import STX, AtomicString

from kbtool.core import colours

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


class QuickInline(InlineProcessor):
    """In place of Python-Markdown's own inline processor; use `install`.

    It replaces a private method, so a later Python-Markdown that has renamed it simply runs its own.
    """

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        patterns = list(md.inlinePatterns)
        # The registry looks a pattern up by number a thousand times a page, each time through three calls.
        self.inlinePatterns = patterns  # type: ignore[assignment]
        needs = {md.inlinePatterns[name]: need for name, need in NEEDS.items() if name in md.inlinePatterns}
        needs |= {pattern: need for pattern in patterns if (need := _tokens(pattern))}
        self._tries = [(pattern, *needs.get(pattern, ("", ""))) for pattern in patterns]
        marks = {mark for _, *pair in self._tries for mark in pair}
        #: finds what any pattern needs, or a placeholder; it finds everything where a pattern is always tried
        self._marked = re.compile("|".join(map(re.escape, sorted({STX, *marks})))).search

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        if isinstance(data, AtomicString):
            return data
        apply = self._InlineProcessor__applyPattern  # type: ignore[attr-defined]
        for number, (pattern, this, that) in enumerate(self._tries[patternIndex:], patternIndex):
            if this in data or that in data:
                matched, start = True, 0
                while matched:
                    data, matched, start = apply(pattern, data, number, start)
        return data

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """As Python-Markdown's own, line by line, but that a text without any mark is left where it is."""
        if not library.__version__.startswith(TRIED):
            return super().run(tree, ancestors)
        handle, place = self._InlineProcessor__handleInline, self._InlineProcessor__processPlaceholders  # type: ignore[attr-defined]
        marked = self._marked
        self.stashed_nodes: dict[str, Element | str] = {}
        stack = [(tree, [*(ancestors or ()), tree.tag.lower()])]
        for element, above in stack:  # it grows
            self.ancestors = above
            if element is not tree:
                above.append(element.tag.lower())
            inserted = []
            for child in element:
                if (text := child.text) and marked(text) and not isinstance(text, AtomicString):
                    above.append(child.tag.lower())
                    child.text = None
                    found = place(handle(text), child)
                    stack += found
                    inserted.append((child, found))
                    above.pop()
                if (tail := child.tail) and marked(tail):
                    holder = Element("d")
                    child.tail = None
                    found = place(handle(tail), holder, False)
                    if holder.tail:
                        child.tail = holder.tail
                    at = list(element).index(child) + 1
                    for new, _ in reversed(found):
                        element.insert(at, new)
                if len(child):
                    stack.append((child, above[:]))
            for child, found in inserted:
                for at, (new, _) in enumerate(found):
                    child.insert(at, new)
        return tree


def _tokens(pattern: Any) -> tuple[str, str] | None:
    """What the one pattern of all emphasis needs: the characters that extensions have given it."""
    tokens: list[str] = getattr(pattern, "tokens", [])
    known = "|".join(map(re.escape, tokens)) == getattr(pattern, "pattern", None)
    return (tokens[0], tokens[-1]) if known and 0 < len(tokens) < 3 else None


#: By class: what has to be in a block, one or the other, for this processor to take it. A subclass may take others.
BLOCK_NEEDS = {
    "markdown.blockprocessors.ListIndentProcessor": ("    ", "    "),
    "markdown.blockprocessors.CodeBlockProcessor": ("    ", "    "),
    "markdown.extensions.def_list.DefListIndentProcessor": ("    ", "    "),
    "pymdownx.superfences.SuperFencesCodeBlockProcessor": ("    ", "    "),
    "markdown.blockprocessors.OListProcessor": (". ", ". "),
    "markdown.blockprocessors.HashHeaderProcessor": ("#", "#"),
    "markdown.blockprocessors.SetextHeaderProcessor": ("\n=", "\n-"),
    "markdown.blockprocessors.BlockQuoteProcessor": (">", ">"),
    "markdown.blockprocessors.ReferenceProcessor": ("]:", "]:"),
    "markdown.extensions.abbr.AbbrBlockprocessor": ("*[", "*["),
    "markdown.extensions.def_list.DefListProcessor": (": ", ": "),
    "markdown.extensions.footnotes.FootnoteBlockProcessor": ("[^", "[^"),
    "markdown.extensions.md_in_html.MarkdownInHtmlProcessor": (STX, STX),
    "markdown.extensions.tables.TableProcessor": ("|", "|"),
    "markdown.extensions.admonition.AdmonitionProcessor": ("!!!", "!!!"),
    "pymdownx.details.DetailsProcessor": ("???", "???"),
    "pymdownx.tabbed.TabbedProcessor": ("===", "==="),
    "pymdownx.blocks.BlocksProcessor": ("///", "///"),
}
_Test = Callable[[Element, str], bool]
_Run = Callable[[Element, list[str]], "bool | None"]


class _QuickBlocks:
    """In place of a parser's `parseBlocks`, and the same but for the processors that need not be asked."""

    def __init__(self, parser: BlockParser) -> None:
        self._tries: list[tuple[str, str, _Waiting | None, _Test, _Run]] = []
        known = BLOCK_NEEDS if parser.md.tab_length == 4 else {}
        for processor in parser.blockprocessors:
            kind = type(processor)
            this, that = known.get(f"{kind.__module__}.{kind.__qualname__}", ("", ""))
            waiting = (
                _Waiting(processor) if hasattr(processor, "current_sibling") or hasattr(processor, "stack") else None
            )
            self._tries.append((this, that, waiting, processor.test, processor.run))

    def __call__(self, parent: Element, blocks: list[str]) -> None:
        while blocks:
            block = blocks[0]
            for this, that, waiting, test, run in self._tries:
                if this not in block and that not in block and not (waiting and waiting.for_more(block)):
                    continue
                if test(parent, block):
                    if run(parent, blocks) is not False:
                        break
                    block = blocks[0]


class _Waiting:
    """Whether a processor may want a block without its mark: what is indented, or what stands in an open block."""

    def __init__(self, processor: Any) -> None:
        self._processor = processor
        self._indent = " " * processor.tab_length if hasattr(processor, "current_sibling") else None
        self._stack = getattr(processor, "stack", ())

    def for_more(self, block: str) -> bool:
        if self._indent is None:
            return bool(self._stack)
        return block.startswith(self._indent) or self._processor.current_sibling is not None


def install(markdown: Markdown) -> None:
    """Make `markdown` quick; to be called when all its extensions are set up."""
    markdown.treeprocessors.register(QuickInline(markdown), "inline", 20)
    if type(markdown.parser) is BlockParser:
        markdown.parser.parseBlocks = _QuickBlocks(markdown.parser)  # type: ignore[method-assign]
    # Asked five hundred times a page, about two dozen tags.
    markdown.is_block_level = lru_cache(1024)(markdown.is_block_level)  # type: ignore[method-assign]
    colours.remember(markdown)
    if library.__version__.startswith(TRIED):
        from kbtool.core import quick_tree  # late: it names what other versions may not have

        quick_tree.install(markdown)

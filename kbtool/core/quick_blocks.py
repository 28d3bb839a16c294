"""Python-Markdown's blocks, each offered only to the processors that may take it.

Most blocks of a page are a line of words, which one of twenty processors takes; to be asked costs the others as much
as the whole paragraph. The outcome is the same; a processor that is not listed here is asked always.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from typing import Any, Protocol
from xml.etree.ElementTree import Element, SubElement

from markdown.blockparser import BlockParser
from markdown.blockprocessors import HashHeaderProcessor, HRProcessor, ParagraphProcessor
from markdown.extensions.tables import TableProcessor
from markdown.util import STX

from kbtool.core.tables import bars_are_plain

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
#: These leave a block alone that is one line and begins with a letter, unless they wait for it: each of them wants
#: another sign where a line begins, or a second line. But for one, they leave a heading alone, too.
_AT_LINE_STARTS = {
    *BLOCK_NEEDS,
    "markdown.blockprocessors.EmptyBlockProcessor",
    "markdown.blockprocessors.HRProcessor",
    "markdown.blockprocessors.UListProcessor",
}
_Test = Callable[[Element, str], bool]
_Run = Callable[[Element, list[str]], "bool | None"]


def install(parser: BlockParser, packages: Container[str]) -> None:
    """Put the quick way in place of a parser's own.

    `packages` are those whose processors are the ones known here: `markdown`, `pymdownx`.
    """
    for processor in parser.blockprocessors:
        name = _name(processor)
        if name in _WAYS and name.partition(".")[0] in packages:
            _WAYS[name](processor)
    parser.parseBlocks = _QuickBlocks(parser, quick_headings="markdown" in packages)  # type: ignore[method-assign]


def _name(processor: object) -> str:
    kind = type(processor)
    return f"{kind.__module__}.{kind.__qualname__}"


class _QuickBlocks:
    """In place of a parser's `parseBlocks`, and the same but for the processors that need not be asked."""

    def __init__(self, parser: BlockParser, *, quick_headings: bool) -> None:
        self._state: list[Any] = parser.state
        self._tries: list[tuple[str, str, _Waiting | None, list[Any], _Test, _Run]] = []
        #: may want what comes next: below one that it has made, or in a block that is open
        self._waiting: list[_Waiting] = []
        self._open: list[list[Any]] = []
        #: take a line of words, and a heading, that nothing waits for, if no processor is a stranger
        self._words: _Run | None = None
        self._heading: _Run | None = None
        usual, strange = parser.md.tab_length == 4, False
        for processor in parser.blockprocessors:
            name = _name(processor)
            this, that = BLOCK_NEEDS.get(name, ("", "")) if usual else ("", "")
            waiting: Any = processor if hasattr(processor, "current_sibling") else None
            stack: list[Any] = [] if waiting else getattr(processor, "stack", [])
            self._tries.append((this, that, waiting, stack, processor.test, processor.run))
            if type(processor) is ParagraphProcessor and usual and not strange:
                self._words = processor.run
            elif type(processor) is HashHeaderProcessor and quick_headings and usual and not strange:
                self._heading = processor.run
            elif waiting:
                self._waiting.append(waiting)
            if hasattr(processor, "stack"):
                self._open.append(stack)
            strange = strange or name not in _AT_LINE_STARTS

    def __call__(self, parent: Element, blocks: list[str]) -> None:
        words, heading, state = self._words, self._heading, self._state
        while blocks:
            block = blocks[0]
            if heading and block[:1] == "#" and _is_plain_line(block) and not self._is_waited_for():
                heading(parent, blocks)
                continue
            if words and block[:1].isalpha() and "\n" not in block and not self._is_waited_for():
                if state and state[-1] == "list":
                    words(parent, blocks)
                else:
                    del blocks[0]
                    SubElement(parent, "p").text = block
                continue
            indented = block.startswith("    ")
            for this, that, waiting, stack, test, run in self._tries:
                # without its mark it may be what is indented below one, or stands in an open block
                if (
                    this not in block
                    and (that is this or that not in block)
                    and not stack
                    and not (waiting and (indented or waiting.current_sibling is not None))
                ):
                    continue
                if test(parent, block):
                    if run(parent, blocks) is not False:
                        break
                    block = blocks[0]
                    indented = block.startswith("    ")

    def _is_waited_for(self) -> bool:
        """Whether a processor takes what comes next, whatever it is, as long as it is not indented."""
        return any(self._open) or any(waiting.current_sibling is not None for waiting in self._waiting)


class _Waiting(Protocol):
    """A processor of what is indented below its mark."""

    current_sibling: object


# -- processors whose own patterns are slow: they try every character of a block


def _headings(own: HashHeaderProcessor) -> None:
    """A heading that is all of its block, as it mostly is."""
    test, run = own.test, own.run

    def is_heading(parent: Element, block: str) -> bool:
        return (block[:1] == "#" and _is_plain_line(block)) or test(parent, block)

    def heading(parent: Element, blocks: list[str]) -> None:
        block = blocks[0]
        if block[:1] != "#" or not _is_plain_line(block):
            run(parent, blocks)
            return
        del blocks[0]
        level = min(6, len(block) - len(block.lstrip("#")))
        SubElement(parent, f"h{level}").text = block[level:].rstrip("#").strip()

    own.test, own.run = is_heading, heading  # type: ignore[method-assign]


def _is_plain_line(block: str) -> bool:
    return "\n" not in block and "\\" not in block


def _rules(own: HRProcessor) -> None:
    """A rule is a line that begins with what it is made of."""
    test, begins = own.test, re.compile(r"\n {0,3}[-_*]").search

    def is_rule(parent: Element, block: str) -> bool:
        first = block.lstrip(" ")[:1]
        return (first in "-_*" or ("\n" in block and begins(block) is not None)) and test(parent, block)

    own.test = is_rule  # type: ignore[method-assign]


def _tables(own: TableProcessor) -> None:
    """Rows in which a bar is the end of a cell, and nothing else."""
    inner: Any = own
    split_row, split = inner._split_row, inner._split

    def row(text: str) -> list[str]:
        if "\\" in text or "\n" in text:
            found: list[str] = split_row(text)
            return found
        return cells(text.removeprefix("|").removesuffix("|") if inner.border else text)

    def cells(text: str) -> list[str]:
        if not bars_are_plain(text):
            found: list[str] = split(text)
            return found
        return text.split("|")

    inner._split_row = row


def _marked(name: str, mark: str) -> Callable[[Any], None]:
    """For processors that are also asked for what is indented below them, where their mark is not."""

    def quicken(own: Any) -> None:
        setattr(own, name, _Sought(getattr(own, name), mark))

    return quicken


class _Sought:
    """A pattern that is tried only where its mark stands."""

    def __init__(self, pattern: re.Pattern[str], mark: str) -> None:
        self._search, self._mark = pattern.search, mark

    def search(self, text: str) -> re.Match[str] | None:
        return self._search(text) if self._mark in text else None


_WAYS: dict[str, Callable[[Any], None]] = {
    "markdown.blockprocessors.HashHeaderProcessor": _headings,
    "markdown.blockprocessors.HRProcessor": _rules,
    "markdown.extensions.tables.TableProcessor": _tables,
    "markdown.extensions.admonition.AdmonitionProcessor": _marked("RE", "!!!"),
    "pymdownx.details.DetailsProcessor": _marked("START", "???"),
    "pymdownx.tabbed.TabbedProcessor": _marked("START", "==="),
}

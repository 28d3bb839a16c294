"""Blocks for some readers only: `/// agent` … `///` inside an article.

For the agents' edition this is a Markdown extension that marks them as notes; for every other edition they are cut
out of the source before MkDocs sees it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kbtool.core.audience import AUDIENCES, PUBLIC, may_read, rank
from kbtool.core.errors import KbError
from kbtool.core.model import Audience
from kbtool.site.fences import fenced

if TYPE_CHECKING:
    from markdown import Extension

#: Names of blocks that mean nothing about the reader; everything else that is no audience counts as internal.
PLAIN_BLOCKS = frozenset({
    "admonition", "details", "tab", "html", "definition", "caption", "figure-caption", "table-caption", "quote",
    "note", "attention", "caution", "danger", "error", "tip", "hint", "warning", "important", "abstract", "info",
    "success", "question", "failure", "bug", "example", "summary", "tldr", "todo", "check", "done", "help",
    "faq", "fail", "missing", "snippet", "cite", "seealso", "new", "settings",
})  # fmt: skip
INTERNAL_BLOCKS = tuple(a for a in AUDIENCES if a != PUBLIC)

_PREFIX = r"[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*"
_OPEN = re.compile(rf"{_PREFIX}(?P<mark>/{{3,}})[ \t]*(?P<name>[\w-]+)[ \t]*(?:\|.*)?$")
_CLOSE = re.compile(r"[ \t>]*(?P<mark>/{3,})[ \t]*$")


@dataclass(frozen=True, slots=True)
class InternalBlock:
    """Lines `first` to `last` (counted from 0, both included), for `audience`."""

    first: int
    last: int
    audience: str


@dataclass(slots=True)
class _Open:
    line: int
    length: int
    name: str


def internal_blocks(text: str, *, plain: Collection[str] = PLAIN_BLOCKS, where: str = "") -> list[InternalBlock]:
    """The blocks of a page that are not for everybody, outermost and nested ones, in the order they end.

    A name that is neither an audience nor a known block is internal, as an unknown audience is.
    Raises KbError with file and line for a block that is never closed or whose name is an audience misspelt.
    """
    lines = text.split("\n")
    code = fenced(lines)
    stack: list[_Open] = []
    found: list[InternalBlock] = []
    for number, raw in enumerate(lines):
        if code[number] or "///" not in raw:
            continue
        line = raw.rstrip("\r")
        if opened := _OPEN.match(line):
            name = opened["name"].lower()
            _refuse_misspelt(name, plain, f"{where}:{number + 1}")
            stack.append(_Open(number, len(opened["mark"]), name))
        elif (closed := _CLOSE.match(line)) and stack and stack[-1].length == len(closed["mark"]):
            block = stack.pop()
            if block.name not in plain:
                found.append(InternalBlock(block.line, number, block.name))
    for block in stack:
        if block.name not in plain:
            raise KbError(
                f"the block '{'/' * block.length} {block.name}' is never closed",
                where=f"{where}:{block.line + 1}",
                hint=f"end it with a line that holds only {'/' * block.length}",
            )
    return found


def _refuse_misspelt(name: str, plain: Collection[str], where: str) -> None:
    if name in plain or name in AUDIENCES:
        return
    near = difflib.get_close_matches(name, INTERNAL_BLOCKS, 1, cutoff=0.75)
    if near:
        raise KbError(f"unknown block '/// {name}'", where=where, hint=f"did you mean '/// {near[0]}'?")


def without_internal_blocks(
    text: str, reader: Audience, *, plain: Collection[str] = PLAIN_BLOCKS, where: str = ""
) -> str:
    """The page without the blocks that `reader` may not read; line ends elsewhere stay as they are.

    An unclosed block stops the build for every edition, so that nobody learns of it in the customers' one.
    """
    blocks = internal_blocks(text, plain=plain, where=where)
    if all(may_read(reader, b.audience) for b in blocks):
        return text
    lines = text.split("\n")
    drop: set[int] = set()
    for block in blocks:
        if not may_read(reader, block.audience):
            drop.update(range(block.first, block.last + 1))
    return "\n".join(line for number, line in enumerate(lines) if number not in drop)


def strictest(blocks: Collection[InternalBlock]) -> str:
    """The most internal audience among some blocks."""
    return max((b.audience for b in blocks), key=rank, default=PUBLIC)


def makeExtension(**options: Any) -> Extension:  # noqa: N802 – the name Python-Markdown looks for
    """The Markdown extension that shows internal blocks as marked notes; `titles` maps an audience to its words."""
    from kbtool.site.notes import InternalNotes

    return InternalNotes(**options)

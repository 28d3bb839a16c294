"""Blocks for some readers only: `/// agent` … `///` inside an article.

For the agents' edition this is a Markdown extension that marks them as notes; for every other edition they are cut
out of the source before MkDocs sees it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence
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
#: what other systems, and other extensions, would have before a name; here everybody would read what follows
_FOREIGN = re.compile(
    rf"^{_PREFIX}(?P<mark>//?|!!!|\?{{2,3}}\+?|:{{2,}}[ \t]*[{{.]*|\[!)[ \t]*(?:{'|'.join(INTERNAL_BLOCKS)})\b"
    r"(?P<rest>[^\n]*)$", re.I | re.M
)  # fmt: skip


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
    Raises KbError with file and line for a block that is never closed, whose name is an audience misspelt, or whose
    mark is that of another kind of block.
    """
    foreign = [*_FOREIGN.finditer(text)]
    if "///" not in text and not foreign:
        return []
    lines = [line.rstrip("\r") for line in text.split("\n")]
    code = fenced(lines)
    for found in foreign:
        _refuse_foreign(found, text.count("\n", 0, found.start("mark")), code, where)
    shown, sampled = _Marks(plain, where), _Marks(plain, where, sample=True)
    for number, line in enumerate(lines):
        if code[number]:
            sampled.take(number, line)
        if not code[number] or number + 1 == len(lines) or not code[number + 1]:
            # A block that opens in a sample and ends outside it is a fence in the wrong place, not a sample.
            sampled.refuse_open("in a code sample")
            sampled = _Marks(plain, where, sample=True)
        if not code[number]:
            shown.take(number, line)
    shown.refuse_open()
    shown.refuse_stray()
    return shown.found


class _Marks:
    """The marks of blocks, read line by line."""

    def __init__(self, plain: Collection[str], where: str, *, sample: bool = False) -> None:
        self.plain, self.where, self.sample = plain, where, sample
        self.stack: list[_Open] = []
        self.found: list[InternalBlock] = []
        self.stray: list[int] = []

    def take(self, number: int, line: str) -> None:
        if "///" not in line:
            return
        if opened := _OPEN.match(line):
            name = opened["name"].lower()
            if not self.sample:
                _refuse_misspelt(name, self.plain, f"{self.where}:{number + 1}")
            self.stack.append(_Open(number, len(opened["mark"]), name))
        elif closed := _CLOSE.match(line):
            if not self.stack:
                self.stray.append(number)
            elif self.stack[-1].length == len(closed["mark"]):
                block = self.stack.pop()
                if block.name not in self.plain:
                    self.found.append(InternalBlock(block.line, number, block.name))

    def refuse_open(self, place: str = "") -> None:
        for block in self.stack:
            if block.name not in self.plain:
                mark = "/" * block.length
                raise KbError(
                    f"the block '{mark} {block.name}' is never closed" + (f" {place}" if place else ""),
                    where=f"{self.where}:{block.line + 1}",
                    hint=f"end it with a line that holds only {mark}",
                )

    def refuse_stray(self) -> None:
        """A mark that ends nothing: an internal block above it may have ended earlier than its writer thinks."""
        if self.found and self.stray:
            raise KbError(
                "a line of slashes that ends no block",
                where=f"{self.where}:{self.stray[0] + 1}",
                hint="see whether the block above it ends where it should",
            )


def _refuse_misspelt(name: str, plain: Collection[str], where: str) -> None:
    if name in plain or name in AUDIENCES:
        return
    near = difflib.get_close_matches(name, INTERNAL_BLOCKS, 1, cutoff=0.75)
    if near:
        raise KbError(f"unknown block '/// {name}'", where=where, hint=f"did you mean '/// {near[0]}'?")


def _refuse_foreign(found: re.Match[str], number: int, code: Sequence[bool], where: str) -> None:
    """A note of another kind that is named like an audience; a sentence that begins in such a way is none."""
    is_note = found["mark"][0] in "!?" or not found["rest"].strip(" \t\r]}|")
    if is_note and not code[number]:
        name = found[0].strip()
        raise KbError(
            f"'{name}' hides nothing: everybody would read what follows", where=f"{where}:{number + 1}",
            hint="what only some may read stands between '/// agent' and '///'",
        )  # fmt: skip


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

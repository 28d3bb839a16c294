"""A page as lines: where each begins and ends, and how far it is indented."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

_LINE = re.compile(r"([ \t]*)([^\r\n]*)(?:\r\n|\n|\r|\Z)")
_QUOTE = re.compile(r">[ ]?([ \t]*)")
_NOT_PREFIX = re.compile(r"[^ \t>]")


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a page, or of the inside of a block quote; every position counts from the page's beginning.

    Line i starts at `start[i]`, its first character that is not white space stands at `first[i]` (`end[i]` if there
    is none) in column `column[i]`, and it ends, without its line break, at `end[i]`.
    """

    text: str
    number: list[int]
    start: list[int]
    first: list[int]
    end: list[int]
    column: list[int]

    def __len__(self) -> int:
        return len(self.start)

    def content(self, i: int) -> str:
        """The line without its indentation."""
        return self.text[self.first[i] : self.end[i]]

    def blank(self, i: int) -> bool:
        return self.first[i] == self.end[i]

    def prefix(self, i: int) -> str:
        """What a continuation of this line starts with: its indentation and quote marks, list markers blanked."""
        if self.start[i] == self.first[i]:
            return ""
        head = self.text[self.start[i] : self.first[i]]
        return _NOT_PREFIX.sub(" ", head) if head.strip(" \t>") else head

    def unquoted(self, lo: int, hi: int) -> Lines:
        """Lines lo to hi without one level of quote marks; lazy lines, which have none, stay as they are."""
        number, start, first, end, column = [], [], [], [], []
        for i in range(lo, hi):
            number.append(self.number[i])
            start.append(self.start[i])
            end.append(self.end[i])
            mark = _QUOTE.match(self.text, self.first[i], self.end[i])
            first.append(mark.end() if mark else self.first[i])
            column.append(width(mark[1]) if mark else min(self.column[i], 3))
        return Lines(self.text, number, start, first, end, column)


def cut(text: str) -> Lines:
    """All lines of a page; `\\n`, `\\r\\n` and `\\r` end a line, as they do for Python-Markdown."""
    if "\r" not in text:
        return _cut(text)
    number, start, first, end, column = [], [], [], [], []
    size = len(text)
    for n, line in enumerate(_LINE.finditer(text), 1):
        begin, begun = line.span(1)
        if begin == size:
            break
        number.append(n)
        start.append(begin)
        first.append(begun)
        end.append(line.end(2))
        column.append(width(line[1]))
    return Lines(text, number, start, first, end, column)


def _cut(text: str) -> Lines:
    """The same for a page whose lines all end in `\\n`, as they mostly do: list by list, which is far quicker."""
    lines = text.split("\n")
    if not lines[-1]:  # behind the last line break there is no line
        lines.pop()
    end = [at - 1 for at in accumulate([len(line) + 1 for line in lines])]
    start = [0, *[at + 1 for at in end[:-1]]] if lines else []
    first = [at - len(line.lstrip(" \t")) for at, line in zip(end, lines, strict=True)]
    column = [indented - at for at, indented in zip(start, first, strict=True)]
    if "\t" in text:
        column = [width(text[at:indented]) for at, indented in zip(start, first, strict=True)]
    return Lines(text, list(range(1, len(lines) + 1)), start, first, end, column)


def width(indentation: str) -> int:
    """How many columns an indentation takes: tabs stop at every fourth."""
    return len(indentation.expandtabs(4)) if "\t" in indentation else len(indentation)

"""Lists, indented as Python-Markdown nests them: four columns a level, whatever CommonMark allowed.

Code and converted blocks move as a whole, with the text they belong to; a list that begins right under a paragraph
gets the blank line without which it would be part of that paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kbtool.foreign.jsx import indent

_MARKER = re.compile(r"([-*+]|(\d{1,9})[.)])([ \t]+|$)")
_RULE = re.compile(r"([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_TABLE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a page, or a block whose lines belong together, at the column where it stood."""

    indent: int
    lines: tuple[str, ...]
    block: bool = False


def item(line: str) -> Item:
    """A line as it stands in the source; two blanks at its end break it, and stay."""
    bare = line.strip(" \t")
    return Item(indent(line), (f"{bare}  " if bare and line.endswith("  ") else bare,))


class _Nest:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.stack: list[int] = []  #: column at which the content of each open list item stands
        self.ordered: list[bool] = []  #: whether that item is numbered
        self.closed: bool | None = None  #: whether the list that just ended at this level was
        self.blank = True
        self.text = False  #: the line before was one of a paragraph

    def add(self, each: Item, following: Item | None) -> None:
        if not each.block and not each.lines[0].strip():
            self.out += [""] if self.out and self.out[-1] else []
            self.blank, self.text = True, False
        elif each.block:
            self._block(each)
        else:
            self._line(each, following)

    def _open(self, indent: int) -> int:
        """Close the lists that something at this column is not in; gives how far inside the last one it stands."""
        self.closed = None
        while self.stack and self.stack[-1] > indent:
            self.stack.pop()
            self.closed = self.ordered.pop()
        return indent - (self.stack[-1] if self.stack else 0)

    def _block(self, each: Item) -> None:
        self._open(each.indent)
        lead = "    " * len(self.stack)
        if not self.blank:
            self.out.append("")
        self.out += [lead + line if line.strip() else "" for line in each.lines]
        self.out.append("")
        self.blank, self.text = True, False

    def _line(self, each: Item, following: Item | None) -> None:
        line = each.lines[0]
        marker = None if _RULE.match(line) else _MARKER.match(line)
        depth = len(self.stack)
        lazy = self.text and not self.blank and not marker and not line.startswith(("#", ">", "|", "<"))
        if lazy and each.indent < (self.stack[-1] if self.stack else 0):
            self.out.append("    " * depth + line)
            return
        rest = self._open(each.indent)
        lead = "    " * len(self.stack)
        if marker and (rest < 4 or self.stack):
            if self.text and not self.blank and not self.stack and depth == 0:
                if marker[2] not in (None, "1"):  # a number at the start of a line of prose
                    self.out.append(lead + line.replace(marker[1], marker[1][:-1] + "\\" + marker[1][-1], 1))
                    return
                self.out.append("")
            self._marked(line, marker, each.indent, lead)
            return
        alone = line.startswith("#") or (following is not None and "|" in line and _TABLE.match(following.lines[0]))
        if alone and not self.blank and self.text:
            self.out.append("")
        code = rest >= 4 and not lazy
        self.out.append(lead + " " * (rest if code else 0) + line)
        self.blank, self.text = False, not code and not line.startswith("#")

    def _marked(self, line: str, marker: re.Match[str], indent: int, lead: str) -> None:
        sign = f"{marker[2]}." if marker[2] else marker[1]
        spaces = len(marker[3])
        if self.closed is not None and self.closed != bool(
            marker[2]
        ):  # Python-Markdown would go on with the other list
            self.out += [*([] if self.blank else [""]), f"{lead}<!-- -->", ""]
        self.ordered.append(bool(marker[2]))
        self.stack.append(indent + len(marker[1]) + (spaces if 0 < spaces < 5 else 1))
        self.out.append(f"{lead}{sign} {line[marker.end() :]}".rstrip())
        self.blank, self.text = False, bool(line[marker.end() :].strip())


def nested(items: Sequence[Item]) -> list[str]:
    """The lines of a page, its lists indented by fours."""
    nest = _Nest()
    for number, each in enumerate(items):
        nest.add(each, items[number + 1] if number + 1 < len(items) else None)
    while nest.out and not nest.out[-1]:
        nest.out.pop()
    return nest.out

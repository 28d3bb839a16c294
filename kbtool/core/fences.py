"""Fenced code: which lines of a page it takes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple

from kbtool.core.lines import Lines

_MARK = re.compile(r"(?P<mark>```+|~~~+)(?P<info>[^\r\n]*)")
_BEFORE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?")


class _Fence(NamedTuple):
    line: int
    column: int
    quotes: int
    marked: bool  #: stands behind a list marker, so it can only open
    mark: str
    info: str


def fences(lines: Lines) -> dict[int, int]:
    """For each line that opens a fence, the line that closes it (both counted from 1).

    A fence is closed by one exactly like it with nothing behind, as superfences has it; where there is none, by one
    at least as long at about the same indentation, as CommonMark has it: better to leave words alone than to change
    code. No line between may be indented by less, and one that nothing closes is no code.
    """
    text = lines.text
    if "```" not in text and "~~~" not in text:
        return {}
    # From the mark backwards: a pattern that begins with `^` is tried at every character of the page.
    found = [fence for match in _MARK.finditer(text) if (fence := _fence(lines, match))]
    code: dict[int, int] = {}
    broken: dict[tuple[_Closes, str, int, int], int] = {}  # the line before which no fence of this form is closed
    index = 0
    while index < len(found):
        fence = found[index]
        index += 1
        if fence.mark[0] == "`" and "`" in fence.info:
            continue
        for closes in (_like_it, _about_like_it):
            key = (closes, fence.mark, fence.column, fence.quotes)
            if fence.line < broken.get(key, 0):
                continue
            closing = next((n for n in range(index, len(found)) if closes(fence, found[n])), None)
            broken[key] = len(lines) + 1 if closing is None else _breaks(lines, fence, found[closing])
            if closing is not None and not broken[key]:
                code[fence.line] = found[closing].line
                index = closing + 1
                break
    return code


def _breaks(lines: Lines, fence: _Fence, closing: _Fence) -> int:
    """The line between that is not indented like the fence, or not quoted like it, so that there is no code; or 0."""
    for row in range(fence.line, closing.line - 1):
        if lines.blank(row):
            continue
        if lines.text[lines.first[row]] != ">" if fence.quotes else lines.column[row] < fence.column - 3:
            return lines.number[row]
    return 0


def _fence(lines: Lines, match: re.Match[str]) -> _Fence | None:
    at = match.start()
    before = lines.text[lines.text.rfind("\n", 0, at) + 1 : at]
    if before and not _BEFORE.fullmatch(before):
        return None
    return _Fence(
        line=lines.number[bisect_right(lines.start, at) - 1],
        column=len(before.expandtabs(4)),
        quotes=before.count(">"),
        marked=bool(before.strip(" \t>")),
        mark=match["mark"],
        info=match["info"].strip(),
    )


def _like_it(fence: _Fence, other: _Fence) -> bool:
    return (other.mark, other.column, other.quotes, other.info, other.marked) == (
        fence.mark, fence.column, fence.quotes, "", False,
    )  # fmt: skip


def _about_like_it(fence: _Fence, other: _Fence) -> bool:
    return (
        other.mark.startswith(fence.mark)
        and not other.info
        and not other.marked
        and other.quotes == fence.quotes
        and abs(other.column - fence.column) <= 3
    )


_Closes = Callable[[_Fence, _Fence], bool]

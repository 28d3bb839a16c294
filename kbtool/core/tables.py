"""Rows of tables, cut into cells."""

from __future__ import annotations

import re

_CELL = re.compile(r"\\.|`+|\||\{\{.{0,300}?\}\}|\{%.{0,300}?%\}")


def cells(content: str) -> list[tuple[int, int]]:
    """The cells of a table's row; bars in code and escaped bars do not part them."""
    if "\\" not in content and "{" not in content and (found := _plain(content)):
        return found
    bars: list[int] = []
    position, size = 0, len(content)
    missing: set[str] = set()
    while position < size:
        mark_at = _CELL.search(content, position)
        if mark_at is None:
            break
        position = mark_at.end()
        mark = mark_at[0]
        if mark == "|":
            bars.append(mark_at.start())
        elif mark[0] == "`" and mark not in missing:
            close = re.compile(f"(?<!`){mark}(?!`)").search(content, position)
            if close:
                position = close.end()
            else:
                missing.add(mark)
    edges = [-1, *bars, size]
    return [(edges[n] + 1, edges[n + 1]) for n in range(len(edges) - 1)]


def _plain(content: str) -> list[tuple[int, int]]:
    """The cells where every bar is the end of one; nothing where a bar may be part of some code."""
    if not bars_are_plain(content):
        return []
    found, at = [], 0
    for cell in content.split("|"):
        found.append((at, at + len(cell)))
        at += len(cell) + 1
    return found


def bars_are_plain(content: str) -> bool:
    """Whether surely no bar of a row without backslashes stands in code: backticks come in single pairs around it."""
    parts = content.split("`")
    return len(parts) % 2 == 1 and "" not in parts[1:-1] and not any("|" in code for code in parts[1::2])

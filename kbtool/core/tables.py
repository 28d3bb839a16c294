"""Rows of tables, cut into cells."""

from __future__ import annotations

import re

_CELL = re.compile(r"\\.|`+|\||\{\{.{0,300}?\}\}|\{%.{0,300}?%\}")


def cells(content: str) -> list[tuple[int, int]]:
    """The cells of a table's row; bars in code and escaped bars do not part them."""
    bars: list[int] = []
    position, size = 0, len(content)
    missing: set[str] = set()
    while position < size:
        found = _CELL.search(content, position)
        if found is None:
            break
        position = found.end()
        mark = found[0]
        if mark == "|":
            bars.append(found.start())
        elif mark[0] == "`" and mark not in missing:
            close = re.compile(f"(?<!`){mark}(?!`)").search(content, position)
            if close:
                position = close.end()
            else:
                missing.add(mark)
    edges = [-1, *bars, size]
    return [(edges[n] + 1, edges[n + 1]) for n in range(len(edges) - 1)]

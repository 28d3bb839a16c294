"""Which lines of a page are code samples: nothing in them is taken as markup.

Internal text hides behind a mistake here, so a fence counts only where the renderer agrees: it must be closed by the
very same mark, and no line in between may stand further out. Everything else is prose and is searched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_OPEN = re.compile(r"(?P<prefix>[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*)(?P<mark>`{3,}|~{3,})(?P<info>[^\n]*)")
_QUOTES = re.compile(r"[ \t]*(?:>[ \t]?)*")


def fenced(lines: Sequence[str]) -> list[bool]:
    """For each line, whether it belongs to a closed code fence (its first and last line included)."""
    found = [False] * len(lines)
    at = 0
    while at < len(lines):
        end = _closing(lines, at) if "```" in lines[at] or "~~~" in lines[at] else None
        if end is None:
            at += 1
            continue
        found[at : end + 1] = [True] * (end + 1 - at)
        at = end + 1
    return found


def _closing(lines: Sequence[str], at: int) -> int | None:
    """The last line of the fence that opens at line `at`; None where none opens or it is never closed."""
    opened = _OPEN.match(lines[at])
    if not opened or (opened["mark"][0] == "`" and "`" in opened["info"]):
        return None
    depth, quotes = _width(opened["prefix"]), opened["prefix"].count(">")
    for number in range(at + 1, len(lines)):
        line = lines[number]
        if not line.strip(" \t>\r\n"):
            continue
        prefix = _QUOTES.match(line)
        lead = prefix[0] if prefix else ""
        if lead.count(">") < quotes or _width(lead) < depth:
            return None
        if line.strip(" \t>\r\n") == opened["mark"]:
            return number
    return None


def _width(prefix: str) -> int:
    return len(prefix.expandtabs(4))

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
        opened = _OPEN.match(lines[at]) if "```" in lines[at] or "~~~" in lines[at] else None
        if not opened or (opened["mark"][0] == "`" and "`" in opened["info"]):
            at += 1
            continue
        end, closed = _end(lines, at, opened)
        if closed and not _follows_indented(lines, at, opened):
            found[at : end + 1] = [True] * (end + 1 - at)
        # What stands in a fence that fails is no code, and not searched for fences again: so reads superfences.
        at = end + 1 if closed else end
    return found


def _end(lines: Sequence[str], at: int, opened: re.Match[str]) -> tuple[int, bool]:
    """The line that closes the fence opened at line `at`, or the line where it fails; and whether it was closed."""
    depth, quotes = _width(opened["prefix"]), opened["prefix"].count(">")
    for number in range(at + 1, len(lines)):
        line = lines[number]
        if not line.strip(" \t>\r\n"):
            continue
        prefix = _QUOTES.match(line)
        lead = prefix[0] if prefix else ""
        if lead.count(">") < quotes or _width(lead) < depth:
            return number, False
        if line.strip(" \t>\r\n") == opened["mark"]:
            return number, True
    return len(lines), False


def _follows_indented(lines: Sequence[str], at: int, opened: re.Match[str]) -> bool:
    """Whether the fence hangs, without a blank line, on what may be indented code: superfences then gives it back."""
    depth = _width(opened["prefix"]) + 4
    for number in range(at - 1, -1, -1):
        line = lines[number]
        if not line.strip():
            return False
        if _width(line[: len(line) - len(line.lstrip(" \t>"))]) >= depth:
            return True
    return False


def _width(prefix: str) -> int:
    return len(prefix.expandtabs(4))

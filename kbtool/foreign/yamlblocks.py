"""A YAML file edited by its blocks, as text: comments, tags and order of what stays are kept."""

from __future__ import annotations

import re


class Blocks:
    """The lines of a file, from which keys are taken out and to which others are added."""

    def __init__(self, text: str) -> None:
        self._lines = text.rstrip("\n").split("\n")

    def drop(self, *keys: str) -> None:
        """Take out a key with all that belongs to it; `drop("theme", "language")` one inside another."""
        start, end, indent = 0, len(self._lines), 0
        for depth, key in enumerate(keys):
            found = self._block(key, start, end, indent)
            if found is None:
                return
            first, end = found
            if depth + 1 == len(keys):
                del self._lines[first:end]
                return
            start = first + 1
            indent = next(
                (
                    _indent(line)
                    for line in self._lines[start:end]
                    if line.strip() and not line.lstrip().startswith("#")
                ),
                -1,
            )

    def _block(self, key: str, start: int, end: int, indent: int) -> tuple[int, int] | None:
        head = re.compile(
            rf"{' ' * max(indent, 0)}(?:{re.escape(key)}|'{re.escape(key)}'|\"{re.escape(key)}\")\s*:(?:\s|$)"
        )
        for first in range(start, end):
            if indent >= 0 and head.match(self._lines[first]):
                last = first + 1
                while last < end and self._belongs(self._lines[last], indent):
                    last += 1
                while last > first + 1 and (
                    not self._lines[last - 1].strip() or self._lines[last - 1].lstrip().startswith("#")
                ):
                    last -= 1
                return first, last
        return None

    def _belongs(self, line: str, indent: int) -> bool:
        return (
            not line.strip()
            or _indent(line) > indent
            or line.lstrip().startswith("#")
            or (_indent(line) == indent and line.lstrip().startswith("- "))
        )

    def add(self, text: str) -> None:
        """Put a block at the end."""
        self._lines += ["", text]

    def __str__(self) -> str:
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip("\n") + "\n"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))

"""Tags as MDX writes them, found and taken apart in text; nothing in them is run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kbtool.foreign import jsdata

Line = tuple[int, str]

_NAME = re.compile(r"<([A-Za-z][\w.]*)(?=[\s/>])")
_ATTRIBUTE = re.compile(r"\s*([A-Za-z_][\w:.-]*)(\s*=\s*)?")
_QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_FENCE = re.compile(r"[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(`{3,}|~{3,})([^\n]*)$")
_MOST = 10_000  # characters of one tag


@dataclass(frozen=True, slots=True)
class Tag:
    """An opening tag; attributes are texts, or `jsdata.Code` for what only a program knows."""

    name: str
    attributes: Mapping[str, object]
    empty: bool  #: closes itself
    end: int  #: the place after it

    def text(self, *names: str) -> str:
        """The first of some attributes that is text."""
        found = (self.attributes.get(name) for name in names)
        return next((value for value in found if isinstance(value, str) and value), "")


def tag_at(text: str, at: int) -> Tag | None:
    """The tag that opens here; None where none does, or where it has no end."""
    found = _NAME.match(text, at)
    if not found:
        return None
    attributes: dict[str, object] = {}
    here, limit = found.end(), min(len(text), at + _MOST)
    while here < limit:
        while here < limit and text[here].isspace():
            here += 1
        if text.startswith("/>", here):
            return Tag(found[1], attributes, True, here + 2)
        if text[here : here + 1] == ">":
            return Tag(found[1], attributes, False, here + 1)
        if text[here : here + 1] == "{":
            here = _braced(text, here, limit)
            continue
        name = _ATTRIBUTE.match(text, here)
        if not name:
            return None
        value, here = _value(text, name.end(), limit) if name[2] else (True, name.end())
        attributes[name[1]] = value
    return None


def _value(text: str, at: int, limit: int) -> tuple[object, int]:
    if quoted := _QUOTED.match(text, at):
        return quoted[1] if quoted[1] is not None else quoted[2], quoted.end()
    if text[at : at + 1] == "{":
        end = _braced(text, at, limit)
        return jsdata.literal(text[at + 1 : end - 1]), end
    bare = re.compile(r"[^\s>]+").match(text, at)
    return (bare[0], bare.end()) if bare else ("", limit)


def _braced(text: str, at: int, limit: int) -> int:
    """The place after the brace that closes this one; `limit` where none does."""
    depth = 0
    while at < limit:
        character = text[at]
        if character in "\"'`":
            end = text.find(character, at + 1)
            at = end if 0 <= end < limit else at
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return limit


def fence_end(lines: Sequence[Line], at: int) -> int:
    """The index of the line that closes the fence opened at `at`; the last line where none does; -1 for no fence."""
    opened = _FENCE.match(lines[at][1])
    if not opened or (opened[1][0] == "`" and "`" in opened[2]):
        return -1
    closing = re.compile(rf"[ \t]*{re.escape(opened[1][0])}{{{len(opened[1])},}}[ \t]*$")
    for number in range(at + 1, len(lines)):
        if closing.match(lines[number][1]):
            return number
    return len(lines) - 1


def element(lines: Sequence[Line], at: int, tag: Tag, text: str) -> tuple[list[Line], int, str] | None:
    """The lines inside an element, the index of the line on which it ends, and what stands behind it there.

    `text` is what `tag` was found in: the lines from `at` on. None where nothing closes it.
    """
    first = at + text.count("\n", 0, tag.end)
    rest = text[tag.end :].split("\n", 1)[0]
    inside: list[Line] = []
    depth, number, line = 1, first, rest
    mark = re.compile(rf"<{re.escape(tag.name)}(?=[\s/>])|</{re.escape(tag.name)}\s*>")
    while True:
        end = fence_end(lines, number) if number > first else -1
        if end >= 0:
            inside += lines[number : end + 1]
            number = end
        else:
            for found in mark.finditer(line):
                if found[0].startswith("</"):
                    depth -= 1
                elif not ((other := tag_at(line, found.start())) and other.empty):
                    depth += 1
                if depth == 0:
                    inside.append((lines[number][0], line[: found.start()]))
                    return inside, number, line[found.end() :]
            inside.append((lines[number][0], line))
        number += 1
        if number >= len(lines):
            return None
        line = lines[number][1]


def dedented(lines: Sequence[Line]) -> list[Line]:
    """The same lines, moved to the left as far as all of them go; blank ones at both ends left out."""
    found = list(lines)
    while found and not found[0][1].strip():
        found.pop(0)
    while found and not found[-1][1].strip():
        found.pop()
    least = min((indent(line) for _, line in found if line.strip()), default=0)
    return [(number, outdented(line, least)) for number, line in found]


def indent(line: str) -> int:
    """The column at which a line begins."""
    return len(line[: len(line) - len(line.lstrip(" \t"))].expandtabs(4))


def outdented(line: str, columns: int) -> str:
    """A line moved to the left, the tabs behind that as they are: it may be code."""
    at = column = 0
    while column < columns and at < len(line) and line[at] in " \t":
        column += 4 - column % 4 if line[at] == "\t" else 1
        at += 1
    return " " * max(column - columns, 0) + line[at:]

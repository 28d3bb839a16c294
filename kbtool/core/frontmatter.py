"""Front matter: the values that readers see, replaced in place, everything else as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kbtool.core.finder import Found
from kbtool.core.lines import Lines
from kbtool.core.model import Kind, Segment
from kbtool.core.plain import LETTER, plain

_KEY = re.compile(r"(?P<key>[\w.-]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*:(?:[ \t]+(?P<value>\S.*))?$")
_ITEM = re.compile(r"-[ \t]+(?P<value>\S.*)$")
_BLOCK = re.compile(r"[|>][-+0-9]*(?:[ \t]+#.*)?$")
_COMMENT = re.compile(r"(?<![ \t])[ \t]+#.*$")
_TOML = re.compile(r"(?P<key>[\w-]+)[ \t]*=[ \t]*(?P<value>\"(?:[^\"\\]|\\.)*\"|'[^']*')[ \t]*(?:#.*)?$")
_DOUBLE = re.compile(r'"(?:[^"\\]|\\.)*"')
_SINGLE = re.compile(r"'(?:[^']|'')*'")
_LARGEST = 2000  # lines; front matter is short, and a rule of dashes may stand far below


def read(text: str, lines: Lines, fields: Sequence[str]) -> tuple[list[Found], int]:
    """The segments in a page's front matter, and the row after it (0 if there is none)."""
    mark = lines.content(0).lstrip("\ufeff").rstrip() if len(lines) else ""
    if mark not in ("---", "+++"):
        return [], 0
    ends = ("---", "...") if mark == "---" else ("+++",)
    for row in range(1, min(len(lines), _LARGEST)):
        if lines.column[row] == 0 and lines.content(row).rstrip() in ends:
            values = _yaml(lines, row, fields) if mark == "---" else _toml(lines, row, fields)
            return list(values), row + 1
    return [], 0


def _toml(lines: Lines, end: int, fields: Sequence[str]) -> Iterator[Found]:
    for row in range(1, end):
        found = _TOML.match(lines.content(row).rstrip())
        if found and found["key"] in fields:
            yield from _scalar(lines, row, found["key"], found["value"], found.start("value"))


def _yaml(lines: Lines, end: int, fields: Sequence[str]) -> Iterator[Found]:
    row = 1
    while row < end:
        found = _KEY.match(lines.content(row).rstrip()) if lines.column[row] == 0 else None
        last = row + 1
        while last < end and (lines.blank(last) or lines.column[last] > 0 or lines.content(last).startswith("- ")):
            last += 1
        if found and found["key"].strip("\"'") in fields:
            yield from _value(lines, row, last, found)
        row = last


def _value(lines: Lines, row: int, last: int, found: re.Match[str]) -> Iterator[Found]:
    """The segments of one field, whose value stands behind its key or in the lines below."""
    key, value = found["key"].strip("\"'"), found["value"]
    while last > row + 1 and lines.blank(last - 1):
        last -= 1
    if value and _BLOCK.match(value):
        yield from _block_scalar(lines, row, last, key, found.start("value"))
    elif value and last == row + 1:
        if value[0] == "[" and value[-1] == "]":
            yield from _flow(lines, row, key, value, found.start("value"))
        else:
            yield from _scalar(lines, row, key, value, found.start("value"))
    elif not value:
        for n in range(row + 1, last):
            item = _ITEM.match(lines.content(n).rstrip())
            deeper = n + 1 < last and lines.column[n + 1] > lines.column[n]
            if item and not deeper and not _KEY.match(item["value"]):
                yield from _scalar(lines, n, key, item["value"], item.start("value"))


def _block_scalar(lines: Lines, row: int, last: int, key: str, start: int) -> Iterator[Found]:
    """`|` or `>` and the lines below: one segment, if they are one paragraph."""
    if last == row + 1 or any(lines.blank(n) for n in range(row + 1, last)):
        return
    if any(lines.column[n] != lines.column[row + 1] for n in range(row + 1, last)):
        return
    header = lines.content(row)[start:].rstrip()
    raw = "\n".join([header, *(lines.content(n).rstrip() for n in range(row + 1, last))])
    words = raw.split("\n", 1)[1]
    if LETTER.search(words):
        masked = plain(Kind.META, words)
        segment = Segment(Kind.META, masked.text, raw, masked.slots, lines.number[row], key)
        at = lines.first[row] + start
        end = lines.first[last - 1] + len(lines.content(last - 1).rstrip())
        yield Found(at, end, segment, lines.prefix(row + 1))


def _flow(lines: Lines, row: int, key: str, value: str, start: int) -> Iterator[Found]:
    if any(c in value[1:-1] for c in "[]{}\"'#"):
        return
    offset = 1
    for part in value[1:-1].split(","):
        left = len(part) - len(part.lstrip())
        yield from _scalar(lines, row, key, part.strip(), start + offset + left)
        offset += len(part) + 1


def _scalar(lines: Lines, row: int, key: str, value: str, start: int) -> Iterator[Found]:
    """A value in one line; anchors, tags and collections are left alone."""
    if not value or value[0] in "&*!{}[]%@`|>":
        return
    words: str | None = value
    if value[0] == '"':
        found = _DOUBLE.match(value)
        value = found[0] if found else ""
        words = value[1:-1].replace('\\"', '"').replace("\\\\", "\\") if _simple(value) else None
    elif value[0] == "'":
        found = _SINGLE.match(value)
        value = found[0] if found else ""
        words = value[1:-1].replace("''", "'")
    else:
        value = words = _COMMENT.sub("", value)
    if words and LETTER.search(words):
        masked = plain(Kind.META, words)
        segment = Segment(Kind.META, masked.text, value, masked.slots, lines.number[row], key)
        at = lines.first[row] + start
        yield Found(at, at + len(value), segment)


def _simple(value: str) -> bool:
    """Whether a double-quoted value escapes nothing but quotes and backslashes."""
    return not re.search(r'\\[^"\\]', value.replace("\\\\", ""))

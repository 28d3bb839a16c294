"""Reads one article and says of each line for whom it is. Where Markdown is ambiguous, the stricter reading wins.

Deliberately not the Markdown reader of the rest of kbtool: a fault there must not be repeated here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

from kbtool.checks.audit.audiences import Audiences

_FRONT = re.compile(r"\ufeff?---[ \t]*\n(.*?\n)??(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
#: an audience where nobody reads it: below front matter that has none, in front matter without an end or without `---`
_ASTRAY_KEY = r"[ ]{0,3}[\"']?audience[\"']?[ \t]*:"
_BLANK = r"(?>\ufeff|[ \t\r]*\n|[ \t]*<!--(?s:.*?)-->)*+"
_AFTER = re.compile(
    rf"{_BLANK}(?:[ ]{{0,3}}[\"']?[\w-]+[\"']?[ \t]*:.*\n)*?{_ASTRAY_KEY}", re.IGNORECASE | re.MULTILINE
)
_ASTRAY = re.compile(rf"{_AFTER.pattern}|{_BLANK}---(?s:.*?)^{_ASTRAY_KEY}", re.IGNORECASE | re.MULTILINE)
_FIELD = re.compile(r"^[\"']?([A-Za-z_][\w .-]*?)[\"']?[ \t]*:(?:[ \t]+(.*))?$")
_FENCE = re.compile(r"^([ \t>]*)(`{3,}|~{3,})([^`]*)$")
_OPEN = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(/{3,})[ \t]*([\w-]+)[ \t]*(?:\|.*)?$")
_CLOSE = re.compile(r"^[ \t>]*(/{3,})[ \t]*$")
_DEFINITION = re.compile(r"^[ \t>]*(\*?)\[(\^?)([^\[\]]+)\]:[ \t]*(.*)$")


class Line(NamedTuple):
    """One line of an article's body, for whom it is, and whether it is code."""

    number: int
    text: str
    audience: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One front matter field with its raw value, further lines included."""

    key: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Article:
    """An article or a translation, read: the lines readers may see, and those that no reader is meant to see."""

    path: str  #: relative to docs/, also of a translation
    file: str  #: relative to the root, as findings name it
    audience: str
    fields: tuple[Field, ...] = ()
    lines: tuple[Line, ...] = ()
    hidden: tuple[Line, ...] = field(default=())  #: comments and definitions nobody refers to


def read_article(path: str, file: str, text: str, audiences: Audiences, follows: str | None = None) -> Article:
    """An article; `follows` is the audience of the original that a translation belongs to."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT.match(text)
    head, body = (text[: front.end()], text[front.end() :]) if front else ("", text)
    fields = tuple(_fields(head))
    declared = [_scalar(f.value) for f in fields if f.key.strip().lower() == "audience"]
    if not declared and re.search(r"\baudience\b[\"']?[ \t]*(?::|\n[ \t]*:)", head, re.IGNORECASE):
        declared = [""]  # it is there, but not as a plain field: nobody knows what it says
    if not declared and ((_AFTER if front else _ASTRAY).match(body) or any(map(_is_misspelt, fields))):
        declared = [""]  # somebody meant to say something
    audience = audiences.strictest(declared) if declared else audiences.by_folder(path)
    if follows is not None:
        audience = audiences.strictest([follows, *declared])
    shown, hidden = _body(body, head.count("\n"), audience, audiences)
    return Article(path, file, audience, fields, tuple(shown), tuple(hidden))


def _is_misspelt(field: Field) -> bool:
    return SequenceMatcher(None, "audience", field.key.strip().lower()).ratio() >= 0.8


def _scalar(value: str) -> str:
    value = re.sub(r"(?:^|\s)#.*", "", value).strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _fields(head: str) -> Iterator[Field]:
    key, line, value = "", 0, [""]
    for number, text in enumerate(head.split("\n"), 1):
        if text.strip() in ("---", "...", "\ufeff---"):
            continue
        if found := _FIELD.match(text):
            if key:
                yield Field(key, "\n".join(value), line)
            key, line, value = found[1], number, [found[2] or ""]
        elif key and text.strip():
            value.append(text)
    if key:
        yield Field(key, "\n".join(value), line)


def _body(body: str, above: int, audience: str, audiences: Audiences) -> tuple[list[Line], list[Line]]:
    lines = body.split("\n")
    code = _fenced(lines)
    lines, comments = _without_comments(lines, code)
    staff = audiences.strictest([audience, audiences.staff])
    hidden = [Line(above + number + 1, text, staff) for number, text in comments]
    levels = _levels(lines, code, audience, audiences)
    shown = [
        Line(n, text, level, in_code)
        for n, text, level, in_code in zip(range(above + 1, above + 1 + len(lines)), lines, levels, code, strict=True)
        if text and not text.isspace() and ("///" not in text or in_code or not _is_edge(text))
    ]
    dropped = set(_unused_definitions(shown, audience))
    hidden += [Line(line.number, line.text, staff) for line in shown if line.number in dropped]
    return [line for line in shown if line.number not in dropped], hidden


def _is_edge(line: str) -> bool:
    """Whether a line only opens or closes a block; what stands after a bar is a title."""
    return bool(_CLOSE.match(line) or ("|" not in line and _OPEN.match(line)))


def _fenced(lines: list[str]) -> list[bool]:
    """Which lines stand in fenced code, the fences included; a fence without its end is none."""
    code = [False] * len(lines)
    marked = [number for number, line in enumerate(lines) if "```" in line or "~~~" in line]
    ends: dict[str, list[int]] = {}
    for number in marked:
        if (found := _FENCE.match(lines[number])) and not found[3].strip():
            ends.setdefault(found[1] + found[2], []).append(number)
    last = -1
    for number in marked:
        found = _FENCE.match(lines[number]) if number > last else None
        closing = ends.get(found[1] + found[2], []) if found else []
        later = bisect_right(closing, number)
        if later < len(closing):
            last = closing[later]
            code[number : last + 1] = [True] * (last + 1 - number)
    return code


def _without_comments(lines: list[str], code: list[bool]) -> tuple[list[str], list[tuple[int, str]]]:
    """The lines with HTML comments cut out, and the comments with the lines they start on."""
    rest: list[str] = []
    comments: list[tuple[int, str]] = []
    inside = False
    if not any("<!--" in line for line in lines):
        return lines, comments
    last = max(((number, line.rfind("-->")) for number, line in enumerate(lines) if "-->" in line), default=(-1, 0))
    for number, line in enumerate(lines):
        if code[number] and not inside:
            rest.append(line)
            continue
        kept, at = "", 0
        while at <= len(line):
            if inside:
                end = line.find("-->", at)
                comments[-1] = (comments[-1][0], f"{comments[-1][1]}\n{line[at : end if end >= 0 else None]}")
                inside, at = end < 0, (end + 3 if end >= 0 else len(line) + 1)
                continue
            start = line.find("<!--", at)
            if start >= 0 and (line[:start].count("`") % 2 or last < (number, start)):
                kept, at = kept + line[at : start + 4], start + 4
                continue
            kept += line[at : start if start >= 0 else None]
            if start < 0:
                break
            comments.append((number, ""))
            inside, at = True, start + 4
        rest.append(kept)
    return rest, comments


def _levels(lines: list[str], code: list[bool], audience: str, audiences: Audiences) -> list[str]:
    """For whom each line is, by the blocks it stands in; a block that is not closed goes on to the end."""
    if not any("///" in line for line in lines):
        return [audience] * len(lines)
    stack: list[tuple[int, str]] = [(0, audience)]
    levels: list[str] = []
    for line, in_code in zip(lines, code, strict=True):
        opened = None if in_code else _OPEN.match(line)
        closed = None if in_code else _CLOSE.match(line)
        if opened:
            name = opened[2]
            inner = stack[-1][1]
            if name.lower() not in audiences.plain_blocks or name in audiences.order:
                inner = audiences.strictest([inner, name])
            stack.append((len(opened[1]), inner))
        levels.append(stack[-1][1])
        if closed and any(length == len(closed[1]) for length, _ in stack[1:]):
            while stack[-1][0] != len(closed[1]):
                stack.pop()
            stack.pop()
    return levels


def _unused_definitions(shown: list[Line], audience: str) -> Iterator[int]:
    """Line numbers of definitions (links, footnotes, abbreviations) that no text of the article's readers uses."""
    open_lines = [line for line in shown if line.audience == audience]
    definitions = [
        (line, found)
        for line in open_lines
        if "]:" in line.text and not line.code and (found := _DEFINITION.match(line.text))
    ]
    if not definitions:
        return
    defined = {line.number for line, _ in definitions}
    used = " ".join(line.text for line in open_lines if line.number not in defined).casefold()
    used = " ".join(used.split())
    for line, found in definitions:
        label = " ".join(found[3].casefold().split())
        if (label if found[1] else f"[{found[2]}{label}]") not in used:
            yield line.number

"""What kbtool takes: text that is UTF-8 and that Python-Markdown renders in seconds.

Some small texts keep a Markdown parser busy for ever, because it tries every bracket against every other. So each
page is measured before it is parsed; whatever is admitted renders within ten seconds and 500 MB.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kbtool.core.errors import Refused


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of what one article may hold."""

    characters: int = 1_000_000
    line: int = 100_000  #: characters in one line
    brackets: int = 2_000  #: of one kind in one paragraph, each is tried against all others
    emphasis: int = 4_000  #: `*`, `_`, `~`, `^`, `=` in one paragraph
    nesting: int = 50  #: quotes, lists and containers inside one another
    tags: int = 500  #: HTML elements open at once


LIMITS = Limits()


def decode(data: bytes) -> str:
    """The text of a file, its line ends and byte order mark untouched; else Refused, with the line of the bad byte."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused(
            f"not UTF-8: byte 0x{data[error.start]:02x}",
            where=f"line {line}",
            hint="save the file as UTF-8",
        ) from None


def admit(text: str, limits: Limits = LIMITS) -> None:
    """Refuses, with the line, a page that could not be rendered in reasonable time and memory."""
    if len(text) > limits.characters:
        raise Refused(
            f"{len(text):,} characters; at most {limits.characters:,} are taken",
            where="line 1",
            hint="split the article",
        )
    _no_nul(text)
    _no_aliases(text)
    _lines(text, limits)
    for at, paragraph in _paragraphs(text):
        _paragraph(text, at, paragraph, limits)


def _line(text: str, at: int) -> str:
    return f"line {text.count(chr(10), 0, at) + 1}"


def _no_nul(text: str) -> None:
    if (at := text.find("\0")) >= 0:
        raise Refused("a NUL byte", where=_line(text, at), hint="remove it; the file may be no text at all")


#: As kbtool.core.meta cuts it; an alias is a `*` where a value begins, an anchor makes one possible.
_HEAD = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_ALIAS = re.compile(r"(?:^[ \t]*|[:,\[{?-][ \t]+|[\[{])[&*][\w.-]+[ \t]*(?=[,\]}\s]|$)", re.MULTILINE)


def _no_aliases(text: str) -> None:
    """A few lines of YAML with aliases can ask for gigabytes."""
    head = _HEAD.match(text)
    found = _ALIAS.search(head[1]) if head else None
    if head and found:
        raise Refused(
            f"YAML aliases are not allowed in front matter: {found[0].strip()}",
            where=_line(text, head.start(1) + found.end() - 1),
            hint="write the value out, or put quotes around it",
        )


def _lines(text: str, limits: Limits) -> None:
    depth_at = 0
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > limits.line:
            raise Refused(
                f"a line of {len(line):,} characters; at most {limits.line:,} are taken",
                where=f"line {number}",
                hint="break it",
            )
    del depth_at


def _paragraphs(text: str) -> list[tuple[int, str]]:
    return [(match.start(), match[0]) for match in re.finditer(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+", text)]


def _paragraph(text: str, at: int, paragraph: str, limits: Limits) -> None:
    for mark in "[(<`":
        if paragraph.count(mark) > limits.brackets:
            raise Refused(
                f"{paragraph.count(mark):,} times '{mark}' in one paragraph; at most {limits.brackets:,} are taken",
                where=_line(text, at),
                hint="part the paragraph with blank lines",
            )

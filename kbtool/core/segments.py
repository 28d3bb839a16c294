"""Markdown ↔ segments: cut a page into prose that is translated and frame that is not.

    page = parse(text)
    str(page) == text                       # the law: joining the pieces gives the page back, byte for byte

Segments without a letter (`42`, `---`, an empty cell) do not exist: they are frame. A paragraph that is only an image
is frame too; its alternative text and its title are segments.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbtool.core import frontmatter
from kbtool.core.blocks import read
from kbtool.core.cutter import Grammar, normal_label
from kbtool.core.errors import Refused
from kbtool.core.fences import fences
from kbtool.core.finder import Found, Page
from kbtool.core.lines import Lines, cut
from kbtool.core.model import Document, Frame, Piece, Prose, Segment

FIELDS = ("title", "description", "summary", "keywords")
LARGEST = 2_000_000  # characters; Python-Markdown needs more than a minute for five million

_LABEL = re.compile(r"^[ \t>]*\[([^\[\]^\n][^\[\]\n]{0,998})\]:[ \t]*+(?:\r?\n?[ \t>]*+)\S", re.MULTILINE)
_ABBREVIATION = re.compile(r"^[ \t>]*\*\[([^\]\n]{1,100})\]:[ \t]*\S", re.MULTILINE)


def parse(text: str, fields: Sequence[str] = FIELDS) -> Document:
    """Cut a page into pieces; `str(parse(text)) == text` for every text that is not Refused.

    `fields` are the front matter fields that readers see.
    """
    if len(text) > LARGEST:
        raise Refused(f"the page has {len(text):,} characters; at most {LARGEST:,} are taken", where="line 1")
    lines = cut(text)
    meta, body = frontmatter.read(text, lines, fields)
    page = Page(text, fences(lines), grammar_of(text))
    read(page, _from(lines, body))
    return assembled(text, [*meta, *page.found])


def _from(lines: Lines, row: int) -> Lines:
    if row == 0:
        return lines
    return Lines(
        lines.text, lines.number[row:], lines.start[row:], lines.first[row:], lines.end[row:], lines.column[row:]
    )


def grammar_of(text: str) -> Grammar:
    """What a page defines for its own prose."""
    if "]:" not in text:
        return Grammar()
    labels = frozenset(normal_label(label) for label in _LABEL.findall(text))
    words = sorted({word.strip() for word in _ABBREVIATION.findall(text)} - {""}, key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b") if words else None
    return Grammar(labels, pattern)


def assembled(text: str, found: list[Found]) -> Document:
    """A page with what was found in it, in the order of its places."""
    pieces: list[Piece] = []
    segments: list[Segment] = []
    position = 0
    for prose in found:
        if prose.start < position:  # never twice the same text: what was found first keeps it
            continue
        if prose.start > position:
            pieces.append(Frame(text[position : prose.start]))
        pieces.append(Prose(text[prose.start : prose.end], prose.segment, prose.prefix))
        segments.append(prose.segment)
        if slots := prose.segment.slots:
            segments += [inner for slot in slots for inner in slot.inner]
        position = prose.end
    if position < len(text):
        pieces.append(Frame(text[position:]))
    return Document(tuple(pieces), tuple(segments))

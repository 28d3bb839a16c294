"""Where the blocks of a rendered page stand in its source: by rendering it once more with a mark in each segment.

Python-Markdown keeps no line numbers, so the mark is the only way that holds for every extension.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from kbtool.core.families import families
from kbtool.core.model import Document, Kind, Prose, Segment
from kbtool.core.render import Renderer
from kbtool.core.skeleton import Block, skeleton

_MARK = re.compile(r"kbq(\d+)z")
#: Segments that never reach the text of a block; marking a front matter value proves nothing.
_SILENT = frozenset({Kind.META, Kind.EXPANSION})


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the original and the segments (by index) that stand there."""

    line: int
    segments: tuple[int, ...]


class Places:
    """Finds the segments of blocks; `document` saves parsing the page again."""

    def __init__(
        self,
        original: str,
        blocks: Sequence[Block],
        renderer: Renderer,
        fields: Sequence[str],
        document: Document | None = None,
    ) -> None:
        if document is None:
            from kbtool.core.segments import parse

            document = parse(original, fields)
        self.original = original
        self.document = document
        self._marked = _marked_blocks(document, blocks, renderer)
        self._known = sorted(self._marked)

    def of(self, first: int, last: int) -> Place:
        """The place of the blocks from `first` up to `last`; of their neighbours where they hold no prose."""
        at = bisect_left(self._known, first)
        inside = [block for block in self._known[at:] if block < last]
        near = inside or self._known[max(at - 1, 0) : at + 1]
        segments = sorted({index for block in near for index in self._marked[block]})
        return Place(self.document.segments[segments[0]].line if segments else 0, tuple(segments))

    def metas(self, key: str) -> tuple[int, ...]:
        """The segments of a front matter field; of all fields without a key."""
        pairs = enumerate(self.document.segments)
        return tuple(n for n, each in pairs if each.kind is Kind.META and (not key or _of_field(each, key)))

    def line_of(self, key: str) -> int:
        """The line of a front matter key."""
        found = re.search(rf"^{re.escape(key)}\s*:", self.original, re.MULTILINE) if key else None
        return self.original.count("\n", 0, found.start()) + 1 if found else 1


def _of_field(segment: Segment, key: str) -> bool:
    return segment.key == key or segment.key.startswith((f"{key}.", f"{key}["))


def _marked_blocks(document: Document, blocks: Sequence[Block], renderer: Renderer) -> dict[int, set[int]]:
    """The segments in each block, by the block's number."""
    members = {indexes[0]: indexes for _, indexes in families(document)}
    found: dict[int, set[int]] = {}
    marked = skeleton(renderer.html(_with_marks(document)), spoken=True)
    ours = [block.path for block in blocks]
    theirs = [block.path for block in marked]
    pairs = dict(enumerate(range(len(ours)))) if ours == theirs else _pairs(theirs, ours)
    for number, block in enumerate(marked):
        if number in pairs:
            for mark in _MARK.findall("".join([*block.text, *block.items, block.attributes])):
                found.setdefault(pairs[number], set()).update(members[int(mark)])
    return found


def _pairs(theirs: Sequence[str], ours: Sequence[str]) -> dict[int, int]:
    runs = SequenceMatcher(None, theirs, ours, autojunk=False).get_matching_blocks()
    return {run.a + n: run.b + n for run in runs for n in range(run.size)}


def _with_marks(document: Document) -> str:
    texts = {id(piece): _with_mark(piece, indexes[0]) for piece, indexes in families(document)}
    return "".join(texts.get(id(piece), piece.text) for piece in document.pieces)


def _with_mark(piece: Prose, index: int) -> str:
    if piece.segment.kind in _SILENT:
        return piece.text
    end = len(piece.text.rstrip())
    return f"{piece.text[:end]} kbq{index}z{piece.text[end:]}"

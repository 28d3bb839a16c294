"""Which segments of a page stand in which piece: those inside a segment's slots directly follow it."""

from __future__ import annotations

from kbtool.core.model import Document, Prose, Segment


def families(document: Document) -> list[tuple[Prose, tuple[int, ...]]]:
    """Each piece of prose with the indexes (in `document.segments`) of its segment and of those inside its slots."""
    found, at = [], 0
    for piece in document.pieces:
        if isinstance(piece, Prose):
            size = size_of(piece.segment)
            found.append((piece, tuple(range(at, at + size))))
            at += size
    return found


def size_of(segment: Segment) -> int:
    """How many segments it is with those inside its slots."""
    size = 1
    for slot in segment.slots:
        for inner in slot.inner:
            size += size_of(inner)
    return size

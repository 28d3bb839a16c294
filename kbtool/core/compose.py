"""A page from its source and the translations of its segments."""

from __future__ import annotations

from collections.abc import Sequence

from kbtool.core.families import families
from kbtool.core.mask import restore
from kbtool.core.model import Document, Frame, Prose


def compose(document: Document, texts: Sequence[str | None]) -> str:
    """The page with these masked texts, one for each of `document.segments`; None keeps the source's own bytes."""
    raws: list[str | None] = []
    for piece, numbers in families(document):
        if len(numbers) == 1:
            text = texts[numbers[0]]
            raws.append(None if text is None else restore(piece.segment, text))
            continue
        text, *inner = (texts[n] for n in numbers)
        nested = (document.segments[n] for n in numbers[1:])
        made = [
            None if new is None or new == old.text else restore(old, new)
            for old, new in zip(nested, inner, strict=True)
        ]
        raws += [None if text is None else restore(piece.segment, text, made), *made]
    return compose_raw(document, raws)


def compose_raw(document: Document, raws: Sequence[str | None]) -> str:
    """The page with Markdown as a person wrote it, one for each of `document.segments`.

    A value's lines are parted by `\\n`; those for inner segments are not looked at where the segment they belong to has
    a value of its own, which holds them already.
    """
    newline = _newline(document)
    parts: list[str] = []
    index = 0
    for piece in document.pieces:
        if isinstance(piece, Frame):
            parts.append(piece.text)
            continue
        segment = piece.segment
        count = sum([len(slot.inner) for slot in segment.slots])
        raw, inner = raws[index], raws[index + 1 : index + 1 + count]
        index += 1 + count
        parts.append(_placed(piece, restore(segment, segment.text, inner) if raw is None else raw, newline))
    return "".join(parts)


def _placed(piece: Prose, raw: str, newline: str) -> str:
    if raw == piece.segment.raw:
        return piece.text
    return raw.replace("\n", newline + piece.prefix) if "\n" in raw else raw


def _newline(document: Document) -> str:
    return next(("\r\n" for piece in document.pieces if "\r\n" in piece.text), "\n")

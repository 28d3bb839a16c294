"""Markdown in the place of some segments of a translation, and nothing else on the page moved by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kbtool.core.compose import compose_raw
from kbtool.core.errors import KbError
from kbtool.core.limits import admit
from kbtool.core.mask import restore
from kbtool.core.model import Digest, Document, Frame, Kind, Segment
from kbtool.core.segments import parse
from kbtool.core.states import Settled

_QUOTED = (Kind.META, Kind.ALT, Kind.TOOLTIP, Kind.EXPANSION)


def with_texts(
    page: Document, settled: Settled, texts: Mapping[int, str], fields: Sequence[str], where: str
) -> tuple[str, dict[int, Digest]]:
    """The translation with proposals put in place of some segments, and what these segments then are.

    Raises KbError where a text would change more than its own segment.
    """
    index = {place: number for place in texts if (number := settled.tie.rows[place].target) is not None}
    again = replaced(page, {index[place]: text for place, text in texts.items()}, fields)
    inside = {n: raw for number in index.values() for n, raw in _inner(page, number)}
    if len(again.segments) == len(page.segments) and inside:
        # A proposal brings the original's image texts; those that were translated stay.
        again = parse(compose_raw(again, [inside.get(n) for n in range(len(page.segments))]), fields)
    if not _others_stay(page, again, set(index.values()) | inside.keys()):
        raise KbError(
            "the proposal does not fit into the page as it stands now",
            where=where,
            hint="copy it in by hand, then accept the text as it stands",
        )
    return str(again), {place: again.segments[n].digest for place, n in index.items()}


def replaced(page: Document, raws: Mapping[int, str], fields: Sequence[str]) -> Document:
    """The page with other Markdown for segments by number, cut anew.

    Raises Refused where nobody could render it.
    """
    text = compose_raw(page, [raws.get(n) for n in range(len(page.segments))])
    admit(text)
    return parse(text, fields)


def stays_itself(page: Document, again: Document, number: int) -> bool:
    """Whether a page with other words in one segment has the same other segments, and the same frame around them."""
    own = {number, *(n for n, _ in _inner(page, number))}
    frames = [[piece.text for piece in each.pieces if isinstance(piece, Frame)] for each in (page, again)]
    return frames[0] == frames[1] and _others_stay(page, again, own)


def plain_words(segment: Segment) -> str | None:
    """The words of a segment that lies in quotes or in front matter, where its Markdown shows them escaped."""
    return segment.text if segment.kind in _QUOTED and not segment.slots else None


def written(segment: Segment, text: str) -> str:
    """Markdown for a segment of which a person edited the `plain_words`, or else the Markdown itself."""
    return text if plain_words(segment) is None else restore(segment, text)


def _others_stay(page: Document, again: Document, own: set[int]) -> bool:
    return len(again.segments) == len(page.segments) and all(
        a.digest == b.digest for n, (a, b) in enumerate(zip(page.segments, again.segments, strict=True)) if n not in own
    )


def _inner(page: Document, number: int) -> list[tuple[int, str]]:
    """The segments inside the slots of a segment, with their Markdown."""
    count = sum(len(slot.inner) for slot in page.segments[number].slots)
    return [(n, page.segments[n].raw) for n in range(number + 1, number + 1 + count)]

"""What state each segment of a translation is in: a function of original, translation and ledger, nothing else.

With S, T the hashes now and s, t those of the ledger entry (DESIGN, section 4):

    no target, or the original's text stands in                    missing
    S = s, T = t                                                   approved with ok, else machine or needs-review
    S = s, T ≠ t     a person edited it                            needs-review
    S ≠ s, T = t                                                   stale
    S ≠ s, T ≠ t                                                   conflict
    an entry without a source                                      orphaned

A waiver counts as S = s. A pair (S, T) that a person approved earlier is approved again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kbtool.core.align import Page, Tie, tie
from kbtool.core.model import Digest, Document, Entry, Ledger, Locale, Progress, Row, Segment, Stamp, State

#: Text like the original's is taken for untranslated above this; "Google Drive" is the same in every language.
_TINY_WORDS, _TINY_LETTERS = 3, 24
_PAST = 5  #: earlier approvals that an entry remembers


@dataclass(frozen=True, slots=True)
class Settled:
    """An article in one locale, tied and judged."""

    rows: tuple[Row, ...]  #: in the order of the original; what has no source stands after its predecessor
    tie: Tie


def settle(source: Page, target: Page | None, ledger: Ledger | None) -> Settled:
    """A row with its state for every segment of the original, and for what is left over of entries and translation.

    A row with neither source nor entry is text that a person added; it has the state orphaned and counts nowhere.
    """
    ours = _segments(source)
    theirs = _segments(target) if target is not None else ()
    entries = ledger.entries if ledger else ()
    tied = tie(source, target if target is not None else (), entries)
    rows = []
    for each in tied.rows:
        s = ours[each.source] if each.source is not None else None
        t = theirs[each.target] if each.target is not None else None
        e = entries[each.entry] if each.entry is not None else None
        rows.append(Row(s, t, e, state_of(s, t, e)))
    return Settled(tuple(rows), tied)


def _segments(page: Page) -> tuple[Segment, ...]:
    return page.segments if isinstance(page, Document) else tuple(page)


def state_of(  # noqa: PLR0911 – a table reads best with one line per row
    source: Segment | None, target: Segment | None, entry: Entry | None
) -> State:
    """The state table, line by line."""
    if source is None:
        return State.ORPHANED
    if target is None:
        return State.MISSING
    if entry is None:
        return _without_entry(source, target)
    if entry.by == "none" and (target.digest in (entry.tgt, source.digest)):
        return State.MISSING
    if earlier_approval(entry, source.digest, target.digest):
        return State.APPROVED
    match is_current(entry, source), target.digest == entry.tgt:
        case True, True:
            return _finished(entry)
        case True, False:
            return State.NEEDS_REVIEW
        case False, True:
            return State.STALE
        case _:
            return State.CONFLICT


def is_current(entry: Entry, source: Segment) -> bool:
    """Whether the translation was made from this text of the original, or a person waived the change."""
    now = source.digest
    return now == entry.src or (entry.waived is not None and now == entry.waived.src)


def _finished(entry: Entry) -> State:
    if entry.ok or entry.by == "copy":
        return State.APPROVED
    return State.MACHINE if entry.by.startswith("mt:") else State.NEEDS_REVIEW


def _without_entry(source: Segment, target: Segment) -> State:
    """A translation that kbtool did not make: a person's, unless it is still the original's text."""
    if target.digest != source.digest:
        return State.NEEDS_REVIEW
    if not source.translatable:
        return State.APPROVED
    return State.NEEDS_REVIEW if _is_tiny(source) else State.MISSING


def _is_tiny(segment: Segment) -> bool:
    """Whether it may be a name, which is the same in every language; a sentence is not."""
    if segment.words.rstrip().endswith((".", "!", "?", "。")):
        return False
    return len(segment.words.split()) <= _TINY_WORDS and len(segment.words) <= _TINY_LETTERS


def earlier_approval(entry: Entry, source: Digest, target: Digest) -> Stamp | None:
    """Who approved this very pair earlier, before one of the two changed."""
    return next((stamp for src, tgt, stamp in reversed(entry.past) if (src, tgt) == (source, target)), None)


def past_of(entry: Entry) -> tuple[tuple[Digest, Digest, Stamp], ...]:
    """The approvals to remember when an entry is replaced: its own and those before it, newest last."""
    if entry.ok is None:
        return entry.past
    own = (entry.src, entry.tgt, entry.ok)
    return (*(each for each in entry.past if each[:2] != own[:2]), own)[-_PAST:]


# -- an article as a whole


def _counted(rows: Iterable[Row]) -> list[State]:
    return [row.state for row in rows if row.source is not None or row.entry is not None]


def worst(rows: Iterable[Row]) -> State:
    """The state of an article: that of its worst segment."""
    return max(_counted(rows), key=lambda state: state.severity, default=State.APPROVED)


def progress(path: str, locale: Locale, rows: Iterable[Row]) -> Progress:
    """How far an article is in one locale."""
    rows = tuple(rows)
    return Progress(path, locale, worst(rows), dict(Counter(_counted(rows))))


# -- what people did since


def observe(rows: Iterable[Row]) -> tuple[Entry, ...]:
    """The entries after what people did to the translation has been recorded, orphans included.

    Text that a person edited is by hand from now on and loses its approval; an earlier approval of the same pair
    returns; text without an entry is adopted. Stale and conflicting entries stay as they are until somebody decides.
    """
    return tuple(entry for row in rows if (entry := observed(row)) is not None)


def observed(row: Row) -> Entry | None:
    """The entry of one row as it stands now; None where there is nothing to record."""
    source, target, entry = row.source, row.target, row.entry
    if source is None or target is None:
        return entry
    if entry is None:
        return adopted(source, target, row.state)
    if row.state is State.APPROVED and (stamp := earlier_approval(entry, source.digest, target.digest)):
        past = tuple(each for each in past_of(entry) if each[:2] != (source.digest, target.digest))
        by = entry.by if entry.tgt == target.digest else "hand"
        return Entry(source.digest, target.digest, by, stamp, past=past)
    if row.state is State.NEEDS_REVIEW and target.digest != entry.tgt:
        return Entry(source.digest, target.digest, "hand", past=past_of(entry))
    return entry


def adopted(source: Segment, target: Segment, state: State) -> Entry:
    """The first entry of a text that stood there before kbtool came: by hand, approved by nobody."""
    by = {State.MISSING: "none", State.APPROVED: "copy"}.get(state, "hand")
    return Entry(source.digest, target.digest, by)

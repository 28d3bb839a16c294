"""Ledgers of two branches put together, entry by entry; nothing is guessed, and a merge never approves by itself.

An entry speaks of a pair of texts. Where two branches disagree about the pair, the Markdown decides afterwards: an
entry that does not fit its texts is a conflict or waits for review, and an approval counts for its own pair only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

from kbtool.core.align import Page, pairs
from kbtool.core.model import Digest, Entry, Ledger, Row, Stamp
from kbtool.core.states import Settled, observed, past_of, settle

V = TypeVar("V")

_MARKED = re.compile(
    r"^<{7}[^\n]*\n(?P<ours>.*?)(?:^\|{7}[^\n]*\n(?P<base>.*?))?^={7}\n(?P<theirs>.*?)^>{7}[^\n]*(?:\n|\Z)", re.M | re.S
)


def merge(base: Ledger, ours: Ledger, theirs: Ledger) -> Ledger:
    """What both branches say of an article in one locale.

    merge(x, x, y) == y and merge(x, y, x) == y; merge(x, y, y) == y.
    """
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    here, there = _tied(base.entries, ours.entries), _tied(base.entries, theirs.entries)
    origin_here, origin_there = _turned(here), _turned(there)
    new = _same_additions(ours.entries, theirs.entries, origin_here, origin_there)
    found: list[Entry] = []
    own: set[int] = set()  # places after entries that only we added
    placed: dict[int, int] = {}  # entry of theirs → how many entries stand before the place after it
    for n, mine in enumerate(ours.entries):
        old = origin_here.get(n)
        other = there.get(old) if old is not None else new.get(n)
        if old is None:
            found.append(_both(None, mine, theirs.entries[other]) if other is not None else mine)
        elif other is not None:
            found.append(_both(base.entries[old], mine, theirs.entries[other]))
        elif mine != base.entries[old]:
            found.append(mine)  # they dropped it, we changed it: the Markdown tells whether it is an orphan
        if other is not None:
            placed[other] = len(found)
        elif old is None:
            own.add(len(found))
    extra = _their_own(base, theirs, here, origin_there, set(new.values()))
    return Ledger(_woven(found, theirs.entries, extra, placed, own), _reviews(base, ours, theirs))


def _tied(old: Sequence[Entry], new: Sequence[Entry]) -> dict[int, int]:
    """Which entry became which: by both texts, else by one of them, else by its place between those."""
    tied: dict[int, int] = {}
    for key in (lambda e: (e.src, e.tgt), lambda e: e.src, lambda e: e.tgt):
        left = [key(e) if n not in tied else None for n, e in enumerate(old)]
        taken = set(tied.values())
        right = [key(e) if n not in taken else None for n, e in enumerate(new)]
        tied |= pairs(left, right)
    rising = [(-1, -1), *_rising(sorted(tied.items())), (len(old), len(new))]
    for (a1, b1), (a2, b2) in pairwise(rising):
        free_old = [a for a in range(a1 + 1, a2) if a not in tied]
        free_new = [b for b in range(b1 + 1, b2) if b not in tied.values()]
        if len(free_old) == len(free_new):
            tied |= dict(zip(free_old, free_new, strict=True))
    return tied


def _rising(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for pair in found:
        if not kept or pair[1] > kept[-1][1]:
            kept.append(pair)
    return kept


def _turned(tied: dict[int, int]) -> dict[int, int]:
    return {new: old for old, new in tied.items()}


def _same_additions(
    ours: Sequence[Entry], theirs: Sequence[Entry], here: dict[int, int], there: dict[int, int]
) -> dict[int, int]:
    """Entries that both branches added for the same segment."""
    left = [e.src if n not in here else None for n, e in enumerate(ours)]
    right = [e.src if n not in there else None for n, e in enumerate(theirs)]
    return pairs(left, right)


def _their_own(
    base: Ledger, theirs: Ledger, here: dict[int, int], origin: dict[int, int], shared: set[int]
) -> list[int]:
    """Entries that only they have: what they added, and what we dropped and they changed."""
    found = []
    for n, entry in enumerate(theirs.entries):
        old = origin.get(n)
        if (old is None and n not in shared) or (old is not None and old not in here and entry != base.entries[old]):
            found.append(n)
    return found


def _woven(
    found: list[Entry], theirs: Sequence[Entry], extra: Sequence[int], placed: dict[int, int], own: set[int]
) -> tuple[Entry, ...]:
    """Our entries with theirs behind the one that stands before them in their file; of additions, ours come first."""
    after: dict[int, list[Entry]] = {}
    for n in extra:
        before = next((placed[m] for m in range(n, -1, -1) if m in placed), 0)
        while before + 1 in own:
            before += 1
        after.setdefault(before, []).append(theirs[n])
    woven = list(after.get(0, ()))
    for n, entry in enumerate(found, 1):
        woven += [entry, *after.get(n, ())]
    return tuple(woven)


def _both(base: Entry | None, ours: Entry, theirs: Entry) -> Entry:
    """One entry that two branches have."""
    if theirs in (ours, base):
        return ours
    if ours == base:
        return theirs
    if _pair(ours) == _pair(theirs):
        return _same_pair(base if base and _pair(base) == _pair(ours) else None, ours, theirs)
    if base is not None and _pair(ours) == _pair(base):
        return _remembering(theirs, ours)
    return _remembering(ours, theirs)


def _pair(entry: Entry) -> tuple[str, str]:
    return entry.src, entry.tgt


def _remembering(kept: Entry, dropped: Entry) -> Entry:
    """An entry that keeps in mind what was approved of the other."""
    past = [each for each in (*past_of(dropped), *kept.past) if each[:2] != _pair(kept) or kept.ok is None]
    return replace(kept, past=tuple(dict.fromkeys(past))[-5:], major=kept.major)


def _same_pair(base: Entry | None, ours: Entry, theirs: Entry) -> Entry:
    """Both speak of the same two texts; each field that one side changed is taken from it."""

    def pick(old: V, mine: V, other: V) -> V:
        return other if mine == old else mine

    old = base or Entry(ours.src, ours.tgt, theirs.by)
    ok = ours.ok if theirs.ok == ours.ok else _approval(old.ok, ours.ok, theirs.ok)
    return Entry(
        ours.src,
        ours.tgt,
        pick(old.by, ours.by, theirs.by),
        ok,
        pick(old.waived, ours.waived, theirs.waived),
        pick(old.proposal, ours.proposal, theirs.proposal),
        tuple(dict.fromkeys((*theirs.past, *ours.past)))[-5:],
        pick(old.major, ours.major, theirs.major),
    )


def _approval(base: Stamp | None, ours: Stamp | None, theirs: Stamp | None) -> Stamp | None:
    """An approval that one side gave or took back; of two, the earlier."""
    if base is not None and None in (ours, theirs):
        return None
    if base is not None and base in (ours, theirs):
        return theirs if ours == base else ours
    given = [stamp for stamp in (ours, theirs) if stamp is not None]
    return min(given, key=lambda stamp: (stamp.on, stamp.by), default=None)


def _reviews(base: Ledger, ours: Ledger, theirs: Ledger) -> tuple[Stamp, ...]:
    gone = {r for r in base.reviews if r not in ours.reviews or r not in theirs.reviews}
    every = dict.fromkeys((*ours.reviews, *theirs.reviews))
    return tuple(sorted((r for r in every if r not in gone), key=lambda stamp: stamp.on))


# -- ledgers that git left with conflict markers


def sides(text: str) -> tuple[str, str, str]:
    """Base, ours and theirs of a file with conflict markers; without a recorded base, what both have stands in."""
    return (
        _MARKED.sub(lambda m: m["base"] or "", text),
        _MARKED.sub(lambda m: m["ours"], text),
        _MARKED.sub(lambda m: m["theirs"], text),
    )


def rederive(source: Page, target: Page | None, merged: Ledger, known: Sequence[Entry]) -> Ledger:
    """A merged ledger, fitted to the Markdown as it stands now.

    For each pair of texts the entry of a branch that speaks of exactly this pair, else of this translation.
    """
    settled = settle(source, target, merged)
    pairs_known = {_pair(entry): entry for entry in reversed(known)}
    by_text = {entry.tgt: entry for entry in reversed(known)}
    entries = [_fitting(row, pairs_known, by_text) for row in settled.rows]
    return Ledger(_in_order(settled, entries), merged.reviews)


def _fitting(row: Row, known: Mapping[tuple[str, str], Entry], by_text: Mapping[Digest, Entry]) -> Entry | None:
    if row.source is None or row.target is None:
        return row.entry if row.source is not None else None
    exact = known.get((row.source.digest, row.target.digest))
    return exact or by_text.get(row.target.digest) or (observed(row) if row.entry is None else row.entry)


def _in_order(settled: Settled, entries: Sequence[Entry | None]) -> tuple[Entry, ...]:
    """By the place of their translations, so that the file keeps the order of the page."""
    last, kept = -1, []
    for tied, entry in zip(settled.tie.rows, entries, strict=True):
        last = tied.target if tied.target is not None else last
        if entry is not None:
            kept.append((last, entry))
    return tuple(entry for _, entry in sorted(kept, key=lambda each: each[0]))

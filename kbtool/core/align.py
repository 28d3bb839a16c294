"""Tying a translation that people edited back to its original, segment by segment, with or without a ledger.

    >>> for tied in tie(original.segments, translation.segments, ledger.entries).rows: ...

Every segment of both pages and every entry of the ledger comes out exactly once. What was added, dropped, merged or
split has nothing on the other side; it never shifts what follows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kbtool.core.likeness import Likeness, Scorer, best_path
from kbtool.core.model import Document, Entry, Segment
from kbtool.core.value import value

Page = Document | Sequence[Segment]
#: How likely a pair must be in a gap of few blocks, and of many; 0.3 is no sign either way. Low, because an edited
#: paragraph that is taken for a new one loses what a person made of it; a wrong pair is only shown as stale.
_SMALL_GAP, _WIDE_GAP = -0.2, -0.1


@value
class Tied:
    """What belongs together: indexes into the original's segments, the ledger's entries, the translation's segments."""

    source: int | None
    entry: int | None
    target: int | None


@dataclass(frozen=True, slots=True)
class Tie:
    """All that belongs together, in the order of the original; what has no source stands after its predecessor."""

    rows: tuple[Tied, ...]
    inside: frozenset[int] = frozenset()  #: targets that stand inside another segment: tooltips, alternative texts


def tie(source: Page, target: Page, entries: Sequence[Entry] = ()) -> Tie:
    """Which segment of the original, which entry and which segment of the translation belong together.

    Documents tell more than bare segments do: the code blocks between segments tie as well.
    """
    ours, theirs = _segments(source), _segments(target)
    here, there = [s.digest for s in ours], [s.digest for s in theirs]
    if len(entries) == len(here) and [e.tgt for e in entries] == there and [e.src for e in entries] == here:
        return Tie(tuple([Tied(n, n, n) for n in range(len(here))]), frozenset(_inside(theirs)))  # nothing changed
    to_target = pairs([e.tgt for e in entries], there)
    to_source = pairs([e.src for e in entries], here)
    _also(to_source, [e.proposal.src if e.proposal else None for e in entries], here)
    likeness: Likeness | None = None
    if len(to_source) < len(ours) or len(to_target) < len(theirs):
        likeness = Likeness(source, target)
        _fill(to_target, (len(entries), len(theirs)), likeness.from_entries(to_source))
        _fill(to_source, (len(entries), len(ours)), likeness.to_entries(to_target))
    across = {to_source[e]: to_target[e] for e in to_source.keys() & to_target.keys()}
    if likeness is not None:
        adopting = not entries
        _fill(across, (len(ours), len(theirs)), likeness.score, (to_source.values(), to_target.values()), adopting)
    rows = _rows((len(ours), len(entries), len(theirs)), to_source, to_target, across)
    return Tie(tuple(rows), frozenset(_inside(theirs)))


def is_parallel(tied: Tie) -> bool:
    """Whether the translation has the original's blocks, in order, and nothing that a person added.

    Such a page is rebuilt from the original's frame; any other is edited in place (`graft`). Blocks that the original
    moved keep the page parallel: there the translation still has the ledger's order. What people add inside a segment,
    a tooltip say, is part of that segment.
    """
    both = [row for row in tied.rows if row.target is not None and row.target not in tied.inside]
    if any(row.source is None and row.entry is None for row in both):
        return False
    by_source = [row.target for row in both if row.source is not None]
    by_entry = [row.target for row in sorted((r for r in both if r.entry is not None), key=lambda r: r.entry or 0)]
    bare = [row.target for row in both if row.source is not None and row.entry is None]
    return _rising(by_source) or (_rising(by_entry) and not bare)


def _rising(numbers: Iterable[int | None]) -> bool:
    known = [n for n in numbers if n is not None]
    return all(a < b for a, b in pairwise(known))


def _segments(page: Page) -> Sequence[Segment]:
    return page.segments if isinstance(page, Document) else page


def _inside(segments: Sequence[Segment]) -> Iterator[int]:
    """The segments inside others, which they directly follow."""
    end = 0
    for n, segment in enumerate(segments):
        if n < end:
            yield n
        end = max(end, n + 1 + sum(len(slot.inner) for slot in segment.slots))


def pairs(left: Sequence[Hashable], right: Sequence[Hashable]) -> dict[int, int]:
    """Equal keys tied: what stands once on each side wherever it moved, what repeats by its neighbours, then order.

    `None` ties with nothing.
    """
    found = _Pairing(left, right)
    found.ends()
    found.unique()
    found.repeated()
    return found.tied


class _Pairing:
    """Two sequences of keys, and what is tied so far."""

    def __init__(self, left: Sequence[Hashable], right: Sequence[Hashable]) -> None:
        self.left, self.right = left, right
        self.tied: dict[int, int] = {}
        self.taken: set[int] = set()

    def ends(self) -> None:
        """Tie the equal beginnings and ends, which for most pages is all there is."""
        self.grow(-1, -1, 1)
        self.grow(len(self.left), len(self.right), -1)

    def unique(self) -> None:
        """Tie what stands once on each side, then the equal neighbours of that."""
        places = _places(self.right, self.taken)
        once = [
            (here[0], there[0])
            for key, here in _places(self.left, self.tied).items()
            if len(here) == len(there := places.get(key, [])) == 1
        ]
        for a, b in once:
            self.tie(a, b)
        for a, b in once:
            self.grow(a, b, 1)
            self.grow(a, b, -1)

    def repeated(self) -> None:
        """Tie what is left of equal keys in order."""
        places = _places(self.right, self.taken)
        for key, here in _places(self.left, self.tied).items():
            for a, b in zip(here, places.get(key, ()), strict=False):
                self.tie(a, b)

    def tie(self, a: int, b: int) -> None:
        self.tied[a] = b
        self.taken.add(b)

    def grow(self, a: int, b: int, step: int) -> None:
        """Tie equal neighbours from a pair on, in one direction."""
        left, right = self.left, self.right
        a, b = a + step, b + step
        while 0 <= a < len(left) and 0 <= b < len(right) and a not in self.tied and b not in self.taken:
            if left[a] is None or left[a] != right[b]:
                return
            self.tie(a, b)
            a, b = a + step, b + step


def _places(keys: Sequence[Hashable], taken: Container[int]) -> dict[Hashable, list[int]]:
    """Where each key stands, those already tied left out."""
    found: dict[Hashable, list[int]] = defaultdict(list)
    for n, key in enumerate(keys):
        if key is not None and n not in taken:
            found[key].append(n)
    return dict(found)


def _also(tied: dict[int, int], left: Sequence[Hashable], right: Sequence[Hashable]) -> None:
    """Tie by a second key what the first left untied."""
    taken = set(tied.values())
    rest = [key if n not in tied else None for n, key in enumerate(left)]
    if any(key is not None for key in rest):
        free = [key if n not in taken else None for n, key in enumerate(right)]
        tied.update(pairs(rest, free))


def _fill(
    tied: dict[int, int],
    counts: tuple[int, int],
    score: Scorer,
    busy: tuple[Iterable[int], Iterable[int]] = ((), ()),
    adopting: bool = False,
) -> None:
    """Tie what is left in the gaps between pairs that stand in order on both sides, by likeness.

    Where there is a ledger, most is tied already and a gap is where somebody edited: as many on both sides are
    changed texts, but a gap of many against few is a rewritten page, and there only what tells something ties.
    """
    busy_left, busy_right = {*tied, *busy[0]}, {*tied.values(), *busy[1]}
    for (a1, b1), (a2, b2) in pairwise([(-1, -1), *_in_order(tied), counts]):
        free_left = [n for n in range(a1 + 1, a2) if n not in busy_left]
        free_right = [n for n in range(b1 + 1, b2) if n not in busy_right]
        if free_left and free_right:
            found = best_path(free_left, free_right, score)
            if not (adopting or len(found) == len(free_left) == len(free_right)):
                least = _SMALL_GAP if max(len(free_left), len(free_right)) <= 3 else _WIDE_GAP
                found = {a: b for a, b in found.items() if score(a, b) >= least}
            tied.update(found)


def _in_order(tied: dict[int, int]) -> list[tuple[int, int]]:
    """The longest run of pairs that rise on both sides; the others have moved."""
    ordered = sorted(tied.items())
    if _rising(b for _, b in ordered):
        return ordered
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for n, (_, b) in enumerate(ordered):
        place = bisect_left(ends, b)
        before.append(at[place - 1] if place else -1)
        if place == len(ends):
            ends.append(b)
            at.append(n)
        else:
            ends[place], at[place] = b, n
    run, n = [], at[-1] if at else -1
    while n >= 0:
        run.append(ordered[n])
        n = before[n]
    return run[::-1]


def _rows(
    counts: tuple[int, int, int], to_source: dict[int, int], to_target: dict[int, int], across: dict[int, int]
) -> list[Tied]:
    """Everything once: by source, and what has none after the row of the target or entry before it."""
    sources, entries, targets = counts
    entry_of = {s: e for e, s in to_source.items()}
    heads = [Tied(s, entry_of.get(s), across.get(s)) for s in range(sources)]
    row_of_target = {row.target: n for n, row in enumerate(heads) if row.target is not None}
    row_of_entry = {row.entry: n for n, row in enumerate(heads) if row.entry is not None}
    after: dict[int, list[Tied]] = defaultdict(list)
    entry_at = {t: e for e, t in to_target.items()}
    at, placed = -1, set(row_of_entry)
    for t in range(targets):
        if t in row_of_target:
            at = row_of_target[t]
        else:
            entry = entry_at.get(t)
            entry = entry if entry not in placed else None
            after[at].append(Tied(None, entry, t))
            if entry is not None:
                placed.add(entry)
                row_of_entry[entry] = at
    at = -1
    for e in range(entries):
        if e in placed:
            at = row_of_entry[e]
        else:
            after[at].append(Tied(None, e, None))
    rows = after[-1]
    for n, head in enumerate(heads):
        rows.append(head)
        rows += after[n]
    return rows

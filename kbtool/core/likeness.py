"""How likely it is that a segment of the translation renders a segment of the original, whatever the languages.

What people carry over tells: code, link targets, numbers, names, the code blocks around; then the length. Kinds must
be the same, or such as people exchange (a paragraph made a list item).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import log

from kbtool.core.families import families
from kbtool.core.model import Document, Kind, Prose, Segment

Scorer = Callable[[int, int], float]

#: What leaving a segment untied costs; two untied cost more than a pair that nothing speaks for or against.
SKIP = -0.6
NEVER = float("-inf")
_WORD = re.compile(r"[^\W_]{3,}|\d+")
_MARKER = 4  # lines of a frame up to this long are markers that stand everywhere
_FULL = 120_000  # pairs that are compared all against all; beyond it, a band around the diagonal
_BAND = 40
_WIDEST = 400_000  # pairs that are compared at all, so that no page takes minutes
_EXCHANGED = frozenset({Kind.PARAGRAPH, Kind.ITEM, Kind.TERM, Kind.HTML, Kind.CAPTION})


class Likeness:
    """Scores pairs of two pages: above zero speaks for, below against."""

    def __init__(self, source: Document | Sequence[Segment], target: Document | Sequence[Segment]) -> None:
        self.source, self._source_signs = _read(source)
        self.target, self._target_signs = _read(target)
        self._weights = _weights(self._source_signs, self._target_signs)
        self._ratio = _ratio(self.source, self.target)
        self._source_lengths = [log(len(s.words) + 3) for s in self.source]
        self._target_lengths = [log(len(t.words) + 3) - self._ratio for t in self.target]
        self._source_sums = [sum(map(self._weights.__getitem__, signs)) for signs in self._source_signs]
        self._target_sums = [sum(map(self._weights.__getitem__, signs)) for signs in self._target_signs]

    def score(self, s: int, t: int) -> float:
        a, b = self.source[s], self.target[t]
        if a.kind is not b.kind:
            if not (a.kind in _EXCHANGED and b.kind in _EXCHANGED):
                return NEVER
            base = -1.0
        elif a.kind is Kind.META:
            return 5.0 if a.key == b.key else NEVER
        else:
            base = 0.3
        apart = abs(self._source_lengths[s] - self._target_lengths[t])
        base -= min(apart * apart * 0.8, 2.0)
        total = self._source_sums[s] + self._target_sums[t]
        if total:
            mine, other = self._source_signs[s], self._target_signs[t]
            weights = self._weights
            shared = sum(weights[sign] for sign in mine & other)
            base += min(shared, 3.0) + 2.0 * shared / total - 0.3 * (total - 2 * shared) / (total + 2.0)
        return base

    def from_entries(self, to_source: Mapping[int, int]) -> Scorer:
        """Scores entries against targets by what the entries' sources are; an entry without one may be any."""

        def score(entry: int, target: int) -> float:
            source = to_source.get(entry)
            return 0.0 if source is None else self.score(source, target)

        return score

    def to_entries(self, to_target: Mapping[int, int]) -> Scorer:
        """Scores entries against sources by what the entries' targets are."""

        def score(entry: int, source: int) -> float:
            target = to_target.get(entry)
            return 0.0 if target is None else self.score(source, target)

        return score


def best_path(left: Sequence[int], right: Sequence[int], score: Scorer) -> dict[int, int]:
    """The pairs, in order on both sides, that together score best; what fits nowhere stays untied."""
    n, m = len(left), len(right)
    reach = max(n, m) if n * m <= _FULL else min(_BAND + abs(n - m), max(_BAND, _WIDEST // n))
    #: previous row: best[j] for the pairs before; moves: 1 = tied, 2 = left untied, 3 = right untied
    best = [SKIP * j for j in range(m + 1)]
    moves: list[dict[int, int]] = []
    for i in range(1, n + 1):
        middle = i * m // n
        low, high = max(1, middle - reach), min(m, middle + reach)
        row = [NEVER] * (m + 1)
        if low == 1:
            row[0] = SKIP * i
        how: dict[int, int] = {}
        a = left[i - 1]
        for j in range(low, high + 1):
            tied = best[j - 1] + score(a, right[j - 1]) if best[j - 1] > NEVER else NEVER
            up, along = best[j] + SKIP, row[j - 1] + SKIP
            if tied >= up and tied >= along and tied > NEVER:
                row[j], how[j] = tied, 1
            elif up >= along:
                row[j], how[j] = up, 2
            else:
                row[j], how[j] = along, 3
        moves.append(how)
        best = row
    return _walk_back(left, right, moves)


def _walk_back(left: Sequence[int], right: Sequence[int], moves: Sequence[Mapping[int, int]]) -> dict[int, int]:
    i, j = len(left), len(right)
    tied = {}
    while i and j:
        how = moves[i - 1].get(j, 2)
        if how == 1:
            i, j = i - 1, j - 1
            tied[left[i]] = right[j]
        elif how == 2:
            i -= 1
        else:
            j -= 1
    return tied


def _read(page: Document | Sequence[Segment]) -> tuple[Sequence[Segment], list[frozenset[str]]]:
    """The segments of a page and the signs of each."""
    if not isinstance(page, Document):
        return page, [frozenset(_signs(segment)) for segment in page]
    signs: list[set[str]] = [set(_signs(segment)) for segment in page.segments]
    members = {id(piece): indexes for piece, indexes in families(page)}
    last, following = -1, 0
    for piece in page.pieces:
        if isinstance(piece, Prose):
            last, following = members[id(piece)][0], members[id(piece)][-1] + 1
            continue
        for line in filter(_tells, map(str.strip, piece.text.splitlines())):
            if following < len(signs):
                signs[following].add(f"before {line}")
            if last >= 0:
                signs[last].add(f"after {line}")
    return page.segments, [frozenset(each) for each in signs]


def _tells(line: str) -> bool:
    return len(line) > _MARKER


def _signs(segment: Segment) -> Iterable[str]:
    """What a translation of this segment most likely holds as well."""
    for slot in segment.slots:
        yield f"{slot.name} {slot.close if slot.name == 'link' and slot.close else slot.open}"
    yield from (word.casefold() for word in _WORD.findall(segment.words))


def _weights(ours: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]]) -> Mapping[str, float]:
    """What a sign tells: nothing where only one page has it, more the rarer it is."""
    here, there = Counter(s for signs in ours for s in signs), Counter(s for signs in theirs for s in signs)
    found = dict.fromkeys(here.keys() | there.keys(), 0.0)
    for sign in here.keys() & there.keys():
        found[sign] = 2.0 / (1.0 + log(max(here[sign], there[sign])))
    return found


def _ratio(ours: Sequence[Segment], theirs: Sequence[Segment]) -> float:
    """How much longer (as a logarithm) segments of the translation are."""
    mean = [sum(log(len(each.words) + 3) for each in page) / max(len(page), 1) for page in (ours, theirs)]
    return mean[1] - mean[0] if ours and theirs else 0.0

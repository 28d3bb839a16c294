"""How well translations are tied back to their originals: `python benchmarks/alignment.py [CORPORA]`.

Truth is the position where both pages have the same kinds of blocks in the same order (texts inside a block, such as
tooltips, come and go with its wording and are not counted). Then a tenth of the translation's blocks is deleted at
random (five draws a page), and what is left must still be tied to the same originals.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kbtool.core.align import tie
from kbtool.core.families import families
from kbtool.core.model import Entry, Segment
from kbtool.core.segments import parse

DRAWS = 5
SHARE = 0.1


@dataclass
class Score:
    """Blocks tied right, of how many, in how much time."""

    name: str
    right: int = 0
    blocks: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        share = 100 * self.right / self.blocks if self.blocks else 0.0
        each = 1e6 * self.seconds / max(self.blocks, 1)
        return f"{self.name:46} {share:7.2f} %  of {self.blocks:6}  {each:7.0f} µs/block"


def replayed(corpora: Path) -> Iterator[tuple[Path, Path]]:
    """Originals and the translations that people made from exactly these versions."""
    for folder in sorted((corpora / "replay").iterdir()):
        for age in ("old", "new"):
            translation = folder / f"{age}_translation.md"
            if translation.is_file():
                yield folder / f"{age}.md", translation


def published(corpora: Path, locale: str) -> Iterator[tuple[Path, Path]]:
    """FastAPI's originals and translations of one commit; some translations are older than their originals."""
    root = corpora / "fastapi"
    for original in sorted((root / "en").rglob("*.md")):
        translation = root / locale / original.relative_to(root / "en")
        if translation.is_file():
            yield original, translation


@dataclass(frozen=True)
class Pair:
    """Two pages as segments, and for each block of the translation (by index) the block that it renders."""

    source: tuple[Segment, ...]
    target: tuple[Segment, ...]
    truth: dict[int, int]
    members: dict[int, tuple[int, ...]]  #: the segments of each block of the translation


def paired(original: Path, translation: Path) -> Pair | None:
    a, b = (parse(path.read_bytes().decode()) for path in (original, translation))
    ours, theirs = families(a), families(b)
    if [piece.segment.kind for piece, _ in ours] != [piece.segment.kind for piece, _ in theirs]:
        return None
    truth = {there[0]: here[0] for (_, here), (_, there) in zip(ours, theirs, strict=True)}
    return Pair(a.segments, b.segments, truth, {indexes[0]: indexes for _, indexes in theirs})


def count(score: Score, pair: Pair, entries: list[Entry], kept: list[int]) -> None:
    """Tie the original with what is left of its translation."""
    left = [pair.target[n] for n in kept]
    start = time.perf_counter()
    rows = tie(pair.source, left, entries).rows
    score.seconds += time.perf_counter() - start
    found = {kept[row.target]: row.source for row in rows if row.target is not None}
    blocks = [n for n in kept if n in pair.truth]
    score.blocks += len(blocks)
    score.right += sum(found[n] == pair.truth[n] for n in blocks)


def ledger(pair: Pair, edited: float, chance: random.Random) -> list[Entry]:
    """Entries for every block; a share of the targets has been edited since."""
    there = {source: target for target, source in pair.truth.items()}
    return [
        Entry(s.digest, s.digest if chance.random() < edited else pair.target[there[n]].digest, "hand")
        for n, s in enumerate(pair.source)
        if n in there
    ]


def measure(name: str, candidates: Iterator[tuple[Path, Path]]) -> None:
    found = [paired(*each) for each in candidates]
    same = [pair for pair in found if pair is not None]
    print(f"{name}: {len(same)} pairs with the same kinds in the same order, {len(found) - len(same)} others left out")
    scores = [
        Score("  no ledger"),
        Score("  no ledger, a tenth deleted"),
        Score("  ledger, a tenth deleted"),
        Score("  ledger, a tenth deleted, a fifth edited"),
    ]
    chance = random.Random(1)
    for pair in same:
        count(scores[0], pair, [], list(range(len(pair.target))))
        for _ in range(DRAWS):
            gone = {n for head, each in pair.members.items() if chance.random() < SHARE for n in each}
            kept = [n for n in range(len(pair.target)) if n not in gone]
            for score, entries in zip(
                scores[1:], ([], ledger(pair, 0, chance), ledger(pair, 0.2, chance)), strict=True
            ):
                count(score, pair, entries, kept)
    print(*scores, sep="\n")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("corpora", nargs="?", default="../shared/corpora", type=Path)
    corpora = options.parse_args().corpora
    measure("replay", replayed(corpora))
    for locale in ("de", "es", "ja"):
        measure(f"fastapi {locale}", published(corpora, locale))


if __name__ == "__main__":
    main()

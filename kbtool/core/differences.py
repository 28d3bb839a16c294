"""How two rendered pages differ, stretch by stretch, and in words that a writer would use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from math import log

from kbtool.core.likeness import NEVER, Scorer, best_path
from kbtool.core.skeleton import Block

Key = tuple[str, str, tuple[str, ...]]
_SHOWN = 60
_NEAR = 40


def keys(blocks: Sequence[Block]) -> list[Key]:
    return [(block.path, block.attributes, tuple(block.items)) for block in blocks]


def differing(
    ours: Sequence[Block], theirs: Sequence[Block], ours_keys: Sequence[Key], theirs_keys: Sequence[Key]
) -> list[tuple[int, int, int, int]]:
    """The stretches in which two pages differ; blocks with equal paths are kept as pairs."""
    start, shortest = 0, min(len(ours), len(theirs))
    while start < shortest and ours_keys[start] == theirs_keys[start]:
        start += 1
    end = 0
    while end < shortest - start and ours_keys[-1 - end] == theirs_keys[-1 - end]:
        end += 1
    if len(ours) != len(theirs):
        # One paragraph is like another: which of them is too many, only their lengths tell.
        start, end = max(start - _NEAR, 0), max(end - _NEAR, 0)
    a, b = ours[start : len(ours) - end], theirs[start : len(theirs) - end]
    if [x.path for x in a] == [x.path for x in b]:
        return [(start + n, start + n + 1, start + n, start + n + 1) for n in range(len(a)) if _differ(a[n], b[n])]
    return [
        (start + i1, start + i2, start + j1, start + j2)
        for i1, i2, j1, j2 in _gaps(best_path(range(len(a)), range(len(b)), _resemblance(a, b)), len(a), len(b))
        if i2 - i1 != 1 or j2 - j1 != 1 or _differ(a[i1], b[j1]) or a[i1].path != b[j1].path
    ]


def _gaps(paired: Mapping[int, int], ours: int, theirs: int) -> list[tuple[int, int, int, int]]:
    """Each pair as a stretch of one block, and the stretches between pairs."""
    found = []
    i = j = 0
    for a, b in [*sorted(paired.items()), (ours, theirs)]:
        if i < a or j < b:
            found.append((i, a, j, b))
        if a < ours:
            found.append((a, a + 1, b, b + 1))
        i, j = a + 1, b + 1
    return found


def _resemblance(ours: Sequence[Block], theirs: Sequence[Block]) -> Scorer:
    """Scores two blocks: the same place in the page, the same elements in them, about the same length."""
    lengths = [[log(len(block.words) + 3) for block in page] for page in (ours, theirs)]
    here, there = lengths
    longer = sum(there) / max(len(there), 1) - sum(here) / max(len(here), 1)

    def score(i: int, j: int) -> float:
        if ours[i].path != theirs[j].path:
            return NEVER
        same = 1.0 if ours[i].items and ours[i].items == theirs[j].items else 0.0
        return 0.3 + same - min(0.8 * (there[j] - here[i] - longer) ** 2, 2.0)

    return score


def _differ(a: Block, b: Block) -> bool:
    return a.attributes != b.attributes or a.items != b.items


def differences(ours: Block, theirs: Block) -> list[str]:
    """In words, what a block lost, gained or changed."""
    said = []
    if ours.attributes != theirs.attributes:
        said.append(f"attributes changed: {_cut(ours.attributes) or 'none'} → {_cut(theirs.attributes) or 'none'}")
    mine, other = Counter(ours.items), Counter(theirs.items)
    said += [f"{_named(item)} lost" for item in (mine - other).elements()]
    said += [f"{_named(item)} too many" for item in (other - mine).elements()]
    return said


_ITEM = re.compile(r"(?P<tag>[\w-]+)(?P<rest>.*)", re.DOTALL)
_NAMES = {"em": "emphasis", "strong": "strong emphasis", "del": "strike-through", "mark": "mark", "br": "line break"}
_BLOCKS = {
    "p": "paragraph",
    "ul": "list",
    "ol": "numbered list",
    "li": "list item",
    "pre": "code block",
    "blockquote": "quote",
    "table": "table",
    "td": "table cell",
    "th": "table header",
    "tr": "table row",
    "dl": "definition list",
    "dt": "term",
    "dd": "definition",
    "div": "container",
}


def _named(item: str) -> str:
    """An item of a block as a writer would call it."""
    for start, name in (("code text ", "code"), ("directive ", "directive"), ("placeholder ", "placeholder")):
        if item.startswith(start):
            return f"{name} `{_cut(item.removeprefix(start))}`"
    if target := re.search(r'\b(?:href|src)="([^"]*)"', item):
        return f"{'image' if item.startswith('img') else 'link target'} {_cut(target[1])}"
    match = _ITEM.match(item)
    if match and match["tag"] in _NAMES:
        return _NAMES[match["tag"]]
    return f"<{_cut(item)}>"


def reshaped(ours: Sequence[Block], theirs: Sequence[Block]) -> str:
    if not ours:
        return f"{_called(theirs)} too many"
    if not theirs:
        return f"{_called(ours)} lost"
    return f"{_called(ours)} became {_called(theirs)}"


def _called(blocks: Sequence[Block]) -> str:
    tag = blocks[0].path.rpartition("/")[2]
    name = f"heading {tag[1]}" if re.fullmatch("h[1-6]", tag) else _BLOCKS.get(tag, f"<{tag}>")
    more = f" and {len(blocks) - 1} more" if len(blocks) > 1 else ""
    return f"a {name}{more}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"

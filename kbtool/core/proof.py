"""The proof of a composed page: rendered as the site renders it, it is the original, but for its text.

    proof = Proof(original, Renderer())
    for locale in locales:
        faults = proof.check(composed[locale])

A fault names the line of the original, what differs there, and the segments that can be at fault, so that these
may stand in the source language while the rest of the page is published.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import yaml

from kbtool.core.errors import KbError
from kbtool.core.model import Document, Finding
from kbtool.core.places import Places
from kbtool.core.render import Renderer, front_matter, is_mapping, load_yaml
from kbtool.core.skeleton import Block, skeleton

RULE = "proof"
FIELDS = ("title", "description", "summary", "keywords")
#: Beyond this many pairs of blocks the finer comparison would take longer than the page is worth.
_FINE = 4_000_000
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Fault(Finding):
    """A finding of a proof, with the segments of the original (by index) that can be at fault."""

    segments: tuple[int, ...] = ()


class Proof:
    """One original, rendered once, against which its translations are proved."""

    def __init__(
        self,
        original: str,
        renderer: Renderer,
        *,
        fields: Sequence[str] = FIELDS,
        document: Document | None = None,
    ) -> None:
        self.original = original
        self.renderer = renderer
        self.fields = tuple(fields)
        self.blocks = skeleton(renderer.html(original))
        self.keys = _keys(self.blocks)
        self.head = front_matter(original)[0]
        self._document = document
        self._places: Places | None = None

    def check(self, composed: str) -> list[Fault]:
        """What `composed` has lost, gained or changed; nothing when it is proved."""
        faults = [] if composed == self.original else self._body(composed)
        return self._head(composed) + faults

    @property
    def places(self) -> Places:
        """Where each block stands in the source; found only when something is wrong, since it renders once more."""
        if self._places is None:
            self._places = Places(self.original, self.blocks, self.renderer, self.fields, self._document)
        return self._places

    def _body(self, composed: str) -> list[Fault]:
        try:
            found = skeleton(self.renderer.html(composed))
        except KbError as error:
            return [Fault(RULE, error.what, line=1, hint=error.hint or "")]
        keys = _keys(found)
        if keys == self.keys:
            return []
        faults: list[Fault] = []
        for i1, i2, j1, j2 in _differing(self.blocks, found, self.keys, keys):
            faults += self._region(self.blocks[i1:i2], found[j1:j2], i1)
        return faults

    def _region(self, ours: Sequence[Block], theirs: Sequence[Block], start: int) -> list[Fault]:
        """The faults of one stretch of blocks: pair for pair where the shapes agree, else as a whole."""
        if [block.path for block in ours] == [block.path for block in theirs]:
            return [
                self._fault(start + n, start + n + 1, message)
                for n, (a, b) in enumerate(zip(ours, theirs, strict=True))
                for message in _differences(a, b)
            ]
        # What was swallowed may be the fault of the block before: an element that no longer closes.
        return [self._fault(max(start - 1, 0), start + len(ours) + (not ours), _reshaped(ours, theirs))]

    def _fault(self, first: int, last: int, message: str) -> Fault:
        place = self.places.of(first, last)
        return Fault(RULE, message, line=place.line, segments=place.segments)

    def _head(self, composed: str) -> list[Fault]:
        head = front_matter(composed)[0]
        if head == self.head:
            return []
        return [
            Fault(RULE, message, line=self.places.line_of(key), segments=self.places.metas(key))
            for key, message in _front_matter_differences(self.head, head, self.fields)
        ]


def prove(original: str, composed: str, renderer: Renderer, *, fields: Sequence[str] = FIELDS) -> list[Fault]:
    """What differs between two pages apart from text; for one original and many locales, keep a `Proof`."""
    return Proof(original, renderer, fields=fields).check(composed)


def culprits(findings: Iterable[Finding], document: Document) -> set[int]:
    """The segments of `document` that the findings accuse: put their source text back and prove again.

    None when the findings cannot be traced, and then the page as a whole is to be refused.
    """
    lines = {finding.line for finding in findings if not getattr(finding, "segments", ()) and finding.line}
    named = {index for finding in findings for index in getattr(finding, "segments", ())}
    return named | {index for index, segment in enumerate(document.segments) if segment.line in lines}


def settle(
    proof: Proof, document: Document, compose: Callable[[frozenset[int]], str], *, rounds: int = 6
) -> tuple[str, list[Fault], frozenset[int]]:
    """A page that is proved, with as few segments as can be left in the source language.

    `compose(kept)` writes the page with the source text in place of the segments in `kept`. Gives the page, its
    remaining faults (none: proved), and what was kept.
    """
    kept: frozenset[int] = frozenset()
    page = compose(kept)
    faults = blamed = proof.check(page)
    for _ in range(rounds):
        accused = culprits(blamed, document) - kept
        if not accused:
            break
        kept |= accused
        page = compose(kept)
        blamed = proof.check(page)
    return page, blamed if blamed else [], kept if blamed is not faults else frozenset()


def _keys(blocks: Sequence[Block]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(block.path, block.attributes, tuple(block.items)) for block in blocks]


def _differing(
    ours: Sequence[Block], theirs: Sequence[Block], ours_keys: list[Any], theirs_keys: list[Any]
) -> list[tuple[int, int, int, int]]:
    """The stretches in which two pages differ; blocks with equal paths are kept as pairs."""
    start, shortest = 0, min(len(ours), len(theirs))
    while start < shortest and ours_keys[start] == theirs_keys[start]:
        start += 1
    end = 0
    while end < shortest - start and ours_keys[-1 - end] == theirs_keys[-1 - end]:
        end += 1
    a, b = ours[start : len(ours) - end], theirs[start : len(theirs) - end]
    if [x.path for x in a] == [x.path for x in b]:
        return [(start + n, start + n + 1, start + n, start + n + 1) for n in range(len(a)) if _differ(a[n], b[n])]
    if len(a) * len(b) > _FINE:
        return [(start, start + len(a), start, start + len(b))]
    found = []
    matcher = SequenceMatcher(None, [x.path for x in a], [x.path for x in b], autojunk=False)
    for how, i1, i2, j1, j2 in matcher.get_opcodes():
        if how == "equal":
            pairs = zip(range(i1, i2), range(j1, j2), strict=True)
            found += [(start + i, start + i + 1, start + j, start + j + 1) for i, j in pairs if _differ(a[i], b[j])]
        else:
            found.append((start + i1, start + i2, start + j1, start + j2))
    return found


def _differ(a: Block, b: Block) -> bool:
    return a.attributes != b.attributes or a.items != b.items


def _differences(ours: Block, theirs: Block) -> list[str]:
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


def _reshaped(ours: Sequence[Block], theirs: Sequence[Block]) -> str:
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


def _front_matter_differences(ours: str, theirs: str, fields: Sequence[str]) -> list[tuple[str, str]]:
    """(key, what is wrong) for front matter that says something else than it should."""
    if not is_mapping(ours):
        return [("", "the front matter changed, although it is not valid YAML to begin with")]
    try:
        mine, other = load_yaml(ours), load_yaml(theirs)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return [("", f"the front matter is no longer valid YAML{f' (its line {mark.line + 1})' if mark else ''}")]
    if not isinstance(other, dict):
        return [("", "the front matter was lost")]
    said = [(str(key), f"front matter: {key!s} lost") for key in mine.keys() - other.keys()]
    said += [("", f"front matter: {key!s} too many") for key in other.keys() - mine.keys()]
    for key in mine.keys() & other.keys():
        if mine[key] != other[key] and not (key in fields and _alike(mine[key], other[key])):
            said.append((str(key), f"front matter: {key!s} changed"))
    return sorted(said)


def _alike(ours: object, theirs: object) -> bool:
    """Whether a translatable field is still of the same form: a text, or a list of as many."""
    if isinstance(ours, str):
        return isinstance(theirs, str) and bool(theirs.strip()) == bool(ours.strip())
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(_alike(a, b) for a, b in zip(ours, theirs, strict=True))
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(_alike(ours[key], theirs[key]) for key in ours)
    return ours == theirs

"""The proof of a composed page: rendered as the site renders it, it is the original, but for its text.

    proof = Proof(original, Renderer())
    for locale in locales:
        faults = proof.check(composed[locale])

A fault names the line of the original, what differs there, and the segments that can be at fault, so that these
may stand in the source language while the rest of the page is published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import yaml

from kbtool.core.differences import differences, differing, keys, reshaped
from kbtool.core.errors import Refused
from kbtool.core.limits import admit
from kbtool.core.model import Document, Finding
from kbtool.core.places import Places
from kbtool.core.render import Renderer, front_matter, is_mapping, load_yaml
from kbtool.core.skeleton import Block, skeleton
from kbtool.core.stamp import without_stamp

RULE = "proof"
FIELDS = ("title", "description", "summary", "keywords")


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
        self.keys = keys(self.blocks)
        self.head = without_stamp(front_matter(original)[0])
        self._document = document
        self._places: Places | None = None

    def check(self, composed: str) -> list[Fault]:
        """What `composed` has lost, gained or changed; nothing when it is proved."""
        if composed == self.original:
            return []
        try:
            admit(composed)
            faults = self._head(composed)
            # Front matter that is no YAML any more is rendered as text: then its fault says it all.
            spoilt = faults and not is_mapping(front_matter(composed)[0])
            return faults if spoilt else faults + self._body(composed)
        except Refused as error:
            line = int((error.where or "").removeprefix("line ") or 0)
            return [Fault(RULE, error.what, line=line, hint=error.hint or "")]

    @property
    def places(self) -> Places:
        """Where each block stands in the source; found only when something is wrong, since it renders once more."""
        if self._places is None:
            self._places = Places(self.original, self.blocks, self.renderer, self.fields, self._document)
        return self._places

    def _body(self, composed: str) -> list[Fault]:
        found = skeleton(self.renderer.html(composed))
        theirs = keys(found)
        if theirs == self.keys:
            return []
        faults: list[Fault] = []
        for i1, i2, j1, j2 in differing(self.blocks, found, self.keys, theirs):
            faults += self._region(self.blocks[i1:i2], found[j1:j2], i1)
        return faults

    def _region(self, ours: Sequence[Block], theirs: Sequence[Block], start: int) -> list[Fault]:
        """The faults of one stretch of blocks: pair for pair where the shapes agree, else as a whole."""
        if [block.path for block in ours] == [block.path for block in theirs]:
            return [
                self._fault(start + n, start + n + 1, message)
                for n, (a, b) in enumerate(zip(ours, theirs, strict=True))
                for message in differences(a, b)
            ]
        # What was swallowed may be the fault of the block before: an element that no longer closes.
        accused = self.places.of(max(start - 1, 0), start + len(ours) + (not ours)).segments
        return [self._fault(start - (not ours), start + len(ours), reshaped(ours, theirs), accused)]

    def _fault(self, first: int, last: int, message: str, accused: tuple[int, ...] = ()) -> Fault:
        place = self.places.of(first, last)
        return Fault(RULE, message, line=place.line, segments=accused or place.segments)

    def _head(self, composed: str) -> list[Fault]:
        head = without_stamp(front_matter(composed)[0])
        if head == self.head:
            return []
        return [
            Fault(RULE, message, line=self.places.line_of(key), segments=self.places.metas(key))
            for key, message in _front_matter_differences(self.head, head, self.fields)
        ]


def culprits(findings: Iterable[Finding], document: Document) -> set[int]:
    """The segments of `document` that the findings accuse: put their source text back and prove again.

    None when the findings cannot be traced, and then the page as a whole is to be refused.
    """
    lines = {finding.line for finding in findings if not getattr(finding, "segments", ()) and finding.line}
    named = {index for finding in findings for index in getattr(finding, "segments", ())}
    return named | {index for index, segment in enumerate(document.segments) if segment.line in lines}


@dataclass(frozen=True, slots=True)
class Settlement:
    """A page with as few segments as can be left in the source language."""

    page: str
    faults: list[Fault]  #: what is still wrong; nothing when the page is proved
    kept: frozenset[int]  #: the segments that stand in the source language


def settle(
    proof: Proof, document: Document, compose: Callable[[frozenset[int]], str], *, rounds: int = 6
) -> Settlement:
    """Put the source text back where the proof accuses a segment, until the page is proved or nobody is accused.

    `compose(kept)` writes the page with the source text in place of the segments in `kept`.
    """
    kept: frozenset[int] = frozenset()
    faults = proof.check(page := compose(kept))
    for _ in range(rounds):
        accused = culprits(faults, document) - kept
        if not accused:
            break
        kept |= accused
        faults = proof.check(page := compose(kept))
    return Settlement(page, faults, kept)


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

"""What a walk over one paragraph's markup knows of the page, and the nodes it has cut so far."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kbtool.core.model import Segment
from kbtool.core.spans import Node, Span

ATTRIBUTES = re.compile(r"\{:?[ ]*(?:[#.][^\s{}]|[\w:-]+=|[^\s{}\w:])[^{}\n]*\}|\{:[^{}\n]*\}|\{[ ]*[\w-]+[ ]*\}")
LABEL_SIZE = 999  # CommonMark's limit; without one, nested brackets cost their square

Inner = list[tuple[int, Segment]]


@dataclass(frozen=True, slots=True)
class Grammar:
    """What a page defines for its own prose: the labels of its link references, and its abbreviations."""

    labels: frozenset[str] = frozenset()
    abbreviations: re.Pattern[str] | None = None

    def knows(self, label: str) -> bool:
        return len(label) <= LABEL_SIZE and normal_label(label) in self.labels


def normal_label(label: str) -> str:
    """A reference label as Python-Markdown compares it."""
    return " ".join(label.split()).lower()


class Cutter:
    """One paragraph, and the nodes cut from it so far."""

    __slots__ = ("brackets", "grammar", "line", "missing", "out", "pairs", "raw", "start", "ticks")

    def __init__(self, raw: str, grammar: Grammar, line: int) -> None:
        self.raw = raw
        self.grammar = grammar
        self.line = line
        self.out: list[Node] = []
        self.start = 0  # of the words that are not in `out` yet
        self.brackets: list[int] = []
        self.missing: set[str] = set()  # closers known not to follow, so that each is looked for once
        self.ticks: dict[int, list[int]] | None = None
        self.pairs = False  # whether there is anything yet that may find a partner

    def words(self, end: int) -> None:
        """Put what stands before `end`, and is nothing special, into the nodes."""
        if self.start >= end:
            return
        text = self.raw[self.start : end]
        self.start = end
        pattern = self.grammar.abbreviations
        if pattern is None:
            self.out.append(text)
            return
        last = 0
        for found in pattern.finditer(text):
            self.out.append(text[last : found.start()])
            self.out.append(Span("abbreviation", found[0]))
            last = found.end()
        self.out.append(text[last:])

    def add(self, at: int, end: int, node: Node) -> int:
        """Put a node that stands from `at` to `end` into the nodes."""
        if self.start < at:
            self.words(at)
        self.out.append(node)
        self.start = end
        return end

    def single(self, name: str, at: int, end: int, inner: Inner | None = None) -> int:
        """A slot from `at` to `end`, with the attribute list that may follow."""
        end = self.attributes(end)
        return self.add(at, end, Span(name, self.raw[at:end], inner=inner or []))

    def attributes(self, end: int) -> int:
        found = ATTRIBUTES.match(self.raw, end) if self.raw.startswith("{", end) else None
        return found.end() if found else end

    def find(self, closer: str, start: int) -> int:
        """The position after the next `closer`, 0 if there is none."""
        if closer in self.missing:
            return 0
        end = self.raw.find(closer, start)
        if end < 0:
            self.missing.add(closer)
            return 0
        return end + len(closer)

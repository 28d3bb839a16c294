"""What a paragraph's Markdown is cut into, how marks and tags find their partners, and how it is numbered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from kbtool.core.model import Segment, Slot

_LOOK_BACK = 64  # as many unclosed marks and tags are remembered; real prose has a handful
_WHITE = re.compile(r"\s")
_NAMES = {
    "*1": "emphasis", "_1": "emphasis", "*2": "strong", "_2": "strong",
    "~1": "sub", "~2": "del", "^1": "sup", "^2": "ins", "=2": "mark",
}  # fmt: skip


class Masked(NamedTuple):
    """A masked paragraph: what a segment needs, and where in the raw text its inner segments begin."""

    text: str
    slots: tuple[Slot, ...]
    inner: tuple[tuple[int, Segment], ...] = ()


@dataclass(slots=True)
class Span:
    """A slot in the making."""

    name: str
    open: str
    close: str | None = None
    inner: list[tuple[int, Segment]] = field(default_factory=list)
    number: int = 0


@dataclass(slots=True)
class Open:
    """Where the prose inside a span begins."""

    span: Span


@dataclass(slots=True)
class Close:
    """Where the prose inside a span ends."""

    span: Span


@dataclass(slots=True)
class Tag:
    """An HTML tag that may pair with another."""

    name: str
    span: Span
    closing: bool


@dataclass(slots=True)
class Run:
    """A run of emphasis marks: it closes some spans, leaves marks that stand for themselves, and opens others."""

    mark: str
    count: int
    at: int
    can_open: bool
    can_close: bool
    attributes: str = ""
    closes: list[Span] = field(default_factory=list)
    opens: list[Span] = field(default_factory=list)


@dataclass(slots=True)
class Bracket:
    """An opening bracket; until a link closes it, it stands for itself."""

    raw: str
    at: int


Node = str | Span | Open | Close | Tag | Run | Bracket


@dataclass(slots=True)
class _Level:
    """What may not be crossed: the inside of a link or of an HTML element."""

    tag: Tag | None = None
    place: int = 0
    runs: list[Run] = field(default_factory=list)


def pair(nodes: list[Node], raw: str) -> None:
    """Pair tags to elements and marks to emphasis; whatever finds no partner stands for itself."""
    levels = [_Level()]
    for place, node in enumerate(nodes):
        kind = type(node)
        if kind is str or kind is Span:
            continue
        if isinstance(node, Run):
            if not (node.can_close and _close_run(node, levels[-1].runs, raw)) and node.can_open:
                levels[-1].runs.append(node)
        elif isinstance(node, Open):
            levels.append(_Level())
        elif isinstance(node, Close):
            while levels.pop().tag:
                pass
        elif isinstance(node, Tag):
            if node.closing:
                _close_tag(nodes, place, node, levels)
            elif len(levels) < _LOOK_BACK:
                levels.append(_Level(node, place))


def _close_tag(nodes: list[Node], place: int, node: Tag, levels: list[_Level]) -> None:
    for depth in range(len(levels) - 1, 0, -1):
        tag = levels[depth].tag
        if tag is None:
            return
        if tag.name == node.name:
            tag.span.close = node.span.open
            nodes[levels[depth].place] = Open(tag.span)
            nodes[place] = Close(tag.span)
            del levels[depth:]
            return


def _close_run(run: Run, open_runs: list[Run], raw: str) -> bool:
    """Close what the run can close; whether nothing of it is left."""
    index = len(open_runs) - 1
    bottom = max(-1, index - _LOOK_BACK)
    while index > bottom and run.count:
        opener = open_runs[index]
        if opener.mark != run.mark or not _fit(opener, run, raw):
            index -= 1
            continue
        used = min(opener.count, run.count, 2)
        span = Span(_NAMES[f"{run.mark}{used}"], run.mark * used, run.mark * used)
        opener.opens.insert(0, span)
        run.closes.append(span)
        opener.count -= used
        run.count -= used
        del open_runs[index + (opener.count > 0) :]
        if not opener.count:
            index -= 1
    if not run.count and run.attributes:
        last = run.closes[-1]
        last.close = f"{last.close}{run.attributes}"
        run.attributes = ""
    return not run.count


def _fit(opener: Run, run: Run, raw: str) -> bool:
    if run.mark in "~^=":
        if opener.count != run.count:
            return False
        return run.count == 2 or not _WHITE.search(raw, opener.at, run.at)
    both = (opener.can_close or run.can_open) and (opener.count + run.count) % 3 == 0
    return not (both and (opener.count % 3 or run.count % 3))


def number(nodes: list[Node]) -> Masked:
    """The masked text, and the slots in the order in which their placeholders appear."""
    parts: list[str] = []
    slots: list[Span] = []

    def begin(span: Span) -> None:
        slots.append(span)
        span.number = len(slots)
        parts.append(f"⟦{span.number}⟧")

    for node in nodes:
        if isinstance(node, str):  # what is frequent is asked for first
            parts.append(node)
        elif isinstance(node, Span):
            begin(node)
        elif isinstance(node, Open):
            begin(node.span)
        elif isinstance(node, Close):
            parts.append(f"⟦/{node.span.number}⟧")
        elif isinstance(node, Bracket):
            parts.append(node.raw)
        elif isinstance(node, Tag):
            begin(node.span)
        else:
            for span in node.closes:
                parts.append(f"⟦/{span.number}⟧")
            if node.count:
                parts.append(node.mark * node.count)
            for span in node.opens:
                begin(span)
            if node.attributes:
                begin(Span("attributes", node.attributes))
    return _masked(parts, slots)


def _masked(parts: list[str], slots: list[Span]) -> Masked:
    made: list[Slot] = []
    inner: list[tuple[int, Segment]] = []
    for span in slots:
        if span.inner:
            inner += span.inner
            made.append(Slot(span.name, span.open, span.close, tuple(segment for _, segment in span.inner)))
        else:
            made.append(Slot(span.name, span.open, span.close))
    return Masked("".join(parts), tuple(made), tuple(inner))

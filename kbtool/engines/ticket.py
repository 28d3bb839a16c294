"""One text on its way up the repair ladder: whole, in another form, split at placeholders, given up."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kbtool.core.model import PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kbtool.engines.base import About, Context
    from kbtool.memory import Key

_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|(?<=[。！？])")
_SPACE = re.compile(r"\s+")


@dataclass(slots=True)
class Part:
    """A stretch of a text: sent on its own if it has letters, else kept as it is."""

    text: str
    lead: str = ""
    trail: str = ""
    reply: str | None = None
    alone: bool = False  #: never in a batch with others again
    attempts: int = 0
    paid: bool = False  #: the reply came in this run

    @property
    def whole(self) -> str:
        return f"{self.lead}{self.reply}{self.trail}"


@dataclass(slots=True)
class Ticket:
    """A text, where it stands on the ladder, and what the guard has said so far."""

    text: str  #: as the engine is to see it, the glossary's never-translated terms masked
    original: str
    audience: str
    context: Context
    kept: dict[str, str] = field(default_factory=dict)
    rung: str = ""
    form: str = ""
    parts: list[Part] = field(default_factory=list)
    keys: dict[int, Key] = field(default_factory=dict)
    reason: str = ""
    closed: bool = False

    @property
    def answered(self) -> bool:
        return all(part.reply is not None for part in self.parts)

    @property
    def reply(self) -> str:
        joined = "".join(part.whole for part in self.parts)
        for mark, term in self.kept.items():
            joined = joined.replace(mark, term)
        return joined


def rungs(about: About, text: str) -> Iterator[tuple[str, str, list[Part]]]:
    """The ladder for a text, as (rung, form, parts): each is tried only when the guard refused the one before."""
    others = about.forms[1:]
    whole = split_long(text, about.max_characters)
    if whole is not None:
        yield "whole", "", whole
    if PLACEHOLDER.search(text):
        if whole is not None:
            for form in others:
                yield "form", form, split_long(text, about.max_characters) or []
        pieces = split_at_placeholders(text, about.max_characters)
        if pieces is not None:
            yield "split", "", pieces


def split_long(text: str, limit: int) -> list[Part] | None:
    """The text in parts of at most `limit` characters, cut at sentence ends (at spaces, if a sentence is longer).

    No pair of placeholders is cut in two; None if that cannot be done.
    """
    parts: list[Part] = []
    rest = text
    while len(rest) > limit:
        cut = _cut(rest, limit)
        if cut is None:
            return None
        parts.append(part_of(rest[:cut]))
        rest = rest[cut:]
    return [*parts, part_of(rest)]


def split_at_placeholders(text: str, limit: int) -> list[Part] | None:
    """Every stretch between placeholders on its own, the placeholders themselves kept out of the engine's hands."""
    parts: list[Part] = []
    end = 0
    for match in PLACEHOLDER.finditer(text):
        stretch = split_long(text[end : match.start()], limit)
        if stretch is None:
            return None
        parts += [*stretch, Part(match[0], reply=match[0])]
        end = match.end()
    stretch = split_long(text[end:], limit)
    return None if stretch is None else [*parts, *stretch]


def part_of(text: str) -> Part:
    """The text without its outer white space, which engines do not keep; without a letter, it is its own reply."""
    inner = text.strip()
    start = text.find(inner) if inner else len(text)
    part = Part(inner, lead=text[:start], trail=text[start + len(inner) :])
    if not any(c.isalpha() for c in inner):
        part.reply = inner
    return part


def _cut(text: str, limit: int) -> int | None:
    for pattern in (_SENTENCE, _SPACE):
        best = None
        for match in pattern.finditer(text):
            if match.end() > limit:
                break
            if match.end() and _balanced(text[: match.end()], text):
                best = match.end()
        if best:
            return best
    return None


def _balanced(start: str, text: str) -> bool:
    paired = {m[2] for m in PLACEHOLDER.finditer(text) if m[1]}
    seen = [m for m in PLACEHOLDER.finditer(start) if m[2] in paired]
    return sum(1 if not m[1] else -1 for m in seen) == 0

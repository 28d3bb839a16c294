"""Packing texts into requests, so that every reply finds its text again."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kbtool.core.model import PLACEHOLDER
from kbtool.engines.forms import numbers, renumber
from kbtool.engines.order import Order
from kbtool.engines.ticket import Ticket

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from kbtool.engines.base import About

#: A part of a ticket that waits to be sent.
Place = tuple[Ticket, int]


@dataclass(slots=True)
class Parcel:
    """Parts that travel in one request, and how often they have."""

    places: list[Place]
    form: str
    attempts: int = 0
    intent: int = 0
    offsets: list[int] = field(default_factory=list)


class Packer:
    """The parts that wait to be sent to one engine, and the requests they go into."""

    def __init__(self, about: About, options: Mapping[str, Any], locales: tuple[str, str]) -> None:
        self._about, self._options, self._locales = about, dict(options), locales
        self._waiting: dict[str, deque[Place]] = {}

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return any(self._waiting.values())

    def add(self, ticket: Ticket, indices: Sequence[int]) -> None:
        """Let these parts of a ticket wait for the next request in their form."""
        self._waiting.setdefault(ticket.form, deque()).extend((ticket, index) for index in indices)

    def clear(self) -> list[Place]:
        """Let nothing wait any more; what did."""
        places = [place for waiting in self._waiting.values() for place in waiting]
        self._waiting.clear()
        return places

    def pack(self) -> Parcel | None:
        """As many waiting parts as fit into one request, all in one form."""
        for form, waiting in self._waiting.items():
            places: list[Place] = []
            size = 0
            while waiting and len(places) < self._about.max_texts:
                ticket, index = waiting[0]
                part = ticket.parts[index]
                cost = len(part.text) + 8  # room for the mark that ties a reply to its text
                if places and (size + cost > self._about.max_characters or part.alone):
                    break
                waiting.popleft()
                if ticket.closed:
                    continue
                places.append((ticket, index))
                size += cost
                if part.alone:
                    break
            if places:
                return Parcel(places, form)
        return None

    def order(self, parcel: Parcel) -> Order:
        texts = [ticket.parts[index].text for ticket, index in parcel.places]
        parcel.offsets = []
        if len(texts) > 1 and not self._about.tied:
            texts = [_tied(parcel, text) for text in texts]
        contexts = tuple(ticket.context for ticket, _ in parcel.places) if self._about.informed else ()
        source, target = self._locales
        return Order(self._about.name, self._options, tuple(texts), source, target, parcel.form, contexts)

    def read(self, parcel: Parcel, replies: Sequence[object]) -> list[str | None]:
        """Each part's reply as it was asked for; None where an engine gave no text, or another part's."""
        texts = self.order(parcel).texts if parcel.offsets else ()
        read: list[str | None] = []
        for number, reply in enumerate(replies):
            if not isinstance(reply, str):
                read.append(None)
            elif texts:
                read.append(_untied(reply, texts[number], parcel, number))
            else:
                read.append(reply)
        return read


def _tied(parcel: Parcel, text: str) -> str:
    """The text with numbers that no other text of the parcel has; one without placeholders gets a mark."""
    start = parcel.offsets[-1] if parcel.offsets else 0
    own = numbers(text)
    parcel.offsets.append(start + max(own, default=1))
    # At the end, where it changes least: in front of "Refunds take …", Apertium drops the article.
    return renumber(text, start) if own else f"{text} ⟦{start + 1}⟧"


def _untied(reply: str, text: str, parcel: Parcel, number: int) -> str | None:
    """The reply with its own numbers again, or None if it carries another text's."""
    start = parcel.offsets[number - 1] if number else 0
    if numbers(reply) != numbers(text):
        return None
    ticket, index = parcel.places[number]
    if PLACEHOLDER.search(ticket.parts[index].text):
        return renumber(reply, -start)
    mark = f"⟦{start + 1}⟧"
    return re.sub(rf"\s*{mark}\s*", " ", reply).strip() if reply.count(mark) == 1 else None

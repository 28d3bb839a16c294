"""What an index needs of one page: a card as in a library's catalogue, small enough to be kept for the next time."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kbtool.search.language import joined, tokens
from kbtool.search.page import Page

TITLE, HEADING, TEXT, CODE = "title", "heading", "text", "code"
_WHOLE, _JOINED = "whole", "joined"
_encoded = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


class Words(NamedTuple):
    """Words of one page that stand in one kind of place, as written."""

    where: str  #: TITLE, HEADING, TEXT or CODE
    whole: bool  #: false for `email` where there is `e-mail`
    once: list[str]  #: those that stand there once
    often: list[tuple[str, int]]  #: the others, and how often


@dataclass(frozen=True, slots=True)
class Card:
    """One page in the catalogue."""

    url: str
    title: str
    text: str  #: the file with its text, named by content: a browser keeps it for ever and never shows yesterday's
    facets: Mapping[str, str]
    links: Sequence[str]
    said: str  #: its words in one line, for as single texts those of all pages would take ten times the memory

    def as_list(self) -> list[Any]:
        """As JSON has it, without the words."""
        return [self.url, self.title, self.text, dict(self.facets), list(self.links)]

    @property
    def words(self) -> Iterator[Words]:
        """Its words by the place where they stand."""
        parts = self.said.split("\t") if self.said else []
        for where, kind, once, often, times in zip(*[iter(parts)] * 5, strict=True):
            more = zip(often.split(), map(int, times.split()), strict=True)
            yield Words(where, kind == _WHOLE, once.split(), list(more))


def card_of(page: Page) -> tuple[Card, bytes]:
    """A page's card, and what goes into the file that the card names."""
    text = text_of(page)
    name = f"{hashlib.blake2b(text, digest_size=6).hexdigest()}.json"
    said = "\t".join(map(_line, _counted(page)))
    return Card(page.url, page.title, name, page.facets, sorted(page.links), said), text


def text_of(page: Page) -> bytes:
    """A page's text for excerpts."""
    return json_of([[section.anchor, section.heading, section.text] for section in page.sections])


def json_of(value: Any) -> bytes:
    """JSON without spaces, in UTF-8."""
    return _encoded(value).encode()


def _counted(page: Page) -> Iterator[Words]:
    for where, texts in _texts(page):
        text = " ".join(texts)  # a space always parts words
        for whole, words in ((True, tokens(text)), (False, joined(text) if where != CODE else ())):
            if words:
                said = Counter(words).items()
                once, often = [word for word, n in said if n == 1], [(word, n) for word, n in said if n > 1]
                yield Words(where, whole, once, often)


def _line(words: Words) -> str:
    where, whole, once, often = words
    others, times = zip(*often, strict=True) if often else ((), ())
    kind = _WHOLE if whole else _JOINED
    return "\t".join((where, kind, " ".join(once), " ".join(others), " ".join(map(str, times))))


def _texts(page: Page) -> Iterator[tuple[str, list[str]]]:
    yield TITLE, [page.title]
    yield HEADING, [section.heading for section in page.sections if section.anchor]
    yield TEXT, [page.description, page.keywords, *(section.text for section in page.sections)]
    yield CODE, [section.code for section in page.sections]

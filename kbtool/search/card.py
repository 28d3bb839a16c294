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


class Words(NamedTuple):
    """Words of one page that stand in one kind of place, as written."""

    where: str  #: TITLE, HEADING, TEXT or CODE
    whole: bool  #: false for `email` where there is `e-mail`
    once: str  #: those that stand there once, one space between them
    often: str  #: the others
    times: Sequence[int]  #: how often


@dataclass(frozen=True, slots=True)
class Card:
    """One page in the catalogue."""

    url: str
    title: str
    text: str  #: the file with its text, named by content: a browser keeps it for ever and never shows yesterday's
    facets: Mapping[str, str]
    links: Sequence[str]
    words: Sequence[Words]

    def as_list(self) -> list[Any]:
        """As JSON has it."""
        return [self.url, self.title, self.text, dict(self.facets), list(self.links), self.words]

    @classmethod
    def from_list(cls, known: Sequence[Any]) -> Card:
        url, title, text, facets, links, words = known
        return cls(url, title, text, facets, links, [Words(*each) for each in words])


def card_of(page: Page) -> tuple[Card, bytes]:
    """A page's card, and what goes into the file that the card names."""
    text = text_of(page)
    name = f"{hashlib.blake2b(text, digest_size=6).hexdigest()}.json"
    return Card(page.url, page.title, name, page.facets, sorted(page.links), [*_words(page)]), text


def text_of(page: Page) -> bytes:
    """A page's text for excerpts."""
    return json_of([[section.anchor, section.heading, section.text] for section in page.sections])


def json_of(value: Any) -> bytes:
    """JSON without spaces, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _words(page: Page) -> Iterator[Words]:
    for where, texts in _texts(page):
        text = " ".join(texts)  # a space always parts words
        if said := Counter(tokens(text)):
            yield _counted(where, True, said)
        if where != CODE and (said := Counter(joined(text))):
            yield _counted(where, False, said)


def _counted(where: str, whole: bool, said: Mapping[str, int]) -> Words:
    once = [word for word, times in said.items() if times == 1]
    often = {word: times for word, times in said.items() if times > 1}
    return Words(where, whole, " ".join(once), " ".join(often), [*often.values()])


def _texts(page: Page) -> Iterator[tuple[str, list[str]]]:
    yield TITLE, [page.title]
    yield HEADING, [section.heading for section in page.sections if section.anchor]
    yield TEXT, [page.description, page.keywords, *(section.text for section in page.sections)]
    yield CODE, [section.code for section in page.sections]

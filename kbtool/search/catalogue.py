"""A locale's pages on cards: what its index is made from, and what is kept of it for the next one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kbtool.search.card import Card, card_of
from kbtool.search.language import language_of
from kbtool.search.lexicon import Lexicon
from kbtool.search.page import Page
from kbtool.search.tally import Tally, tally_of


@dataclass(slots=True)
class Catalogue:
    """The cards of one locale's pages, and what is known of their words."""

    lexicon: Lexicon
    tally: Tally = field(default_factory=Tally)  #: of an earlier catalogue, until this one is counted
    cards: list[Card] = field(default_factory=list)
    texts: dict[str, bytes] = field(default_factory=dict)  #: files with pages' texts that are to be written

    @classmethod
    def of(cls, pages: Iterable[Page], locale: str) -> Catalogue:
        """All of it from the pages."""
        found = cls(Lexicon(language_of(locale)))
        for page in pages:
            found.add(page)
        return found

    def add(self, page: Page) -> Card:
        """Make the card of a page; its text is to be written."""
        card, text = card_of(page)
        self.cards.append(card)
        self.texts[card.text] = text
        return card

    def keep(self, card: Card) -> None:
        """A card of an earlier catalogue, whose text is written already."""
        self.cards.append(card)

    def count(self) -> Tally:
        """What these pages say."""
        self.tally = tally_of(self.cards, self.lexicon, self.tally)
        return self.tally

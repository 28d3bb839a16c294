"""A catalogue as lines of text, so that the next one need not be made from nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from kbtool.search.card import Card
from kbtool.search.catalogue import Catalogue
from kbtool.search.language import Language
from kbtool.search.lexicon import Lexicon
from kbtool.search.tally import Tally
from kbtool.search.weights import Measure


def lines_of(catalogue: Catalogue, keys: Mapping[str, str]) -> list[str]:
    """What is known when the catalogue is counted; `keys` stand for the pages, by address."""
    tally = catalogue.tally
    pages = [
        (keys.get(card.url, ""), card.as_list(), measure)
        for card, measure in zip(tally.cards, tally.measures, strict=True)
    ]
    words = dict.fromkeys(chain(tally.said, tally.joined, *tally.inner.values()))
    return [
        json.dumps([pages, tally.inner], ensure_ascii=False, separators=(",", ":")),
        *catalogue.lexicon.columns(words),
        *(_line(column) for said in (tally.said, tally.joined) for column in (said, map(str, said.values()))),
        *map(_line, (tally.gaps, tally.gaps.values(), tally.impacts.values())),
        *(card.said for card in tally.cards),
    ]


def from_lines(lines: Sequence[str], language: Language) -> tuple[Catalogue, dict[str, Card]]:
    """A catalogue without cards that knows what the last one knew, and the cards of that one by their keys."""
    pages, inner = json.loads(lines[0])
    said, said_times, joined, joined_times, stems, gaps, impacts = map(_items, lines[6:13])
    cards = [
        Card(url, title, text, facets, links, said)
        for (_, (url, title, text, facets, links), _), said in zip(pages, lines[13:], strict=True)
    ]
    tally = Tally(
        cards,
        dict(zip(said, map(int, said_times), strict=True)),
        dict(zip(joined, map(int, joined_times), strict=True)),
        inner,
        [Measure(*measure) for _, _, measure in pages],
        dict(zip(stems, gaps, strict=True)),
        dict(zip(stems, impacts, strict=True)),
    )
    keys = (key for key, _, _ in pages)
    return Catalogue(Lexicon(language, lines[1:6]), tally), dict(zip(keys, cards, strict=True))


def _line(texts: Iterable[str]) -> str:
    return "\t".join(texts)


def _items(line: str) -> list[str]:
    return line.split("\t") if line else []

"""From pages to the files that the browser searches.

`search/index.json` holds the vocabulary as it is written, the stems each word leads to, and for each stem the pages
with their impacts. `search/<name>.json` holds one page's text for excerpts and is fetched only when it is shown.
Everything is plain JSON in the clear, so that the leak audit reads it as it reads a page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from kbtool.search.card import Card, json_of
from kbtool.search.catalogue import Catalogue
from kbtool.search.language import tokens
from kbtool.search.messages import messages
from kbtool.search.pack import pack
from kbtool.search.page import Page
from kbtool.search.synonyms import Synonym
from kbtool.search.vocabulary import Vocabulary

INDEX = "index.json"
#: Raised whenever an older client could not read the files any more.
FORMAT = 2
#: How many pages a reader without results is offered.
_MOST_READ = 6


def build(
    pages: Iterable[Page],
    locale: str,
    *,
    synonyms: Sequence[Synonym] = (),
    facets: Sequence[str] = (),
    most_read: Sequence[str] = (),
) -> dict[str, bytes]:
    """The files of one locale's index, by name below its `search/` folder; the same bytes for the same pages.

    What the options mean is said at `index`.
    """
    catalogue = Catalogue.of(pages, locale)
    found = index(catalogue, locale, synonyms=synonyms, facets=facets, most_read=most_read)
    return {INDEX: found, **catalogue.texts}


def index(
    catalogue: Catalogue,
    locale: str,
    *,
    synonyms: Sequence[Synonym],
    facets: Sequence[str],
    most_read: Sequence[str],
) -> bytes:
    """`index.json` for the pages in the catalogue; the same bytes whatever that knows of earlier ones.

    Only the `facets` named become filters, whatever else a page carries. `most_read` are addresses of pages; without
    them those that other articles link to most are offered when nothing is found.
    """
    tally = catalogue.count()
    vocabulary = Vocabulary(catalogue.lexicon, tally.said, tally.joined, tally.inner)
    rules = _synonyms(synonyms, vocabulary, tally.impacts.keys())
    words = vocabulary.words()
    numbers = _numbers(words)
    return json_of(
        {
            "format": FORMAT,
            "locale": locale,
            "pages": [[card.url, card.title, card.text.removesuffix(".json")] for card in tally.cards],
            "facets": {facet: values for facet in facets if (values := _facet(tally.cards, facet))["names"]},
            "mostRead": _most_read(tally.cards, most_read),
            "synonyms": _numbered(rules, numbers),
            "messages": messages(locale),
            "words": "\n".join(word for word, _ in words),
            "stems": _stems(words, numbers),
            "counts": pack(len(tally.impacts.get(stem, "")) for stem in numbers),
            "gaps": "".join(tally.gaps.get(stem, "") for stem in numbers),
            "impacts": "".join(tally.impacts.get(stem, "") for stem in numbers),
        }
    )


def _facet(cards: Sequence[Card], facet: str) -> Mapping[str, Any]:
    names = sorted({value for card in cards if (value := card.facets.get(facet))})
    return {"names": names, "of": [names.index(card.facets[facet]) if facet in card.facets else -1 for card in cards]}


def _most_read(cards: Sequence[Card], most_read: Sequence[str]) -> list[int]:
    numbers = {card.url: number for number, card in enumerate(cards)}
    if chosen := [numbers[url] for url in most_read if url in numbers]:
        return chosen[:_MOST_READ]
    linked = Counter(url for card in cards for url in card.links if url != card.url)
    ranked = sorted((card.url for card in cards if linked[card.url]), key=lambda url: (-linked[url], url))
    return [numbers[url] for url in ranked[:_MOST_READ]]


def _synonyms(synonyms: Sequence[Synonym], vocabulary: Vocabulary, said: Set[str]) -> list[Any]:
    """As stems: `[[term], [[other], …]]`. What this edition's pages do not say is dropped, so it cannot leak."""
    rules = []
    for synonym in synonyms:
        stems = ([vocabulary.lexicon[word].stem for word in tokens(other)] for other in synonym.others)
        if others := [words for words in stems if words and said >= set(words)]:
            rules.append([[vocabulary.add(word) for word in tokens(synonym.term)], others])
    return [rule for rule in rules if rule[0]]


def _numbered(rules: Sequence[Any], numbers: Mapping[str, int]) -> list[Any]:
    return [[[numbers[s] for s in term], [[numbers[s] for s in other] for other in others]] for term, others in rules]


def _numbers(words: Iterable[tuple[str, Sequence[str]]]) -> dict[str, int]:
    """The stems as the sorted words first lead to them, so that most words say no more than 'the next one'."""
    stems = dict.fromkeys(stem for _, found in words for stem in found)
    return {stem: number for number, stem in enumerate(stems)}


def _stems(words: Iterable[tuple[str, Sequence[str]]], numbers: Mapping[str, int]) -> str:
    """For each word how many stems, then for each 0 for the next new one or how far back a known one lies."""
    return pack(_steps(words, numbers))


def _steps(words: Iterable[tuple[str, Sequence[str]]], numbers: Mapping[str, int]) -> Iterator[int]:
    new = 0
    for _, stems in words:
        yield len(stems)
        for stem in stems:
            yield new - numbers[stem]
            new += numbers[stem] == new

"""From pages to the files that the browser searches.

`search/index.json` holds the vocabulary as it is written, the stems each word leads to, and for each stem the pages
with their impacts. `search/<name>.json` holds one page's text for excerpts and is fetched only when it is shown.
Everything is plain JSON in the clear, so that the leak audit reads it as it reads a page.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kbtool.search.language import Language, tokens
from kbtool.search.messages import messages
from kbtool.search.pack import pack
from kbtool.search.page import Page
from kbtool.search.synonyms import Synonym
from kbtool.search.vocabulary import Vocabulary
from kbtool.search.weights import impacts

#: Raised whenever an older client could not read the files any more.
FORMAT = 1
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

    Only the `facets` named become filters, whatever else a page carries. `most_read` are addresses of pages; without
    them those that other articles link to most are offered when nothing is found.
    """
    pages = sorted(pages, key=lambda page: page.url)
    vocabulary = Vocabulary(Language(locale), pages)
    weights = impacts([vocabulary.terms(page) for page in pages])
    known = len(vocabulary.stems)
    rules = _synonyms(synonyms, vocabulary, known)
    words = vocabulary.words()
    order = _order(words)
    texts = {_name(text := _text(page)): text for page in pages}
    index = {
        "format": FORMAT,
        "locale": locale,
        "pages": [[page.url, page.title, _name(_text(page))] for page in pages],
        "facets": {facet: values for facet in facets if (values := _facet(pages, facet))["names"]},
        "mostRead": _most_read(pages, most_read),
        "synonyms": _renumbered(rules, order),
        "messages": messages(locale),
        "words": "\n".join(word for word, _ in words),
        "stems": _stems(words, order),
        **_posts(weights, order),
    }
    return {"index.json": _json(index), **{f"{name}.json": text for name, text in texts.items()}}


def _text(page: Page) -> bytes:
    return _json([[section.anchor, section.heading, section.text] for section in page.sections])


def _name(text: bytes) -> str:
    """Named by content, so that a browser can keep it for ever and never shows yesterday's text."""
    return hashlib.blake2b(text, digest_size=6).hexdigest()


def _facet(pages: Sequence[Page], facet: str) -> Mapping[str, Any]:
    names = sorted({value for page in pages if (value := page.facets.get(facet))})
    return {"names": names, "of": [names.index(page.facets[facet]) if facet in page.facets else -1 for page in pages]}


def _most_read(pages: Sequence[Page], most_read: Sequence[str]) -> list[int]:
    numbers = {page.url: number for number, page in enumerate(pages)}
    if chosen := [numbers[url] for url in most_read if url in numbers]:
        return chosen[:_MOST_READ]
    linked = Counter(url for page in pages for url in page.links if url != page.url)
    ranked = sorted((page.url for page in pages if linked[page.url]), key=lambda url: (-linked[url], url))
    return [numbers[url] for url in ranked[:_MOST_READ]]


def _synonyms(synonyms: Sequence[Synonym], vocabulary: Vocabulary, known: int) -> list[Any]:
    """As stems: `[[term], [[other], …]]`. What this edition's pages do not say is dropped, so it cannot leak."""
    rules = []
    for synonym in synonyms:
        stems = {other: [vocabulary.language.stem(word) for word in tokens(other)] for other in synonym.others}
        others = [
            [vocabulary.stems[stem] for stem in words]
            for words in stems.values()
            if words and all(vocabulary.stems.get(stem, known) < known for stem in words)
        ]
        if others:
            rules.append([[vocabulary.number(word) for word in tokens(synonym.term)], others])
    return [rule for rule in rules if rule[0]]


def _renumbered(rules: Sequence[Any], order: Sequence[int]) -> list[Any]:
    places = {stem: place for place, stem in enumerate(order)}
    return [[[places[s] for s in term], [[places[s] for s in other] for other in others]] for term, others in rules]


def _posts(weights: Sequence[Mapping[int, int]], order: Sequence[int]) -> dict[str, str]:
    """For each stem, in order: how many pages have it, each page's distance from the one before, and its impact."""
    posts: dict[int, list[tuple[int, int]]] = {stem: [] for stem in order}
    for page, impact in enumerate(weights):
        for stem, weight in impact.items():
            posts[stem].append((page, weight))
    gaps = (page - last for post in posts.values() for (page, _), (last, _) in zip(post, [(0, 0), *post], strict=False))
    return {
        "counts": pack(map(len, posts.values())),
        "gaps": pack(gaps),
        "impacts": pack(weight for post in posts.values() for _, weight in post),
    }


def _order(words: Sequence[tuple[str, Sequence[int]]]) -> list[int]:
    """The stems as the sorted words first lead to them, so that most words say no more than 'the next one'."""
    return list(dict.fromkeys(stem for _, stems in words for stem in stems))


def _stems(words: Sequence[tuple[str, Sequence[int]]], order: Sequence[int]) -> str:
    """For each word how many stems, then for each 0 for the next new one or how far back a known one lies."""
    places = {stem: place for place, stem in enumerate(order)}
    numbers: list[int] = []
    new = 0
    for _, stems in words:
        numbers.append(len(stems))
        for stem in stems:
            numbers.append(new - places[stem])
            new += places[stem] == new
    return pack(numbers)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

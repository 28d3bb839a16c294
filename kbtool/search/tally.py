"""What the pages of one locale say, counted; after an edit only what has changed is counted again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import sub
from typing import NamedTuple

from kbtool.search.card import Card
from kbtool.search.lexicon import Lexicon
from kbtool.search.pack import pack, unpack
from kbtool.search.vocabulary import inner_of
from kbtool.search.weights import Averages, Count, Impacts, Measure, Terms

#: Of so many pages one may have changed: beyond that telling them apart from the others is not worth it.
_FEW = 8


@dataclass(slots=True)
class Tally:
    """The same for the same cards, whatever was counted before."""

    cards: Sequence[Card] = ()  #: in the order of their addresses
    said: Mapping[str, int] = field(default_factory=dict)  #: how often words are said
    joined: Mapping[str, int] = field(default_factory=dict)  #: `email` for `e-mail`
    inner: Mapping[str, Sequence[str]] = field(default_factory=dict)  #: word → the words it is made of
    measures: Sequence[Measure] = ()  #: of each page
    gaps: Mapping[str, str] = field(default_factory=dict)  #: stem → each page's distance from the one before
    impacts: Mapping[str, str] = field(default_factory=dict)  #: stem → what each of these pages is worth


class _Row(NamedTuple):
    """One page."""

    counts: Mapping[str, Count]
    measure: Measure

    @classmethod
    def of(cls, card: Card, stems: Mapping[str, str], inner: Mapping[str, Sequence[str]]) -> _Row:
        terms = Terms.of(card, stems, inner)
        counts = terms.counts()
        return cls(counts, Measure(terms.length, terms.title_length, [*set(counts.values())]))

    def impacts(self, averages: Averages) -> dict[str, str]:
        """What the page is worth by stem."""
        impacts = Impacts(self.measure, averages)
        return {stem: impacts[count] for stem, count in self.counts.items()}


class _Stems(dict[str, str]):
    """Each word's stem."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self.lexicon = lexicon

    def __missing__(self, word: str) -> str:
        found = self[word] = self.lexicon[word].stem
        return found


def tally_of(cards: Iterable[Card], lexicon: Lexicon, last: Tally) -> Tally:
    """The tally of the pages with these cards, with the help of the last one."""
    cards = sorted(cards, key=lambda card: card.url)
    if [card.url for card in cards] == [card.url for card in last.cards]:
        changed = [n for n, (old, new) in enumerate(zip(last.cards, cards, strict=True)) if old.said != new.said]
        if len(changed) <= 1 + len(cards) // _FEW and (found := _again(cards, lexicon, last, changed)):
            return found
    return _anew(cards, lexicon)


def _anew(cards: Sequence[Card], lexicon: Lexicon) -> Tally:
    said, joined = _counted(cards)
    inner = inner_of(lexicon, said)
    stems = _Stems(lexicon)
    rows = [_Row.of(card, stems, inner) for card in cards]
    measures = [row.measure for row in rows]
    averages = Averages.of(measures)
    pages: dict[str, list[int]] = defaultdict(list)
    worth: dict[str, list[str]] = defaultdict(list)
    for page, row in enumerate(rows):
        impacts = Impacts(row.measure, averages)
        for stem, count in row.counts.items():
            pages[stem].append(page)
            worth[stem].append(impacts[count])
    gaps = {stem: _gaps(found) for stem, found in pages.items()}
    return Tally(cards, said, joined, inner, measures, gaps, {stem: "".join(found) for stem, found in worth.items()})


def _again(cards: Sequence[Card], lexicon: Lexicon, last: Tally, changed: Sequence[int]) -> Tally | None:
    """The same in less time; None where pages that have not changed may say other stems."""
    less, more = _counted([last.cards[n] for n in changed]), _counted([cards[n] for n in changed])
    said, joined = _stepped(last.said, less[0], more[0]), _stepped(last.joined, less[1], more[1])
    inner = last.inner if said.keys() == last.said.keys() else inner_of(lexicon, said)
    if any(inner.get(word) != last.inner.get(word) for word in said.keys() & last.said.keys()):
        return None
    stems = _Stems(lexicon)
    rows = {n: _Row.of(cards[n], stems, inner) for n in changed}
    measures = list(last.measures)
    for n, row in rows.items():
        measures[n] = row.measure
    was, now = Averages.of(last.measures), Averages.of(measures)
    rows |= {n: _Row.of(cards[n], stems, inner) for n in _moved(measures, was, now) if n not in rows}
    posts: dict[str, dict[int, str]] = defaultdict(dict)
    for n, row in rows.items():
        for stem, impact in _differing(_Row.of(last.cards[n], stems, last.inner).impacts(was), row.impacts(now)):
            posts[stem][n] = impact
    gaps, impacts = _posted(last.gaps, last.impacts, posts)
    return Tally(cards, said, joined, inner, measures, gaps, impacts)


def _counted(cards: Iterable[Card]) -> tuple[Counter[str], Counter[str]]:
    """How often whole words are said, and others."""
    said: tuple[list[str], list[str]] = ([], [])
    found: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for card in cards:
        for _, whole, once, often in card.words:
            said[not whole].extend(once)
            for word, times in often:
                found[not whole][word] += times
    for words, counter in zip(said, found, strict=True):
        counter.update(words)
    return found


def _stepped(known: Mapping[str, int], less: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    found = dict(known)
    for word in less.keys() | more.keys():
        found[word] = found.get(word, 0) - less.get(word, 0) + more.get(word, 0)
        if not found[word]:
            del found[word]
    return found


def _moved(pages: Sequence[Measure], was: Averages, now: Averages) -> Iterator[int]:
    """The pages that are worth something else because the others have changed."""
    if was == now:
        return
    for n, page in enumerate(pages):
        before, after = Impacts(page, was).of, Impacts(page, now).of
        if any(before(*count) != after(*count) for count in page.counts):
            yield n


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Stems with what they are worth now; empty where the page does not say them any more."""
    for stem in old.keys() | new.keys():
        if old.get(stem) != (impact := new.get(stem, "")):
            yield stem, impact


def _posted(
    gaps: Mapping[str, str], impacts: Mapping[str, str], posts: Mapping[str, Mapping[int, str]]
) -> tuple[dict[str, str], dict[str, str]]:
    """The same with what has changed: stem → page → impact."""
    gaps, impacts = dict(gaps), dict(impacts)
    for stem, changes in posts.items():
        known = zip(accumulate(unpack(gaps.get(stem, ""))), impacts.get(stem, ""), strict=True)
        post = {page: impact for page, impact in {**dict(known), **changes}.items() if impact}
        pages = sorted(post)
        gaps[stem], impacts[stem] = _gaps(pages), "".join(map(post.__getitem__, pages))
        if not post:
            del gaps[stem], impacts[stem]
    return gaps, impacts


def _gaps(pages: Sequence[int]) -> str:
    """Each page's distance from the one before."""
    return pack(map(sub, pages, (0, *pages[:-1])))

"""What the pages of one locale say, counted; after an edit only what has changed is counted again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import sub
from typing import NamedTuple

from kbtool.search.card import Card, Words
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
    """One page; as a mapping its counts would take three times the memory."""

    stems: Sequence[int]
    counts: Sequence[Count]  #: of these
    measure: Measure

    @classmethod
    def of(cls, said: Iterable[Words], stems: Mapping[str, int], inner: Mapping[str, Sequence[str]]) -> _Row:
        terms = Terms.of(said, stems, inner)
        counts = terms.counts()
        return cls((*counts,), (*counts.values(),), terms.measure(counts))

    def impacts(self, averages: Averages) -> Iterator[tuple[int, str]]:
        """What the page is worth by stem."""
        return zip(self.stems, map(Impacts(self.measure, averages).__getitem__, self.counts), strict=True)


class _Stems(dict[str, int]):
    """Each word's stem as a number."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self.lexicon = lexicon
        self.numbers: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        found = self[word] = self.numbers.setdefault(self.lexicon[word].stem, len(self.numbers))
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
    said, joined = _counted(card.words for card in cards)
    inner = inner_of(lexicon, said)
    stems = _Stems(lexicon)
    rows = [_Row.of(card.words, stems, inner) for card in cards]
    measures = [row.measure for row in rows]
    averages = Averages.of(measures)
    pages: list[list[int]] = [[] for _ in stems.numbers]
    impacts: list[list[str]] = [[] for _ in stems.numbers]
    for page, row in enumerate(rows):
        for stem, impact in row.impacts(averages):
            pages[stem].append(page)
            impacts[stem].append(impact)
    gaps, worth = map(_gaps, pages), map("".join, impacts)
    names = list(stems.numbers)
    return Tally(
        cards, said, joined, inner, measures, dict(zip(names, gaps, strict=True)), dict(zip(names, worth, strict=True))
    )


def _again(cards: Sequence[Card], lexicon: Lexicon, last: Tally, changed: Sequence[int]) -> Tally | None:
    """The same in less time; None where pages that have not changed may say other stems."""
    less, more = _counted(last.cards[n].words for n in changed), _counted(cards[n].words for n in changed)
    said, joined = _stepped(last.said, less[0], more[0]), _stepped(last.joined, less[1], more[1])
    inner = last.inner if said.keys() == last.said.keys() else inner_of(lexicon, said)
    if any(inner.get(word) != last.inner.get(word) for word in said.keys() & last.said.keys()):
        return None
    stems = _Stems(lexicon)
    rows = {n: _Row.of(cards[n].words, stems, inner) for n in changed}
    measures = list(last.measures)
    for n, row in rows.items():
        measures[n] = row.measure
    was, now = Averages.of(last.measures), Averages.of(measures)
    rows |= {n: _Row.of(cards[n].words, stems, inner) for n in _moved(measures, was, now) if n not in rows}
    posts: dict[int, dict[int, str]] = defaultdict(dict)
    for n, row in rows.items():
        old = _Row.of(last.cards[n].words, stems, last.inner)
        for stem, impact in _differing(dict(old.impacts(was)), dict(row.impacts(now))):
            posts[stem][n] = impact
    names = list(stems.numbers)
    gaps, impacts = _posted(last.gaps, last.impacts, {names[stem]: post for stem, post in posts.items()})
    return Tally(cards, said, joined, inner, measures, gaps, impacts)


def _counted(pages: Iterable[Iterable[Words]]) -> tuple[Counter[str], Counter[str]]:
    """How often whole words are said, and others."""
    found: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for page in pages:
        for _, whole, once, often in page:
            found[not whole].update(once)
            for word, times in often:
                found[not whole][word] += times
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
    return (n for n, page in enumerate(pages) if was != now and page.worth(was) != page.worth(now))


def _differing(old: Mapping[int, str], new: Mapping[int, str]) -> Iterator[tuple[int, str]]:
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

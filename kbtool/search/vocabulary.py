"""The words of one locale's pages as readers may type them, and the stems they lead to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kbtool.search import compounds
from kbtool.search.card import Card
from kbtool.search.language import is_dense
from kbtool.search.lexicon import Lexicon
from kbtool.search.weights import Terms


class Vocabulary:
    """All words that pages say, and what is added later."""

    def __init__(self, lexicon: Lexicon, cards: Sequence[Card]) -> None:
        self.lexicon = lexicon
        said = _counted(cards, whole=True)
        self.inner = dict(_inner(lexicon, said))  #: word → the words it is made of
        self.times = said + _counted(cards, whole=False)  #: how often a word is written so
        for word, parts in self.inner.items():
            for part in parts:
                self.times[part] += said[word]
        self.stems = {lexicon[word].stem for word in self.times}  #: of what pages say

    def add(self, word: str) -> str:
        """Make a word known; gives its stem."""
        self.times[word] += 1
        return self.lexicon[word].stem

    def words(self) -> list[tuple[str, list[str]]]:
        """All spellings as they are written most often, sorted by their folded form, with their stems."""
        stems: dict[str, list[str]] = defaultdict(list)
        written: dict[str, str] = {}
        for word, times in self.times.items():
            stem, folded, typed, _ = self.lexicon[word]
            stems[folded].append(stem)
            if typed:
                stems[typed].append(stem)
            if not is_dense(word):
                other = written.setdefault(folded, word)
                if (-times, word) < (-self.times[other], other):
                    written[folded] = word
        return [(written.get(folded, folded), sorted(set(found))) for folded, found in sorted(stems.items())]

    def terms(self, cards: Iterable[Card], numbers: Mapping[str, int]) -> Iterator[Terms]:
        """The words of each page by place; parts of compounds and of camelCase names with them."""
        stem_of = {word: numbers[self.lexicon[word].stem] for word in self.times}
        inner = {word: [stem_of[part] for part in parts] for word, parts in self.inner.items()}
        for card in cards:
            terms = Terms()
            for where, whole, once, often, times in card.words:
                ones, more = once.split(), list(zip(often.split(), times, strict=True))
                stems, others = [stem_of[word] for word in ones], [(stem_of[word], n) for word, n in more]
                if whole:
                    terms.add(where, stems, others)
                    more += [(word, 1) for word in filter(inner.__contains__, ones)]
                    terms.add_parts(where, [(part, n) for word, n in more if word in inner for part in inner[word]])
                else:
                    terms.add_parts(where, [*((stem, 1) for stem in stems), *others])
            yield terms


def _counted(cards: Iterable[Card], *, whole: bool) -> Counter[str]:
    """How often whole words are said, or others."""
    said = [words for card in cards for words in card.words if words.whole is whole]
    found = Counter(" ".join([words.once for words in said]).split())
    for words in said:
        for word, times in zip(words.often.split(), words.times, strict=True):
            found[word] += times
    return found


def _inner(lexicon: Lexicon, words: Iterable[str]) -> Iterator[tuple[str, Sequence[str]]]:
    cuts = compounds.parts({word.lower() for word in words}) if lexicon.language.compounding else {}
    for word in words:
        if parts := cuts.get(word.lower()) or lexicon[word].inner.split():
            yield word, parts

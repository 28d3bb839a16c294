"""The words of one locale's pages as readers may type them, and the stems they lead to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from kbtool.search import compounds
from kbtool.search.language import is_dense
from kbtool.search.lexicon import Lexicon

_LAST = (1, "")  # after all words that are said


class Vocabulary:
    """All words that pages say, and what is added later."""

    def __init__(
        self, lexicon: Lexicon, said: Mapping[str, int], joined: Mapping[str, int], inner: Mapping[str, Sequence[str]]
    ) -> None:
        """Words and how often they are said, words with a hyphen as one, and the words that words are made of."""
        self.lexicon = lexicon
        self.times = Counter(said)  #: how often a word is written so
        for word, times in joined.items():
            self.times[word] += times
        for word, parts in inner.items():
            for part in parts:
                self.times[part] += said[word]

    def add(self, word: str) -> str:
        """Make a word known; gives its stem."""
        self.times[word] += 1
        return self.lexicon[word].stem

    def words(self) -> list[tuple[str, list[str]]]:
        """All spellings as they are written most often, sorted by their folded form, with their stems."""
        stems: dict[str, list[str]] = defaultdict(list)
        written: dict[str, tuple[int, str]] = {}
        known = map(self.lexicon.__getitem__, self.times)
        for (word, times), (stem, folded, typed, _) in zip(self.times.items(), known, strict=True):
            stems[folded].append(stem)
            if typed:
                stems[typed].append(stem)
            if (word.isascii() or not is_dense(word)) and (-times, word) < written.get(folded, _LAST):
                written[folded] = (-times, word)
        several = ((folded, found if len(found) == 1 else sorted({*found})) for folded, found in sorted(stems.items()))
        return [(written[folded][1] if folded in written else folded, found) for folded, found in several]


def inner_of(lexicon: Lexicon, words: Mapping[str, int]) -> dict[str, list[str]]:
    """The words that words are made of: the parts of compounds, the humps of camelCase names."""
    cuts = compounds.parts({word.lower() for word in words}) if lexicon.language.compounding else {}
    parts = ((word, cuts.get(word.lower()) or lexicon[word].inner.split()) for word in words)
    return {word: [*found] for word, found in parts if found}

"""The words of one locale's pages as readers may type them, and the stems they lead to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from kbtool.search import compounds
from kbtool.search.language import Language, fold, humps, is_dense, joined, tokens
from kbtool.search.page import Page
from kbtool.search.weights import PART, Terms


class Vocabulary:
    """Numbers stems in the order they are met, and remembers which spellings lead to which."""

    def __init__(self, language: Language, pages: Iterable[Page]) -> None:
        self.language = language
        self.stems: dict[str, int] = {}
        self.spellings: dict[str, set[int]] = defaultdict(set)  #: folded word → stems
        self._met: dict[str, int] = {}  #: word as it is written → stem
        self._times: Counter[str] = Counter()  #: how often a word is written so
        self._parts: dict[str, tuple[str, ...]] = {}
        self._inner: dict[str, Sequence[str]] = {}  #: word → the words it is made of
        if language.compounding:
            words = {word.lower() for page in pages for _, text in _texts(page) for word in tokens(text)}
            self._parts = dict(compounds.parts(words))

    def terms(self, page: Page) -> Terms:
        """The page's words by place; parts of compounds and of camelCase names with them."""
        found = Terms()
        for where, text in _texts(page):
            for word, times in Counter(tokens(text)).items():
                stem = self._met.get(word)
                if stem is None:
                    stem = self.number(word, 0)
                self._times[word] += times
                found.add(stem, where, 1, times)
                inner = self._inner.get(word)
                for part in self._inside(word) if inner is None else inner:
                    found.add(self.number(part, times), where, PART, times)
            for word in joined(text) if where != "code" else ():
                found.add(self.number(word), where, PART)
        return found

    def _inside(self, word: str) -> Sequence[str]:
        if word not in self._inner:
            self._inner[word] = self._parts.get(word.lower(), ()) or humps(word)
        return self._inner[word]

    def number(self, word: str, times: int = 1) -> int:
        """The stem's number; the word is from now on known, and so is the other way to type it."""
        self._times[word] += times
        if word in self._met:
            return self._met[word]
        stem = self._met[word] = self.stems.setdefault(self.language.stem(word), len(self.stems))
        self.spellings[fold(word)].add(stem)
        if not is_dense(word) and (typed := self.language.typed(word)):
            self.spellings[typed].add(stem)
        return stem

    def words(self) -> list[tuple[str, list[int]]]:
        """All spellings as they are written most often, sorted by their folded form, with their stems."""
        shown: dict[str, list[str]] = defaultdict(list)
        for word in self._times:
            if not is_dense(word):
                shown[fold(word)].append(word)
        written = {folded: min(ways, key=lambda word: (-self._times[word], word)) for folded, ways in shown.items()}
        return [(written.get(folded, folded), sorted(stems)) for folded, stems in sorted(self.spellings.items())]


def _texts(page: Page) -> Iterable[tuple[str, str]]:
    yield "title", page.title
    yield "text", f"{page.description} {page.keywords}"
    for section in page.sections:
        if section.anchor:
            yield "heading", section.heading
        yield "text", section.text
        yield "code", section.code

"""The words of one locale's pages as readers may type them, and the stems they lead to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

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
        self._shown: dict[str, Counter[str]] = defaultdict(Counter)  #: folded word → how it is written
        self._parts: dict[str, tuple[str, ...]] = {}
        if language.compounding:
            words = {word.lower() for page in pages for _, text in _texts(page) for word in tokens(text)}
            self._parts = dict(compounds.parts(words))

    def terms(self, page: Page) -> Terms:
        """The page's words by place; parts of compounds and of camelCase names with them."""
        found = Terms()
        for where, text in _texts(page):
            for word in tokens(text):
                found.add(self.number(word), where, 1)
                for part in self._parts.get(word.lower(), ()) or humps(word):
                    found.add(self.number(part), where, PART)
            for word in joined(text) if where != "code" else ():
                found.add(self.number(word), where, PART)
        return found

    def number(self, word: str) -> int:
        """The stem's number; the word is from now on known, and so is the other way to type it."""
        stem = self.stems.setdefault(self.language.stem(word), len(self.stems))
        folded = fold(word)
        self.spellings[folded].add(stem)
        if not is_dense(word):
            self._shown[folded][word] += 1
            if typed := self.language.typed(word):
                self.spellings[typed].add(stem)
        return stem

    def words(self) -> list[tuple[str, list[int]]]:
        """All spellings as they are written most often, sorted by their folded form, with their stems."""
        return [(self._written(folded), sorted(stems)) for folded, stems in sorted(self.spellings.items())]

    def _written(self, folded: str) -> str:
        shown = self._shown.get(folded)
        return min(shown, key=lambda word: (-shown[word], word)) if shown else folded


def _texts(page: Page) -> Iterable[tuple[str, str]]:
    yield "title", page.title
    yield "text", f"{page.description} {page.keywords}"
    for section in page.sections:
        if section.anchor:
            yield "heading", section.heading
        yield "text", section.text
        yield "code", section.code

"""What is known of each word of a language, so that it is found out once only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kbtool.search.language import Language, fold, humps, is_dense


class Word(NamedTuple):
    """A word as it is written."""

    stem: str
    folded: str
    typed: str  #: the other way to type it; empty if there is none
    inner: str  #: the words it shows by capitals inside it, one space between them


class Lexicon(dict[str, Word]):
    """The words of one locale that were asked for."""

    def __init__(self, language: Language, columns: Sequence[str] = ()) -> None:
        """`columns` are those of an earlier one."""
        super().__init__()
        self.language = language
        rows = zip(*(column.split("\n") for column in columns), strict=True)
        self._known = {word: found for word, *found in rows}

    def __missing__(self, word: str) -> Word:
        found = self[word] = Word(*known) if (known := self._known.get(word)) else self._found(word)
        return found

    def _found(self, word: str) -> Word:
        typed = "" if is_dense(word) else self.language.typed(word) or ""
        return Word(self.language.stem(word), fold(word), typed, " ".join(humps(word)))

    def columns(self) -> list[str]:
        """What is known of the words, as texts; empty if there are none."""
        return ["\n".join(column) for column in zip(*((word, *found) for word, found in self.items()), strict=True)]

"""What is known of each word of a language, so that it is found out once only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from kbtool.search.language import Language, fold, humps, is_dense


class Word(NamedTuple):
    """A word as it is written."""

    stem: str
    folded: str
    typed: str  #: the other way to type it; empty if there is none
    inner: str  #: the words it shows by capitals inside it, one space between them


class Lexicon(dict[str, Word]):
    """The words of one locale that were asked for, or known before."""

    def __init__(self, language: Language, columns: Sequence[str] = ("", "", "", "", "")) -> None:
        """`columns` are those of an earlier one."""
        words, *known = (column.split("\t") for column in columns)
        rows = zip(words, map(Word._make, zip(*known, strict=True)), strict=True)
        super().__init__(rows if columns[0] else ())
        self.language = language

    def __missing__(self, word: str) -> Word:
        typed = "" if is_dense(word) else self.language.typed(word) or ""
        found = self[word] = Word(self.language.stem(word), fold(word), typed, " ".join(humps(word)))
        return found

    def columns(self, words: Collection[str]) -> list[str]:
        """What is known of these words, as texts of one line each."""
        rows = [self[word] for word in words]
        return ["\t".join(words), *("\t".join([row[n] for row in rows]) for n in range(len(Word._fields)))]

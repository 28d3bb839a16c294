"""Remembers words that say nothing, as they are written; a text of such words alone need not be taken apart.

What is said here of a text is said of it peeled. A word as it is written ends at a blank, or at any sign of ASCII that
neither stands in a word nor in what is written in base64. What it becomes when it is folded, and whether something is
encoded in it, then depends on itself alone – but for marks that become one with their neighbours, so that words that
have any are not kept in mind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import filterfalse

from kbtool.checks.audit.runs import LETTERS, LINE, Coded, Runs, decoded, goes_on, runs_of
from kbtool.checks.audit.words import binding_letters, fold, folded_words, is_joined, views

_ROOM = 150_000  #: words that are kept in mind; then it begins anew
_LONGEST = 80  #: bytes of a word; longer ones are seldom met again
_WORDS = bytes(code if code >= 128 or code in LETTERS else 0x20 for code in range(256))


Sizes = tuple[int, int]  #: how many parts were encoded, and how much came out of them
_NONE = (0, 0)


@dataclass(slots=True)
class Familiar:
    """Tells of a text that it has no telling word in it, and nothing telling encoded."""

    telling: frozenset[bytes]  #: folded words
    dull: set[str]  #: runs that looked encoded and were not
    opened: Callable[[Iterable[Coded]], Sizes | None]  #: looks through what was encoded; None for anything suspicious
    _blank: set[bytes] = field(default_factory=set)
    _long: set[bytes] = field(default_factory=set)  #: the same, but for those that may go on in the next line
    _coded: dict[bytes, Sizes] = field(default_factory=dict)  #: those in which something is encoded that tells nothing
    _telling: set[bytes] = field(default_factory=set)

    def sizes(self, peeled: str) -> Sizes | None:
        """What is encoded in a text that surely says nothing; None if it may say something."""
        odd = set(filterfalse(self._blank.__contains__, _written(peeled)))
        in_a_row = peeled
        if "\r" in peeled:  # what is encoded goes on over it, a word does not
            in_a_row = peeled.replace("\r", "")
            odd.update(filterfalse(self._blank.__contains__, _written(in_a_row)))
        if not self._telling.isdisjoint(odd) or (any(len(word) >= LINE for word in odd) and goes_on(in_a_row)):
            return None
        new = odd - self._long - self._coded.keys()
        text = b"\n".join(new).decode("utf-8")
        binding = binding_letters(text)
        if new and not self._learn(new, text, binding):
            return None
        if "<" in peeled and is_joined(peeled) and not self._is_tight_blank(peeled, bool(binding)):
            return None
        coded = [self._coded[word] for word in odd & self._coded.keys()]
        return (sum(parts for parts, _ in coded), sum(size for _, size in coded)) if coded else _NONE

    def _learn(self, new: set[bytes], text: str, binding: Sequence[str]) -> bool:
        """Whether words that are met for the first time say nothing."""
        if not self._are_mute(text):
            self._telling.update(word for word in new if not self._are_mute(word.decode("utf-8")))
            return False
        coded: dict[bytes, Sizes] = {}
        for word in self._with_runs(new, text):
            sizes = self.opened(decoded(Runs("", runs_of(word.decode("utf-8")), False), self.dull))
            if sizes is None or (binding and sizes != _NONE):
                return False
            if sizes != _NONE:
                coded[word] = sizes
        bound = [letter.encode() for letter in binding]
        self._keep({word for word in new if not any(map(word.__contains__, bound))} if bound else new, coded)
        return True

    def _with_runs(self, new: set[bytes], text: str) -> list[bytes]:
        """Those of the words in which there is something encoded, and perhaps others."""
        runs = runs_of(text)
        if not list(decoded(Runs("", runs, False), self.dull)):
            return []
        fruitful = {run.encode() for run in runs if run not in self.dull}
        odd = [word for word in new if not word.isascii()]  # in these there may be several
        return [*(new & fruitful), *(word for word in odd if any(run in word for run in fruitful))]

    def _are_mute(self, text: str) -> bool:
        return self.telling.isdisjoint(folded_words(fold(text)))

    def _keep(self, words: set[bytes], coded: dict[bytes, Sizes]) -> None:
        if len(self._blank) + len(self._long) > _ROOM:
            self._blank.clear()
            self._long.clear()
        self._coded.update(coded)
        blank = [word for word in words if word not in coded] if coded else words
        self._blank.update(word for word in blank if len(word) < LINE)
        self._long.update(word for word in blank if LINE <= len(word) <= _LONGEST)

    def _is_tight_blank(self, peeled: str, binds: bool) -> bool:
        """Whether the words that come about where tags are taken away say nothing."""
        joined = ">\n".join(filter(is_joined, peeled.split(">\n")))
        if binds:
            return self.telling.isdisjoint(folded_words(views(fold(joined))[-1]))
        text = b"\n".join(filterfalse(self._blank.__contains__, _written(views(joined)[-1]))).decode("utf-8")
        return not binding_letters(text) and self._are_mute(text)


def _written(text: str) -> list[bytes]:
    return text.encode("utf-8", "replace").translate(_WORDS).split()

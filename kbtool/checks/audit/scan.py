"""Looks through the bytes of one file of a site for what must not be there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, compress

from kbtool.checks.audit.common import digest, theme_files
from kbtool.checks.audit.layers import Blob, Found, Opener, Unread
from kbtool.checks.audit.media import essence
from kbtool.checks.audit.needles import RARE_WORDS, Needle, Needles, Others, whole_pattern
from kbtool.checks.audit.passages import Passage
from kbtool.checks.audit.sieve import Sieve
from kbtool.checks.audit.stock import Stock
from kbtool.checks.audit.words import fold, folded_words, views

#: what is no file of the theme, so that these need not be known
_WRITTEN = (".html", ".md", ".json", ".xml", ".txt", ".gz")
_CLOSED = ".br"


@dataclass(frozen=True, slots=True)
class Leak:
    """Something internal in a file of the site: what, and under which layers."""

    kind: str  #: shingle | whole | canary | words | asset | unread
    trail: tuple[str, ...]
    passage: Passage | None = None
    what: str = ""
    line: int = 0


@dataclass(slots=True)
class Scanner:
    """Reads files one by one; knows what to look for from the start."""

    needles: Needles
    internal_assets: dict[bytes, str]
    dull: set[str] = field(default_factory=set)  #: runs of letters that looked encoded and were not
    sieve: Sieve = field(init=False)

    def __post_init__(self) -> None:
        self.sieve = Sieve(self.needles, self.internal_assets, self.dull)

    @classmethod
    def of(
        cls, stock: Stock, known: tuple[bytes, ...] = (), others: Others | None = None, dull: Iterable[str] = ()
    ) -> Scanner:
        """A scanner for a stock; the articles' words are among the `others`, or are all read."""
        public = [*stock.public, *known]
        if others is None:
            public += [text for source in stock.sources for text in source.said or ()]
        return cls(Needles.of(stock.internal, public, others), stock.internal_assets, set(dull))

    @classmethod
    def strict(cls, stock: Stock, dull: Iterable[str] = ()) -> Scanner:
        """A scanner that does not know what articles say to the public: it finds what another does, or more."""
        return cls(Needles.of(stock.internal, stock.public), stock.internal_assets, set(dull))

    def clean(self, files: Sequence[tuple[str, bytes]]) -> set[str]:
        """The names of files that surely have no leak, in their names neither; they are looked through together."""
        own = [(name, data) for name, data in files if not self._is_of_theme(name, data)]
        unclean = {
            name for (name, _), clean in zip(own, self.sieve.clean(data for _, data in own), strict=True) if not clean
        }
        names = [name for name, _ in files]
        silent = compress(names, self.sieve.say_nothing(names))
        return {name for name in silent if name not in unclean and not name.endswith(_CLOSED)}

    def scan(self, name: str, data: bytes) -> list[Leak]:
        """The leaks in a file and in its name; a file of the theme, equal byte by byte, is not read again."""
        if self._is_of_theme(name, data) or self.sieve.holds_nothing(data):
            return self._leaks(name, self._name(name))
        return self.scan_whole(name, data)

    def scan_whole(self, name: str, data: bytes) -> list[Leak]:
        """The same of a file that is looked through as one."""
        return self._leaks(name, chain(self._name(name), Opener(self.dull).open(data)))

    def _name(self, name: str) -> Iterable[Found]:
        silent = self.sieve.say_nothing([name]) == [True]
        return () if silent else Opener(self.dull).open_text(name, ("file name",))

    @staticmethod
    def _is_of_theme(name: str, data: bytes) -> bool:
        return not name.endswith(_WRITTEN) and digest(data) in theme_files()

    def _leaks(self, name: str, layers: Iterable[Found]) -> list[Leak]:
        found: list[Leak] = []
        for layer in layers:
            if isinstance(layer, Unread):
                found.append(Leak("unread", layer.trail, what=layer.why))
            elif isinstance(layer, Blob):
                if asset := self.internal_assets.get(essence(layer.data)):
                    found.append(Leak("asset", layer.trail, what=asset))
            else:
                known = {(leak.kind, leak.passage) for leak in found if leak.trail != ("file name",)}
                leaks = self._in_text(layer.text, layer.trail, layer.raw)
                found += [leak for leak in leaks if (leak.kind, leak.passage) not in known]
        if name.endswith(_CLOSED):
            found.append(Leak("unread", (), what="Brotli cannot be opened"))
        return found

    def _in_text(self, text: str, trail: tuple[str, ...], raw: str) -> list[Leak]:
        found: dict[tuple[str, Passage], Leak] = {}
        rare: set[bytes] = set()
        for view in views(fold(text)):
            tokens = folded_words(view)
            lower = ""
            for key, _ in self.needles.hits(tokens):
                needle = self.needles.keys[key]
                if (needle.kind, needle.passage) in found:
                    continue
                if needle.kind == "whole":
                    lower = lower or view.lower()
                    if not whole_pattern(needle).search(lower):
                        continue
                found[needle.kind, needle.passage] = _leak(needle, trail, raw)
            rare |= self.needles.rare_words(tokens)
        if len(rare) >= RARE_WORDS and not found:
            passage = self.needles.rare[min(rare)]
            return [Leak("words", trail, passage, f"{len(rare)} words")]
        return list(found.values())


def _leak(needle: Needle, trail: tuple[str, ...], raw: str) -> Leak:
    return Leak(needle.kind, trail, needle.passage, needle.what, _line(needle, raw))


def _line(needle: Needle, raw: str) -> int:
    """The line in the file where the text stands, if its first words stand there undisguised; else 0."""
    start = " ".join(needle.passage.text.split()[:3])
    at = raw.find(start) if start else -1
    return raw.count("\n", 0, at) + 1 if at >= 0 else 0

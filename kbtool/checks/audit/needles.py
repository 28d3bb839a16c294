"""What must not be found: passages as shingles of words, short ones whole, and tokens that give a text away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Protocol

from kbtool.checks.audit.memory import key_of
from kbtool.checks.audit.passages import Passage
from kbtool.checks.audit.words import folded_words, peel, views, words

#: Words in a shingle; a passage of fewer is matched whole.
SHINGLE = 8
#: So many words that only internal texts have, in one file, are a leak even out of order (a word list, an index).
RARE_WORDS = 8

_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d\d?[./]\d\d?[./]\d{2,4}")
_HOST = (
    r"\b(?:[a-z0-9-]+\.){2,}[a-z]{2,}\b"
    r"|\b[a-z0-9-]+\.(?:internal|local|lan|corp|intra|intranet|home|private|test|example|invalid)\b"
)
_TELEPHONE = r"(?<![\w.])(?:\+|00)\d[\d ()/.-]{6,}\d\b|(?<![\w.])\(?0\d{1,4}\)?[ /-]\d[\d /-]{4,}\d\b"
_IDENTIFIER = (
    r"(?<![\w-])(?=[\w-]{0,80}\d)(?=[\w-]{0,80}[A-Za-z])[A-Za-z0-9][\w-]{7,}+"  # letters and digits
    r"|\b[A-Za-z0-9]+(?:_[A-Za-z0-9]+){2,}\b|\b[A-Z][A-Z0-9]+(?:[_-][A-Z0-9]+)+\b|\b\d{9,}\b"
)
_CANARIES = (
    ("an e-mail address", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+")),
    ("an address", re.compile(r"\b(?:https?|ftp|ssh|sftp|ldap|postgres(?:ql)?|mysql|redis)://[^\s<>\"')\]]{4,}", re.I)),
    ("a host", re.compile(_HOST, re.I)),
    ("a host", re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")),
    ("a ticket", re.compile(r"\b[A-Z][A-Z0-9]{1,9}-\d{3,}\b")),
    ("a telephone number", re.compile(_TELEPHONE)),
    ("an identifier", re.compile(_IDENTIFIER)),
    ("a channel", re.compile(r"(?<![\w/&])[#@][a-z][\w-]*[_-][\w-]+\b", re.I)),
)


Note = Callable[[list[str], list[str]], None]


@dataclass(frozen=True, slots=True)
class Needle:
    """One thing to look for, and where it is written."""

    passage: Passage
    kind: str  #: shingle | whole | canary | word
    what: str = ""  #: what sort of canary it is; of a short passage its text


class Others(Protocol):
    """Public texts whose words earlier audits have compared with internal ones."""

    def said(self, internal: str) -> tuple[tuple[set[str], set[str]], list[tuple[Note, list[bytes]]]]:
        """What those that are known say – needles and words – and the others, with where to note what they say."""
        ...


@dataclass(slots=True)
class Needles:
    """An index of needles by their words.

    Every needle is found through its rarest word (its anchor), so that a text without anchors costs one set look-up.
    """

    keys: dict[int, Needle] = field(default_factory=dict)
    rare: dict[bytes, Passage] = field(default_factory=dict)
    anchors: dict[bytes, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    passages: int = 0
    longest: int = SHINGLE  #: words of the longest needle
    telling: frozenset[bytes] = frozenset()  #: a text without any of these words holds nothing
    stands_for: str = ""  #: another text wherever something else is looked for

    @classmethod
    def of(cls, internal: Iterable[Passage], public: Sequence[bytes], others: Others | None = None) -> Needles:
        """The index of what stands in internal passages and nowhere in the public texts (given as `said`).

        `others` are public texts of which earlier audits may know what they say.
        """
        index = cls()
        grams: dict[int, tuple[bytes, ...]] = {}
        for passage in internal:
            index.passages += 1
            for gram, needle in _needles(passage):
                key = hash(gram)
                if key not in grams or needle.kind == "canary":
                    grams[key], index.keys[key] = gram, needle
            if passage.kind == "text":
                for word in words(peel(passage.text)[0]):
                    if len(word) >= 5 and not word.isdigit():
                        index.rare.setdefault(word, passage)
        said, unknown = others.said(index._stand_for(grams)) if others else (None, [])
        frequency: Counter[bytes] = Counter()
        for text in [*public, *(text for _, texts in unknown for text in texts)]:
            frequency.update(text.split())
        index._anchor(grams.values(), frequency)
        names = {key: _name(gram) for key, gram in grams.items()} if others else {}
        shown = {key for text in public for key, _ in index.hits(text.split())}
        for note, texts in unknown:
            parts = [text.split() for text in texts]
            hit = {key for part in parts for key, _ in index.hits(part)}
            met = index.rare.keys() & {word for part in parts for word in part}
            note(sorted(names[key] for key in hit), sorted(word.decode("utf-8", "replace") for word in met))
            shown |= hit
        gone, met_before = said if said else (set(), set())
        for key in [key for key in grams if key in shown or (names and names[key] in gone)]:
            index.keys.pop(key, None)
            grams.pop(key, None)
        for word in [w for w in index.rare if w in frequency or w.decode("utf-8", "replace") in met_before]:
            del index.rare[word]
        index._anchor(grams.values(), frequency)
        index.telling = frozenset(index.anchors) | frozenset(index.rare)
        index.longest = max(map(len, grams.values()), default=SHINGLE)
        index.stands_for = index._stand_for(grams)
        return index

    def _stand_for(self, grams: Mapping[int, tuple[bytes, ...]]) -> str:
        """A text that is another one wherever something else is looked for."""
        needles = (f"{_name(gram)} {self.keys[key].kind} {self.keys[key].passage}" for key, gram in grams.items())
        words_ = (f"{word!r} {passage}" for word, passage in self.rare.items())
        return key_of(*sorted(needles), "", *sorted(words_))

    def _anchor(self, grams: Iterable[tuple[bytes, ...]], frequency: Counter[bytes]) -> None:
        found: dict[bytes, set[tuple[int, int]]] = {}
        for gram in grams:
            at = min(range(len(gram)), key=lambda i: (frequency[gram[i]], -len(gram[i])))
            found.setdefault(gram[at], set()).add((at, len(gram)))
        self.anchors = {word: tuple(sorted(places)) for word, places in found.items()}

    def hits(self, text: list[bytes]) -> Iterator[tuple[int, int]]:
        """The keys of needles in a text, with the number of the word where each begins."""
        anchors, keys = self.anchors, self.keys
        if anchors.keys().isdisjoint(text):
            return
        for at in list(compress(range(len(text)), map(anchors.__contains__, text))):
            for offset, length in anchors[text[at]]:
                start = at - offset
                if start >= 0 and (key := hash(tuple(text[start : start + length]))) in keys:
                    yield key, start

    def look(self, views: Sequence[str]) -> tuple[bool, bool, frozenset[bytes]]:
        """Whether there is a needle in a text, given its folded views; whether one may begin before the text or go on
        after it; and its rare words."""
        first, last = folded_words(views[0]), folded_words(views[-1])
        # Words that only the view between them has there are none: it is the first without the words in tags.
        if self.telling.isdisjoint(first) and self.telling.isdisjoint(last):
            return False, False, frozenset()
        texts = [first, last, *map(folded_words, views[1:-1])]
        hit = any(True for text in texts for _ in self.hits(text))
        rare = frozenset[bytes]().union(*map(self.rare_words, texts))
        return hit, any(map(self._reaches_out, texts)), rare

    def _reaches_out(self, text: list[bytes]) -> bool:
        anchors = self.anchors
        return any(
            at < offset or at - offset + length > len(text)
            for at in compress(range(len(text)), map(anchors.__contains__, text))
            for offset, length in anchors[text[at]]
        )

    def rare_words(self, text: list[bytes]) -> set[bytes]:
        return self.rare.keys() & set(text) if not self.rare.keys().isdisjoint(text) else set()


def _name(gram: tuple[bytes, ...]) -> str:
    return key_of(*gram)


def _needles(passage: Passage) -> Iterator[tuple[tuple[bytes, ...], Needle]]:
    for view in views(peel(passage.text)[0]):
        text = words(view)
        if len(text) >= SHINGLE:
            needle = Needle(passage, "shingle")
            for start in range(len(text) - SHINGLE + 1):
                yield tuple(text[start : start + SHINGLE]), needle
        elif passage.kind != "loose" and _tells(text):
            yield tuple(text), Needle(passage, "whole", view)
    for what, pattern in _CANARIES:
        for found in pattern.finditer(passage.text):
            gram = tuple(words(peel(found[0])[0]))
            if gram and not _DATE.search(found[0]) and _unlike_prose(gram):
                yield gram, Needle(passage, "canary", what)


def _tells(text: list[bytes]) -> bool:
    """Whether a short text says anything by itself: `24/7` and `P1` do not."""
    decoded = b"".join(text).decode("utf-8", "replace")
    letters = sum(c.isalpha() for c in decoded)
    return letters >= (4 if not decoded.isascii() or len(text) == 1 else 6)


def _unlike_prose(gram: tuple[bytes, ...]) -> bool:
    return sum(map(len, gram)) >= 6


def whole_pattern(needle: Needle) -> re.Pattern[str]:
    """Matches a short passage in folded text as one phrase; a single word only where it stands alone."""
    parts = [re.escape(word.decode("utf-8", "replace")) for word in words(needle.what)]
    if len(parts) == 1:
        before, after = r"(?:^|[\x01\n>\"'/|])\s*", r"\s*(?:$|[\x01\n<\"'/|]|\.(?:html|md|json|xml|png|svg)\b)"
        return re.compile(before + parts[0] + after, re.MULTILINE)
    between = r"(?:[^\w\x01\"<>{}=;]|_){0,8}"
    return re.compile(r"(?<![^\W_])" + between.join(parts) + r"(?![^\W_])")

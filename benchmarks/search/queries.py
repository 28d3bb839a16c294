"""Questions whose answer is known: for every page, what a reader who wants it might type.

Made from the pages alone, by rules of thumb for each language and a fixed seed; no search engine, stemmer or index is
asked. Where several pages bear the same title, each of them is a right answer to a query made from it.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus import Article

KINDS = ("title", "inflected", "typo", "half-typed", "keywords", "compound", "substring")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CJK = r"\u3040-\u30ff\u3400-\u9fff"
_RUN = re.compile(r"[\u30a0-\u30ff]{3,}|[\u3400-\u9fff]{2,}|[A-Za-z]{3,}")
_GERMAN = (
    ("ung", "ungen"), ("ungen", "ung"), ("heit", "heiten"), ("keit", "keiten"),
    ("en", "e"), ("er", "ern"), ("el", "eln"), ("e", "en"), ("t", "ten"), ("n", "nen"),
)  # fmt: skip
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@dataclass(frozen=True, slots=True)
class Query:
    kind: str
    locale: str
    text: str
    accept: tuple[str, ...]  #: addresses, any of which is right


def queries(pages: Sequence[Article], locale: str) -> list[Query]:
    """All queries of one locale, in the order of the pages; the same on every machine."""
    pages = [page for page in pages if len(page.text) >= 300 and page.title]
    words = Words(pages, locale)
    made = []
    for page in pages:
        chance = random.Random(f"{locale}:{page.url}")
        same = tuple(other.url for other in pages if other.title.casefold() == page.title.casefold())
        for kind, text in _of_title(page.title, locale, chance):
            made.append(Query(kind, locale, text, same))
        for kind, text in _of_body(page, words, locale, chance):
            made.append(Query(kind, locale, text, (page.url,)))
    unique = {(query.kind, query.text, query.accept): query for query in made if query.text.strip()}
    return list(unique.values())


class Words:
    """The words of a locale's pages: how often each occurs in each page, and in how many pages."""

    def __init__(self, pages: Sequence[Article], locale: str) -> None:
        self.find = _RUN if locale == "ja" else _WORD
        self.locale = locale
        self.texts = {page.url: " ".join((page.title, *page.headings, page.text)) for page in pages}
        self.counts = {url: Counter(w.lower() for w in self.find.findall(text)) for url, text in self.texts.items()}
        self.pages = Counter(word for counts in self.counts.values() for word in counts)

    def telling(self, page: Article, n: int) -> list[str]:
        """The words that tell this page from the others: frequent here, in a quarter of all pages at most."""
        prose = Counter(w.lower() for w in self.find.findall(page.text))
        shortest = 2 if self.locale == "ja" else 4
        weight = {
            word: count * math.log(len(self.texts) / self.pages[word])
            for word, count in prose.items()
            if count >= 2 and len(word) >= shortest and self.pages[word] * 4 <= len(self.texts)
        }
        return sorted(weight, key=lambda word: (-weight[word], word))[:n]

    def halves(self, compound: str) -> tuple[str, str] | None:
        """`Abfrageparameter` → `Abfrage`, `Parameter`, if both are words of their own."""
        if "-" in compound:
            first, _, rest = compound.partition("-")
            return (first, rest) if "-" not in rest and min(len(first), len(rest)) >= 4 else None
        for cut in range(len(compound) - 4, 3, -1):
            first, rest = compound[:cut].lower(), compound[cut:].lower()
            if rest in self.pages and len(rest) >= 4:
                for link in ("", "s", "n", "en", "es"):
                    stem = first.removesuffix(link)
                    if len(stem) >= 4 and stem in self.pages:
                        return compound[: len(stem)], rest.capitalize()
        return None


def _of_title(title: str, locale: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    yield "title", title
    spans = [match for match in _WORD.finditer(title) if "-" not in match[0]]
    for match in chance.sample(spans, len(spans))[:2]:
        if changed := _inflect(match[0], locale):
            yield "inflected", title[: match.start()] + changed + title[match.end() :]
    if locale == "ja":
        yield "inflected", title + chance.choice(("とは", "の使い方", "する方法"))
    long = (
        [match for match in spans if len(match[0]) >= 5 and match[0].isascii()]
        if locale == "ja"
        else [match for match in spans if len(match[0]) >= 5]
    )
    for match in chance.sample(long, len(long))[:2]:
        yield "typo", title[: match.start()] + _slip(match[0], chance) + title[match.end() :]
    if half := _half(title):
        yield "half-typed", half


def _of_body(page: Article, words: Words, locale: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    telling = words.telling(page, 6)
    if len(telling) >= 3:
        for _ in range(2):
            yield "keywords", " ".join(chance.sample(telling, 3))
    if locale == "de":
        yield from _of_compounds(page, words, telling)
    if locale == "ja":
        yield from _substrings(page, words, chance)


def _of_compounds(page: Article, words: Words, telling: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The compound of the title taken apart, joined or cut to its head; and one from the body, taken apart."""
    for match in _WORD.finditer(page.title):
        if len(match[0]) >= 9 and (halves := words.halves(match[0])):
            before, after = page.title[: match.start()], page.title[match.end() :]
            yield "compound", before + " ".join(halves) + after
            if "-" in match[0]:
                yield "compound", before + match[0].replace("-", "").capitalize() + after
            more = next((word for word in telling if word not in match[0].lower()), "")
            yield "compound", f"{before}{halves[1]}{after} {more}"
            break
    rare = [word for word in sorted(words.counts[page.url]) if len(word) >= 10 and words.pages[word] <= 2]
    for word in rare:
        if halves := words.halves(word):
            other = next((w for w in telling if w not in word), "")
            yield "compound", " ".join((*halves, other))
            break


def _substrings(page: Article, words: Words, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Pieces of 6 and 10 characters that stand in this page only, cut without regard to words."""
    runs = re.findall(f"[{_CJK}]{{10,}}", page.text)
    for size in (6, 10):
        for run in chance.sample(runs, len(runs))[:20]:
            start = chance.randrange(len(run) - size + 1)
            piece = run[start : start + size]
            if sum(piece in text for text in words.texts.values()) == 1:
                yield "substring", piece
                break


def _inflect(word: str, locale: str) -> str | None:
    """The word in another number or case; None if the rules know none."""
    if len(word) < 4 or (not word.islower() and not word.istitle()):
        return None
    match locale:
        case "en":
            if word.endswith("ies"):
                return word[:-3] + "y"
            if word.endswith("s"):
                return None if word.endswith(("ss", "us", "is")) else word[:-1]
            if word.endswith("ing"):
                return word + "s"
            if word.endswith("y") and word[-2] not in "aeiou":
                return word[:-1] + "ies"
            return word + ("es" if word.endswith(("x", "ch", "sh")) else "s")
        case "de" if word.istitle():
            for end, other in _GERMAN:
                if word.endswith(end):
                    return word.removesuffix(end) + other
            return word + "s"
        case "es":
            if word.endswith("ción"):
                return word[:-4] + "ciones"
            if word.endswith("ciones"):
                return word[:-6] + "ción"
            if word.endswith("s"):
                return word[:-1] if word[-2] in "aeo" else None
            return word + ("s" if word[-1] in "aeiou" else "es")
    return None


def _slip(word: str, chance: random.Random) -> str:
    """One typing error, never in the first letter: two letters swapped, one lost, doubled, or its neighbour hit."""
    at = chance.randrange(1, len(word) - 1)
    row = next((keys for keys in _KEYS if word[at].lower() in keys), "")
    slips = [
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[: at + 1] + word[at:],
    ]
    if row:
        near = row[row.index(word[at].lower()) - 1]
        slips.append(word[:at] + near + word[at + 1 :])
    slips = [slip for slip in slips if slip != word]
    return chance.choice(slips)


def _half(title: str) -> str | None:
    """The title while its last word is still being typed."""
    tail = re.search(rf"[^\W_]+$|[{_CJK}]+$", title)
    if tail is None or len(tail[0]) < 5:
        return None
    keep = max(3, math.ceil(len(tail[0]) * 0.6))
    return title[: tail.start() + keep]

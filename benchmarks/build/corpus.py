"""A help centre of any size in up to ten languages, the same on every machine.

No sentence means anything, but everything that costs a builder something is there as in real articles: some 470 words
in paragraphs, lists, steps, tables, admonitions, tabs and code, pictures, and links to neighbours and to other
sections. A translation has the same build, block by block, in made-up words of its own language.
"""

from __future__ import annotations

import posixpath
import random
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

LOCALES = ("en", "de", "es", "fr", "it", "nl", "pt", "pl", "ja", "ar")
SECTION = 22  #: articles in a section, its start page included
WORDS = 1500
PICTURES = 12
#: languages whose words are made of single letters
_LETTERS = {
    "ar": "بتثجحدرزسشصطعفقكلمنهوي",
    "ja": "アイウエオカキクケコサシスセソタチツテトナニハヒフヘホマミムメモヤユヨラリルレロワン案会開関"
    "期客購口在使事時社手書場人請設送定電内日年配品変方本明用理料",
}
_ONSETS = ("b", "br", "c", "d", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v", "w")
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "ou")
_ENDINGS = {
    "en": ("s", "ing", "ed", "er", ""), "de": ("en", "ung", "er", "heit", "ß"), "es": ("ción", "os", "ar", "ía", "o"),
    "fr": ("tion", "é", "eur", "ent", "e"), "it": ("zione", "are", "ità", "i", "o"),
    "nl": ("en", "ing", "lijk", "je", "t"), "pt": ("ção", "ões", "ar", "ê", "o"), "pl": ("ość", "ać", "ych", "ę", "y"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Article:
    """One article in all languages; `number` is its place in the help centre."""

    number: int
    path: str

    def text(self, locale: str) -> str:
        """Its Markdown."""
        return "\n".join(_blocks(self, Voice(locale)))


@dataclass(frozen=True, slots=True)
class Voice:
    """Says numbers as words of one language."""

    locale: str

    def words(self, ranks: Sequence[int]) -> str:
        known = lexicon(self.locale)
        return ("" if self.locale == "ja" else " ").join(known[rank] for rank in ranks)

    def title(self, ranks: Sequence[int]) -> str:
        said = self.words(ranks)
        return said[:1].upper() + said[1:]

    def sentence(self, ranks: Sequence[int]) -> str:
        return self.title(ranks) + ("。" if self.locale == "ja" else ".")


@cache
def lexicon(locale: str) -> tuple[str, ...]:
    """The words of a language, the most frequent first, short ones among them."""
    chance = random.Random(f"words of {locale}")
    found: dict[str, None] = {}
    while len(found) < WORDS:
        found[_word(locale, 1 if len(found) < 60 else chance.choice((1, 2, 2, 3)), chance)] = None
    return tuple(found)


def _word(locale: str, syllables: int, chance: random.Random) -> str:
    if letters := _LETTERS.get(locale):
        return "".join(chance.choice(letters) for _ in range(syllables + 1))
    stem = "".join(chance.choice(_ONSETS) + chance.choice(_VOWELS) for _ in range(syllables))
    return stem + (chance.choice(_ENDINGS[locale]) if syllables > 1 else chance.choice(("", "n", "s", "l")))


def articles(count: int) -> list[Article]:
    """The start page, then sections of SECTION articles, each with a start page of its own."""
    return [Article(number, _path(number)) for number in range(count)]


@cache
def _path(number: int) -> str:
    if number == 0:
        return "index.md"
    section, place = divmod(number - 1, SECTION)
    name = "index" if place == 0 else f"{_name(number)}-{number}"
    return f"{_name(-section - 1)}-{section + 1}/{name}.md"


def _name(number: int) -> str:
    chance = random.Random(f"name of {number}")
    return "-".join(chance.choice(lexicon("en")[60:]) for _ in range(2))


def pictures() -> Iterator[tuple[str, bytes]]:
    """A few screenshots: noise, as hard to compress as a photograph."""
    for number in range(PICTURES):
        width, height = 96, 64
        noise = random.Random(f"picture {number}").randbytes(height * (1 + 3 * width))
        rows = b"".join(b"\0" + noise[n * 3 * width : (n + 1) * 3 * width] for n in range(height))
        head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
        yield (
            f"img/screen-{number}.png",
            b"\x89PNG\r\n\x1a\n" + b"".join(
                struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
                for kind, body in chunks
            ),
        )  # fmt: skip


def _blocks(article: Article, voice: Voice) -> Iterator[str]:
    """The lines of an article; what is random comes from its number alone, so that every language has the same."""
    chance = random.Random(f"article {article.number}")

    def ranks(count: int) -> list[int]:
        return chance.choices(range(WORDS), cum_weights=_zipf(), k=count)

    def sentences(*lengths: int) -> str:
        return " ".join(voice.sentence(ranks(n)) for n in lengths)

    def link() -> str:
        return f"[{voice.words(ranks(3))}]({_other(article, chance)})"

    def items(count: int, length: int, mark: str) -> Iterator[str]:
        for number in range(1, count + 1):
            yield f"{mark.replace('#', str(number))} {voice.sentence(ranks(length))}"

    yield f"---\ndescription: {voice.title(ranks(9))}\n---\n"
    yield f"# {voice.title(chance.sample(range(60, WORDS), 3))}\n"
    yield f"{sentences(14, 11)} {link()} {sentences(12)}\n"
    yield f"## {voice.title(ranks(4))}\n"
    yield f"{sentences(9)} **{voice.words(ranks(2))}** `kb-{article.number}` {sentences(16, 13)}\n"
    yield from items(4, 10, "-")
    yield f'\n!!! tip "{voice.title(ranks(3))}"\n\n    {sentences(12, 11)}\n'
    yield f"## {voice.title(ranks(3))}\n"
    yield from items(5, 12, "#.")
    yield f"\n![{voice.title(ranks(3))}]({_relative(f'img/screen-{chance.randrange(PICTURES)}.png', article)})\n"
    for _ in range(2):
        yield f'=== "{voice.title(ranks(1))}"\n\n    {sentences(11, 10)}\n'
    yield f"### {voice.title(ranks(4))}\n"
    yield f"| {voice.words(ranks(1))} | {voice.words(ranks(1))} | {voice.words(ranks(2))} |\n| --- | --- | --- |"
    for _ in range(4):
        yield f"| {voice.words(ranks(2))} | `{chance.randrange(1000)}` | {voice.words(ranks(4))} |"
    yield f"\n{sentences(10)}\n\n```bash\n" + "\n".join(
        f"shop --order {chance.randrange(10**6)} --reason \"late\" | tee 'order.log'" for _ in range(5)
    )
    yield f"```\n\n## {voice.title(ranks(3))}\n"
    yield f"{sentences(15, 18, 12)} {link()} {sentences(9)}\n"
    yield f'??? note "{voice.title(ranks(4))}"\n\n    {sentences(14, 9)}\n'
    yield f"{sentences(16, 14)} {link()} {sentences(11, 17)}\n"


@cache
def _zipf() -> list[float]:
    """How often the words of a language are said: the tenth a tenth as often as the first, more or less."""
    return list(accumulate(1 / (rank + 2.7) for rank in range(WORDS)))


def _other(article: Article, chance: random.Random) -> str:
    """A neighbour, mostly; sometimes an article of another section, which every size of help centre has."""
    first = article.number - (article.number - 1) % SECTION if article.number else 0
    near = chance.random() < 0.7
    number = first + chance.randrange(max(article.number - first, 1)) if near else chance.randrange(article.number + 1)
    return _relative(_path(number), article)


def _relative(path: str, article: Article) -> str:
    return posixpath.relpath(path, posixpath.dirname(article.path) or ".")

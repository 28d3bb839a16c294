"""Whether a reply can be the translation of a text at all: its length, its numbers, its language."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from kbtool.core.model import PLACEHOLDER, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Detect = Callable[[str, str, str], str | None]

_NUMBER = re.compile(r"\d+(?:[.,'’٬٫\u00a0\u202f ]?\d+)*")


def examine_wording(
    source: str, reply: str, source_language: str, target_language: str, detect: Detect | None
) -> Iterator[Finding]:
    """What in the words of a reply shows that it is no translation of this text."""
    yield from _length(source, reply)
    yield from _numbers(source, reply)
    yield from _repeats(source, reply)
    if source_language != target_language:
        yield from _language(source, reply, source_language, target_language, detect)


def _finding(rule: str, message: str) -> Finding:
    return Finding(rule=f"guard-{rule}", message=message)


def _length(source: str, reply: str) -> Iterator[Finding]:
    was, now = _width(source), _width(reply)
    low, high = 0.4, 2.6
    if was < 40:
        low, high = 0.25, 4.0
    if was >= 12 and not low <= now / was <= high:
        yield _finding("length", f"{now / was:.1f} times as long as the original")
    elif was < 12 and now > 60:
        yield _finding("length", "far longer than the original")


def _width(text: str) -> float:
    """The length in Latin letters: a Chinese or Japanese character says as much as two or three of them."""
    words = PLACEHOLDER.sub("", text)
    return sum(2.5 if unicodedata.east_asian_width(c) in "WF" else 1.0 for c in words if not c.isspace())


def _numbers(source: str, reply: str) -> Iterator[Finding]:
    wanted, given = _figures(source), _figures(reply)
    if missing := wanted - given:
        yield _finding("numbers", f"a number is missing: {next(iter(missing))}")
    elif extra := [n for n in given - wanted if len(n) > 2 or int(n) > 12]:
        # Small ones may be words of the original: "one of the ways", "both".
        yield _finding("numbers", f"a number is new: {extra[0]}")


def _figures(text: str) -> Counter[str]:
    """The numbers of a text, however they are written: 1,000.5 and 1.000,5 and ١٠٠٠٫٥ are the same."""
    words = PLACEHOLDER.sub(" ", text)
    plain = "".join(str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in words)
    return Counter(re.sub(r"\D", "", number) for number in _NUMBER.findall(plain))


def _repeats(source: str, reply: str) -> Iterator[Finding]:
    """A model that is stuck says the same again and again."""
    was, now = (re.sub(r"[\W_]+", "", PLACEHOLDER.sub("", text)).casefold() for text in (source, reply))
    whole = next((k for k in (2, 3, 4, 5) if len(now) >= 12 * k and now[: len(now) // k] * k == now), 0)
    if whole or ((stuck := _STUCK.search(now)) and not _STUCK.search(was) and len(stuck[0]) >= 20):
        yield _finding("repeats", "the reply says the same several times")


def _language(source: str, reply: str, source_base: str, target: str, detect: Detect | None) -> Iterator[Finding]:
    ours, theirs = _words(source), _words(reply.lower() if reply.isupper() else reply)
    # Words that stand in both are mostly names; they say nothing about the language of the reply.
    new = [word for word in theirs if word.casefold() not in {w.casefold() for w in ours}]
    kept = [word for word in theirs if word not in new and not _NAME.search(word)]
    if script := _SCRIPTS.get(target):
        have = [c for word in theirs for c in word if c.isalpha()]
        own = sum(bool(script.match(c)) for c in have)
        foreign = sum(len(word) for word in new if not script.search(word))
        if (own < 0.15 * len(have) and foreign + _size(kept) >= 20) or foreign > max(30, 0.4 * len(have)):
            yield _finding("language", f"the reply is not written in the script of {target}")
            return
    if _size(kept) >= 12 and len(kept) >= 3 and _size(new) <= 0.05 * _size(kept):
        if len(kept) >= 4 or detect is None or detect(" ".join(theirs), source_base, target) != target:
            yield _finding("untranslated", "the reply is the original")
        return
    if detect is None or max(_size(new), _size(kept)) < 16:
        return
    judged = new if _size(new) >= 16 else theirs if _size(kept) > 3 * _size(new) else []
    language = detect(" ".join(judged), source_base, target) if judged else None
    if language == source_base:
        yield _finding("untranslated", "the reply is still in the language of the original")
    elif language is not None and language != target:
        yield _finding("language", f"the reply is in '{language}', not in '{target}'")


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\w*\d\w*", PLACEHOLDER.sub(" ", text))


def _size(words: list[str]) -> int:
    return sum(map(len, words))


#: A word that is written alike everywhere: CamelCase, ACRONYM, with digits.
_NAME = re.compile(r"\d|\w[A-Z]")
_STUCK = re.compile(r"(.{3,60}?)\1{3,}")
_SCRIPTS = {
    language: re.compile(f"[{ranges}]")
    for languages, ranges in (
        ("ar fa ur ps sd ug", "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff"),
        ("he yi", "\u0590-\u05ff"),
        ("ru uk be bg mk sr kk ky tg mn", "\u0400-\u04ff"),
        ("el", "\u0370-\u03ff\u1f00-\u1fff"),
        ("ja", "\u3040-\u30ff\u3400-\u9fff"),
        ("zh", "\u3400-\u9fff"),
        ("ko", "\uac00-\ud7af\u1100-\u11ff"),
        ("th", "\u0e00-\u0e7f"),
        ("hi mr ne", "\u0900-\u097f"),
        ("ka", "\u10a0-\u10ff"),
        ("hy", "\u0530-\u058f"),
    )
    for language in languages.split()
}

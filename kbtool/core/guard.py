"""The guard: what an engine sent back is examined before anybody believes it, and mended where that is safe.

Texts here are masked: all markup of the original is in placeholders, so any markup in a reply is new.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from kbtool.core.model import PLACEHOLDER, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kbtool.core.glossary import Glossary

_RIGHT_TO_LEFT = {"ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv"}
_JOINED = {
    "fa",
    "ur",
    "ps",
    "sd",
    "ug",
    "ar",
    "hi",
    "mr",
    "ne",
    "bn",
    "ta",
    "te",
    "kn",
    "ml",
    "gu",
    "pa",
    "si",
    "km",
    "my",
}
_UNSPACED = {"ja", "zh", "th", "lo", "km", "my"}
_JOINERS, _MARKS = "\u200c\u200d", "\u200e\u200f\u061c"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffd"
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff]"
)
_STRIPPED = re.compile("[\u200b\u2060\ufeff\u00ad]")
_URL = re.compile(
    r"(?:https?|ftp|mailto|tel|javascript|data|vbscript|file):[^\s⟦⟧]+|\bwww\.[^\s⟦⟧]+|[\w.+-]+@[\w-]+\.\w+"
    r"|\b[\w-]+\.(?:com|net|org|io|dev|co|info|biz|ru|cn|xyz|top|shop|app)\b[^\s⟦⟧]*",
    re.IGNORECASE,
)
_MARKUP = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"`", r"\*\*|__|~~|\^\^|==|\+\+", r"(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)",
        r"\[\^", r"\]\s?\(", r"\]\s?\[", r"!\[", r"\[\[|\]\]",
        r"<[!/?a-zA-Z]", r"&#?\w+;", r"\{\{|\}\}|\{%|%\}|\{#|#\}", r"\{[:.#+*\-~=>][^}]*\}?", r"--8<--",
        r"\$\$?(?=[\w\\({])", r":[a-z][a-z0-9_+-]+:", r"^\s*(?:!!!|\?\?\?|///|:::|===)", r"^\s*\*?\[[^\]]+\]:",
        r"^\s*(?:#{1,6}\s|>|[-*+]\s|\|)", r"^\s*(?:-{3,}|={3,}|\*{3,})\s*$", r"^(?:    |\t)",
        r"^\s*(?:<{7}|>{7}|={7})", r"\\(?=[^\w\s])", r"\|",
    )
)  # fmt: skip
_NUMBERED = re.compile(r"^\s*\d+[.)]\s")
_MESSAGES = (
    "MYMEMORY WARNING", "QUERY LENGTH LIMIT", "INVALID (?:LANGUAGE|TARGET|SOURCE)", "PLEASE SELECT TWO DISTINCT",
    "NO QUERY SPECIFIED", "Too Many Requests", "Quota exceeded", "Rate limit", "USAGE LIMIT", "<!DOCTYPE",
    "Internal Server Error", "Bad Gateway", "Service Unavailable", "Unauthorized", "Forbidden", "Invalid API key",
    "unusual traffic", "enable JavaScript", "CAPTCHA", "^(?:null|None|NaN|undefined|\\[?object Object\\]?)$",
    "As an AI", "I (?:cannot|can['’]t|am unable to) (?:help|assist|translate)", "I['’]m sorry, but",
    "^(?:Sure|Certainly|Of course)[,!.:]? ", "^Here(?:['’]s| is) (?:the|your|a) translat",
    "^(?:The )?Translation(?: of .*)?:",
)  # fmt: skip
_MESSAGE = re.compile("|".join(_MESSAGES), re.IGNORECASE | re.MULTILINE)
_NUMBER = re.compile(r"\d+(?:[.,'’٬٫\u00a0\u202f ]?\d+)*")
_LOOSE = re.compile(r"[⟦〚\[［]{1,2}\s?([/／]?)\s?(\d+)\s?[⟧〛\]］]{1,2}")
_OWN = re.compile(r"⟦[^⟧]*⟧?|⟧")


def examine(
    source: str,
    reply: object,
    *,
    source_locale: str,
    target_locale: str,
    glossary: Glossary | None = None,
    kind: str = "paragraph",
    detect: Callable[[str, str, str], str | None] | None = None,
    translation: bool = True,
) -> list[Finding]:
    """All that is wrong with a reply; none means it may be written.

    `detect(text, source, target)` gives the language a text is in; without it, languages go unchecked.
    `translation=False` is for engines that only pretend (identity, pseudo).
    """
    if not isinstance(reply, str):
        return [_finding("type", f"the reply is not text but {type(reply).__name__}")]
    if source.strip() and not reply.strip():
        return [_finding("empty", "the reply is empty")]
    target = _base(target_locale)
    found = [*_placeholders(source, reply), *_characters(source, reply, target), *_syntax(source, reply, kind)]
    found += _message(source, reply)
    if translation:
        found += [*_length(source, reply, _base(source_locale), target), *_numbers(source, reply)]
        found += _language(source, reply, _base(source_locale), target, detect)
        if glossary is not None:
            found += glossary.examine(source, reply)
    return found


def repair(source: str, reply: str, target_locale: str = "") -> str:
    """The reply with what engines do to placeholders and spaces undone; never a word changed.

    >>> repair("Click ⟦1⟧Save⟦/1⟧, then ⟦2⟧.", " Klicken Sie auf [1] Speichern [/ 1], dann ⟦ 2 ⟧ . ")
    'Klicken Sie auf ⟦1⟧Speichern⟦/1⟧, dann ⟦2⟧.'
    """
    reply = _like(source, reply, _STRIPPED)
    if "\n" not in source:
        reply = re.sub(r"\s*\n\s*", " ", reply)
    expected = Counter(m[0] for m in PLACEHOLDER.finditer(source))
    if expected and Counter(m[0] for m in PLACEHOLDER.finditer(reply)) != expected:
        reply = _reread(source, reply, expected)
    reply = _tighten(source, reply)
    if _base(target_locale) not in _UNSPACED:
        reply = _loosen(source, reply)
    lead, trail = source[: len(source) - len(source.lstrip())], source[len(source.rstrip()) :]
    return f"{lead}{reply.strip()}{trail}"


def letters(text: str) -> int:
    """How many letters there are outside placeholders."""
    return sum(c.isalpha() for c in PLACEHOLDER.sub("", text))


def _finding(rule: str, message: str) -> Finding:
    return Finding(rule=f"guard-{rule}", message=message)


def _base(locale: str) -> str:
    return re.split(r"[-_]", locale)[0].lower()


def _placeholders(source: str, reply: str) -> Iterator[Finding]:
    wanted = Counter(m[0] for m in PLACEHOLDER.finditer(source))
    given = Counter(m[0] for m in PLACEHOLDER.finditer(reply))
    if wanted != given:
        missing, extra = wanted - given, given - wanted
        parts = [f"missing {' '.join(missing)}"] * bool(missing) + [f"too many {' '.join(extra)}"] * bool(extra)
        yield _finding("placeholders", f"placeholders differ: {', '.join(parts)}")
        return
    if Counter(_OWN.findall(reply)) != Counter(_OWN.findall(source)):
        yield _finding("placeholders", "a broken placeholder")
    if fault := _nesting(source, reply):
        yield _finding("nesting", fault)


def _nesting(source: str, reply: str) -> str | None:
    paired = {m[2] for m in PLACEHOLDER.finditer(source) if m[1]}
    open_now: list[str] = []
    last, inside = 0, dict.fromkeys(paired, False)
    for match in PLACEHOLDER.finditer(reply):
        if open_now and ((match.start() > last and reply[last : match.start()].strip()) or match[2] not in paired):
            inside.update(dict.fromkeys(open_now, True))
        last = match.end()
        if match[1]:
            if not open_now or open_now.pop() != match[2]:
                return f"⟦/{match[2]}⟧ closes what is not open"
        elif match[2] in paired:
            open_now.append(match[2])
    empty = [n for n in paired if not inside[n] and not re.search(rf"⟦{n}⟧\s*⟦/{n}⟧", source)]
    return f"nothing is left inside ⟦{empty[0]}⟧" if empty else None


def _characters(source: str, reply: str, target: str) -> Iterator[Finding]:
    allowed = set(_INVISIBLE.findall(source))
    if target in _JOINED:
        allowed |= set(_JOINERS)
    if target in _RIGHT_TO_LEFT:
        allowed |= set(_MARKS)
    for character in dict.fromkeys(_INVISIBLE.findall(reply)):
        if character not in allowed:
            yield _finding("characters", f"a character nobody sees: U+{ord(character):04X}")
            return


def _syntax(source: str, reply: str, kind: str) -> Iterator[Finding]:
    if extra := Counter(_URL.findall(reply)) - Counter(_URL.findall(source)):
        yield _finding("link", f"an address that is not in the original: {next(iter(extra))[:60]}")
    if reply.count("\n") > source.count("\n"):
        yield _finding("lines", "a line break that is not in the original")
    for pattern in _MARKUP:
        if len(pattern.findall(reply)) > len(pattern.findall(source)):
            yield _finding("markup", f"markup that is not in the original: {pattern.search(reply)[0].strip()[:20]!r}")  # type: ignore[index]
            return
    if kind == "paragraph" and _NUMBERED.search(reply) and not _NUMBERED.search(source):
        yield _finding("markup", "the paragraph has become a list")


def _message(source: str, reply: str) -> Iterator[Finding]:
    match = _MESSAGE.search(reply)
    if match and not _MESSAGE.search(source):
        yield _finding("message", f"the engine says something instead of translating: {match[0][:40]!r}")


def _length(source: str, reply: str, source_base: str, target: str) -> Iterator[Finding]:
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
    elif extra := given - wanted:
        yield _finding("numbers", f"a number is new: {next(iter(extra))}")


def _figures(text: str) -> Counter[str]:
    """The numbers of a text, however they are written: 1,000.5 and 1.000,5 and ١٠٠٠٫٥ are the same."""
    words = PLACEHOLDER.sub(" ", text)
    plain = "".join(str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in words)
    return Counter(re.sub(r"\D", "", number).lstrip("0") or "0" for number in _NUMBER.findall(plain))


def _language(
    source: str, reply: str, source_base: str, target: str, detect: Callable[[str, str, str], str | None] | None
) -> Iterator[Finding]:
    if source_base == target:
        return
    if script := _SCRIPTS.get(target):
        have = [c for c in PLACEHOLDER.sub("", reply) if c.isalpha()]
        own = sum(bool(script.match(c)) for c in have)
        if len(have) >= 20 and own < 0.15 * len(have):
            yield _finding("language", f"the reply is not written in the script of {target}")
            return
    if detect is None:
        return
    words = PLACEHOLDER.sub(" ", reply)
    count = letters(reply)
    if count < 16:
        return
    language = detect(words, source_base, target)
    if language is None or language == target:
        return
    if language == source_base:
        yield _finding("untranslated", "the reply is still in the language of the original")
    else:
        yield _finding("language", f"the reply is in '{language}', not in '{target}'")


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


def _like(source: str, reply: str, pattern: re.Pattern[str]) -> str:
    """The reply without characters of the pattern that the source does not have."""
    return reply if pattern.search(source) else pattern.sub("", reply)


def _reread(source: str, reply: str, expected: Counter[str]) -> str:
    """Placeholders that an engine re-spaced or re-dressed, as they were, if that makes them right."""

    def again(match: re.Match[str]) -> str:
        mark = f"⟦{'/' if match[1] else ''}{int(match[2])}⟧"
        return mark if mark in expected else match[0]

    mended = _LOOSE.sub(again, reply)
    return mended if Counter(m[0] for m in PLACEHOLDER.finditer(mended)) == expected else reply


def _tighten(source: str, reply: str) -> str:
    """No space just inside a pair, or between a placeholder and punctuation, where the original has none."""
    paired = {m[2] for m in PLACEHOLDER.finditer(source) if m[1]}
    for number in paired:
        opening, closing = f"⟦{number}⟧", f"⟦/{number}⟧"
        if not re.search(rf"{opening}\s", source):
            reply = re.sub(rf"(?<=\S)\s?{opening}\s+", f" {opening}", reply)
            reply = re.sub(rf"^\s*{opening}\s+", opening, reply)
        if not re.search(rf"\s{closing}", source):
            reply = re.sub(rf"\s+{closing}(?=\w)", f"{closing} ", reply)
            reply = re.sub(rf"\s+{closing}", closing, reply)
    for match in re.finditer(r"⟦/?\d+⟧(?=[.,;:!?)])", source):
        reply = re.sub(rf"{match[0]}\s+(?=[.,;:!?)])", match[0], reply)
    return re.sub(r"(?<=\S) {2,}(?=\S)", " ", reply) if "  " not in source else reply


def _loosen(source: str, reply: str) -> str:
    """A space where a word has been glued to a placeholder that stood apart in the original."""
    for match in PLACEHOLDER.finditer(source):
        mark = re.escape(match[0])
        single = not match[1] and f"⟦/{match[2]}⟧" not in source
        if (single or not match[1]) and re.search(rf"(?:^|\s){mark}", source):
            reply = re.sub(rf"(?<=[^\W\d_])(?={mark})", " ", reply)
        if (single or match[1]) and re.search(rf"{mark}(?:\s|$)", source):
            reply = re.sub(rf"(?<={mark})(?=[^\W\d_])", " ", reply)
    return reply

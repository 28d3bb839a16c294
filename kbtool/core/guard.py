"""The guard: what an engine sent back is examined before anybody believes it, and mended where that is safe.

Texts here are masked: all markup of the original is in placeholders, so any markup in a reply is new.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from kbtool.core.mend import repair
from kbtool.core.model import PLACEHOLDER, Finding
from kbtool.core.wording import examine_wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kbtool.core.glossary import Glossary

_RIGHT_TO_LEFT = {"ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv"}
#: Languages that join letters or take them apart with invisible characters.
_JOINED = frozenset(
    ("ar", "bn", "fa", "gu", "hi", "km", "kn", "ml", "mr", "my", "ne", "pa", "ps", "sd", "si", "ta", "te", "ug", "ur")
)
_JOINED_LATIN = re.compile("[A-Za-z][\u200c\u200d]|[\u200c\u200d][A-Za-z]")
_JOINERS, _MARKS = "\u200c\u200d", "\u200e\u200f\u061c"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffd"
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff]"
)
_URL = re.compile(
    r"(?:https?|ftp|mailto|tel|javascript|data|vbscript|file):[^\s⟦⟧]+|\bwww\.[^\s⟦⟧]+|(?<![\w.+-])[\w.+-]+@[\w-]+\.\w+"
    r"|(?<![\w-])[\w-]+\.(?:com|net|org|io|dev|co|info|biz|ru|cn|xyz|top|shop|app)\b[^\s⟦⟧]*",
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
    "^(?:The )?Translation(?: of .*)?:", r"^\s*[\[{]\s*[\"'{\[]", r"\"\w+\"\s*:\s*[\"\[{]",
)  # fmt: skip
_MESSAGE = re.compile("|".join(_MESSAGES), re.IGNORECASE | re.MULTILINE)
_OWN = re.compile(r"⟦[^⟧]*⟧?|⟧")


__all__ = ["examine", "letters", "repair"]


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
    if len(reply) > 20 * len(source) + 2000:
        return [_finding("length", "far longer than the original")]  # and nobody wants to read more of it
    target = _base(target_locale)
    found = [*_placeholders(source, reply), *_characters(source, reply, target), *_syntax(source, reply, kind)]
    found += _message(source, reply)
    if translation:
        found += examine_wording(source, reply, _base(source_locale), target, detect)
        if glossary is not None:
            found += glossary.examine(source, reply)
    return found


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
    if (fault := _nesting(source, reply)) and not _nesting(source, source):
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
        if character not in allowed or (character in _JOINERS and _JOINED_LATIN.search(reply)):
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

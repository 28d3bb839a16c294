"""Mending a reply: what engines do to placeholders and spaces is undone; never a word is changed."""

from __future__ import annotations

import re
from collections import Counter

from kbtool.core.model import PLACEHOLDER

_UNSPACED = {"ja", "zh", "th", "lo", "km", "my"}
_STRIPPED = re.compile("[\u200b\u2060\ufeff\u00ad]")
_LOOSE = re.compile(r"[⟦〚\[［]{1,2}\s?([/／]?)\s?(\d+)\s?[⟧〛\]］]{1,2}")


def repair(source: str, reply: str, target_locale: str = "") -> str:
    """The reply with what engines do to placeholders and spaces undone; never a word changed.

    >>> repair("Click ⟦1⟧Save⟦/1⟧, then ⟦2⟧.", " Klicken Sie auf [1] Speichern [/ 1], dann ⟦ 2 ⟧ . ")
    'Klicken Sie auf ⟦1⟧Speichern⟦/1⟧, dann ⟦2⟧.'
    """
    if not source.strip() or reply.strip() == source.strip():
        return source
    reply = _like(source, reply, _STRIPPED)
    if "\n" not in source and not re.search(r"\n\s*\n|\n(?: {4}|\t)", reply.strip()):
        reply = re.sub(r"\s*\n\s*", " ", reply)  # a line wrapped; two line breaks are more than that
    expected = Counter(m[0] for m in PLACEHOLDER.finditer(source))
    if expected and Counter(m[0] for m in PLACEHOLDER.finditer(reply)) != expected:
        reply = _reread(source, reply, expected)
    reply = _tighten(source, reply)
    if re.split(r"[-_]", target_locale)[0].lower() not in _UNSPACED:
        reply = _loosen(source, reply)
    lead, trail = source[: len(source) - len(source.lstrip())], source[len(source.rstrip()) :]
    return f"{lead}{reply.strip()}{trail}"


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
            reply = re.sub(rf"(?<=[\w.,;:!?)])\s?{opening}\s+", f" {opening}", reply)
            reply = re.sub(rf"{opening}\s+", opening, reply)
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

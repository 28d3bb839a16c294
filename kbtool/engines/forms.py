"""The shapes that placeholders take on their way through an engine, and back.

Every engine keeps another shape best, so the shape belongs to its adapter. Law: decode(encode(text)) == text.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from kbtool.core.model import PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Callable

_BRACES = re.compile(r"\{\{\s?(/?)\s?(\d+)\s?\}\}")
_XML = re.compile(r"<(/?)\s*([xg])(?:\s+id\s*=\s*[\"'](\d+)[\"'])?\s*(/?)>")
_SPAN = re.compile(
    r"<span\b[^<>]*\bid\s*=\s*[\"']?([sg])(\d+)[\"']?[^<>]*>([^<>]*</span\s*>)?|</span\s*>", re.IGNORECASE
)


def encode(form: str, text: str) -> str:
    """The text with its placeholders in the given form, and whatever else the form needs escaped."""
    return _FORMS[form][0](text)


def decode(form: str, text: str) -> str:
    """What came back, with placeholders as ⟦1⟧ again; what cannot be read stays, for the guard to refuse."""
    return _FORMS[form][1](text)


def renumber(text: str, by: int) -> str:
    """Every placeholder's number raised by `by`, so that no two texts of a batch share one."""
    return PLACEHOLDER.sub(lambda m: f"⟦{m[1]}{int(m[2]) + by}⟧", text)


def numbers(text: str) -> set[int]:
    """The numbers of a text's placeholders."""
    return {int(m[2]) for m in PLACEHOLDER.finditer(text)}


def _paired(text: str) -> set[str]:
    return {m[2] for m in PLACEHOLDER.finditer(text) if m[1]}


def _to_braces(text: str) -> str:
    return PLACEHOLDER.sub(r"{{\1\2}}", text)


def _from_braces(text: str) -> str:
    return _BRACES.sub(r"⟦\1\2⟧", text)


def _to_xml(text: str) -> str:
    pairs = _paired(text)

    def element(match: re.Match[str]) -> str:
        if match[1]:
            return "</g>"
        return f'<g id="{match[2]}">' if match[2] in pairs else f'<x id="{match[2]}"/>'

    return _outside(text, lambda part: html.escape(part, quote=False), element)


def _from_xml(text: str) -> str:
    stack: list[str] = []

    def mark(match: re.Match[str]) -> str:
        closing, name, number, empty = match.groups()
        if closing and name == "g" and stack:
            return f"⟦/{stack.pop()}⟧"
        if number is None or closing:
            return ""  # the </x> of an <x></x>
        if name == "g":
            stack.append(number)
            if empty:
                return f"⟦{number}⟧⟦/{stack.pop()}⟧"
        return f"⟦{number}⟧"

    return html.unescape(_XML.sub(mark, text))


def _to_html(text: str) -> str:
    pairs = _paired(text)

    def element(match: re.Match[str]) -> str:
        if match[1]:
            return "</span>"
        if match[2] in pairs:
            return f'<span id="g{match[2]}">'
        # An empty element is dropped by some servers; the digit is not shown to anybody.
        return f'<span translate="no" class="notranslate" id="s{match[2]}">{match[2]}</span>'

    return _outside(text, lambda part: html.escape(part, quote=False), element)


def _from_html(text: str) -> str:
    stack: list[str] = []

    def mark(match: re.Match[str]) -> str:
        kind, number, whole = match.groups()
        if kind is None:
            return f"⟦/{stack.pop()}⟧" if stack else match[0]
        if kind in "sS":
            return f"⟦{number}⟧"
        if whole:
            return f"⟦{number}⟧{whole[: whole.rindex('<')]}⟦/{number}⟧"
        stack.append(number)
        return f"⟦{number}⟧"

    return html.unescape(_SPAN.sub(mark, text))


def _outside(text: str, escape: Callable[[str], str], element: Callable[[re.Match[str]], str]) -> str:
    parts, end = [], 0
    for match in PLACEHOLDER.finditer(text):
        parts += [escape(text[end : match.start()]), element(match)]
        end = match.end()
    return "".join([*parts, escape(text[end:])])


_FORMS: dict[str, tuple[Callable[[str], str], Callable[[str], str]]] = {
    "marks": (lambda text: text, lambda text: text),
    "braces": (_to_braces, _from_braces),
    "xml": (_to_xml, _from_xml),
    "html": (_to_html, _from_html),
}

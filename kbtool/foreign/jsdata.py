"""Plain data written down in a JavaScript file, read and never run.

    value_of(text, "i18n") == {"defaultLocale": "en", "locales": ["en", "fr"]}

Objects, arrays, texts, numbers and comments are understood. A value that only a program could give is `Code`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Code:
    """What only running it would tell."""

    text: str


_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.S)
_TEXT = re.compile(r"'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\"|`((?:[^`\\$]|\\.|\$(?!\{))*)`", re.S)
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}
_DEEP = 60


def value_of(text: str, key: str) -> Any:
    """The first value written as `key: …` or `key = …` that is plain at its start; None where there is none."""
    return next(values_of(text, key), None)


def values_of(text: str, key: str) -> Iterator[Any]:
    """All of them, in the order in which they stand."""
    bare = _without_comments(text)
    name = re.escape(key)
    for found in re.finditer(rf"(?<![\w$.])(?:{name}|'{name}'|\"{name}\")\s*(?::|=(?![=>]))", bare):
        value, _ = _value(bare, found.end(), 0)
        if not isinstance(value, Code):
            yield value


def exported(text: str) -> Any:
    """What a file gives: `module.exports = …`, `export default …`, a name for it included; None where unclear."""
    bare = _without_comments(text)
    found = re.search(r"(?:\bmodule\.exports\s*=|\bexport\s+default)\s*", bare)
    if not found:
        return None
    name = _NAME.match(bare, found.end())
    if name and name[0] not in _WORDS:
        defined = re.search(rf"\b(?:const|let|var)\s+{re.escape(name[0])}\b[^=\n]*=\s*", bare)
        if not defined:
            return None
        found = defined
    value, _ = _value(bare, found.end(), 0)
    return None if isinstance(value, Code) else value


def literal(text: str) -> Any:
    """One value; Code where it is not plain, or where something follows it."""
    value, at = _value(text, 0, 0)
    return value if not text[at:].strip() else Code(text.strip())


def _without_comments(text: str) -> str:
    """The same text with blanks for comments, those inside texts left alone."""
    pattern = re.compile(rf"(?P<text>{_TEXT.pattern})|//[^\n]*|/\*.*?\*/", re.S)
    return pattern.sub(lambda m: m[0] if m["text"] else re.sub(r"[^\n]", " ", m[0]), text)


def _value(text: str, at: int, depth: int) -> tuple[Any, int]:  # noqa: PLR0911 – one for each kind of value
    at = _skip(text, at)
    if at >= len(text) or depth > _DEEP:
        return Code(""), at
    if text[at] == "{":
        return _object(text, at, depth)
    if text[at] == "[":
        return _array(text, at, depth)
    if found := _TEXT.match(text, at):
        after = _skip(text, found.end())
        if after >= len(text) or text[after] in ",}]);" or depth == 0:
            return _unescaped(found), found.end()
    elif (found := _NUMBER.match(text, at)) and text[found.end() : found.end() + 1] in ",}]\n ;":
        return float(found[0]) if "." in found[0] else int(found[0]), found.end()
    elif (found := _NAME.match(text, at)) and found[0] in _WORDS:
        return _WORDS[found[0]], found.end()
    end = _past(text, at)
    return Code(text[at:end].strip()), end


def _object(text: str, at: int, depth: int) -> tuple[Any, int]:
    found: dict[str, Any] = {}
    at = _skip(text, at + 1)
    while at < len(text) and text[at] != "}":
        key = _TEXT.match(text, at) or _NAME.match(text, at)
        after = _skip(text, key.end()) if key else at
        if key and text[after : after + 1] == ":":
            found[_unescaped(key) if key.re is _TEXT else key[0]], at = _value(text, after + 1, depth + 1)
        else:  # a spread, a method, a shorthand: only running it would tell
            end = _past(text, at)
            found[f"…{len(found)}"] = Code(text[at:end].strip())
            at = end
        at = _skip(text, at)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        elif text[at : at + 1] != "}":
            return Code(""), at
    return found, at + 1


def _array(text: str, at: int, depth: int) -> tuple[Any, int]:
    found: list[Any] = []
    at = _skip(text, at + 1)
    while at < len(text) and text[at] != "]":
        value, at = _value(text, at, depth + 1)
        found.append(value)
        at = _skip(text, at)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        elif text[at : at + 1] != "]":
            return Code(""), at
    return found, at + 1


def _past(text: str, at: int) -> int:
    """The end of an expression: the comma or bracket that does not belong to it."""
    depth = 0
    while at < len(text):
        if found := _TEXT.match(text, at):
            at = found.end()
            continue
        if text[at] in "([{":
            depth += 1
        elif text[at] in ")]}":
            if depth == 0:
                return at
            depth -= 1
        elif text[at] in ",;" and depth == 0:
            return at
        at += 1
    return at


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _unescaped(found: re.Match[str]) -> str:
    body = next((group for group in found.groups() if group is not None), "")
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), body, flags=re.S)

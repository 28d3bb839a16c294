"""Kinds of bad reply, each a way to spoil a good one; None where a kind does not apply to a text.

Used by the tests with a few texts and by `benchmarks/guard.py` with many.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable

from kbtool.core.model import PLACEHOLDER

#: (source, good reply, another good reply, random) → bad reply
Spoil = Callable[[str, str, str, random.Random], object]

FRENCH = (
    "Nous avons bien reçu votre message et nous vous répondrons dans les plus brefs délais.",
    "Cette page explique comment configurer votre compte et inviter les membres de votre équipe.",
    "Vous pouvez modifier ce réglage à tout moment depuis la page des préférences.",
    "Le fichier est enregistré dans le dossier que vous avez choisi lors de l'installation.",
)


def _marks(text: str) -> list[str]:
    return [m[0] for m in PLACEHOLDER.finditer(text)]


def _drop(text: str, mark: str) -> str:
    return text.replace(mark, "", 1)


def _within(reply: str, added: str, chance: random.Random) -> str:
    """The reply with something put between two of its words, outside placeholders."""
    spaces = [m.start() for m in re.finditer(r" ", reply)]
    at = chance.choice(spaces) if spaces else len(reply)
    return f"{reply[:at]} {added}{reply[at:]}"


def _word(reply: str, wrap: str, chance: random.Random) -> str | None:
    """One word of the reply wrapped in something."""
    words = list(re.finditer(r"(?<![⟦/\w])[^\W\d_]{3,}(?![⟧\w])", reply))
    if not words:
        return None
    m = chance.choice(words)
    return reply[: m.start()] + wrap.format(m[0]) + reply[m.end() :]


def _first_number(reply: str) -> re.Match[str] | None:
    plain = PLACEHOLDER.sub(lambda m: "¤" * len(m[0]), reply)
    return re.search(r"\d+", plain)


def _renumbered(source: str, reply: str, new: Callable[[str], str]) -> str | None:
    """Another number where the original has one too; what it says in words cannot be compared."""
    m, n = _first_number(reply), _first_number(source)
    return None if m is None or n is None or m[0] != n[0] else reply[: m.start()] + new(m[0]) + reply[m.end() :]


def _pair(source: str) -> str | None:
    return next((m[2] for m in PLACEHOLDER.finditer(source) if m[1]), None)


def _crossed(source: str, good: str) -> str | None:
    n = _pair(source)
    if n is None:
        return None
    return good.replace(f"⟦{n}⟧", "\0").replace(f"⟦/{n}⟧", f"⟦{n}⟧").replace("\0", f"⟦/{n}⟧")


def _emptied(source: str, good: str) -> str | None:
    n = _pair(source)
    if n is None:
        return None
    m = re.search(rf"⟦{n}⟧([^⟦⟧]*[^\s⟦⟧][^⟦⟧]*)⟦/{n}⟧", good)
    return None if m is None else f"{good[: m.start()]}{m[1]}⟦{n}⟧⟦/{n}⟧{good[m.end() :]}"


def _first(good: str, change: Callable[[str], str]) -> str | None:
    marks = _marks(good)
    return good.replace(marks[0], change(marks[0]), 1) if marks else None


def _other(source: str, good: str, other: str) -> str | None:
    """Another text's reply; equal placeholders and numbers and a like length make it undetectable by looks."""
    return None if other == good or sorted(_marks(other)) == sorted(_marks(source)) else other


def _adds(text: str) -> Spoil:
    return lambda source, good, other, chance: _within(good, text, chance)


def _starts(text: str) -> Spoil:
    return lambda source, good, other, chance: text + good


def _ends(text: str) -> Spoil:
    return lambda source, good, other, chance: good + text


def _is(value: object) -> Spoil:
    return lambda source, good, other, chance: value


def _wraps(text: str) -> Spoil:
    return lambda source, good, other, chance: _word(good, text, chance)


def _long(text: str, least: int = 24) -> bool:
    return sum(c.isalpha() for c in PLACEHOLDER.sub("", text)) >= least


KINDS: dict[str, Spoil] = {
    # nothing, or no text
    "empty": _is(""),
    "white space": _is("  \n "),
    "a list": lambda s, g, o, c: [g],
    "an object": lambda s, g, o, c: {"text": g},
    "a number": _is(200),
    "the word null": _is("null"),
    # placeholders
    "placeholder lost": lambda s, g, o, c: _drop(g, c.choice(_marks(g))) if _marks(g) else None,
    "all placeholders lost": lambda s, g, o, c: PLACEHOLDER.sub("", g) if _marks(g) else None,
    "placeholder doubled": lambda s, g, o, c: _first(g, lambda m: f"{m} {m}"),
    "placeholder invented": _adds("⟦97⟧"),
    "placeholder renumbered": lambda s, g, o, c: _first(g, lambda m: m.replace(m.strip("⟦/⟧"), "98")),
    "placeholder broken": lambda s, g, o, c: _first(g, lambda m: m[:-1]),
    "placeholder translated": lambda s, g, o, c: _first(g, lambda m: "⟦uno⟧"),
    "pair inside out": lambda s, g, o, c: _crossed(s, g),
    "pair emptied": lambda s, g, o, c: _emptied(s, g),
    # the wrong text
    "another text's reply": lambda s, g, o, c: _other(s, g, o),
    "untranslated": lambda s, g, o, c: s if _long(s) and s != g else None,
    "untranslated, other case": lambda s, g, o, c: s.upper() if _long(s) and s != g else None,
    "wrong language": lambda s, g, o, c: "".join([c.choice(FRENCH), *_marks(s)]) if len(s) > 50 else None,
    "cut off": lambda s, g, o, c: g[: len(g) // 5] + "".join(_marks(g[len(g) // 5 :])) if _long(g, 60) else None,
    "said three times": lambda s, g, o, c: f"{g} {PLACEHOLDER.sub('', f'{g} {g}')}" if _long(g) else None,
    "an essay instead": lambda s, g, o, c: g + " Lorem ipsum dolor sit amet consectetur." * (2 + len(g) // 20),
    # an engine's own words
    "quota message": _is("MYMEMORY WARNING: YOU USED ALL AVAILABLE FREE TRANSLATIONS FOR TODAY."),
    "too many requests": _is("Error 429: Too Many Requests"),
    "an HTML page": _is("<!DOCTYPE html><html><body><h1>Please sign in</h1></body></html>"),
    "JSON around it": lambda s, g, o, c: json.dumps({"translatedText": g}, ensure_ascii=False),
    "model's preface": _starts("Sure! Here is the translation: "),
    "model's refusal": _is("I'm sorry, but I cannot help with that request."),
    "model's note": _ends("\n\nNote: I kept the placeholders."),
    # links
    "address added": _adds("https://phish.example/login"),
    "www added": _adds("www.phish.example"),
    "mail address added": _adds("refund@phish.example"),
    "javascript address": _adds("javascript:alert(1)"),
    "bare domain added": _adds("get-support.com"),
    # markup
    "script": _ends("<script>alert(1)</script>"),
    "HTML tag": _wraps("<b>{}</b>"),
    "HTML comment": _adds("<!-- x -->"),
    "entity": _adds("&nbsp;"),
    "bold": _wraps("**{}**"),
    "emphasis": _wraps("_{}_"),
    "code": _wraps("`{}`"),
    "link": _wraps("[{}](x)"),
    "image": _adds("![x](y.png)"),
    "footnote": _ends("[^1]"),
    "heading": _starts("# "),
    "list item": _starts("- "),
    "quote": _starts("> "),
    "table bar": _adds("|"),
    "admonition": _starts("!!! note\n\n    "),
    "block": _starts("/// agent\n"),
    "snippet": _adds('--8<-- ".env"'),
    "macro": _adds("{{ config }}"),
    "attribute list": _ends("{: .hidden }"),
    "icon": _adds(":material-skull:"),
    "merge conflict": _starts("<<<<<<< HEAD\n"),
    "reference definition": _ends("\n\n[a]: b"),
    "indented": _starts("    "),
    "new paragraph": lambda s, g, o, c: _within(g, "\n\n", c) if " " in g.strip() else None,
    # characters
    "control character": _adds("a\x08b"),
    "bidi override": _adds("\u202egnp.exe"),
    "zero width joiner": _adds("pay\u200dpal"),
    "private use": _adds("\ue000"),
    "mojibake": lambda s, g, o, c: _within(g, "caf\ufffd", c),
    "tag characters": _adds("x\U000e0041\U000e0042"),
    # numbers
    "number changed": lambda s, g, o, c: _renumbered(s, g, lambda n: str(int(n) + 1)),
    "number lost": lambda s, g, o, c: _renumbered(s, g, lambda n: ""),
    "number added": _adds("365"),
    "digit added": lambda s, g, o, c: _renumbered(s, g, lambda n: n + "0"),
}

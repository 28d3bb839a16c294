"""Texts that stand in attributes and in front matter: no emphasis, no links, but macros and entities all the same."""

from __future__ import annotations

import re

from kbtool.core.model import Kind, Segment, Slot

LETTER = re.compile(r"[^\W\d_]")
_TOKEN = re.compile(
    r"""\{\{.{0,300}?\}\} | \{%.{0,300}?%\} | `[^`]{1,300}` | :(?=[\w+-]*[A-Za-z+-])[\w+-]{1,80}:
    | &(?:\#\d{1,7}|[A-Za-z]\w{1,31}); | \\[!-/:-@\[-`{-~] | ⟦/?\d*⟧ | [⟦⟧]""",
    re.VERBOSE,
)


def plain(kind: Kind, raw: str, line: int = 0, key: str = "") -> Segment:
    """A segment whose text is the same as its Markdown, but for macros, code, icons, entities and escapes."""
    slots: list[Slot] = []

    def hide(found: re.Match[str]) -> str:
        slots.append(Slot("literal", found[0]))
        return f"⟦{len(slots)}⟧"

    text = _TOKEN.sub(hide, raw)
    if "\n" in text:
        text = " ".join(text.split("\n"))
    return Segment(kind, text, raw, tuple(slots), line, key)

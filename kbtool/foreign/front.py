"""Front matter, key by key: what stays keeps its bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from kbtool.core.meta import FRONT

_KEY = re.compile(r"(?:([\w.-]+)|\"([^\"\n]+)\"|'([^'\n]+)')[ \t]*:(?=[ \t]|$)")


def split(text: str) -> tuple[str, str]:
    """The lines between the marks, and the page after them; both joined again by `join`."""
    found = FRONT.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def join(head: str, body: str) -> str:
    if not head.strip():
        body = body.lstrip("\n")
        # without a blank line MkDocs takes `Word: text` at a page's start for settings, and shows it to nobody
        return f"\n{body}" if re.match(r"[ ]{0,3}[\w-]+:", body) else body
    return f"---\n{head.rstrip()}\n---\n\n{body.lstrip(chr(10))}"


def lines_before(text: str) -> int:
    """How many lines of the file stand before the page's body."""
    found = FRONT.match(text)
    return found[0].count("\n") if found else 0


def edited(head: str, drop: Collection[str], add: Mapping[str, Any]) -> str:
    """The front matter without some keys, and with others at its end."""
    kept: list[str] = []
    dropping = False
    for line in head.splitlines():
        found = _KEY.match(line)
        if found:
            dropping = next(filter(None, found.groups())) in drop
        elif line and not line[0].isspace() and not line.startswith(("-", "#")):
            dropping = False
        if not dropping:
            kept.append(line)
    return "\n".join([*kept, *(f"{key}: {scalar(value)}" for key, value in add.items())])


def scalar(value: Any) -> str:
    """A value as YAML on one line; text in quotes where it must be."""
    if isinstance(value, str) and re.fullmatch(r"[^\W\d_][\w ,()/’–+-]*", value) and not _word(value):
        return value.rstrip()
    return json.dumps(value, ensure_ascii=False)


def _word(value: str) -> bool:
    """Words that YAML takes for something else, and text it would trim."""
    return value != value.strip() or value.lower() in ("yes", "no", "on", "off", "true", "false", "null", "y", "n")

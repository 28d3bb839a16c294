"""Front matter that readers' pages may carry: an allow-list, everything else stays in the source."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import yaml

from kbtool.core.meta import FRONT, PLAIN_WORDS, front_matter

#: what Material and our own templates show or act upon
READER_KEYS = frozenset({
    "title", "description", "summary", "keywords", "subtitle", "tags", "icon", "status", "hide", "search",
    "template", "comments", "image", "lang", "dir", "next", "related", "revision_date",
})  # fmt: skip

_WORDS = re.compile(PLAIN_WORDS)
_SHORT = 1000  #: what is longer may be folded


def with_reader_keys(text: str, extra: Collection[str] = ()) -> str:
    """The page with only those front matter keys that may reach a reader; line count of the body is unchanged.

    Raises Refused where the front matter cannot be read.
    """
    found = FRONT.match(text)
    if not found:
        return text.removeprefix("\ufeff")
    kept = reader_keys(front_matter(text), extra)
    body = text[found.end() :]
    if not kept:
        return body
    return f"---\n{_written(kept)}---\n{body}"


def _written(values: Mapping[str, Any]) -> str:
    """The keys and values as YAML; what is plain words is written so without asking a library that takes its time."""
    if all(map(_is_plain, values, values.values())):
        return "".join([f"{key}: {value}\n" for key, value in values.items()])
    return str(yaml.safe_dump(dict(values), allow_unicode=True, sort_keys=False, width=10_000))


def _is_plain(key: str, value: object) -> bool:
    return key in READER_KEYS and isinstance(value, str) and len(value) < _SHORT and bool(_WORDS.fullmatch(value))


def reader_keys(values: Mapping[str, Any], extra: Collection[str] = ()) -> dict[str, Any]:
    return {k: v for k, v in values.items() if k in READER_KEYS or k in extra}

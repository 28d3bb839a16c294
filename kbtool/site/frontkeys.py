"""Front matter that readers' pages may carry: an allow-list, everything else stays in the source."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import yaml

from kbtool.core.meta import FRONT, front_matter

#: what Material and our own templates show or act upon
READER_KEYS = frozenset({
    "title", "description", "summary", "keywords", "subtitle", "tags", "icon", "status", "hide", "search",
    "template", "comments", "image", "lang", "dir", "next", "related", "revision_date",
})  # fmt: skip


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
    return f"---\n{yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=10_000)}---\n{body}"


def reader_keys(values: Mapping[str, Any], extra: Collection[str] = ()) -> dict[str, Any]:
    return {k: v for k, v in values.items() if k in READER_KEYS or k in extra}

"""A page of Docusaurus or Starlight as an article: its body in Markdown, its links, its front matter."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from kbtool.core.errors import Refused
from kbtool.foreign import Article, Left, front, mdx
from kbtool.foreign.components import Part
from kbtool.foreign.shelf import Page, Shelf


def converted(
    page: Page, shelf: Shelf, part: Part, heeded: Collection[str], kept: Collection[str], lead: str = ""
) -> tuple[list[Article], list[Left]]:
    """The page's article, none where it cannot be read; and what did not come along.

    Of the front matter, `heeded` fields are needed no more, `kept` ones stay; `lead` stands before the body.
    """
    try:
        body, left = mdx.convert(page.body, page.file, page.before, part)
    except Refused as error:
        return [], [refused(page.file, error)]
    text, nowhere = shelf.relinked(page, lead + body)
    head, internal, lost = _head(page, heeded, kept)
    return [Article(page.path, page.locale, front.join(head, text), page.file, internal)], [*left, *nowhere, *lost]


def refused(file: str, error: Refused) -> Left:
    """A file that cannot be read, with the line where it stops."""
    line = (error.where or "").removeprefix("line ")
    todo = error.hint or "mend it in the source, and adopt again"
    return Left(file, error.what, int(line) if line.isdigit() else 0, todo, files=1, grave=True)


def _head(page: Page, heeded: Collection[str], kept: Collection[str]) -> tuple[str, bool, list[Left]]:
    """A page's front matter for kbtool; whether it is for agents only; and the fields that mean nothing here."""
    meta = page.meta
    lost = [key for key in meta if key not in heeded and key not in kept]
    todo = "nothing, if readers do not miss it"
    left = [Left(page.file, f"the field {key} means nothing to kbtool", 1, todo) for key in lost]
    add: dict[str, Any] = {}
    drop = {*lost, *heeded, *(key for key in kept if key in meta and meta[key] is None)}
    internal = meta.get("draft") is True
    if internal:
        add["audience"] = "agent"
        drop.add("audience")
        left.append(Left(page.file, "a draft: it is for agents only", 1, "take `audience: agent` out when it is ready"))
    if meta.get("unlisted") is True or meta.get("pagefind") is False:
        add["search"] = {"exclude": True}
    tags = meta.get("tags")
    if isinstance(tags, list) and any(not isinstance(tag, str) for tag in tags):
        drop.add("tags")
        add["tags"] = [str(tag.get("label")) if isinstance(tag, dict) else str(tag) for tag in tags]
    return front.edited(page.head, drop, add), internal, left

"""The titles in mkdocs.yml, each with the page it leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_ITEM = re.compile(r"^(\s*)-\s+(?:[\"']?(.+?)[\"']?\s*:)?\s*[\"']?([^\"'\s]+\.md)?[\"']?\s*$")


def menu_texts(settings: Path) -> Iterator[tuple[str, int, str | None]]:
    """Lines of mkdocs.yml with their numbers: a menu entry with its page, a section with the last page in it.

    A section all of whose pages are internal gives one of them, so that its title counts as internal too.
    """
    if not settings.is_file():
        return
    lines = settings.read_text("utf-8", "replace").split("\n")
    for number, line in enumerate(lines):
        item = _ITEM.match(line)
        if not item or not (item[2] or item[3]):
            yield line, number + 1, None
        elif item[3]:
            yield item[2] or item[3], number + 1, item[3]
        else:
            pages = _below(lines, number, len(item[1]))
            for page in pages or [None]:
                yield item[2], number + 1, page


def _below(lines: list[str], number: int, indent: int) -> list[str | None]:
    pages: list[str | None] = []
    for line in lines[number + 1 :]:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        if (item := _ITEM.match(line)) and item[3]:
            pages.append(item[3])
    return pages

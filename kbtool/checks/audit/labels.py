"""Words that stand on many pages at once: titles in the menu, tags, and what translators made of both."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from kbtool.checks.audit.menu import menu_texts, settings_files

MENU = "nav.yml"  #: a locale's titles for the menu
TAGS = "tags.yml"  #: a locale's words for the tags
_TITLE = re.compile(r"""["']?([^"'#\s].*?)["']?[ \t]*:[ \t]+["']?(.+?)["']?[ \t]*$""")


@dataclass(frozen=True, slots=True)
class Label:
    """A text, where it is written, and whether the readers of the edition must not see it."""

    text: str
    file: Path
    line: int
    closed: bool


def labels(root: Path, internal: Collection[str], tags: Collection[str]) -> Iterator[Label]:
    """All labels, given the internal articles and the tags of the others (in small letters).

    A title is closed if it leads to internal articles alone, a translated tag if no article that may be seen has the
    tag.
    """
    closed: set[str] = set()
    shown: set[str] = set()  #: titles of sections that have an article for these readers as well
    for settings in settings_files(root):
        for text, line, path in menu_texts(settings):
            inside = path is not None and path in internal
            (closed if inside else shown).add(text)
            yield Label(text, settings, line, inside)
    for name in (MENU, TAGS):
        for file in sorted((root / "translations").glob(f"*/{name}")):
            for original, text, line in _pairs(file):
                unknown = (
                    original in closed - shown if name == MENU else " ".join(original.split()).casefold() not in tags
                )
                yield Label(text, file, line, unknown)


def _pairs(file: Path) -> Iterator[tuple[str, str, int]]:
    for number, entry in enumerate(file.read_bytes().decode("utf-8", "replace").split("\n"), 1):
        if found := _TITLE.match(entry):
            yield found[1], found[2], number

"""Checks: one small documented check per file, found by the entry point group `kbtool.checks`.

A check is a function that takes a `Page` and gives findings; ours come in by the same door as anyone else's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kbtool.core.model import Finding, Locale
from kbtool.installed import entry_points


@dataclass(frozen=True, slots=True)
class Library:
    """What a check may need to know of the rest of the knowledge base."""

    source: Locale
    audiences: Mapping[str, object]  #: article (path below docs/) → audience
    files: frozenset[str]  #: every file below docs/, with `/`
    anchors: Callable[[str], frozenset[str]]  #: article → ids one can link to


@dataclass(frozen=True, slots=True)
class Page:
    """One Markdown file: an original, or a translation together with its original's text."""

    file: str  #: relative to the root, for messages
    path: str  #: of the article, below docs/
    locale: Locale
    text: str
    library: Library
    original: str | None = None  #: the original's text, for a translation
    mine: Mapping[str, str] = field(default_factory=dict)  #: the locale's glossary and the like, by name

    def finding(self, rule: str, message: str, line: int = 1, *, severity: str = "error", hint: str = "") -> Finding:
        return Finding(rule, message, self.file, line, severity, hint)

    def line_at(self, offset: int) -> int:
        """The line, counted from 1, of a place in the text."""
        return self.text.count("\n", 0, offset) + 1

    def line_of(self, key: str) -> int:
        """The line on which front matter says `key:`; 1 where it does not."""
        found = re.search(rf"^{re.escape(key)}\s*:", self.text, re.M | re.I)
        return self.line_at(found.start()) if found else 1


Check = Callable[[Page], Iterable[Finding]]


def installed() -> Iterator[tuple[str, Check]]:
    """The checks that are installed, by name."""
    for point in sorted(entry_points(group="kbtool.checks"), key=lambda p: p.name):
        yield point.name, point.load()

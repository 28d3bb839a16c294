"""Help centres made for other tools, read as values: `kinds.read(tree) -> Found`, one file per tool behind it.

A reader never runs, changes or follows anything: programs, configurations in JavaScript and links to elsewhere are
text to it. What it cannot carry over it lists, with file and line; what nobody listed, `settle` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kbtool.core.model import Locale


@dataclass(frozen=True, slots=True)
class Left:
    """Something of the source that did not come along as it was: why, and what to do next."""

    path: str  #: in the source; a folder ends with `/`
    why: str
    line: int = 0
    todo: str = ""
    files: int = 0  #: how many whole files stay behind; 0 for a part of a file
    grave: bool = False  #: readers miss something: an article that is not there

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.why}" if self.line else f"{self.path}: {self.why}"


@dataclass(frozen=True, slots=True)
class Article:
    """One page in one locale, as it is to be written."""

    path: str  #: below docs/, the same in every locale
    locale: Locale
    text: str
    source: str  #: the file it was made from
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that articles may use; it comes along only if one does."""

    path: str  #: below docs/, or below the locale's translations
    locale: Locale
    source: str


@dataclass(frozen=True, slots=True)
class Found:
    """A help centre as a reader found it."""

    kind: str
    locale: Locale  #: of the originals
    articles: tuple[Article, ...] = ()
    assets: tuple[Asset, ...] = ()
    parts: frozenset[str] = frozenset()  #: files whose content stands inside articles now
    read: frozenset[str] = frozenset()  #: files that say how the help centre is set up, and were heeded
    nav: tuple[Any, ...] = ()  #: as `nav:` of mkdocs.yml
    nav_titles: Mapping[Locale, Mapping[str, str]] = field(default_factory=dict)
    redirects: Mapping[str, str] = field(default_factory=dict)  #: old place → article
    left: tuple[Left, ...] = ()
    name: str = ""  #: of the site
    mkdocs: str = ""  #: mkdocs.yml, where there was one to keep
    theme_files: tuple[str, ...] = ()  #: below docs/, used by the theme
    #: how the old site made a heading's address from its words and a separator; None: as mkdocs.yml says
    slugify: Callable[[str, str], str] | None = None

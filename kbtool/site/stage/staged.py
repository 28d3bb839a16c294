"""What is known of a page as it stands in the stage, so that nobody has to read it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from kbtool.core.model import Locale

Headings = list[list[Any]]  #: level, id, and whether the author wrote it


class Staged(NamedTuple):
    """One page; made of texts, numbers, tuples and lists, so that it can be noted."""

    digest: str
    version: str  #: short, for people to quote
    title: str
    leads: tuple[tuple[str, ...], ...]  #: what each of its links may mean, below docs/
    reviewed: str = ""  #: the day of the last regular review
    due: str = ""  #: the day of the next one
    tags: tuple[str, ...] = ()
    notices: tuple[tuple[Any, ...], ...] = ()
    headings: Headings | None = None  #: an original's as they are rendered, if a translation has needed them


Pages = Mapping[Locale, Mapping[str, Staged]]  #: by locale and article

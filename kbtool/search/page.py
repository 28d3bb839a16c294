"""An article as search sees it: what a reader of that edition and locale can see, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kbtool.core.audience import PUBLIC
from kbtool.core.model import Audience

#: What results can be filtered by: front matter fields of articles.
_FACETS = ("category", "product")
#: Only an edition for insiders has these, in its pages as in its index.
_INSIDE = ("audience", "priority", "freshness")


def facets_for(reader: Audience) -> tuple[str, ...]:
    """The filters of an edition."""
    return _FACETS if reader == PUBLIC else (*_FACETS, *_INSIDE)


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading, up to the next; the first section of a page stands under its title."""

    anchor: str  #: the heading's id; empty for the first section
    heading: str
    text: str  #: prose, one space between words
    code: str = ""  #: code blocks: found, but they count less and are never an excerpt


@dataclass(frozen=True, slots=True)
class Page:
    """An article, cut at its headings. `url` is relative to the locale's root; the home page's is empty."""

    url: str
    title: str
    sections: tuple[Section, ...]
    description: str = ""
    keywords: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)  #: category, product …: what results can be filtered by
    links: frozenset[str] = frozenset()  #: the pages its text links to, as their `url`

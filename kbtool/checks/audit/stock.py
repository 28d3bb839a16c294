"""What a knowledge base holds, parted for the readers of one edition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kbtool.checks.audit.audiences import Audiences
from kbtool.checks.audit.passages import Passage
from kbtool.checks.audit.sources import Source
from kbtool.checks.audit.words import peel, said, views


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom an edition is, and how it is told who may read a text."""

    audience: str
    audiences: Audiences

    def may_see(self, audience: str) -> bool:
        return self.audiences.may_read(self.audience, audience)


@dataclass(slots=True)
class Stock:
    """All that the sources hold, parted for one edition."""

    internal: list[Passage] = field(default_factory=list)
    public: list[bytes] = field(default_factory=list)
    pages: dict[str, list[str]] = field(default_factory=dict)  #: pages of the edition by path, with their tags
    locales: set[str] = field(default_factory=set)
    #: files that pages of the edition use: path → essence, one for each language that has its own
    assets: dict[str, set[bytes]] = field(default_factory=dict)
    internal_assets: dict[bytes, str] = field(default_factory=dict)  #: essence → the file nobody may see
    internal_paths: set[str] = field(default_factory=set)  #: the same files by name, relative to docs/

    sources: list[Source] = field(default_factory=list)  #: what else is said to the public: the articles
    closed: set[str] = field(default_factory=set)  #: how links may call internal articles

    def publish(self, text: str) -> None:
        self.public += heard([text])


def heard(texts: Iterable[str]) -> list[bytes]:
    """The words of texts, in every way a reader or a search engine may read them."""
    return [said(view) for text in texts for view in views(peel(text)[0])]

"""What a knowledge base holds, parted for the readers of one edition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kbtool.checks.audit.audiences import Audiences
from kbtool.checks.audit.passages import Passage
from kbtool.checks.audit.sources import Shelf, Source
from kbtool.checks.audit.words import APART, peel, said, said_apart, views

_BETWEEN = f"\n{APART}\n"


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

    shelves: list[Shelf] = field(default_factory=list)  #: the articles
    closed: set[str] = field(default_factory=set)  #: how links may call internal articles

    @property
    def sources(self) -> Iterator[Source]:
        """The articles, which say something to the public as well."""
        return (source for shelf in self.shelves for source in shelf.articles)

    def publish(self, text: str) -> None:
        self.public += heard([text])


def heard(texts: Sequence[str]) -> list[bytes]:
    """The words of texts, in every way a reader or a search engine may read them.

    Texts without tags are read in one go; between them stands a mark that is in no needle, so that no phrase goes on
    from one to the next. What peeling does to a text never reaches across a line.
    """
    peeled, bare = peel(_BETWEEN.join(texts))
    if not bare or peeled.count(APART) != len(texts) - 1:
        return [said(view) for text in texts for view in views(peel(text)[0])]
    if "<" not in peeled:
        return [said_apart(peeled)]
    each = peeled.split(APART)
    marked = [said(view) for text in each if "<" in text for view in views(text)]
    return [said_apart(_BETWEEN.join(text for text in each if "<" not in text)), *marked]

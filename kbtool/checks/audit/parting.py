"""Parts the articles: what the readers of the edition may see, and all the rest."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from kbtool.checks.audit.folders import Brief
from kbtool.checks.audit.memory import key_of
from kbtool.checks.audit.passages import Passage, passages_of
from kbtool.checks.audit.plain import link_pattern, targets
from kbtool.checks.audit.reader import Article
from kbtool.checks.audit.sources import Shelf, Source
from kbtool.checks.audit.stock import Reader, Stock, heard


@dataclass(slots=True)
class _Parts:
    """One article, parted."""

    public: list[str] = field(default_factory=list)
    internal: list[Passage] = field(default_factory=list)
    used: set[str] = field(default_factory=set)  #: the files it points to, if the public may see it


def part_articles(shelves: Iterable[Shelf], stock: Stock, reader: Reader, few: int) -> set[str]:
    """Add articles to the stock; gives the files that public ones point to.

    What an article says to the public is listened to once there are more than a `few` internal passages.
    """
    used: set[str] = set()
    key = key_of(reader.audience, *sorted(stock.closed))
    for shelf in shelves:
        brief = shelf.brief
        if brief.parted != key:
            brief = _parted(shelf, key, stock.closed, reader, listen=len(stock.internal) > few)
        shelf.keep(None if brief is shelf.brief else brief)
        stock.internal += [Passage(*passage) for passage in brief.internal]
        stock.pages.update(brief.pages)
        used.update(brief.pointed)
    return used


def _parted(shelf: Shelf, key: str, closed: set[str], reader: Reader, *, listen: bool) -> Brief:
    """What the articles of a folder come to."""
    brief = replace(shelf.brief, parted=key, internal=[], pages={}, pointed=[])
    used: set[str] = set()
    for source in shelf.articles:
        if source.parted != key:
            source.parted, source.parts = key, _note(source, closed, reader, listen=listen)
        internal, tags, pointed = source.parts or ((), (), ())
        brief.internal += internal
        if not source.locale and not source.path.startswith("_") and reader.may_see(source.audience):
            brief.pages[source.path] = [*tags]
        used.update(pointed)
    brief.pointed = sorted(used)
    return brief


def _note(source: Source, closed: set[str], reader: Reader, *, listen: bool) -> Any:
    """What there is to remember of an article."""
    article = source.read(reader.audiences)
    parts = _part(source, closed, reader, listen=listen)
    internal = [[p.text, p.file, p.line, p.audience, p.kind] for p in parts.internal]
    tags = [] if source.locale else [f.value for f in article.fields if f.key.strip().lower() == "tags"]
    return [internal, tags, sorted(parts.used)] if internal or tags or parts.used else None


def publicly_said(source: Source, closed: set[str], reader: Reader) -> list[bytes]:
    """The words that an article says to the public, taken apart again if nobody listened until now."""
    if source.said is None:
        _part(source, closed, reader, listen=True)
    return source.said or []


def _part(source: Source, closed: set[str], reader: Reader, *, listen: bool) -> _Parts:
    """Take an article apart; if one is to listen, its public words stay with it."""
    parts = _Parts()
    article = source.read(reader.audiences)
    if reader.may_see(article.audience):
        parts.used = _pointed_to(article, reader)
        article = _without_links(article, closed) if closed else article
        parts.public.append(_shown(article, reader) if listen else "")
    for passage in passages_of(article, reader.audiences, lambda audience: listen or not reader.may_see(audience)):
        if reader.may_see(passage.audience):
            parts.public.append(passage.text)
        else:
            parts.internal.append(passage)
    source.said, source.article, source.data = heard(parts.public) if listen else None, None, None
    return parts


def _shown(article: Article, reader: Reader) -> str:
    return "\n".join(line.text for line in article.lines if reader.may_see(line.audience))


def _pointed_to(article: Article, reader: Reader) -> set[str]:
    """The files that an article points to; articles are not published for being pointed to."""
    found = set(targets(_shown(article, reader)))
    # A word of prose in a description is no file.
    words = {word for f in article.fields for word in f.value.split() if "." in word or "/" in word}
    found.update(targets("\n".join(f'src="{word}"' for word in words)) if words else ())
    there = posixpath.splitext(article.path)[0] + "/x"
    return {file for t in found for file in (resolve(article.path, t), resolve(there, t)) if not file.endswith(".md")}


@lru_cache(maxsize=50_000)
def resolve(path: str, target: str) -> str:
    """The file below docs/ that a link in an article points to, as far as it can be told."""
    target = unquote(re.split(r"[?#]", target, maxsplit=1)[0])
    joined = target.lstrip("/") if target.startswith("/") else posixpath.join(posixpath.dirname(path), target)
    plain = posixpath.normpath(joined)
    # Written for the page's address, one folder deeper, it may mean something else: `../x/` from a.md is x.
    return re.sub(r"^(?:\.\./)+", "", plain)


def _without_links(article: Article, closed: set[str]) -> Article:
    """The article without its links to internal pages: their words are not the public's, wherever they stand."""
    text = "\n".join(line.text for line in article.lines)
    rest = link_pattern().sub(
        lambda m: "\n" * m[0].count("\n") if resolve(article.path, m[2]) in closed else m[0], text
    )
    if rest == text:
        return article
    lines = zip(article.lines, rest.split("\n"), strict=True)
    return replace(article, lines=tuple(line._replace(text=text) for line, text in lines if text.strip()))

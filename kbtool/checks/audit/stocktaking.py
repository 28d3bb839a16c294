"""Takes stock of a knowledge base: what this edition may show, and all the rest."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from kbtool.checks.audit.assets import sort_assets
from kbtool.checks.audit.labels import labels
from kbtool.checks.audit.memory import Memory
from kbtool.checks.audit.menu import settings_files
from kbtool.checks.audit.parting import part_articles
from kbtool.checks.audit.passages import Passage, passages_of_text, values
from kbtool.checks.audit.sources import Shelf, find_sources
from kbtool.checks.audit.stock import Reader, Stock
from kbtool.checks.audit.words import said

_SECRETS = (".env", ".env.local", ".env.production", ".git/config", ".netrc", ".pypirc")


def take_stock(root: Path, reader: Reader, memory: Memory | None = None, few: int = -1) -> Stock:
    """Read everything below docs/ and translations/ and part it into what `reader` may see and what not.

    What articles say to the public is not listened to while there are only a `few` internal passages.
    """
    memory = memory or Memory()
    sources = find_sources(root, reader.audiences, memory)
    internal = [path for shelf in sources.shelves for path in _closed(shelf, reader)]
    stock = Stock(locales=set(sources.locales), shelves=sources.shelves, closed=_names_of(internal))
    staff = reader.audiences.staff
    for shown, text in (proposal for shelf in sources.shelves for proposal in shelf.brief.proposals):
        stock.internal += passages_of_text(text, shown, staff, "loose")
    pointed = part_articles(sources.shelves, stock, reader, few)
    others = [other for shelf in sources.shelves for other in shelf.others]
    sort_assets(others, pointed, stock, reader, settings_files(root))
    _sort_names(stock, internal, staff)
    _sort_labels(stock, internal, root, staff)
    for name in _SECRETS:
        if (root / name).is_file():
            text = (root / name).read_text("utf-8", "replace")
            stock.internal += passages_of_text(text, name, staff, "loose")
            stock.internal.append(Passage(text, name, 1, staff, "loose"))
    return stock


def _closed(shelf: Shelf, reader: Reader) -> list[str]:
    """The articles of a folder that the readers must not see."""
    audiences = shelf.brief.audiences
    if all(map(reader.may_see, set(audiences.values()))):
        return []
    return [path for path, audience in audiences.items() if not reader.may_see(audience)]


def _names_of(paths: Iterable[str]) -> set[str]:
    """How links may call internal articles: as files and as addresses."""
    found = set()
    for path in paths:
        stem = path.rpartition(".")[0]
        found |= {path, stem, f"{stem}.html", f"{stem}/index.html"}
        if posixpath.basename(stem) in ("index", "README"):
            found |= {posixpath.dirname(stem), f"{posixpath.dirname(stem)}/index.html"}
    return found - {""}


def _sort_names(stock: Stock, internal: Iterable[str], staff: str) -> None:
    """Names of pages as texts: those of public pages may be seen, those of internal ones and their folders not."""
    public = [*stock.pages, *stock.assets]
    stock.public += [said(path.rpartition(".")[0]) for path in public]
    open_folders = {folder for path in public for folder in _folders(path)}
    for path in internal:
        stem = path.rpartition(".")[0]
        names = {stem, posixpath.basename(stem), *(set(_folders(path)) - open_folders)}
        for name in sorted(names - {"index", "README"}):
            stock.internal.append(Passage(name, f"docs/{path}", 1, staff, "name"))


def _folders(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


def _sort_labels(stock: Stock, internal: Collection[str], root: Path, staff: str) -> None:
    """Titles in the menu and tags in other languages: those of internal pages are internal."""
    tagged = (text for tags in stock.pages.values() for tag in tags for text in values(tag))
    tags = {text.strip(" \"'[]").casefold() for text in tagged}
    for label in labels(root, internal, tags):
        if label.closed:
            file = label.file
            shown = file.relative_to(root).as_posix() if file.is_relative_to(root) else file.as_posix()
            stock.internal.append(Passage(label.text, shown, label.line, staff))
        else:
            stock.publish(label.text)

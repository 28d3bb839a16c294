"""The menu of an edition: what mkdocs.yml says, without what the edition does not hold."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

Item = Any  #: what `nav:` of mkdocs.yml holds: a path, or {title: path | address | list of items}


def edition_nav(nav: object, articles: Collection[str], titles: Mapping[str, str]) -> list[Item]:
    """The menu for an edition's articles; made from the tree where mkdocs.yml has none."""
    if isinstance(nav, list) and nav:
        found = _filtered(nav, frozenset(articles))
        if found:
            return found
    return tree_nav(articles, titles)


def _filtered(items: Iterable[Item], articles: frozenset[str]) -> list[Item]:
    found: list[Item] = []
    for item in items:
        if isinstance(item, str):
            if _stays(item, articles):
                found.append(item)
        elif isinstance(item, Mapping):
            for title, target in item.items():
                if isinstance(target, list):
                    # A section that had articles and has none left goes whole, its outside links with it:
                    # their words were meant for the readers of those articles.
                    inner = _filtered(target, articles)
                    if any(_names_article(i) for i in inner) or (inner and not any(map(_names_article, target))):
                        found.append({title: inner})
                elif isinstance(target, str) and _stays(target, articles):
                    found.append({title: target})
    return found


def missing_in(nav: object, articles: Collection[str]) -> list[str]:
    """What a menu names that is neither an article nor an address, and so stands in no edition's menu."""
    found: list[str] = []
    for item in nav if isinstance(nav, list) else ():
        for target in item.values() if isinstance(item, Mapping) else (item,):
            if isinstance(target, list):
                found += missing_in(target, articles)
            elif isinstance(target, str) and not _stays(target, articles):
                found.append(target)
    return found


def _stays(target: str, articles: Collection[str]) -> bool:
    return _clean(target) in articles or _outside(target)


def _clean(target: str) -> str:
    return posixpath.normpath(target.strip().lstrip("/"))


def _outside(target: str) -> bool:
    return re.match(r"[a-z][a-z0-9+.-]*:|//", target, re.I) is not None


def _names_article(item: Item) -> bool:
    if isinstance(item, str):
        return not _outside(item)
    if isinstance(item, Mapping):
        return any(
            any(map(_names_article, target)) if isinstance(target, list) else _names_article(str(target))
            for target in item.values()
        )
    return False


def tree_nav(articles: Collection[str], titles: Mapping[str, str]) -> list[Item]:
    """A menu from the folders: the start page first, then articles, then folders, each under its start page's title."""
    return _folder("", sorted(articles), titles)


def _folder(prefix: str, articles: list[str], titles: Mapping[str, str]) -> list[Item]:
    here = [a for a in articles if "/" not in a.removeprefix(prefix)]
    starts = [a for a in here if _is_start(a)]
    found: list[Item] = starts + [a for a in here if a not in starts]
    for name in dict.fromkeys(a.removeprefix(prefix).split("/")[0] for a in articles if a not in here):
        below = f"{prefix}{name}/"
        inner = [a for a in articles if a.startswith(below)]
        start = next((a for a in inner if _is_start(a) and "/" not in a.removeprefix(below)), None)
        title = (start and titles.get(start)) or name.replace("-", " ").replace("_", " ").strip().capitalize() or name
        found.append({title: _folder(below, inner, titles)})
    return found


def _is_start(path: str) -> bool:
    return posixpath.basename(path) in ("index.md", "README.md")


def sections(nav: Iterable[Item]) -> list[str]:
    """The titles written in a menu, in order: what translators translate in `nav.yml`."""
    found: list[str] = []
    for item in nav:
        if isinstance(item, Mapping):
            for title, target in item.items():
                found.append(str(title))
                if isinstance(target, list):
                    found += sections(target)
    return list(dict.fromkeys(found))


def in_order(nav: Iterable[Item]) -> list[str]:
    """The articles of a menu, from top to bottom."""
    found: list[str] = []
    for item in nav:
        for target in item.values() if isinstance(item, Mapping) else (item,):
            found += in_order(target) if isinstance(target, list) else [_clean(str(target))]
    return found


def sections_of(nav: Iterable[Item], above: str = "") -> dict[str, str]:
    """The part of the menu that each article stands in; articles at the top stand in none."""
    found: dict[str, str] = {}
    for item in nav:
        for title, target in item.items() if isinstance(item, Mapping) else (("", item),):
            if isinstance(target, list):
                found |= sections_of(target, str(title))
            elif above:
                found.setdefault(_clean(str(target)), above)
    return found

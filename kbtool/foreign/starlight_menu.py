"""The menu of a Starlight site: `sidebar` of its settings where that is plain data, else the folders."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Any

from kbtool.core.model import Locale
from kbtool.foreign import Left, jsdata
from kbtool.foreign.program import Program
from kbtool.foreign.shelf import Page
from kbtool.foreign.sidebars import paths

_LAST = 10_000.0


class Menu:
    """Reads the menu; `titles` are its translations, `left` says what it could not make out."""

    def __init__(self, program: Program, pages: Iterable[Page], tags: Mapping[Locale, str]) -> None:
        self.program = program
        self.tags = tags  #: the folder of each language that comes along → how its settings call it
        self.pages = {page.path: page for page in pages}
        self.by_slug = {page.url: page.path for page in self.pages.values()} | {address(p): p for p in self.pages}
        self.titles: dict[Locale, dict[str, str]] = {}
        self.left: list[Left] = []

    def nav(self) -> list[Any]:
        """As `nav:` of mkdocs.yml; articles that the menu does not name stand at its end."""
        said = next((v for v in jsdata.values_of(self.program.text, "sidebar") if isinstance(v, list)), None)
        found = self._items(said) if said else self._folder("")
        if not found:
            return self._folder("")
        named = set(paths(found))
        rest = [
            p
            for p in sorted(self.pages)
            if p not in named and not self._hidden(p) and self.pages[p].meta.get("draft") is not True
        ]
        if said and rest:
            start = [p for p in rest if p == "index.md"]
            found = start + found + [p for p in rest if p not in start]
        return found

    def _items(self, items: list[Any]) -> list[Any]:
        found: list[Any] = []
        for item in items:
            if isinstance(item, str):
                found += self._link(item, "")
            elif isinstance(item, dict):
                found += self._item(item)
            else:
                self._unclear(f"a part of the menu is a program: {getattr(item, 'text', item)}")
        return found

    def _item(self, item: Mapping[str, Any]) -> list[Any]:
        label = item.get("label")
        label = label if isinstance(label, str) else ""
        translations = item.get("translations")
        translations = translations if isinstance(translations, dict) and label else {}
        for name, tag in self.tags.items():
            text = translations.get(tag) or translations.get(name)
            if isinstance(text, str):
                self.titles.setdefault(name, {})[label] = text
        automatic = item.get("autogenerate")
        if isinstance(item.get("items"), list) or isinstance(automatic, dict):
            inner = self._items(item["items"]) if isinstance(item.get("items"), list) else []
            if isinstance(automatic, dict):
                inner = self._folder(f"{str(automatic.get('directory') or '').strip('/')}/")
            return [{label or "…": inner}] if inner else []
        if isinstance(item.get("slug"), str):
            return self._link(item["slug"], label)
        if isinstance(item.get("link"), str):
            return self._link(item["link"], label)
        self._unclear(f"an entry of the menu is not carried over: {label or item}")
        return []

    def _link(self, target: str, label: str) -> list[Any]:
        if re.match(r"https?://", target):
            return [{label or target: target}]
        path = self.by_slug.get(target.strip("/").removesuffix("/index") if target.strip("/") != "index" else "")
        if path is None:
            self._unclear(f"the menu names an article that is not there: {target}")
            return []
        return [{label: path} if label else path]

    def _folder(self, prefix: str) -> list[Any]:
        """The articles below a folder, by their own order and then by name; folders as sections."""
        entries: list[tuple[float, str, Any]] = []
        for name in dict.fromkeys(p.removeprefix(prefix).split("/")[0] for p in self.pages if p.startswith(prefix)):
            path = prefix + name
            if path not in self.pages:
                inner = self._folder(f"{path}/")
                least = min((self._order(p) for p in self.pages if p.startswith(f"{path}/")), default=_LAST)
                entries += [(least, name, {name: inner})] if inner else []
            elif not self._hidden(path):
                about = self.pages[path].meta.get("sidebar")
                label = about.get("label") if isinstance(about, dict) else None
                entries.append(
                    (-1.0 if name == "index.md" else self._order(path), name, {str(label): path} if label else path)
                )
        return [entry for _, _, entry in sorted(entries, key=lambda e: (e[0], e[1]))]

    def _order(self, path: str) -> float:
        about = self.pages[path].meta.get("sidebar")
        order = about.get("order") if isinstance(about, dict) else None
        return float(order) if isinstance(order, int | float) else _LAST

    def _hidden(self, path: str) -> bool:
        about = self.pages[path].meta.get("sidebar")
        return isinstance(about, dict) and about.get("hidden") is True

    def _unclear(self, why: str) -> None:
        self.left.append(Left(self.program.file, why, todo="put it into `nav:` of mkdocs.yml by hand"))


def address(path: str) -> str:
    """Where Starlight shows an article of that place."""
    folder, name = posixpath.split(path.removesuffix(".md"))
    return folder if name == "index" else posixpath.join(folder, name)

"""The files of an edition for machines: most of them stand in the last site as they would be written now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from functools import cached_property
from pathlib import Path

from kbtool.core.audience import PUBLIC
from kbtool.core.model import Locale
from kbtool.site import feeds
from kbtool.site.edition import Place
from kbtool.site.lastsite import ForMachines
from kbtool.site.stage.nav import in_order
from kbtool.site.stage.stage import Stage

_SITEMAP, _LLMS = ("sitemap.xml", "sitemap.xml.gz"), "llms.txt"


class Machines:
    """What is made from an edition as a whole. Only a public one has anything to tell the world.

    `known` is what the last build made of the same settings, `same` are the locales of which nothing has changed since,
    `intact` the files that are as it left them.
    """

    def __init__(
        self,
        stage: Stage,
        place: Place,
        known: Mapping[Locale, ForMachines] | None = None,
        same: Collection[Locale] = (),
        intact: Set[str] = frozenset(),
    ) -> None:
        self.stage, self.place = stage, place
        self.kept: set[str] = set()  #: files of the last site that are as they would be written now
        self.texts: dict[Locale, ForMachines] = {}
        self._anew: dict[Locale, list[tuple[str, str]]] = {}  #: articles, and what their texts depend on
        self._written: list[str] = []
        known = known or {}
        for locale in stage.locales if stage.reader == PUBLIC else ():
            self._plan(locale, known.get(locale) or ForMachines(), locale in same, intact)
        if not self.texts or list(known) != list(self.texts):
            return
        if all(texts.days == known[locale].days for locale, texts in self.texts.items()):
            self.kept.update(intact & set(_SITEMAP))
        if not self._anew:
            self.kept.update(intact & {_LLMS})

    def _plan(self, locale: Locale, old: ForMachines, same: bool, intact: Set[str]) -> None:
        """Find out what of a locale need not be written."""
        if same and old.files and intact >= set(old.files):
            self.texts[locale] = old
            self.kept.update(old.files)
            return
        stage = self.stage
        self.texts[locale] = new = ForMachines(feeds.days_key(stage, locale))
        self._anew[locale] = []
        for path in feeds.vouched(stage, locale) if stage.wishes.markdown else ():
            key = f"{stage.digests[f'docs/{locale}/{path}']} {stage.titles[locale][path]}"
            row = old.rows.get(path)
            if row and row[0] == key and row[1] in intact:
                new.rows[path] = row
                self.kept.add(row[1])
            else:
                self._anew[locale].append((path, key))

    def write(self, site: Path) -> list[str]:
        """Write what is not kept into the folder, where all that is kept stands; gives the names of its files."""
        if not self.texts:
            return []
        stage, place = self.stage, self.place
        if place.site_url and not self.kept.issuperset(_SITEMAP):
            for name, content in zip(_SITEMAP, feeds.sitemaps(stage, place), strict=True):
                self._put(site, name, content)
        for locale, articles in self._anew.items():
            self._write(site, locale, articles)
        if stage.wishes.markdown and _LLMS not in self.kept:
            sections = [texts.section for texts in self.texts.values() if texts.section]
            self._put(site, _LLMS, b"\n".join([feeds.llms_head(place).encode(), *sections]))
        return self._written

    def _write(self, site: Path, locale: Locale, articles: Collection[tuple[str, str]]) -> None:
        stage, place, texts = self.stage, self.place, self.texts[locale]
        for path, key in articles:
            text = (stage.docs / locale / path).read_text("utf-8")
            name = feeds.markdown_name(stage, path, locale, place)
            texts.rows[path] = [key, name, feeds.line(stage, path, locale, place, text)]
            self._put(site, name, feeds.markdown(text, stage.titles[locale][path]).encode())
        texts.files = [name for _, name, _ in texts.rows.values()]
        lines = {path: line for path, (_, _, line) in texts.rows.items()}
        texts.section = feeds.section(locale, self._order, lines).encode()
        if place.site_url:
            texts.files.append("feed.xml" if locale == stage.source else f"{locale}/feed.xml")
            self._put(site, texts.files[-1], feeds.feed(stage, locale, place).encode())

    @cached_property
    def _order(self) -> list[str]:
        return list(in_order(self.stage.nav))

    def _put(self, site: Path, name: str, content: bytes) -> None:
        file = site / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)  # it may be a second name of the old site's file, which must stay what it is
        file.write_bytes(content)
        self._written.append(name)

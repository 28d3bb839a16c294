"""What search knows of one locale's pages, remembered from one build to the next."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from kbtool.search.card import Card
from kbtool.search.catalogue import Catalogue
from kbtool.search.drawer import from_lines, lines_of
from kbtool.search.index import INDEX
from kbtool.search.install import FOLDER
from kbtool.search.language import language_of
from kbtool.search.page import Page
from kbtool.search.reader import read_page
from kbtool.site.mkdocs.remembered import Forgotten, Memory, key_of, read_searched

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from kbtool.site.mkdocs.configure import Job
    from kbtool.site.mkdocs.search import SearchPlugin


class Searched:
    """A locale's pages as search sees them; those that were not made anew are as they were."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.root = "" if job.locale == job.stage.source else f"{job.locale}/"
        self.fresh: dict[str, Page | None] = {}  #: file in the site → what search knows of it
        self.kept: list[str] = []  #: files of the last index that are as they would be made now
        self._keys: dict[str, str] = {}  #: address → key of what search knows of the page
        self._catalogue: Catalogue | None = None

    def take(self, file: str, html: str) -> str:
        """Read a page that was made now; gives the key of what search knows of it, empty where that is nothing."""
        found = self.fresh[file] = read_page(html, _within(file, self.root), self.job.locale)
        return _key_of(found) if found else ""

    def settle(self, config: MkDocsConfig, new: Memory, old: Memory) -> None:
        """Give search its pages, unless its index is what it was. Raises Forgotten where they are not known."""
        search: SearchPlugin | None = config.plugins.get("material/search")
        if search is None:
            return
        if self.job.hurry and old.index_files and self.job.there.issuperset(old.index_files):
            self.kept, new.index, new.index_files = old.index_files, old.index, old.index_files
            search.unchanged = True
            return
        keys = sorted((made.file, made.found) for made in new.pages.values() if made.found)
        others = list(search.other_pages(Path(config.site_dir), {made.file for made in new.pages.values()}))
        new.index = key_of(keys, [_key_of(page) for page in others], search.index_key())
        if new.index == old.index and self.job.there.issuperset(old.index_files):
            self.kept = new.index_files = old.index_files
            search.unchanged = True
            return
        catalogue, known = self._known()
        search.catalogue = self._catalogue = catalogue
        for file, key in keys:
            self._keys[self._card(catalogue, file, key, known.get(key)).url] = key
        for page in others:
            catalogue.add(page)
        names = dict.fromkeys((INDEX, *(card.text for card in catalogue.cards)))
        new.index_files = [self._file(name) for name in names]
        self.kept = [self._file(name) for name in names if name != INDEX and name not in catalogue.texts]

    def memory(self) -> list[str] | None:
        """What is to be known the next time, told when the index is made; nothing where that has not changed."""
        return [self.job.key, *lines_of(self._catalogue, self._keys)] if self._catalogue else None

    def _card(self, catalogue: Catalogue, file: str, key: str, known: Card | None) -> Card:
        there = known is not None and self._file(known.text) in self.job.there
        if known is None or not there:
            fresh = self.fresh.pop(file, None)  # on a card it takes less memory
            page = fresh or self._read_again(file)
            if page is None or (page is not fresh and _key_of(page) != key):
                raise Forgotten
            return catalogue.add(page)
        catalogue.keep(known)
        return known

    def _read_again(self, file: str) -> Page | None:
        """A page of the last site, which was made in a hurry."""
        if self.job.last is None or file not in self.job.there:
            return None
        return read_page((self.job.last / file).read_text("utf-8"), _within(file, self.root), self.job.locale)

    def _known(self) -> tuple[Catalogue, dict[str, Card]]:
        """What the last catalogue knew, and its cards by key; nothing if they were made in another way."""
        key, *lines = read_searched(self.job.memory) or [""]
        if lines and key == self.job.key:
            return from_lines(lines, language_of(self.job.locale))
        return Catalogue.of((), self.job.locale), {}

    def _file(self, name: str) -> str:
        return f"{self.root}{FOLDER}/{name}"


def _within(file: str, root: str) -> str:
    """A page's address, relative to its locale's root."""
    path = file.removeprefix(root)
    return path.removesuffix("index.html") if path.rpartition("/")[2] == "index.html" else path


def _key_of(page: Page) -> str:
    sections = ((section.anchor, section.heading, section.text, section.code) for section in page.sections)
    about = (page.url, page.title, page.description, page.keywords)
    texts = [*about, *chain(*sections), *chain(*sorted(page.facets.items())), *sorted(page.links)]
    return key_of(len(page.sections), len(page.facets), [*map(len, texts)], "".join(texts))

"""What search knows of one locale's pages, remembered from one build to the next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kbtool.search.page import Page as Found
from kbtool.search.page import Section
from kbtool.search.reader import read_page
from kbtool.site.remembered import Forgotten, Memory, key_of, read_searched

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from kbtool.site.configure import Job
    from kbtool.site.search import SearchPlugin


class Searched:
    """A locale's pages as search sees them; those that were not made anew are as they were."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.root = "" if job.locale == job.stage.source else f"{job.locale}/"
        self.fresh: dict[str, Found | None] = {}  #: file in the site → what search knows of it

    def take(self, file: str, html: str) -> str:
        """Read a page that was made now; gives the key of what search knows of it, empty where that is nothing."""
        found = self.fresh[file] = read_page(html, _within(file, self.root), self.job.locale)
        return _key_of_found(found) if found else ""

    def settle(self, config: MkDocsConfig, new: Memory, old: Memory) -> dict[str, list[Any]] | None:
        """Give search its pages; gives what it knows of them, or nothing where its index is what it was."""
        search: SearchPlugin | None = config.plugins.get("material/search")
        if search is None:
            return None
        keys = sorted((made.file, made.found) for made in new.pages.values() if made.found)
        others = list(search.other_pages(Path(config.site_dir), {made.file for made in new.pages.values()}))
        new.index = key_of(keys, [_key_of_found(found) for found in others], search.index_key())
        if new.index == old.index and self.job.there.issuperset(old.index_files):
            new.index_files = old.index_files
            search.unchanged = True
            return None
        known = read_searched(self.job.memory)
        searched: dict[str, list[Any]] = {}
        for file, key in keys:
            fresh = self.fresh.get(file)
            if fresh is None and key not in known:
                raise Forgotten
            searched[key] = _as_list(fresh) if fresh else known[key]
        search.pages = [*(_from_list(searched[key]) for _, key in keys), *others]
        return searched


def _within(file: str, root: str) -> str:
    """A page's address, relative to its locale's root."""
    path = file.removeprefix(root)
    return path.removesuffix("index.html") if path.rpartition("/")[2] == "index.html" else path


def _as_list(found: Found) -> list[Any]:
    sections = [[s.anchor, s.heading, s.text, s.code] for s in found.sections]
    return [
        found.url,
        found.title,
        sections,
        found.description,
        found.keywords,
        dict(found.facets),
        sorted(found.links),
    ]


def _from_list(known: list[Any]) -> Found:
    url, title, sections, description, keywords, facets, links = known
    return Found(url, title, tuple(Section(*s) for s in sections), description, keywords, facets, frozenset(links))


def _key_of_found(found: Found) -> str:
    return key_of(_as_list(found))

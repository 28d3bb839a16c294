"""MkDocs' own way through a build, step by step, but only for the pages that would not be as they were.

It calls what MkDocs calls, in the same order. Where that is not known to fit, MkDocs builds everything by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kbtool.site import dates
from kbtool.site.mkdocs.configure import ASSETS
from kbtool.site.mkdocs.filelists import few, listed
from kbtool.site.mkdocs.lazypages import lazy_pages
from kbtool.site.mkdocs.menukeys import MenuKeys
from kbtool.site.mkdocs.nearby import Near, near_changes
from kbtool.site.mkdocs.pagekeys import PageKeys
from kbtool.site.mkdocs.patches import files_of
from kbtool.site.mkdocs.remembered import Made, Memory, faces, key_of, read_memory
from kbtool.site.mkdocs.searched import Searched
from kbtool.site.mkdocs.strangers import stranger
from kbtool.site.tree import NOT_OURS, placed

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

    from kbtool.site.mkdocs.configure import Job
    from kbtool.site.mkdocs.plugin import KbtoolPlugin
    from kbtool.site.mkdocs.search import SearchPlugin


@dataclass(slots=True)
class Rendered:
    """What came of one locale."""

    memory: Memory
    kept: list[str]  #: files of the last site that are as they would be made now
    pages: int  #: all pages
    made: int  #: pages that were made
    around: list[object]  #: the pages and what holds them
    searched: list[str] | None = None  #: what search knows of the pages, if that has changed


@dataclass
class Render:
    """One locale on its way through MkDocs."""

    job: Job
    config: MkDocsConfig
    said: list[str]  #: collects MkDocs' warnings
    lookups: list[tuple[str, str | None]] = field(default_factory=list)

    @cached_property
    def searched(self) -> Searched:
        return Searched(self.job)

    @cached_property
    def plugin(self) -> KbtoolPlugin:
        found: Any = self.config.plugins["kbtool"]
        return found  # type: ignore[no-any-return]

    @cached_property
    def names(self) -> list[str]:
        """The stage's files below its folder docs/."""
        return [name.removeprefix("docs/") for name in self.job.stage.digests if name.startswith("docs/")]

    def run(self) -> Rendered:
        """Build the locale into its folder."""
        job, config = self.job, self.config.plugins.on_config(self.config)
        self.config = config
        config.plugins.on_pre_build(config=config)
        env = config.theme.get_env()
        digests = job.stage.digests
        old = read_memory(job.memory, job.key) if digests else Memory(job.key)
        dates.written(job.locale).update(old.days)
        keys = PageKeys(job.stage, job.locale, job.key)
        new = Memory(job.key, key_of(sorted(self.names)), keys.common, self._media())
        near = near_changes(job, config, old, new, keys)
        done = (near and self._made(env, old, new, keys, near)) or self._made(env, old, new, keys, None)
        assert done
        new.days = dict(dates.written(job.locale))
        return done

    def _made(self, env: Environment, old: Memory, new: Memory, keys: PageKeys, near: Near | None) -> Rendered | None:
        """All pages, or with what stands near some of them only these; None if others have to be made, too."""
        from mkdocs.commands.build import _build_page
        from mkdocs.structure.files import set_exclusions
        from mkdocs.structure.nav import get_navigation

        config = self.config
        config.nav = near.nav if near else list(self.job.stage.nav)
        files = self._files(env, new, near)
        set_exclusions(files, config)
        with lazy_pages(config) as page_of:
            nav = get_navigation(files, config)
        nav = config.plugins.on_nav(nav, config=config, files=files)
        pages = [file.page or page_of(None, file, config) for file in files.documentation_pages()]
        told = len(self.said)
        new.pages = dict(old.pages) if near else {}
        self._read_texts(pages, files, old, new, keys)
        alike = new.is_alike(old)
        if near and not alike:
            del self.said[told:]
            return None
        env = config.plugins.on_env(env, config=config, files=files)
        copied = self._copied(files, old, new, near)
        frames = self._frames(old, new, alike=alike, near=bool(near))
        self._make_templates(env, files, nav, frames=not frames)
        docs = [page.file for page in pages]
        here = {page.file.src_uri for page in pages}
        kept = [made.file for name, made in new.pages.items() if name not in here]
        shown = config.theme.custom_dir or stranger(config)  # by whom any text may be asked for later, too
        for page, key in zip(pages, self._keys(pages, nav, old, new, alike=alike), strict=True):
            made, before = new.pages[page.file.src_uri], old.pages.get(page.file.src_uri)
            made.page = key
            if before and before.page == key and before.file in self.job.there:
                made.file, made.found = before.file, before.found
                kept.append(before.file)
                continue
            if page.content is None:
                asks = "template" in page.meta  # the plugin has taken away what the theme does not have
                self._populate(page, files, made)
                if not asks:
                    page.meta.pop("template", None)
            _build_page(page, config, docs, nav, env)
            made.file = self._taken(page, made)
            if not shown:
                page.content = page.markdown = ""  # on the page it is by now, and in memory that of all pages is much
        self._check_anchors(pages, files, new)
        self.searched.settle(config, new, old)
        config.plugins.on_post_build(config=config)
        anew = sum(1 for page in pages if page.content is not None)
        others = [*self.searched.kept, *frames, *copied]
        menu = env.globals.get("kb_menu")
        around = [*pages, files, env, *([menu] if menu else [])]
        return Rendered(new, [*kept, *others], len(kept) + anew, anew, around, self.searched.memory())

    def _media(self) -> str:
        """Stands for the stage's files that are no pages; empty where some of them have to be searched as pages are."""
        found = sorted(name for name in self.names if not name.endswith(".md"))
        searched = any(name.endswith(".html") for name in found)
        return "" if searched else key_of([self.job.stage.digests[f"docs/{name}"] for name in found])

    def _files(self, env: Environment, new: Memory, near: Near | None) -> Files:
        """The locale's files, or those near changes; the theme's own are written once, with the source locale."""
        from mkdocs.structure.files import Files

        from kbtool.site.mkdocs.plugin import assets

        config, stage = self.config, self.job.stage
        others = Files([])
        if first := self.job.locale == stage.source:
            others.add_files_from_theme(env, config)
        more = [*others, *(assets(config, stage.reader) if first else ())]
        if near:
            new.is_plain = True
            return few(config, frozenset(self.names), near.paths, more)
        quick = listed(config, self.names, more) if self.names else None
        new.is_plain = quick is not None
        if quick:
            return quick
        files = files_of(config, (stage.source, self.job.locale))
        if first:
            files.add_files_from_theme(env, config)
        return config.plugins.on_files(files, config=config)

    def _make_templates(self, env: Environment, files: Files, nav: Navigation, *, frames: bool) -> None:
        from mkdocs.commands.build import _build_extra_template, _build_theme_template

        for name in self.config.theme.static_templates if frames else ():
            _build_theme_template(name, env, files, self.config, nav)
        for name in self.config.extra_templates:
            _build_extra_template(str(name), files, self.config, nav)

    def _read_texts(self, pages: Sequence[Page], files: Files, old: Memory, new: Memory, keys: PageKeys) -> None:
        """Give every page its title and fields; render the text of those whose text or links have changed."""
        find = files.get_file_from_path

        def logged(path: str) -> File | None:
            file = find(path)
            self.lookups.append((path, file.url if file else None))
            return file

        files.get_file_from_path = logged  # type: ignore[method-assign]  # of this one collection
        digests = self.job.stage.digests
        here = {page.file.src_uri: page for page in pages}
        known = {name: made for name, made in old.pages.items() if name in here}
        shown = dict(zip(known, faces(known.values()), strict=True))
        for name in [*new.pages] or here:
            before, page = old.pages.get(name), here.get(name)
            if page is None:  # it stays as it is
                self.said += new.pages[name].said
                continue
            stage = keys.of(name)
            if before and before.stage == stage and old.names == new.names:
                key = before.text
            else:
                key = key_of(self.job.key, digests.get(f"docs/{name}", ""), page.file.dest_uri)
            if before and before.text == key and (old.names == new.names or before.leads_same(find)):
                new.pages[name] = before.again(stage)
                page.markdown = ""  # its own text is not needed, or will be rendered
                page._title_from_render, page.meta = shown[name]
                self.said += before.said
            else:
                new.pages[name] = Made(stage, key)
                self._populate(page, files, new.pages[name])

    def _populate(self, page: Page, files: Files, made: Made) -> None:
        from mkdocs.commands.build import _populate_page

        self.lookups.clear()
        told, known = len(self.said), made.said
        page.markdown = None
        _populate_page(page, self.config, files)
        made.show(page._title_from_render, page.meta)
        ids = page.present_anchor_ids or set()
        anchors = []
        for file, found in (page.links_to_anchors or {}).items():
            # those in the page itself are as right as the text is
            own = file is page.file and ids.issuperset(found)
            anchors += [] if own else [(file.src_uri, found)]
        warnings = known or self.said[told:]
        made.note(anchors, warnings, sorted(ids), list(dict.fromkeys(self.lookups)))
        if known:
            del self.said[told:]  # told before, when the page was adopted

    def _keys(self, pages: Sequence[Page], nav: Navigation, old: Memory, new: Memory, *, alike: bool) -> Iterator[str]:
        """What each page as a whole depends on."""
        menu = MenuKeys(self.config, nav)
        # a knowledge base's own templates may show the front matter of any page on every other
        others = key_of(sorted(new.shown().items())) if self.config.theme.custom_dir else ""
        for page in pages:
            name = page.file.src_uri
            made = new.pages[name]
            if alike and made.stage == old.pages[name].stage:
                yield old.pages[name].page
                continue
            links = sorted((path, url or "") for path, url in made.links)
            facts = self.plugin.facts_key(page, self.config)
            yield key_of(made.text, links, made.stage, facts, menu.of(page), others)

    def _copied(self, files: Files, old: Memory, new: Memory, near: Near | None) -> list[str]:
        """Copy what is no page; gives what stands in the last site as it would be copied."""
        from mkdocs.structure.files import Files, InclusionLevel

        if near:
            new.copied = old.copied
            return new.copied
        others = [file for file in files if not file.is_documentation_page() and file.dest_uri not in NOT_OURS]
        new.copied = sorted(file.dest_uri for file in others)
        known = set() if self.config.theme.custom_dir or old.names != new.names else self.job.there
        folders = {*self.config.theme.dirs, str(ASSETS)}
        if old.media == new.media != "":
            folders.add(self.config.docs_dir)
        there = {file.dest_uri for file in others if file.src_dir in folders and file.dest_uri in known}
        Files([file for file in others if file.dest_uri not in there]).copy_static_files(
            inclusion=InclusionLevel.is_included
        )
        return sorted(there)

    def _frames(self, old: Memory, new: Memory, *, alike: bool, near: bool) -> list[str]:
        """The error page and the search page, where they are as they would be made now."""
        config = self.config
        search: SearchPlugin | None = config.plugins.get("material/search")
        first = self.job.locale == self.job.stage.source
        if near:  # which does not tell whether the writers have a search page of their own
            new.frames = old.frames
        else:
            new.frames = [placed(name, self.job.locale, first=first) for name in sorted(config.theme.static_templates)]
            new.frames += search.frames(config) if search is not None else []
        same = alike and not config.theme.custom_dir and old.frames == new.frames
        if search is None or not same or not self.job.there.issuperset(new.frames):
            return []
        search.framed = True
        return new.frames

    def _taken(self, page: Page, made: Made) -> str:
        """The file a page went to; what search knows of it is noted."""
        output = self.plugin.taken(page)
        if output is None or not output.strip():
            return ""
        made.found = self.searched.take(page.file.dest_uri, output)
        return page.file.dest_uri

    def _check_anchors(self, pages: Sequence[Page], files: Files, new: Memory) -> None:
        level = self.config.validation.links.anchors
        for page in pages if level >= logging.WARNING else ():  # nobody is told of others
            if page.content is None:
                if new.pages[page.file.src_uri].to_anchors == "[]":
                    continue
                found = ((files.src_uris.get(name), links) for name, links in new.pages[page.file.src_uri].anchors)
                page.links_to_anchors = {file: dict(links) for file, links in found if file is not None}
            for there in page.links_to_anchors or ():
                if there.page is not None and there.page.content is None:
                    there.page.present_anchor_ids = set(new.pages[there.src_uri].ids)
            page.validate_anchor_links(files=files, log_level=level)

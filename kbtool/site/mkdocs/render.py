"""MkDocs' own way through a build, step by step, but only for the pages that would not be as they were.

It calls what MkDocs calls, in the same order. Where that is not known to fit, MkDocs builds everything by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kbtool.site.mkdocs.configure import ASSETS
from kbtool.site.mkdocs.filelists import listed
from kbtool.site.mkdocs.lazypages import lazy_pages
from kbtool.site.mkdocs.pagekeys import PageKeys
from kbtool.site.mkdocs.patches import files_of
from kbtool.site.mkdocs.remembered import Made, Memory, faces, key_of, read_memory
from kbtool.site.mkdocs.searched import Searched
from kbtool.site.tree import placed

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

    def run(self) -> Rendered:
        """Build the locale into its folder."""
        from mkdocs.commands.build import _build_extra_template, _build_page, _build_theme_template
        from mkdocs.structure.files import Files, InclusionLevel, set_exclusions
        from mkdocs.structure.nav import get_navigation

        config = self.config = self.config.plugins.on_config(self.config)
        config.plugins.on_pre_build(config=config)
        env = config.theme.get_env()
        files = self._files(env)
        set_exclusions(files, config)
        with lazy_pages(config) as page_of:
            nav = get_navigation(files, config)
        nav = config.plugins.on_nav(nav, config=config, files=files)
        pages = [file.page or page_of(None, file, config) for file in files.documentation_pages()]
        old = read_memory(self.job.memory, self.job.key)
        said = PageKeys(self.job.stage, self.job.locale, self.job.key)
        new = Memory(self.job.key, key_of(sorted(files.src_uris)), said.common)
        self._read_texts(pages, files, old, new, said)
        env = config.plugins.on_env(env, config=config, files=files)
        assets = self._assets(files) if old.names == new.names else set()
        copied = Files([file for file in files if file.dest_uri not in assets])
        copied.copy_static_files(inclusion=InclusionLevel.is_included)
        frames = self._frames(old, new)
        if not frames:
            for name in config.theme.static_templates:
                _build_theme_template(name, env, files, config, nav)
        for name in config.extra_templates:
            _build_extra_template(str(name), files, config, nav)
        docs = [page.file for page in pages]
        kept = []
        for page, key in zip(pages, self._keys(pages, nav, old, new), strict=True):
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
        self._check_anchors(pages, files, new)
        self.searched.settle(config, new, old)
        config.plugins.on_post_build(config=config)
        anew = sum(1 for page in pages if page.content is not None)
        others = [*self.searched.kept, *frames, *assets]
        menu = env.globals.get("kb_menu")
        around = [*pages, files, env, *([menu] if menu else [])]
        return Rendered(new, [*kept, *others], len(kept) + anew, anew, around, self.searched.memory())

    def _files(self, env: Environment) -> Files:
        """The locale's files; the theme's own are written once, with the source locale."""
        from mkdocs.structure.files import Files

        from kbtool.site.mkdocs.plugin import assets

        config, stage = self.config, self.job.stage
        others = Files([])
        if first := self.job.locale == stage.source:
            others.add_files_from_theme(env, config)
        names = [name.removeprefix("docs/") for name in stage.digests if name.startswith("docs/")]
        if names and (quick := listed(config, names, [*others, *(assets(config, stage.reader) if first else ())])):
            return quick
        files = files_of(config, (stage.source, self.job.locale))
        if first:
            files.add_files_from_theme(env, config)
        return config.plugins.on_files(files, config=config)

    def _read_texts(self, pages: Sequence[Page], files: Files, old: Memory, new: Memory, said: PageKeys) -> None:
        """Give every page its title and fields; render the text of those whose text or links have changed."""
        find = files.get_file_from_path

        def logged(path: str) -> File | None:
            file = find(path)
            self.lookups.append((path, file.url if file else None))
            return file

        files.get_file_from_path = logged  # type: ignore[method-assign]  # of this one collection
        digests = self.job.stage.digests
        known = dict(zip(old.pages, faces(old.pages.values()), strict=True))
        for page in pages:
            name = page.file.src_uri
            stage = said.of(name) if digests else ""
            before = old.pages.get(name)
            if before and before.stage == stage and old.names == new.names:
                key = before.text
            else:
                key = key_of(self.job.key, digests.get(f"docs/{name}", ""), page.file.dest_uri) if digests else ""
            if before and before.text == key and (old.names == new.names or _leads_same(before, find)):
                new.pages[name] = before.again(stage)
                page.markdown = ""  # its own text is not needed, or will be rendered
                page._title_from_render, page.meta = known[name]
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

    def _keys(self, pages: Sequence[Page], nav: Navigation, old: Memory, new: Memory) -> Iterator[str]:
        """What each page as a whole depends on."""
        menu = MenuKeys(self.config, nav)
        # a knowledge base's own templates may show the front matter of any page on every other
        others = key_of(_shown(new)) if self.config.theme.custom_dir else ""
        around = _is_alike(old, new)
        for page in pages:
            name = page.file.src_uri
            made = new.pages[name]
            if around and made.stage and made.stage == old.pages[name].stage:
                yield old.pages[name].page
                continue
            links = sorted((path, url or "") for path, url in made.links)
            yield key_of(made.text, links, self.plugin.facts_key(page, self.config), menu.of(page), others)

    def _assets(self, files: Files) -> set[str]:
        """The files of packages that stand in the last site: what the key stands for has not changed, nor have they."""
        if self.config.theme.custom_dir:
            return set()
        folders = {*self.config.theme.dirs, str(ASSETS)}
        return {file.dest_uri for file in files if file.src_dir in folders} & self.job.there

    def _frames(self, old: Memory, new: Memory) -> list[str]:
        """The error page and the search page, where they are as they would be made now."""
        config = self.config
        search: SearchPlugin | None = config.plugins.get("material/search")
        first = self.job.locale == self.job.stage.source
        new.frames = [placed(name, self.job.locale, first=first) for name in sorted(config.theme.static_templates)]
        if search is not None:
            new.frames += search.frames(config)
        alike = not config.theme.custom_dir and old.frames == new.frames and _is_alike(old, new)
        if search is None or not alike or not self.job.there.issuperset(new.frames):
            return []
        search.framed = True
        return new.frames

    def _taken(self, page: Page, made: Made) -> str:
        """The file a page went to; what search knows of it is noted."""
        output = self.plugin.outputs.pop(page.file.dest_uri, None)
        if output is None or not output.strip():
            return ""
        made.found = self.searched.take(page.file.dest_uri, output)
        return page.file.dest_uri

    def _check_anchors(self, pages: Sequence[Page], files: Files, new: Memory) -> None:
        level = self.config.validation.links.anchors
        for page in pages:
            if page.content is None:
                if new.pages[page.file.src_uri].to_anchors == "[]":
                    continue
                found = ((files.src_uris.get(name), links) for name, links in new.pages[page.file.src_uri].anchors)
                page.links_to_anchors = {file: dict(links) for file, links in found if file is not None}
            for there in page.links_to_anchors or ():
                if there.page is not None and there.page.content is None:
                    there.page.present_anchor_ids = set(new.pages[there.src_uri].ids)
            page.validate_anchor_links(files=files, log_level=level)


def _shown(memory: Memory) -> list[tuple[str, str]]:
    """What pages show of each other."""
    return sorted((name, made.shown) for name, made in memory.pages.items())


def _is_alike(old: Memory, new: Memory) -> bool:
    """Whether everything around the texts of pages is as it was."""
    return old.common == new.common and old.names == new.names and _shown(old) == _shown(new)


def _leads_same(made: Made, find: Any) -> bool:
    return all((file.url if (file := find(path)) else None) == url for path, url in made.links)


class MenuKeys:
    """What the menu, the way back and the links to neighbours show on a page, as a key."""

    def __init__(self, config: MkDocsConfig, nav: Navigation) -> None:
        features = config.theme.get("features") or []
        self.whole = bool(config.theme.custom_dir) or "navigation.prune" not in features
        self.whole = self.whole or "navigation.sections" in features
        self.home = _face(nav.homepage)
        self.top = key_of([_face(item) for item in nav.items]) if not self.whole else key_of(_deep(nav.items))
        self.known: dict[int, str] = {}

    def of(self, page: Page) -> str:
        near = [_face(page.previous_page), _face(page.next_page)]
        above = [] if self.whole else [self._section(section) for section in page.ancestors]
        trail = [str(section.title) for section in page.ancestors]
        return key_of(self.home, self.top, near, above, trail, _face(page))

    def _section(self, section: Any) -> str:
        if id(section) not in self.known:
            self.known[id(section)] = key_of(_face(section), [_face(item) for item in section.children])
        return self.known[id(section)]


def _face(item: Any) -> tuple[object, ...]:
    """What is shown of an entry elsewhere."""
    if item is None:
        return ()
    if item.children:
        first = item.children[0]
        starts = [_face(child) for child in item.children if getattr(child, "is_index", False)][:1]
        return (item.title, len(item.children) > 1, _face(first), starts)
    meta = getattr(item, "meta", None) or {}
    shown = tuple(str(meta.get(name, "")) for name in ("icon", "status", "subtitle"))
    return (str(item.title), item.url, getattr(item, "is_index", False), *shown)


def _deep(items: Sequence[Any]) -> list[Any]:
    return [(_face(item), _deep(item.children) if item.children else ()) for item in items]

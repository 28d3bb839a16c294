"""Search on the site: the form in Material's header, the search page, the index of each locale.

MkDocs' own `search` plugin is not used. Material's header asks for a plugin of the name `material/search` before it
shows a form; this one takes its place, so that the header need not be copied.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.config import config_options as options
from mkdocs.config.base import Config
from mkdocs.plugins import BasePlugin, event_priority

from kbtool.core.audience import PUBLIC
from kbtool.search.catalogue import Catalogue
from kbtool.search.install import install, words_key
from kbtool.search.markup import EXCLUDE, META
from kbtool.search.page import Page as Found
from kbtool.search.page import facets_for
from kbtool.search.reader import pages_of
from kbtool.site import locales
from kbtool.site.mkdocs.configure import Job
from kbtool.site.mkdocs.pages import freshness_of
from kbtool.site.mkdocs.remembered import key_of

if TYPE_CHECKING:
    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

_PAGE = "search/index.html"
_OPENSEARCH = "opensearch.xml"


class _Options(Config):  # type: ignore[no-untyped-call]  # MkDocs' __init_subclass__ has no types
    enabled = options.Type(bool, default=True)


class SearchPlugin(BasePlugin[_Options]):  # type: ignore[no-untyped-call]  # the same
    """One locale's search, from the pages of that locale as they were written."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.load_config({})
        self.job = job
        self.root = "" if job.locale == job.stage.source else f"{job.locale}/"
        self.facets = facets_for(job.stage.reader)
        self.catalogue: Catalogue | None = None  #: what to index, where that is known without reading the site
        self.unchanged = False  #: whether the index of the last build is what this one would be
        self.framed = False  #: whether the same holds of the search page

    def on_env(self, env: jinja2.Environment, config: MkDocsConfig, files: Files) -> None:
        folder = f"{self.root}search/"
        contact = self.job.stage.wishes.contact
        env.globals["kb_search"] = {
            "root": self.root,
            "index": folder,
            "page": folder,
            "contact": contact.url or (f"mailto:{contact.mail}" if contact.mail else config.extra.get("contact")),
        }
        self.env, self.files = env, files

    @event_priority(-300)
    def on_nav(self, nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
        self.nav = nav
        return nav

    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:
        """Leave in the page's head what the index is to know of it."""
        known = {**self._facets(page), **_searched(page)}
        lines = [f'<meta name="{META}{key}" content="{html.escape(value)}">' for key, value in known.items()]
        return output.replace("</head>", "\n".join([*lines, self._link(page.file.dest_uri, config), "</head>"]), 1)

    def on_post_build(self, config: MkDocsConfig) -> None:
        """After the last page: the search page, its description for browsers, and the index."""
        site = Path(config.site_dir)
        if not self.framed:
            self._write_frames(site, config)
        if self.unchanged:
            return
        install(
            self.catalogue or Catalogue.of(self._pages_of(site), self.job.locale),
            site / self.root,
            self.job.locale,
            sources=self.job.stage.root,
            source=self.job.stage.source,
            reader=self.job.stage.reader,
            facets=self.facets,
        )

    def frames(self, config: MkDocsConfig) -> list[str]:
        """The search page, unless the writers have their own, and its description: they show nothing of any page."""
        page = f"{self.root}{_PAGE}"
        found = [] if any(file.dest_uri == page for file in self.files) else [page]
        return [*found, f"{self.root}{_OPENSEARCH}"] if config.site_url else found

    def _write_frames(self, site: Path, config: MkDocsConfig) -> None:
        from mkdocs.commands.build import _build_template

        for name in self.frames(config):
            if name.endswith(_PAGE):
                output = _build_template(name, self.env.get_template("kb-search.html"), self.files, config, self.nav)
            else:
                output = self._opensearch(config)
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_text(output, encoding="utf-8")

    def other_pages(self, site: Path, known: Collection[str]) -> Iterator[Found]:
        """The pages that are no articles of ours, such as HTML files that writers put beside them."""
        return self._pages_of(site, known)

    def index_key(self) -> str:
        """Stands for what the index is made from besides the pages."""
        stage = self.job.stage
        return key_of(words_key(stage.root, self.job.locale, stage.source, stage.reader), self.facets)

    def _pages_of(self, site: Path, known: Collection[str] = ()) -> Iterator[Found]:
        skip = self.job.stage.locales[1:] if not self.root else ()
        return pages_of(site, self.job.locale, root=self.root, skip=skip, known=known)

    def _facets(self, page: Page) -> dict[str, str]:
        """The article's own fields; its category is, if it names none, the part of the menu it stands in."""
        found = {facet: str(page.meta[facet]) for facet in self.facets if page.meta.get(facet) not in (None, "")}
        if "category" not in found and (sections := list(page.ancestors)):
            found["category"] = str(sections[-1].title)
        if self.job.stage.reader != PUBLIC:
            path = page.file.src_uri.partition("/")[2]
            found["audience"] = self.job.stage.audiences.get(path, PUBLIC)
            found["freshness"] = freshness_of(self.job.stage, path, self.job.locale, self.job.locale)[0]
        return found

    def _link(self, uri: str, config: MkDocsConfig) -> str:
        """The head's pointer to opensearch.xml; without `site_url` there is no address to describe."""
        if not config.site_url:
            return ""
        up = "../" * uri.count("/")
        title = html.escape(config.site_name)
        return (
            f'<link rel="search" type="application/opensearchdescription+xml" title="{title}"'
            f' href="{up}{self.root}{_OPENSEARCH}">'
        )

    def _opensearch(self, config: MkDocsConfig) -> str:
        home = f"{(config.site_url or '').rstrip('/')}/{self.root}"
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
            f"  <ShortName>{html.escape(config.site_name[:16], quote=False)}</ShortName>\n"
            f"  <Description>{html.escape(config.site_name, quote=False)}</Description>\n"
            f"  <Language>{locales.tag(self.job.locale)}</Language>\n"
            "  <InputEncoding>UTF-8</InputEncoding>\n"
            f'  <Url type="text/html" template="{html.escape(home, quote=False)}search/?q={{searchTerms}}"/>\n'
            "</OpenSearchDescription>\n"
        )


def _searched(page: Page) -> dict[str, Any]:
    """Words that only search sees, and, as in Material, `search: {exclude: true}` for a page that is kept out of it."""
    found = {}
    for key in ("description", "keywords"):
        value = page.meta.get(key)
        if value:
            found[key] = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    search = page.meta.get("search")
    if isinstance(search, dict) and search.get("exclude"):
        found["exclude"] = EXCLUDE
    return found

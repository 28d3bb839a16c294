"""The MkDocs plugin `kbtool`: builds from the stage instead of docs/.

`kbtool build` hands it a job. In plain `mkdocs build` and `mkdocs serve` it composes the stage itself and builds the
customers' edition in all locales.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mkdocs.config import config_options as options
from mkdocs.config.base import Config
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger

from kbtool.core.audience import PUBLIC, rank
from kbtool.core.model import Audience
from kbtool.project import Project
from kbtool.site.addresses import address
from kbtool.site.mkdocs.configure import ASSETS, Job, set_up
from kbtool.site.mkdocs.head import with_policy
from kbtool.site.mkdocs.pages import Borrowed, PageFacts, finished_page, finished_template, own_lists
from kbtool.site.mkdocs.rawlinks import with_right_addresses
from kbtool.site.mkdocs.remembered import key_of
from kbtool.site.mkdocs.switcher import switcher
from kbtool.site.phrases import phrases
from kbtool.site.stage.stage import compose

if TYPE_CHECKING:
    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

log = get_plugin_logger(__name__)


class Options(Config):  # type: ignore[no-untyped-call]  # MkDocs' __init_subclass__ has no types
    """What mkdocs.yml may say under `- kbtool:`."""

    edition = options.Optional(options.Type(str))


class KbtoolPlugin(BasePlugin[Options]):  # type: ignore[no-untyped-call]  # the same
    """Points MkDocs at the stage of one edition and one locale, and finishes the pages."""

    def __init__(self) -> None:
        super().__init__()
        self.job: Job | None = None
        self.alone = False  #: whether MkDocs was started by itself, so that all locales are ours to build
        self.outputs: dict[str, str] = {}  #: file in the site → the page as it is written, until search has read it
        self._known: dict[str, PageFacts] = {}
        self._lists = ""  #: stands for kbtool's own pages, which every page names

    @property
    def preview(self) -> bool:
        """Whether this is for a live preview, whose reload script no policy knows."""
        return self._job.preview

    @event_priority(100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        if self.job is None or self.alone:
            self.alone = True
            self.job = self._own_job(config)
        set_up(config, self.job)
        return config

    def _own_job(self, config: MkDocsConfig) -> Job:
        from mkdocs.exceptions import PluginError

        from kbtool.core.errors import KbError

        try:
            project = Project.at(Path(config.config_file_path).parent)
            editions = project.settings.editions
            edition = self.config.edition or min(editions, key=lambda name: rank(editions[name]))
            folder = project.cache / "stage" / f"{edition}+mkdocs"  # kbtool may be building at the same time
            stage = compose(project, edition, project.settings.locales, folder=folder)
        except KbError as error:
            raise PluginError(f"{error}" + (f"\nHint: {error.hint}" if error.hint else "")) from None
        for finding in stage.findings:
            log.warning("%s", finding)
        for folder in (project.docs, project.root / "translations"):
            if folder.is_dir() and str(folder) not in config.watch:
                config.watch.append(str(folder))
        return Job(stage, stage.source, Path(config.site_dir), config.site_url, _is_served(config))

    @event_priority(100)
    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Leave out other locales' files; the theme's own are written once, with the source locale."""
        from mkdocs.structure.files import Files as Collection

        job = self._job
        own = (f"{job.stage.source}/", f"{job.locale}/")
        first = job.locale == job.stage.source
        kept = [f for f in files if (f.src_uri.startswith(own) if f.src_dir == config.docs_dir else first)]
        return Collection([*kept, *(assets(config, job.stage.reader) if first else ())])

    @event_priority(-200)
    def on_nav(self, nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
        """Lead edit links to the writers' files; MkDocs made its pages before anybody could say where those are."""
        links = config.repo_url, config.edit_uri, config.edit_uri_template
        stage = self._job.stage
        for file in files.documentation_pages() if any(links[1:]) else ():
            locale, _, path = file.src_uri.partition("/")
            file.edit_uri = path if locale == stage.source else f"../translations/{locale}/{path}"
            if (locale, path) not in stage.about:  # kbtool wrote it itself
                file.edit_uri = None
            if file.page:
                file.page._set_edit_url(*links)
        return nav

    def on_page_content(self, html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
        path = page.file.src_uri.partition("/")[2]
        stage, folders, look = self._job.stage, config.use_directory_urls, files.get_file_from_path
        return with_right_addresses(html, stage, self._job.locale, path, folders=folders, look=look)

    def on_page_context(
        self, context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        facts = self._facts(page, config)
        config.extra["alternate"] = switcher(
            self._job.locale, [(locale, link or "./") for locale, link in facts.existing.items()]
        )
        page.canonical_url = facts.canonical if config.site_url and facts.public else None
        context["kb"] = facts  # type: ignore[typeddict-unknown-key]  # what our own templates read
        return context

    @event_priority(-1000)
    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:
        """After all other plugins, because the policy names every script on the page."""
        title = str(page.meta.get("title") or page.title or config.site_name)
        about = str(page.meta.get("description") or "")
        facts = self._facts(page, config)
        finished = finished_page(output, facts, title, about, config.site_name, policy=not self.preview)
        if not self.alone:
            self.outputs[page.file.dest_uri] = finished
        return finished

    def on_template_context(
        self, context: TemplateContext, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        stage = self._job.stage
        homes = [(at, address("index.md", at, stage.source, folders=config.use_directory_urls)) for at in stage.locales]
        config.extra["alternate"] = switcher(self._job.locale, [(at, link or "./") for at, link in homes])
        words = {"kb_say": phrases(self._job.locale), "kb_home": dict(homes)[self._job.locale]}
        context.update(words)  # type: ignore[typeddict-item]  # what our own templates read
        return context

    def on_post_template(self, output: str, template_name: str, config: MkDocsConfig) -> str:
        if not template_name.endswith(".html"):
            return output
        finished = finished_template(output, self._job.locale)
        return finished if self.preview else with_policy(finished, self._job.stage.wishes)

    @event_priority(-1000)
    def on_post_build(self, config: MkDocsConfig) -> None:
        if not self.alone:
            return
        from kbtool.site.builder import add_the_rest
        from kbtool.site.edition import Place
        from kbtool.site.redirects import write_redirects

        place = Place(config.site_name, config.site_url or "", config.use_directory_urls)
        site = Path(config.site_dir)
        for name in ("sitemap.xml", "sitemap.xml.gz"):  # MkDocs' own know one locale; ours is written below
            (site / name).unlink(missing_ok=True)
        add_the_rest(self._job, site, place, log)
        write_redirects(self._job.stage, site, place, Project.at(self._job.stage.root).settings.audience)

    def on_env(self, env: jinja2.Environment, config: MkDocsConfig, files: Files) -> None:
        """A page that asks for a template which this site does not have is shown in the ordinary one."""
        env.globals["kb_lists"] = own_lists(self._job, config.use_directory_urls)
        known = set(env.list_templates(extensions=["html"]))
        for file in files.documentation_pages():
            meta = file.page.meta if file.page else {}
            if "template" in meta and meta["template"] not in known:
                log.warning("'%s' asks for the template '%s', which there is not", file.src_uri, meta.pop("template"))

    @property
    def _job(self) -> Job:
        assert self.job is not None
        return self.job

    def _facts(self, page: Page, config: MkDocsConfig) -> PageFacts:
        name = page.file.src_uri
        if name not in self._known:
            self._known[name] = PageFacts.of(self._job, page, config.site_url or "", config.use_directory_urls)
        return self._known[name]

    def taken(self, page: Page) -> str | None:
        """A page as it was written, if it was; nothing is held of it any longer."""
        self._known.pop(page.file.src_uri, None)
        return self.outputs.pop(page.file.dest_uri, None)

    def facts_key(self, page: Page, config: MkDocsConfig) -> str:
        """Stands for all that a page shows beside its text, the menu, and what `PageKeys` says of it."""
        name, folders = page.file.src_uri, config.use_directory_urls
        self._known.pop(name, None)  # what it was told by an earlier event may be outdated
        if not self._lists:
            self._lists = key_of(own_lists(self._job, folders))
        stage, borrowed = self._job.stage, Borrowed.of(self._job, page, folders)
        is_list = name.partition("/")[2] in stage.lists
        return key_of(stage.source, borrowed, is_list, self._lists, page.meta.get("template"))


def _is_served(config: MkDocsConfig) -> bool:
    """Whether `mkdocs serve` asks: it has put its own address in.

    The event that says so, on_startup, would make MkDocs keep this plugin for all later configurations of the process.
    """
    from mkdocs.livereload import _serve_url

    host, port = config.dev_addr
    return config.site_url == _serve_url(host, port, urlsplit(config.site_url or "/").path)


def assets(config: MkDocsConfig, reader: Audience) -> list[File]:
    """kbtool's own style sheet and scripts, at `kb/` on the site."""
    from mkdocs.structure.files import File

    return [
        File(name, str(ASSETS), config.site_dir, config.use_directory_urls, dest_uri=f"kb/{name}")
        for name in sorted(f.name for f in ASSETS.iterdir() if f.is_file())
        if reader != PUBLIC or name != "agents.js"
    ]

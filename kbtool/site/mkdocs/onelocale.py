"""One locale of one edition: MkDocs, run in this process or another."""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from kbtool.core.errors import KbError
from kbtool.installed import answer_others
from kbtool.pool import let_go, rare_collections
from kbtool.site.edition import Built, Place
from kbtool.site.mkdocs.configure import Job, load
from kbtool.site.mkdocs.onemarkdown import one_markdown
from kbtool.site.mkdocs.patches import keep_site_folder, untried
from kbtool.site.mkdocs.remembered import Forgotten, write_memory
from kbtool.site.mkdocs.render import Render
from kbtool.site.mkdocs.strangers import strange_extension

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig


@rare_collections()
def build_locale(job: Job) -> Built:
    """Run MkDocs for one locale; the unit of work, in this process or another."""
    try:
        return _built(job)
    except Forgotten:
        shutil.rmtree(job.site)
        job.site.mkdir()
        return _built(replace(job, there=frozenset()))
    finally:
        let_go()


def _built(job: Job) -> Built:
    answer_others()  # before MkDocs asks for plugins and themes
    from jinja2 import TemplateError
    from mkdocs.commands.build import build
    from mkdocs.exceptions import Abort, MkDocsException

    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    start = time.monotonic()
    kept: list[str] = []
    around: list[object] = []
    pages = made = 0
    with _warnings() as warned:
        try:
            config = load(job)
            config.plugins.on_startup(command="build", dirty=False)
            if untried():
                with keep_site_folder():
                    build(config)
                made = pages = sum(1 for _ in job.site.rglob("*.html"))
            else:
                with nullcontext() if strange_extension(config.markdown_extensions) else one_markdown(config):
                    done = Render(job, config, warned).run()
                kept, pages, made, around = done.kept, done.pages, done.made, done.around
                if job.record:
                    write_memory(job.record, done.memory, done.searched)
            config.plugins.on_shutdown()
            _forget(config, around)
        except (MkDocsException, Abort, SystemExit, TemplateError) as error:
            reasons = "\n".join(f"  {w}" for w in warned[-5:])
            raise KbError(f"MkDocs could not build {job.stage.edition} in {job.locale}: {error}\n{reasons}") from None
    place = Place(config.site_name, config.site_url or "", config.use_directory_urls)
    warnings = tuple(dict.fromkeys(_in_sources(job, warned)))
    return Built(job.locale, pages, time.monotonic() - start, place, warnings, made, tuple(kept))


def _forget(config: MkDocsConfig, around: Iterable[object]) -> None:
    """Let plugins, pages, and the texts of a whole locale go, when nobody is to be called any more.

    MkDocs' classes keep the plugins until there is another configuration; pages and templates hold each other in
    circles.
    """
    for each in around:
        vars(each).clear()
    config.plugins.clear()
    vars(config.plugins).clear()  # what they do at which event


def _in_sources(job: Job, warned: Iterable[str]) -> Iterator[str]:
    """Warnings that name files as their writers know them."""
    source = job.stage.source
    for warning in warned:
        text = warning.replace(f"'{source}/", "'docs/")
        yield text if job.locale == source else text.replace(f"'{job.locale}/", f"'translations/{job.locale}/")


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """MkDocs' and its plugins' warnings as texts, in place of lines on the terminal."""
    found: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.getMessage())

    logger = logging.getLogger("mkdocs")
    handler = Collect(logging.WARNING)
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield found
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate

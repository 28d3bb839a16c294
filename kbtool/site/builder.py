"""MkDocs, driven: a process per locale, everything put together, swapped in whole."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kbtool.core.errors import KbError
from kbtool.core.model import Finding, Locale
from kbtool.pool import each
from kbtool.project import Project
from kbtool.site.configure import Job, load
from kbtool.site.feeds import Place, write_feeds
from kbtool.site.patches import keep_site_folder
from kbtool.site.redirects import write_redirects
from kbtool.site.stage import Stage, compose

Tell = Callable[[str], None]
#: files that every locale writes, and that go into its own folder
_PER_LOCALE = frozenset({"404.html"})


@dataclass(frozen=True, slots=True)
class Built:
    """One locale, built into its own folder."""

    locale: Locale
    pages: int
    seconds: float
    place: Place
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition, as it stands on disk."""

    name: str
    folder: Path
    locales: tuple[Built, ...]
    articles: int
    files: int
    size: int
    seconds: float
    findings: tuple[Finding, ...] = field(default=())


def build_locale(job: Job) -> Built:
    """Run MkDocs for one locale; the unit of work, in this process or another."""
    from jinja2 import TemplateError
    from mkdocs.commands.build import build
    from mkdocs.exceptions import Abort, MkDocsException

    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    start = time.monotonic()
    with _warnings() as warned:
        try:
            config = load(job)
            config.plugins.on_startup(command="build", dirty=False)
            with keep_site_folder():
                build(config)
            config.plugins.on_shutdown()
        except (MkDocsException, Abort, SystemExit, TemplateError) as error:
            reasons = "\n".join(f"  {w}" for w in warned[-5:])
            raise KbError(f"MkDocs could not build {job.stage.edition} in {job.locale}: {error}\n{reasons}") from None
    pages = sum(1 for _ in job.site.rglob("*.html"))
    place = Place(config.site_name, config.site_url or "", config.use_directory_urls)
    return Built(job.locale, pages, time.monotonic() - start, place, tuple(dict.fromkeys(_in_sources(job, warned))))


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


def build_edition(
    project: Project,
    name: str,
    out: Path,
    work: Path,
    pool: Executor,
    *,
    locales: Iterable[Locale] = (),
    site_url: str | None = None,
    preview: bool = False,
    tell: Tell = lambda text: None,
    inspect: Callable[[Path], list[Finding]] | None = None,
) -> Edition:
    """Build one edition into `out`/<name>; the old site stays in place until the new one is complete and inspected.

    `work` is an empty folder on the same file system; its maker removes it when no worker writes to it any more.
    Raises KbError where the stage, MkDocs or the inspection says no.
    """
    start = time.monotonic()
    tell(f"{name}: composing the stage")
    stage = compose(project, name, locales)
    target = out / name
    _refuse_foreign(target)
    first = Job(stage, stage.source, work, site_url or stage.wishes.urls.get(name), preview)
    built = _build_all(first, pool, tell)
    new = _put_together(stage, work)
    write_feeds(stage, new, built[0].place)
    write_redirects(stage, new, built[0].place, project.settings.audience)
    if inspect:  # always: a stager that thinks it held nothing back may be the one that is wrong
        tell(f"{name}: searching every byte for internal text")
        _refuse_leaks(inspect(new), name)
    files, size = _measure(new)
    _swap(new, target)
    return Edition(name, target, built, len(stage.articles), files, size, time.monotonic() - start, stage.findings)


def _refuse_leaks(findings: list[Finding], name: str) -> None:
    if findings:
        more = f"\n  … and {len(findings) - 20} more" if len(findings) > 20 else ""
        raise KbError(
            f"the leak scanner stopped the {name} edition; the old site was left in place:\n"
            + "\n".join(f"  {f}" for f in findings[:20])
            + more,
            hint="; ".join(dict.fromkeys(f.hint for f in findings if f.hint)) or None,
        )


def _build_all(first: Job, pool: Executor, tell: Tell) -> tuple[Built, ...]:
    """Every locale in its own folder below `first.site`."""
    jobs = []
    for locale in first.stage.locales:
        folder = first.site / "locales" / locale
        folder.mkdir(parents=True)
        jobs.append(replace(first, locale=locale, site=folder))
    done: dict[int, Built] = {}
    for index, built in each(pool, build_locale, jobs):
        done[index] = built
        tell(f"{first.stage.edition}: {built.locale} built, {built.pages} pages in {built.seconds:.1f} s")
    return _told_once([done[index] for index in sorted(done)])


def _told_once(built: Iterable[Built]) -> tuple[Built, ...]:
    """An original that stands in for a missing translation is not worth the same warning in every locale."""
    found: list[Built] = []
    told: set[str] = set()
    for one in built:
        found.append(replace(one, warnings=tuple(w for w in one.warnings if w not in told)))
        told.update(one.warnings)
    return tuple(found)


def _put_together(stage: Stage, work: Path) -> Path:
    """One site from the locales' folders: the source at the root, each target locale in its own folder."""
    new = work / stage.edition
    (work / "locales" / stage.source).replace(new)
    (new / "sitemap.xml").unlink(missing_ok=True)
    (new / "sitemap.xml.gz").unlink(missing_ok=True)
    for locale in stage.locales[1:]:
        merge_locale(work / "locales" / locale, new, locale)
    return new


def merge_locale(built: Path, site: Path, locale: Locale) -> None:
    """Move what one locale's build made into the site; two locales may write the same file only if it is the same."""
    for file in sorted(built.rglob("*")):
        if not file.is_file():
            continue
        name = file.relative_to(built).as_posix()
        if name in ("sitemap.xml", "sitemap.xml.gz"):
            continue
        target = site / (f"{locale}/{name}" if name in _PER_LOCALE else name)
        if target.exists() and name not in _PER_LOCALE:
            if target.read_bytes() != file.read_bytes():
                raise KbError(f"two locales write {name}, and not the same", where=locale)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)


def add_the_rest(job: Job, site: Path, place: Place, log: logging.LoggerAdapter[Any]) -> None:
    """For plain MkDocs, which has just built the source locale: the other locales, and what is made from them all."""
    from kbtool.pool import executor

    (site / "sitemap.xml").unlink(missing_ok=True)
    (site / "sitemap.xml.gz").unlink(missing_ok=True)
    others = job.stage.locales[1:]
    with (
        tempfile.TemporaryDirectory(prefix="kbtool-") as work,
        executor("processes" if len(others) > 1 else "inline") as pool,
    ):
        jobs = []
        for locale in others:
            folder = Path(work) / locale
            folder.mkdir()
            jobs.append(replace(job, locale=locale, site=folder))
        for _, built in each(pool, build_locale, jobs):
            merge_locale(Path(work) / built.locale, site, built.locale)
            log.info("%s built, %d pages", built.locale, built.pages)
            for warning in built.warnings:
                log.warning("%s: %s", built.locale, warning)
    write_feeds(job.stage, site, place)


def _refuse_foreign(target: Path) -> None:
    """A folder with anything but a built site in it is not ours to replace."""
    if target.is_dir() and any(target.iterdir()) and not (target / "404.html").is_file():
        raise KbError(
            "this folder holds something that is no built site", where=str(target), hint="choose another one: --out DIR"
        )


def _swap(new: Path, target: Path) -> None:
    """Put the new site in the old one's place, whole: two renames, and the old one back if the second fails."""
    old = new.with_name("old")
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.replace(old)
    try:
        new.replace(target)
    except OSError:
        if old.exists():
            old.replace(target)
        raise


def _measure(site: Path) -> tuple[int, int]:
    sizes = [f.stat().st_size for f in site.rglob("*") if f.is_file()]
    return len(sizes), sum(sizes)

"""An edition from the knowledge base to the folder where it is served: whole, inspected, swapped in at once."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Any

from kbtool.core.errors import KbError
from kbtool.core.model import Finding, Locale
from kbtool.pool import each, rare_collections
from kbtool.project import Project
from kbtool.site.config import read_config
from kbtool.site.edition import Edition, Place
from kbtool.site.held import Held
from kbtool.site.inputs import inputs_of
from kbtool.site.lastsite import LastSite, memory_of
from kbtool.site.machines import Machines
from kbtool.site.making import MEMORY, Making, Tell
from kbtool.site.mkdocs.configure import Job
from kbtool.site.mkdocs.onelocale import build_locale
from kbtool.site.mkdocs.patches import unfamiliar
from kbtool.site.mkdocs.strangers import stranger
from kbtool.site.redirects import write_redirects
from kbtool.site.reuse import site_key, stage_key, watched
from kbtool.site.stage.recall import Recall
from kbtool.site.stage.stage import compose
from kbtool.site.tree import Tree
from kbtool.site.twin import Left
from kbtool.site.wishes import wishes

#: looks through a site: its folder, what the last look stood for, the files it saw then; gives the same for the next
Inspect = Callable[[Path, list[str], frozenset[str]], tuple[list[Finding], list[str]]]


@rare_collections()
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
    clean: bool = False,
    tell: Tell = lambda text: None,
    inspect: Inspect | None = None,
    last: LastSite | None = None,
    held: Held | None = None,
) -> Edition:
    """Build one edition into `out`/<name>; the old site stays in place until the new one is complete and inspected.

    A preview shows pages of languages whose texts have changed at once, and leaves the rest to the next call. It is
    also what has to call `save` of `held` in the end, by which calls in one process hand on what they know.
    What the last build left is taken over as far as it would come out the same; `last` is that, where the caller knows
    already that something has changed since. `work` is an empty folder on the same file system; its maker removes it
    when no worker writes to it any more.
    Raises KbError where the stage, MkDocs or the inspection says no.
    """
    start, locales, records = time.monotonic(), tuple(locales), held or Held()
    target = out / name
    memory = memory_of(project, name, preview=preview)
    options = (name, str(target), locales, site_url, preview)
    if last is None:
        last = LastSite() if clean else records.last(memory / "site.txt", target)
        if untouched := last.unless_touched(project, options):
            return untouched
    _refuse_foreign(target)
    config = read_config(project.root)
    why = stranger(config)
    named = [*wishes(project.settings.site).snippets, project.settings.review.views or ""]
    also = watched(project.root, config, filter(None, named))
    known = last.inputs_now if also == last.also else None
    inputs = known or inputs_of(project.root, (*options, project.settings), also)
    tell(f"{name}: composing the stage")
    recalled = memory / "stage.txt"
    known_by = stage_key(project, config, name)
    recall = Recall() if clean else records.recall(recalled, project.root, known_by, inputs.files)
    # A preview has a stage of its own: what is edited and looked at during a build must not get into the site.
    staged_in = project.cache / "stage" / memory.name
    stage = compose(project, name, locales, recall=recall, pool=pool, folder=staged_in, links=inputs.links)
    url = site_url or stage.wishes.urls.get(name)
    job = Job(stage, stage.source, work, url, preview, memory=None if why or clean else memory)
    twin = project.cache / "twins" / memory.name
    making = Making(job, LastSite() if why else last, site_key(stage, config, url, preview), twin, tell, records.urgent)
    built = making.run(pool)
    tree, written = making.put_together(built)
    if not making.hurry:
        written += write_redirects(stage, tree.folder, built[0].place, project.settings.audience)
    tree.settle(written)
    audited: list[str] = []
    if inspect:  # always: a stager that thinks it held nothing back may be the one that is wrong
        tell(f"{name}: searching for internal text")
        findings, audited = inspect(tree.folder, making.last.audited, tree.same)
        _refuse_leaks(findings, name)
    left = making.publish(tree, target)
    edition = Edition(
        name, target, built, len(stage.articles), len(left.files), sum(left.files.sizes),
        time.monotonic() - start, stage.findings, _largest(left, ".html"), _largest(left, "search/index.json"), why,
        unfamiliar(), later=tuple(making.later), hurried=making.hurry,
    )  # fmt: skip
    records.keep(recall)
    if not why:
        _move_records(work / MEMORY, memory)
        _forget(memory, {"templates", stage.source, *project.settings.locales})
        told, staged = edition.as_told(), dict(stage.digests)
        key = "" if making.later or making.hurry else inputs.key
        now = LastSite(str(target), key, making.site, also, audited, left, making.parts, making.texts, staged, told)
        records.keep(recall, now, memory / "site.txt")
    if held is None:
        records.save()
    return edition


def _largest(left: Left, ending: str) -> int:
    sizes = zip(left.files.names, left.files.sizes, strict=True)
    return max((size for name, size in sizes if name.endswith(ending)), default=0)


def _refuse_leaks(findings: list[Finding], name: str) -> None:
    if findings:
        more = f"\n  … and {len(findings) - 20} more" if len(findings) > 20 else ""
        raise KbError(
            f"the leak scanner stopped the {name} edition; the old site was left in place:\n"
            + "\n".join(f"  {f}" for f in findings[:20])
            + more,
            hint="; ".join(dict.fromkeys(f.hint for f in findings if f.hint)) or None,
        )


def _move_records(made: Path, memory: Path) -> None:
    """Keep what the locales' jobs noted; only after the swap, so that it never speaks of a site that is not there."""
    for file in sorted(file for file in made.rglob("*") if file.is_file()):
        kept = memory / file.relative_to(made)
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(file, kept)  # the site may stand on another file system than what is remembered of it


def _forget(memory: Path, wanted: Collection[str]) -> None:
    """Remember nothing of locales that the settings no longer have."""
    for folder in memory.iterdir():
        if folder.is_dir() and folder.name not in wanted:
            shutil.rmtree(folder)


def add_the_rest(job: Job, site: Path, place: Place, log: logging.LoggerAdapter[Any]) -> None:
    """For plain MkDocs, which has just built the source locale: the other locales, and what is made from them all."""
    from kbtool.pool import executor

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
        tree = Tree(site)
        for _, built in each(pool, build_locale, jobs):
            tree.add(Path(work) / built.locale, built.locale, first=False)
            log.info("%s built, %d pages", built.locale, built.pages)
            for warning in built.warnings:
                log.warning("%s: %s", built.locale, warning)
    Machines(job.stage, place).write(site)


def _refuse_foreign(target: Path) -> None:
    """A folder with anything but a built site in it is not ours to replace; nor is what is no folder."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise KbError(
            "this is no folder, and a site is put in the place of a folder", where=str(target),
            hint="let the folder above it be the link, or choose another one: --out DIR",
        )  # fmt: skip
    if target.is_dir() and any(target.iterdir()) and not (target / "404.html").is_file():
        raise KbError(
            "this folder holds something that is no built site", where=str(target), hint="choose another one: --out DIR"
        )

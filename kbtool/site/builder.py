"""An edition from the knowledge base to the folder where it is served: whole, inspected, swapped in at once."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from kbtool.core.errors import KbError
from kbtool.core.model import Finding, Locale
from kbtool.pool import Inline, each
from kbtool.project import Project
from kbtool.site.config import read_config
from kbtool.site.configure import Job
from kbtool.site.edition import Built, Edition, Place
from kbtool.site.feeds import text_keys, write_feeds
from kbtool.site.inputs import inputs_key
from kbtool.site.lastsite import LastSite, Part, memory_of
from kbtool.site.onelocale import build_locale
from kbtool.site.recall import Recall
from kbtool.site.redirects import write_redirects
from kbtool.site.reuse import WholeKeys, locale_key, site_key, stage_key, stranger, watched
from kbtool.site.signs import Sign, signs
from kbtool.site.stage import compose
from kbtool.site.tree import Tree, swap
from kbtool.site.wishes import wishes

Tell = Callable[[str], None]
#: looks through a site: its folder, what the last look stood for, the files it saw then; gives the same for the next
Inspect = Callable[[Path, list[str], frozenset[str]], tuple[list[Finding], list[str]]]
#: so few texts are rendered sooner in this process than others are started
_FEW = 60


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
) -> Edition:
    """Build one edition into `out`/<name>; the old site stays in place until the new one is complete and inspected.

    What the last build left is taken over as far as it would come out the same. `work` is an empty folder on the same
    file system; its maker removes it when no worker writes to it any more.
    Raises KbError where the stage, MkDocs or the inspection says no.
    """
    start, locales = time.monotonic(), tuple(locales)
    target = out / name
    memory = memory_of(project, name, preview=preview)
    last = LastSite() if clean else LastSite.read(memory / "site.json", target)
    options = (name, str(target), locales, site_url, preview)
    if untouched := last.unless_touched(project, options):
        return untouched
    _refuse_foreign(target)
    config = read_config(project.root)
    why = stranger(config)
    named = [*wishes(project.settings.site).snippets, project.settings.review.views or ""]
    also = watched(project.root, config, filter(None, named))
    inputs = inputs_key(project.root, options, also)
    tell(f"{name}: composing the stage")
    recall = Recall() if clean else Recall(memory / "stage.json", project.root, stage_key(project, config, name))
    stage = compose(project, name, locales, recall=recall)
    url = site_url or stage.wishes.urls.get(name)
    job = Job(stage, stage.source, work, url, preview, memory=None if why or clean else memory)
    making = _Making(job, LastSite() if why else last, site_key(stage, config, url, preview), tell)
    built, tree, parts = making.run(pool)
    texts = _write_texts(making, tree, built[0].place)
    write_redirects(stage, tree.folder, built[0].place, project.settings.audience)
    tree.settle()
    audited: list[str] = []
    if inspect:  # always: a stager that thinks it held nothing back may be the one that is wrong
        tell(f"{name}: searching for internal text")
        findings, audited = inspect(tree.folder, making.last.audited, tree.same)
        _refuse_leaks(findings, name)
    swap(tree.folder, target)
    left = dict(signs(str(target)))
    edition = Edition(
        name, target, built, len(stage.articles), len(left), sum(sign[0] for sign in left.values()),
        time.monotonic() - start, stage.findings, _largest(left, ".html"), _largest(left, "search/index.json"), why,
    )  # fmt: skip
    recall.save()
    if not why:
        _move_records(work / "memory", memory)
        _forget(memory, {"templates", stage.source, *project.settings.locales})
        told, staged = edition.as_told(), dict(stage.digests)
        LastSite(str(target), inputs, also, audited, left, parts, texts, staged, told).write(memory / "site.json")
    return edition


def _largest(left: Mapping[str, Sign], ending: str) -> int:
    return max((sign[0] for name, sign in left.items() if name.endswith(ending)), default=0)


def _refuse_leaks(findings: list[Finding], name: str) -> None:
    if findings:
        more = f"\n  … and {len(findings) - 20} more" if len(findings) > 20 else ""
        raise KbError(
            f"the leak scanner stopped the {name} edition; the old site was left in place:\n"
            + "\n".join(f"  {f}" for f in findings[:20])
            + more,
            hint="; ".join(dict.fromkeys(f.hint for f in findings if f.hint)) or None,
        )


@dataclass
class _Making:
    """An edition's locales on their way into one tree."""

    first: Job
    last: LastSite
    site: str  #: stands for what every page depends on
    tell: Tell
    parts: dict[Locale, Part] = field(default_factory=dict)

    def run(self, pool: Executor) -> tuple[tuple[Built, ...], Tree, dict[Locale, Part]]:
        """Build what has to be built; gives all locales, the site so far, and what each has in it."""
        stage = self.first.stage
        intact = self.last.intact()
        whole = WholeKeys(stage)
        done: dict[Locale, Built] = {}
        jobs = []
        for locale in stage.locales:
            key = locale_key(stage, locale, self.site)
            part = Part(key, whole.of(locale, key))
            old = self.last.parts.get(locale)
            self.parts[locale] = part
            if old and old.whole == part.whole and intact.keys() >= set(old.files):
                self.parts[locale] = old
                done[locale] = old.built(locale)
            else:
                there = frozenset(intact.keys() & set(old.files)) if old else frozenset()
                jobs.append(self._job(locale, key, there))
        for _, built in each(Inline() if self._is_little(jobs) else pool, build_locale, jobs):
            done[built.locale] = built
            again = f", {built.made} of them anew" if built.made < built.pages else ""
            self.tell(f"{stage.edition}: {built.locale} built, {built.pages} pages{again} in {built.seconds:.1f} s")
        tree = Tree(self.first.site / stage.edition, self.last.target, intact)
        for locale in stage.locales:
            self._add(tree, done[locale], jobs)
        return _told_once(done[locale] for locale in stage.locales), tree, self.parts

    def _job(self, locale: Locale, key: str, there: frozenset[str]) -> Job:
        work, memory, stage = self.first.site, self.first.memory, self.first.stage
        folder = work / "locales" / locale
        folder.mkdir(parents=True)
        own = (f"docs/{stage.source}/", f"docs/{locale}/")
        digests = {name: digest for name, digest in stage.digests.items() if name.startswith(own)}
        return replace(
            self.first,
            stage=replace(stage, digests=digests),
            locale=locale,
            site=folder,
            memory=memory / locale if memory else None,
            record=work / "memory" / locale,
            key=key,
            there=there,
        )

    def _is_little(self, jobs: list[Job]) -> bool:
        """Whether other processes would take longer to start than this one to do it all."""
        known = all((old := self.last.parts.get(job.locale)) and old.key == job.key for job in jobs)
        changed = dict(self.first.stage.digests).items() ^ self.last.staged.items()
        return not jobs or (known and len(changed) <= _FEW)

    def _add(self, tree: Tree, built: Built, jobs: list[Job]) -> None:
        stage, part = self.first.stage, self.parts[built.locale]
        if part.files:  # nothing of it was built
            tree.take_over(part.files)
            return
        folder = self.first.site / "locales" / built.locale
        fresh = tree.add(folder, built.locale, first=built.locale == stage.source)
        tree.take_over(built.kept)
        part.files = sorted({*fresh, *built.kept})
        part.pages, part.warnings, part.place = built.pages, list(built.warnings), [*asdict(built.place).values()]


def _told_once(built: Iterable[Built]) -> tuple[Built, ...]:
    """An original that stands in for a missing translation is not worth the same warning in every locale."""
    found: list[Built] = []
    told: set[str] = set()
    for one in built:
        found.append(replace(one, warnings=tuple(w for w in one.warnings if w not in told)))
        told.update(one.warnings)
    return tuple(found)


def _write_texts(making: _Making, tree: Tree, place: Place) -> dict[str, list[str]]:
    """Write what is made from the edition as a whole; gives the files that hold one article each."""
    stage = making.first.stage
    keys = text_keys(stage, place)
    known = {
        name: text for name, text in making.last.texts.items()
        if name in tree.intact and name in keys and keys[name][0] == text[0]
    }  # fmt: skip
    tree.take_over(known)
    return write_feeds(stage, tree.folder, place, known)


def _move_records(made: Path, memory: Path) -> None:
    """Keep what the locales' jobs noted; only after the swap, so that it never speaks of a site that is not there."""
    for file in sorted(made.rglob("*.json")):
        kept = memory / file.relative_to(made)
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.replace(kept)


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
    write_feeds(job.stage, site, place)


def _refuse_foreign(target: Path) -> None:
    """A folder with anything but a built site in it is not ours to replace."""
    if target.is_dir() and any(target.iterdir()) and not (target / "404.html").is_file():
        raise KbError(
            "this folder holds something that is no built site", where=str(target), hint="choose another one: --out DIR"
        )

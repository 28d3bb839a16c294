"""An edition from the knowledge base to the folder where it is served: whole, inspected, swapped in at once."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from kbtool.core.errors import KbError
from kbtool.core.model import Finding, Locale
from kbtool.pool import Inline, each, rare_collections
from kbtool.project import Project
from kbtool.site.config import read_config
from kbtool.site.configure import Job
from kbtool.site.edition import Built, Edition, Place
from kbtool.site.feeds import Texts, text_keys, write_feeds
from kbtool.site.held import Held
from kbtool.site.hurry import Changes
from kbtool.site.inputs import inputs_of
from kbtool.site.lastsite import LastSite, Part, memory_of
from kbtool.site.onelocale import build_locale
from kbtool.site.patches import unfamiliar
from kbtool.site.recall import Recall
from kbtool.site.redirects import write_redirects
from kbtool.site.reuse import WholeKeys, locale_key, site_key, stage_key, stranger, watched
from kbtool.site.signs import Sign, look, sign_of
from kbtool.site.stage import compose
from kbtool.site.tree import Tree, made_in, placed, swap
from kbtool.site.twin import is_as_left, keep_twin
from kbtool.site.wishes import wishes

Tell = Callable[[str], None]
#: looks through a site: its folder, what the last look stood for, the files it saw then; gives the same for the next
Inspect = Callable[[Path, list[str], frozenset[str]], tuple[list[Finding], list[str]]]
#: folders beside that of an edition, whose name begins with a letter
_LOCALES, _MEMORY = "_locales", "_memory"
#: so few texts are rendered sooner in this process than others are started
_FEW = 60


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
    making = _Making(
        job, LastSite() if why else last, site_key(stage, config, url, preview), twin, tell, records.urgent
    )
    built = making.run(pool)
    tree, texts = making.put_together(built)
    if not making.hurry:
        texts.files += write_redirects(stage, tree.folder, built[0].place, project.settings.audience)
    tree.settle(texts.files)
    audited: list[str] = []
    if inspect:  # always: a stager that thinks it held nothing back may be the one that is wrong
        tell(f"{name}: searching for internal text")
        findings, audited = inspect(tree.folder, making.last.audited, tree.same)
        _refuse_leaks(findings, name)
    left, stamp = making.publish(tree, target)
    edition = Edition(
        name, target, built, len(stage.articles), len(left), sum(sign[0] for sign in left.values()),
        time.monotonic() - start, stage.findings, _largest(left, ".html"), _largest(left, "search/index.json"), why,
        unfamiliar(), later=tuple(making.later), hurried=making.hurry,
    )  # fmt: skip
    records.keep(recall)
    if not why:
        _move_records(work / _MEMORY, memory)
        _forget(memory, {"templates", stage.source, *project.settings.locales})
        told, staged = edition.as_told(), dict(stage.digests)
        key = "" if making.later or making.hurry else inputs.key
        now = LastSite(
            str(target), key, making.site, also, audited, left, making.parts, texts.known, staged, told, stamp
        )
        records.keep(recall, now, memory / "site.txt")
    if held is None:
        records.save()
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
    twin: Path  #: where the last site's is kept
    tell: Tell
    urgent: Callable[[], bool]  #: whether a preview has something else to show first
    hurry: bool = False  #: whether to make nothing but pages
    parts: dict[Locale, Part] = field(default_factory=dict)
    later: list[Locale] = field(default_factory=list)  #: locales that are shown as they were

    def run(self, pool: Executor) -> tuple[Built, ...]:
        """Build what has to be built; gives all locales."""
        stage = self.first.stage
        intact = self.last.intact
        whole = WholeKeys(stage)
        changes = Changes(stage, self.last)
        waiting = changes.waiting if self.first.preview else set()
        done: dict[Locale, Built] = {}
        jobs = []
        for locale in stage.locales:
            key = locale_key(stage, locale, self.site)
            part = Part(key, whole.of(locale, key))
            old = self.last.parts.get(locale)
            self.parts[locale] = part
            if old and (old.whole == part.whole or locale in waiting) and intact.keys() >= set(old.files):
                self._leave(locale, old, done)
            else:
                there = frozenset(intact.keys() & set(old.files)) if old else frozenset()
                jobs.append(self._job(locale, key, there))
        little = self._is_little(jobs, len(changes.names))
        self.hurry = self.first.preview and little and changes.may_hurry
        for _, built in each(Inline() if little else pool, build_locale, self._due(jobs, done)):
            done[built.locale] = built
            again = f", {built.made} of them anew" if built.made < built.pages else ""
            self.tell(f"{stage.edition}: {built.locale} built, {built.pages} pages{again} in {built.seconds:.1f} s")
        return _told_once(done[locale] for locale in stage.locales)

    def put_together(self, built: Sequence[Built]) -> tuple[Tree, Texts]:
        """The site from what was made, what is taken over, and what is made from the edition as a whole."""
        stage, place = self.first.stage, built[0].place
        last, folder = self.last, self.first.site / stage.edition
        twin = self.twin if last.is_whole() and is_as_left(self.twin, last.twin, last.signs) else None
        tree = Tree(folder, last.target, last.intact, twin)
        keys = text_keys(stage, place)
        known = {
            name: text for name, text in (last.texts if last.site == self.site else {}).items()
            if name in tree.intact and name in keys and keys[name][0] == text[0]
        }  # fmt: skip
        made = {one.locale: self._made(one.locale) for one in built if not self.parts[one.locale].files}
        kept = {name for one in built for name in (*self.parts[one.locale].files, *one.kept)}
        if self.hurry:
            kept |= last.signs.keys() - {name for part in last.parts.values() for name in part.files}
        tree.take_over(kept.union(known) - {name for names in made.values() for name in names})
        for one in built:
            if one.locale in made:
                self._add(tree, one)
        return tree, Texts(known=known) if self.hurry else write_feeds(stage, tree.folder, place, keys, known)

    def publish(self, tree: Tree, target: Path) -> tuple[dict[str, Sign], str]:
        """Put the site in the old one's place; gives its files, and the stamp of its twin."""
        now = tree.taken | tree.fresh
        old, stamp = swap(tree.folder, target), ""
        if old is not None and self.last.is_whole():
            stamp = keep_twin(old, self.twin, target, self.last.signs, tree.fresh, now)
        else:
            for folder in filter(None, (old, self.twin)):
                shutil.rmtree(folder, ignore_errors=folder == self.twin)
        # a link that is made or taken away counts as a change
        if not (stamp and tree.is_twin):
            return look(str(target)).files, stamp
        kept = {name: sign for name, sign in self.last.signs.items() if name in tree.taken}
        return kept | {name: sign_of(f"{target}/{name}") for name in sorted(tree.fresh | tree.back)}, stamp

    def _made(self, locale: Locale) -> list[str]:
        folder, first = self.first.site / _LOCALES / locale, locale == self.first.stage.source
        return [placed(name, locale, first=first) for _, name in made_in(folder)]

    def _job(self, locale: Locale, key: str, there: frozenset[str]) -> Job:
        work, memory, stage = self.first.site, self.first.memory, self.first.stage
        folder = work / _LOCALES / locale
        folder.mkdir(parents=True)
        own = (f"docs/{stage.source}/", f"docs/{locale}/")
        digests = {name: digest for name, digest in stage.digests.items() if name.startswith(own)}
        return replace(
            self.first,
            stage=replace(stage, digests=digests),
            locale=locale,
            site=folder,
            memory=memory / locale if memory else None,
            last=Path(self.last.target) if there else None,
            record=work / _MEMORY / locale,
            key=key,
            there=there,
        )

    def _leave(self, locale: Locale, old: Part, done: dict[Locale, Built]) -> None:
        """Have a locale as it was."""
        if old.whole != self.parts[locale].whole:
            self.later.append(locale)
        self.parts[locale] = old
        done[locale] = old.built(locale)

    def _due(self, jobs: Iterable[Job], done: dict[Locale, Built]) -> Iterator[Job]:
        """The jobs that are to be done now: after the first, a preview asks each time what matters more."""
        for number, job in enumerate(jobs):
            old = self.last.parts.get(job.locale)
            if number and self.first.preview and old and self.last.intact.keys() >= set(old.files) and self.urgent():
                self._leave(job.locale, old, done)
            else:
                if self.hurry:
                    self.parts[job.locale].whole = ""  # it is to be looked at again
                yield replace(job, hurry=self.hurry)

    def _is_little(self, jobs: list[Job], changed: int) -> bool:
        """Whether other processes would take longer to start than this one to do it all."""
        known = all((old := self.last.parts.get(job.locale)) and old.key == job.key for job in jobs)
        return not jobs or (known and changed <= _FEW)

    def _add(self, tree: Tree, built: Built) -> None:
        stage, part = self.first.stage, self.parts[built.locale]
        folder = self.first.site / _LOCALES / built.locale
        fresh = tree.add(folder, built.locale, first=built.locale == stage.source)
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
    write_feeds(job.stage, site, place, text_keys(job.stage, place))


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

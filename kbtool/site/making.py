"""An edition's locales built, or taken over from the last site, and put together to the next one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from kbtool.core.model import Locale
from kbtool.pool import Inline, each
from kbtool.site.edition import Built, Place
from kbtool.site.hurry import Changes
from kbtool.site.lastsite import ForMachines, LastSite, Part
from kbtool.site.machines import Machines
from kbtool.site.mkdocs.configure import Job
from kbtool.site.mkdocs.onelocale import build_locale
from kbtool.site.reuse import WholeKeys, locale_key
from kbtool.site.signs import Signs, look, sign_of
from kbtool.site.tree import Tree, made_in, placed, swap
from kbtool.site.twin import Left, folders_of, is_as_left, keep_twin, signs_again

Tell = Callable[[str], None]
#: folders beside that of an edition, whose name begins with a letter
_LOCALES, MEMORY = "_locales", "_memory"
#: so few texts are rendered sooner in this process than others are started
_FEW = 60


@dataclass
class Making:
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
    texts: dict[Locale, ForMachines] = field(default_factory=dict)

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
            if old and (old.whole == part.whole or locale in waiting) and intact >= set(old.files):
                self._leave(locale, old, done)
            else:
                there = frozenset(intact & set(old.files)) if old else frozenset()
                jobs.append(self._job(locale, key, there))
        little = self._is_little(jobs, len(changes.names))
        self.hurry = self.first.preview and little and changes.may_hurry
        for _, built in each(Inline() if little else pool, build_locale, self._due(jobs, done)):
            done[built.locale] = built
            again = f", {built.made} of them anew" if built.made < built.pages else ""
            self.tell(f"{stage.edition}: {built.locale} built, {built.pages} pages{again} in {built.seconds:.1f} s")
        return _told_once(done[locale] for locale in stage.locales)

    def put_together(self, built: Sequence[Built]) -> tuple[Tree, list[str]]:
        """The site from what was made, what is taken over, and what is made from the edition as a whole.

        Gives the names of the files of the latter, too.
        """
        stage, place = self.first.stage, built[0].place
        last, folder = self.last, self.first.site / stage.edition
        twin = self.twin if not last.touched and is_as_left(self.twin, last.left.twin) else None
        tree = Tree(folder, last.target, last.intact, twin)
        self.texts = last.texts if self.hurry and last.site == self.site else {}
        machines = None if self.hurry else self._machines(place)
        made = {one.locale: self._made(one.locale) for one in built if not self.parts[one.locale].files}
        kept = {name for one in built for name in (*self.parts[one.locale].files, *one.kept)}
        if machines:
            kept |= machines.kept
        else:
            kept |= last.left.files.at.keys() - {name for part in last.parts.values() for name in part.files}
        tree.take_over(kept - {name for names in made.values() for name in names})
        for one in built:
            if one.locale in made:
                self._add(tree, one)
        return tree, machines.write(tree.folder) if machines else []

    def publish(self, tree: Tree, target: Path) -> Left:
        """Put the site in the old one's place; gives how it and its twin are left."""
        was = self.last.left
        gone = was.files.at.keys() - tree.taken - tree.fresh
        keeps = self._can_be_twin(target, {*tree.fresh, *gone})
        old, twin = swap(tree.folder, target), Signs()
        if old is not None and keeps:
            twin = keep_twin(old, self.twin, target, was, tree.fresh, gone)
        else:
            for folder in filter(None, (old, self.twin)):
                shutil.rmtree(folder, ignore_errors=folder == self.twin)
        # a link that is made or taken away counts as a change
        if not (twin and tree.is_twin):
            found = look(str(target))
            files, folders = Signs().but((), found.files), signs_again(target, Signs(), found.files)
            return Left(files, folders, twin.some(folders.names), bool(found.others))
        anew = tree.fresh | tree.back
        files = was.files.but(gone, {name: sign_of(f"{target}/{name}") for name in sorted(anew)})
        return Left(files, signs_again(target, was.twin, anew | gone), twin)

    def _can_be_twin(self, target: Path, changed: Set[str]) -> bool:
        """Whether the old site is as it was left, as far as it will not be looked at when it is the new one's twin."""
        left = self.last.left
        around = left.folders.some(folders_of(changed))
        return not self.last.touched and not left.others and is_as_left(target, around)

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
            record=work / MEMORY / locale,
            key=key,
            there=there,
        )

    def _leave(self, locale: Locale, old: Part, done: dict[Locale, Built]) -> None:
        """Have a locale as it was."""
        if old.whole != self.parts[locale].whole:
            self.later.append(locale)
        self.parts[locale] = old
        done[locale] = old.built(locale)

    def _machines(self, place: Place) -> Machines:
        """What is made from the edition as a whole, and what of it need not be made again."""
        last, source = self.last, self.first.stage.source
        olds = {locale: old for locale in self.parts if (old := last.parts.get(locale))}
        same = {locale for locale, old in olds.items() if old.whole and old.whole == self.parts[locale].whole}
        alike = last.site == self.site and source in olds and olds[source].built(source).place == place
        machines = Machines(self.first.stage, place, last.texts if alike else {}, same, last.intact)
        self.texts = machines.texts
        return machines

    def _due(self, jobs: Iterable[Job], done: dict[Locale, Built]) -> Iterator[Job]:
        """The jobs that are to be done now: after the first, a preview asks each time what matters more."""
        for number, job in enumerate(jobs):
            old = self.last.parts.get(job.locale)
            if number and self.first.preview and old and self.last.intact >= set(old.files) and self.urgent():
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
        part.files = list(dict.fromkeys((*fresh, *built.kept)))
        part.pages, part.warnings, part.place = built.pages, list(built.warnings), [*asdict(built.place).values()]


def _told_once(built: Iterable[Built]) -> tuple[Built, ...]:
    """An original that stands in for a missing translation is not worth the same warning in every locale."""
    found: list[Built] = []
    told: set[str] = set()
    for one in built:
        found.append(replace(one, warnings=tuple(w for w in one.warnings if w not in told)))
        told.update(one.warnings)
    return tuple(found)

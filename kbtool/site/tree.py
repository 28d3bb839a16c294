"""A site being put together: what was made now, and what is taken over from the last one.

Taken over means a second name for the same file, so that it costs next to nothing and keeps its time; where the file
system knows no such thing it is copied. With a twin of the last site at hand the names are there already.
"""

# ruff: noqa: PTH103, PTH105, PTH108, PTH202 – ten thousand times, path objects are slow

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterable, Set
from pathlib import Path

from kbtool.core.errors import KbError
from kbtool.core.model import Locale
from kbtool.site.twin import remove

#: files that every locale writes, and that go into its own folder
_PER_LOCALE = frozenset({"404.html"})
NOT_OURS = frozenset({"sitemap.xml", "sitemap.xml.gz"})  # of one locale only; ours knows them all


class Tree:
    """The new site in its folder."""

    def __init__(self, folder: Path, old: str = "", intact: Set[str] = frozenset(), twin: Path | None = None) -> None:
        self.folder = folder
        self.old = old
        self.intact = intact
        self.taken: set[str] = set()  #: names of files of the old site
        self.fresh: set[str] = set()  #: names of files that were made now, and differ from the old site's
        self.back: set[str] = set()  #: names of files that were made now, and did not
        self.is_twin = twin is not None and _renamed(twin, folder)  #: whether it began as the old site's twin
        if self.is_twin:
            self.taken = set(intact)
        self._folders: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def same(self) -> frozenset[str]:
        """The files that are those of the old site."""
        return frozenset(self.taken)

    def take_over(self, names: Iterable[str]) -> None:
        """Have these files of the old site, and none else; before anything is added."""
        wanted = set(names)
        for name in self.taken - wanted:
            remove(str(self.folder), name)
        for name in wanted - self.taken:
            self._make_room(name)
            _link(f"{self.old}/{name}", f"{self.folder}/{name}")
        self.taken = wanted

    def add(self, built: Path, locale: Locale, *, first: bool) -> list[str]:
        """Move in what one locale's build made; gives its files' names.

        Two locales may write the same file only if it is the same.
        """
        found = self._moved_whole(built)
        for here, name in made_in(built):
            target = placed(name, locale, first=first)
            self._move(here, target, locale)
            found.append(target)
        return found

    def _moved_whole(self, built: Path) -> list[str]:
        """Move in each folder that the site does not have: one step, not one for each page in it; gives their files."""
        found = []
        with os.scandir(built) as entries:
            folders = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        for name in folders:
            target = f"{self.folder}/{name}"
            if not os.path.lexists(target):
                os.replace(f"{built}/{name}", target)
                found += [below for _, below in made_in(Path(target), name)]
        self.fresh.update(found)
        return found

    def _move(self, file: str, name: str, locale: Locale) -> None:
        target = f"{self.folder}/{name}"
        if os.path.lexists(target):
            if Path(target).read_bytes() != Path(file).read_bytes():
                raise KbError(f"two locales write {name}, and not the same", where=locale)
            return
        self._make_room(name)
        os.replace(file, target)
        self.fresh.add(name)

    def settle(self, written: Iterable[str] = ()) -> None:
        """Give files that came out as they were their old ones back: their times tell that nothing changed.

        `written` are the names of those that were written into the folder by others.
        """
        self.fresh.update(written)
        self.back = {name for name in self.fresh if name in self.intact and self._is_old(name)}
        self.fresh -= self.back
        self.taken |= self.back

    def _is_old(self, name: str) -> bool:
        new, old = f"{self.folder}/{name}", f"{self.old}/{name}"
        if os.path.getsize(new) != os.path.getsize(old) or Path(new).read_bytes() != Path(old).read_bytes():
            return False
        os.unlink(new)
        _link(old, new)
        return True

    def _make_room(self, name: str) -> None:
        folder = name.rpartition("/")[0]
        if folder not in self._folders:
            os.makedirs(f"{self.folder}/{folder}", exist_ok=True)
            self._folders.add(folder)


def made_in(built: Path, name: str = ".") -> list[tuple[str, str]]:
    """The files that a locale's build made and that belong to the site: where they are, and their names.

    `name` is that of the folder, where it is not the whole.
    """
    found = []
    for here, _, names in os.walk(built):
        below = os.path.normpath(f"{name}{here[len(str(built)) :]}")
        inside = ((f"{here}/{plain}", plain if below == "." else f"{below}/{plain}") for plain in names)
        found += [(file, name) for file, name in inside if name not in NOT_OURS]
    return found


def placed(name: str, locale: Locale, *, first: bool) -> str:
    """Where a file goes that a locale's build made."""
    return f"{locale}/{name}" if name in _PER_LOCALE and not first else name


def _renamed(old: Path, new: Path) -> bool:
    try:
        new.parent.mkdir(parents=True, exist_ok=True)
        old.rename(new)
    except OSError:  # another file system
        return False
    return True


def _link(old: str, new: str) -> None:
    try:
        os.link(old, new)
    except OSError:
        shutil.copy2(old, new)


def swap(new: Path, target: Path) -> Path | None:
    """Put the new site in the old one's place, whole, in one step where the system has one.

    Gives the folder in which the old one is then; None if there was none.
    Raises KbError where the system does not let go of the old one.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        new.replace(target)
        return None
    if _exchanged(new, target):
        return new
    old = new.with_name("_old")
    try:
        target.replace(old)
    except OSError as error:  # it is where another file system begins
        raise KbError(
            f"the new site cannot be put in the place of the old one: {error.strerror}", where=str(target),
            hint="let the folder above it be the place of another file system, or choose another one: --out DIR",
        ) from None  # fmt: skip
    try:
        new.replace(target)
    except OSError:
        old.replace(target)
        raise
    return old


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders at once, as Linux can; between two renames there would be no site."""
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    try:
        rename = ctypes.CDLL(None).renameat2
    except (OSError, AttributeError):
        return False
    return bool(rename(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)

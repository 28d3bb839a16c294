"""A site being put together: what was made now, and what is taken over from the last one.

Taken over means a second name for the same file, so that it costs next to nothing and keeps its time; where the file
system knows no such thing it is copied.
"""

# ruff: noqa: PTH103, PTH105, PTH108, PTH202 – ten thousand times, path objects are slow

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from kbtool.core.errors import KbError
from kbtool.core.model import Locale
from kbtool.site.signs import Sign, signs

#: files that every locale writes, and that go into its own folder
_PER_LOCALE = frozenset({"404.html"})
_NOT_OURS = frozenset({"sitemap.xml", "sitemap.xml.gz"})  # of one locale only; ours knows them all


_NOTHING: Mapping[str, Sign] = {}


class Tree:
    """The new site in its folder."""

    def __init__(self, folder: Path, old: str = "", intact: Mapping[str, Sign] = _NOTHING) -> None:
        self.folder = folder
        self.old = old
        self.intact = intact
        self.same: frozenset[str] = frozenset()  #: when it is settled: the files that are those of the old site
        self._folders: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def take_over(self, names: Iterable[str]) -> None:
        """Bring files of the old site; a file that was made now stays."""
        for name in names:
            target = f"{self.folder}/{name}"
            if not os.path.lexists(target):
                self._make_room(name)
                _link(f"{self.old}/{name}", target)

    def add(self, built: Path, locale: Locale, *, first: bool) -> list[str]:
        """Move in what one locale's build made; gives its files' names.

        Two locales may write the same file only if it is the same.
        """
        found = []
        for here, _, names in os.walk(built):
            below = os.path.relpath(here, built)
            for plain in names:
                name = plain if below == "." else f"{below}/{plain}"
                if name in _NOT_OURS:
                    continue
                target = f"{locale}/{name}" if name in _PER_LOCALE and not first else name
                self._move(f"{here}/{plain}", target, locale)
                found.append(target)
        return found

    def _move(self, file: str, name: str, locale: Locale) -> None:
        target = Path(self.folder, name)
        if target.exists():
            if target.read_bytes() != Path(file).read_bytes():
                raise KbError(f"two locales write {name}, and not the same", where=locale)
            return
        self._make_room(name)
        os.replace(file, target)

    def settle(self) -> None:
        """Give files that came out as they were their old ones back: their times tell that nothing changed."""
        self.same = frozenset(
            name
            for name, sign in list(signs(str(self.folder)))
            if (old := self.intact.get(name)) and (sign[3] == old[3] or self._is_old(name))
        )

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


def _link(old: str, new: str) -> None:
    try:
        os.link(old, new)
    except OSError:
        shutil.copy2(old, new)


def swap(new: Path, target: Path) -> None:
    """Put the new site in the old one's place, whole, in one step where the system has one, and remove the old one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = new
    if not target.exists():
        new.replace(target)
        return
    if not _exchanged(new, target):
        old = new.with_name("old")
        target.replace(old)
        try:
            new.replace(target)
        except OSError:
            old.replace(target)
            raise
    shutil.rmtree(old)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders at once, as Linux can; between two renames there would be no site."""
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    try:
        rename = ctypes.CDLL(None).renameat2
    except (OSError, AttributeError):
        return False
    return bool(rename(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)

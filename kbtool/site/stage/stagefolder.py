"""The stage on disk: what stands there already is left alone, and nothing stands there that was not put there now."""

# ruff: noqa: PTH103, PTH106, PTH108, PTH112, PTH113, PTH116, PTH123 – ten thousand times, path objects are slow

from __future__ import annotations

import os
import shutil
from collections.abc import Set as AbstractSet
from pathlib import Path

from kbtool.site.signs import look
from kbtool.site.stage.recall import Recall, digest

_MAY_BE_EMPTY = {"docs/", "snippets/"}


class StageFolder:
    """One edition's stage; `recall` knows what its files hold."""

    def __init__(self, folder: Path, recall: Recall) -> None:
        self.folder = folder
        found = look(str(folder))
        self._signs = found.files
        self._seen = recall.seen(f"stage/{folder.name}", found.files)
        self._is_tidy = found.others.keys() <= _MAY_BE_EMPTY
        self._folders: set[str] = set()
        for name in found.others:
            if name and not name.endswith("/"):  # a link: what is written must not land elsewhere
                os.unlink(f"{folder}/{name}")

    @property
    def touched(self) -> frozenset[str]:
        """The files that may hold something else than they did the last time, and those that are gone."""
        return self._seen.touched

    def holds(self, name: str, wanted: str) -> bool:
        """Whether a file stands there with the content that a digest stands for."""
        sign = self._signs.get(name)
        if sign is None:
            return False
        found = self._seen.held(name)
        if not found:
            found = digest(self.read(name))
            self._seen.learn(name, sign, found)
        return found == wanted

    def read(self, name: str) -> bytes:
        """What a file holds."""
        with open(f"{self.folder}/{name}", "rb") as file:
            return file.read()

    def put(self, name: str, data: bytes) -> str:
        """Make a file hold `data`; gives its digest."""
        wanted = digest(data)
        if not self.holds(name, wanted):
            target = f"{self.folder}/{name}"
            self._make_room(name)
            with open(target, "wb") as file:
                file.write(data)
            found = os.stat(target)
            self._signs[name] = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
            self._seen.learn(name, self._signs[name], wanted)
        return wanted

    def _make_room(self, name: str) -> None:
        """The folders that a file needs; what has the name of one of them, or the folder that has its, is removed."""
        above = name.rpartition("/")[0]
        if above not in self._folders:
            at = str(self.folder)
            for part in above.split("/"):
                at = f"{at}/{part}"
                if os.path.isfile(at):
                    os.unlink(at)
            os.makedirs(at, exist_ok=True)
            self._folders.add(above)
        if name not in self._signs and os.path.isdir(f"{self.folder}/{name}"):
            shutil.rmtree(f"{self.folder}/{name}")

    def keep(self, names: AbstractSet[str]) -> None:
        """Remove everything else, and the folders that are left empty but for docs/ and snippets/."""
        gone = self._signs.keys() - names
        for name in gone:
            if os.path.isfile(f"{self.folder}/{name}"):
                os.unlink(f"{self.folder}/{name}")
        if gone or not self._is_tidy:
            for here, folders, files in os.walk(self.folder, topdown=False):
                if not files and not any(os.path.isdir(f"{here}/{name}") for name in folders):
                    os.rmdir(here)
        for name in _MAY_BE_EMPTY:
            os.makedirs(f"{self.folder}/{name}", exist_ok=True)

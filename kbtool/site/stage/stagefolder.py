"""The stage on disk: what stands there already is left alone, and nothing stands there that was not put there now."""

# ruff: noqa: PTH103, PTH106, PTH108, PTH112, PTH113, PTH116, PTH123 – ten thousand times, path objects are slow

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from kbtool.site.signs import Sign
from kbtool.site.stage.recall import Recall, digest


class StageFolder:
    """One edition's stage; `recall` knows what its files hold."""

    def __init__(self, folder: Path, recall: Recall) -> None:
        self.folder = folder
        self._signs = dict(_files(str(folder)))
        self._seen = recall.seen(f"stage/{folder.name}", self._signs)
        self._folders: set[str] = set()

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

    def keep(self, names: Collection[str]) -> None:
        """Remove everything else, and the folders that are left empty but for docs/ and snippets/."""
        for name in self._signs:
            if name not in names and os.path.isfile(f"{self.folder}/{name}"):
                os.unlink(f"{self.folder}/{name}")
        for here, folders, files in os.walk(self.folder, topdown=False):
            if not files and not any(os.path.isdir(f"{here}/{name}") for name in folders):
                os.rmdir(here)
        for name in ("docs", "snippets"):
            os.makedirs(f"{self.folder}/{name}", exist_ok=True)


def _files(folder: str) -> Iterator[tuple[str, Sign]]:
    """All files below a folder with their signs; links are removed, for what is written must not land elsewhere."""
    waiting = [(folder, "")]
    while waiting:
        here, before = waiting.pop()
        try:
            entries = list(os.scandir(here))
        except FileNotFoundError:
            continue
        for entry in entries:
            if entry.is_symlink():
                os.unlink(entry.path)
            elif entry.is_dir():
                waiting.append((entry.path, f"{before}{entry.name}/"))
            else:
                found = entry.stat(follow_symlinks=False)
                yield before + entry.name, (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)

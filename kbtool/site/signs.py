"""Sizes, times and inodes of files, which stand for their contents as in git."""

# ruff: noqa: PTH116 – ten thousand times, path objects are slow

from __future__ import annotations

import os
import stat
import zlib
from array import array
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

Sign = tuple[int, int, int, int]  #: size, times of change and of renaming or linking, inode
_NOTHING: Sign = (0, 0, 0, 0)  #: of no file
_GONE: Sign = (0, 0, 0, 1)  #: of a file that is not there, which is not as anything was
NUMBERS = 4  #: so many each


@dataclass(frozen=True, slots=True)
class Look:
    """What was found in a folder."""

    files: dict[str, Sign]
    others: dict[str, Sign] = field(default_factory=dict)  #: links and the like; empty folders, with `/` at the end


def look(folder: str, prefix: str = "") -> Look:
    """All files below a folder with their sizes and times; their names are given behind the prefix."""
    files: dict[str, Sign] = {}
    others: dict[str, Sign] = {}
    waiting = [(folder, prefix)]
    while waiting:
        here, before = waiting.pop()
        try:
            entries = list(os.scandir(here))
        except (FileNotFoundError, NotADirectoryError):
            entries = []
        if not entries:
            others[before] = (0, 0, 0, 0)
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, f"{before}{entry.name}/"))
                continue
            try:
                found = entry.stat(follow_symlinks=False)
            except FileNotFoundError:  # gone since
                continue
            kind = files if stat.S_ISREG(found.st_mode) else others
            kind[before + entry.name] = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
    return Look(files, others)


def look_through(folder: str, prefix: str = "") -> Look:
    """The same also behind links, each folder once: for what others may read there, who follow them."""
    files: dict[str, Sign] = {}
    others: dict[str, Sign] = {}
    waiting = [(folder, prefix)]
    seen: set[tuple[int, int]] = set()
    while waiting:
        here, before = waiting.pop()
        try:
            at = os.stat(here)
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError:
            others[before] = (0, 0, 0, 0)
            continue
        if (at.st_dev, at.st_ino) in seen:
            continue
        seen.add((at.st_dev, at.st_ino))
        for entry in entries:
            name = before + entry.name
            try:
                found = os.stat(entry.path)
                if entry.is_symlink():
                    others[f"{name} is a link"] = sign_of(entry.path)
            except OSError:  # gone since, or a link to nothing
                others[name] = (0, 0, 0, 0)
                continue
            if stat.S_ISDIR(found.st_mode):
                waiting.append((entry.path, f"{name}/"))
            elif stat.S_ISREG(found.st_mode):
                files[name] = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
    return Look(files, others)


class Signs:
    """The signs of many files or folders: one row of numbers, which is compared and kept without a look at each."""

    def __init__(self, names: Iterable[str] = (), numbers: array[int] | None = None) -> None:
        self.names = list(names)
        self.numbers = array("Q") if numbers is None else numbers

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def at(self) -> dict[str, int]:
        """Each name's place."""
        return {name: place for place, name in enumerate(self.names)}

    @property
    def sizes(self) -> array[int]:
        return self.numbers[::NUMBERS]

    def some(self, names: Iterable[str]) -> Signs:
        """Those of them that are here, in their order."""
        found = Signs()
        for name in names:
            if name in self.at:
                found.names.append(name)
                found.numbers += self.numbers[self._row(name)]
        return found

    def but(self, gone: Iterable[str], now: Mapping[str, Sign]) -> Signs:
        """All without those that are gone, and with some as they are now."""
        found = Signs(self.names, self.numbers[:])
        for name, sign in now.items():
            if name in self.at:
                found.numbers[self._row(name)] = _row_of(sign)
            else:
                found.names.append(name)
                found.numbers += _row_of(sign)
        for name in sorted((name for name in gone if name in self.at), key=self.at.__getitem__, reverse=True):
            del found.names[self.at[name]], found.numbers[self._row(name)]
        return found

    def unlike(self, folder: str) -> set[str]:
        """The names of those that are gone from a folder, or not what they were."""
        try:
            below = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            return set(self.names)
        found: list[Sign] = []
        try:
            for name in self.names:
                try:
                    now = os.lstat(name, dir_fd=below)
                    found.append((now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino))
                except OSError:
                    found.append(_GONE)
        finally:
            os.close(below)
        with suppress(OverflowError):
            if array("Q", chain.from_iterable(found)) == self.numbers:
                return set()
        pairs = zip(self.names, found, strict=True)
        return {name for name, sign in pairs if _row_of(sign, _GONE) != self.numbers[self._row(name)]}

    def _row(self, name: str) -> slice:
        start = self.at[name] * NUMBERS
        return slice(start, start + NUMBERS)


def _row_of(sign: Sign, odd: Sign = _NOTHING) -> array[int]:
    try:
        return array("Q", sign)
    except OverflowError:  # a time beyond all measure: such a file is never as it was
        return array("Q", odd)


def sign_of(file: str) -> Sign:
    """A file's size and times."""
    found = os.lstat(file)
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def sealed(numbers: bytes, text: bytes) -> bytes:
    """A file of numbers and a text, with what tells whether it has been damaged."""
    body = b"%d\n%b%b" % (len(numbers), numbers, text)
    return _check(body) + body


def opened(data: bytes) -> tuple[bytes, bytes]:
    """The same numbers and text; raises ValueError where the file has been damaged."""
    body = data[_CHECK:]
    if data[:_CHECK] != _check(body):
        raise ValueError("damaged")
    size, _, rest = body.partition(b"\n")
    return rest[: int(size)], rest[int(size) :]


def _check(body: bytes) -> bytes:
    return b"%08x\n" % zlib.crc32(body)


_CHECK = len(_check(b""))

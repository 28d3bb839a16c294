"""Sizes, times and inodes of files, which stand for their contents as in git."""

# ruff: noqa: PTH116 – ten thousand times, path objects are slow

from __future__ import annotations

import os
import stat
import struct
import zlib
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

Sign = tuple[int, int, int, int]  #: size, times of change and of renaming or linking, inode
NOTHING: Sign = (0, 0, 0, 0)  #: of no file


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


def unlike(folder: str, signs: Mapping[str, Sign]) -> set[str]:
    """The names of those files and folders below a folder that are gone, or not what they were."""
    try:
        at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return set(signs)
    found = set()
    try:
        for name, sign in signs.items():
            try:
                now = os.lstat(name, dir_fd=at)
            except OSError:
                found.add(name)
                continue
            if (now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino) != sign:
                found.add(name)
    finally:
        os.close(at)
    return found


def sign_of(file: str) -> Sign:
    """A file's size and times."""
    found = os.lstat(file)
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


_ROOM = struct.Struct("=qqqQ")


def sealed(signs: Iterable[Sign], text: str) -> bytes:
    """A file of signs and a text, with what tells whether it has been damaged."""
    signs = list(signs)
    try:
        numbers = array("q", chain.from_iterable(signs)).tobytes()
    except OverflowError:
        numbers = b"".join(map(_in_room, signs))
    body = b"%d\n%b%b" % (len(numbers), numbers, text.encode("utf-8", "surrogatepass"))
    return b"%d\n%b" % (zlib.crc32(body), body)


def opened(data: bytes) -> tuple[list[Sign], str]:
    """The same signs and text; raises ValueError where the file has been damaged."""
    check, _, data = data.partition(b"\n")
    if int(check) != zlib.crc32(data):
        raise ValueError("damaged")
    size, _, data = data.partition(b"\n")
    return list(_ROOM.iter_unpack(data[: int(size)])), data[int(size) :].decode("utf-8", "surrogatepass")


def _in_room(sign: Sign) -> bytes:
    try:
        return _ROOM.pack(*sign)
    except struct.error:  # a time beyond all measure: such a file is looked at each time
        return _ROOM.pack(*NOTHING)

"""Sizes, times and inodes of files, which stand for their contents as in git."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass

Sign = tuple[int, int, int, int]  #: size, times of change and of renaming or linking, inode


@dataclass(frozen=True, slots=True)
class Look:
    """What was found in a folder."""

    files: dict[str, Sign]
    odd: bool = False  #: whether there is anything else: links, empty folders


def look(folder: str) -> Look:
    """All files below a folder with their sizes and times."""
    files: dict[str, Sign] = {}
    odd = False
    waiting = [(folder, "")]
    while waiting:
        here, before = waiting.pop()
        try:
            entries = list(os.scandir(here))
        except (FileNotFoundError, NotADirectoryError):
            entries = []
        odd = odd or not entries
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, f"{before}{entry.name}/"))
                continue
            found = entry.stat(follow_symlinks=False)
            if stat.S_ISREG(found.st_mode):
                files[before + entry.name] = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
            else:
                odd = True
    return Look(files, odd)


def signs(folder: str, prefix: str = "") -> Iterator[tuple[str, Sign]]:
    """All files below a folder with their sizes and times; links are left out."""
    return ((prefix + name, sign) for name, sign in look(folder).files.items())


def sign_of(file: str) -> Sign:
    """A file's size and times."""
    found = os.lstat(file)
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino

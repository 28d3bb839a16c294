"""Sizes, times and inodes of files, which stand for their contents as in git."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field

Sign = tuple[int, int, int, int]  #: size, times of change and of renaming or linking, inode


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


def sign_of(file: str) -> Sign:
    """A file's size and times."""
    found = os.lstat(file)
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino

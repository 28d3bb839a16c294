"""Sizes, times and inodes of files, which stand for their contents as in git."""

from __future__ import annotations

import os
from collections.abc import Iterator

Sign = tuple[int, int, int, int]  #: size, times of change and of renaming or linking, inode


def signs(folder: str, prefix: str = "") -> Iterator[tuple[str, Sign]]:
    """All files below a folder with their sizes and times; links are left out."""
    waiting = [(folder, prefix)]
    while waiting:
        here, before = waiting.pop()
        try:
            entries = os.scandir(here)
        except (FileNotFoundError, NotADirectoryError):
            continue
        with entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, f"{before}{entry.name}/"))
                elif entry.is_file(follow_symlinks=False):
                    found = entry.stat(follow_symlinks=False)
                    yield before + entry.name, (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)

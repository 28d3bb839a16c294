"""The folders in which sources stand, and what earlier audits noted of them.

Where no file of a folder has changed, nobody asks for its articles one by one: what they come to together is known.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, field
from typing import Any

from kbtool.checks.audit.memory import Memory, key_of

Sign = tuple[int, int, int, int]  #: size, times and inode of a file, which stand for its contents as in git


@dataclass(slots=True)
class Folder:
    """What is in a folder, but for the folders in it."""

    shown: str  #: relative to the root, with a slash at the end
    path: str  #: relative to docs/, or to its locale's folder
    locale: str  #: "" for originals
    files: dict[str, Sign] = field(default_factory=dict)  #: by name
    links: set[str] = field(default_factory=set)  #: those of them that are symbolic links

    def key(self, *besides: str) -> str:
        """Stands for all files and for what decides besides them."""
        return key_of("/".join(self.files), repr([*self.files.values()]), *besides)


@dataclass(slots=True)
class Brief:
    """What the files of a folder come to; JSON gives it back as it is."""

    key: str  #: stands for them
    audiences: dict[str, str] = field(default_factory=dict)  #: of the articles, by path
    proposals: list[list[str]] = field(default_factory=list)  #: ledgers, and what they propose
    others: list[str] = field(default_factory=list)  #: the names of all other files
    parted: str = ""  #: stands for the readers for whom the articles were parted
    internal: list[list[Any]] = field(default_factory=list)  #: passages
    pages: dict[str, list[str]] = field(default_factory=dict)  #: pages of the edition by path, with their tags
    pointed: list[str] = field(default_factory=list)  #: files that pages of the edition point to


class Notes:
    """What is known of folders, and of each article and ledger in them."""

    def __init__(self, memory: Memory, rules: str) -> None:
        self._briefs = memory.room("folders", rules)
        self._files = memory.room("files", rules)

    def brief(self, folder: Folder, key: str) -> Brief | None:
        """What was noted of a folder, if its files are as they were."""
        text = self._briefs.get(folder.shown)
        return Brief(*json.loads(text)) if text and text.startswith(f'["{key}"') else None

    def files(self, folder: Folder) -> Mapping[str, Any]:
        """What was noted of each file, as it may have been."""
        text = self._files.get(folder.shown)
        return dict(json.loads(text)) if text else {}

    def keep(self, folder: Folder) -> None:
        """Leave the notes of its files as they are."""
        self._files.get(folder.shown)

    def note(self, folder: Folder, brief: Brief, files: Mapping[str, Any]) -> None:
        self._briefs.note(folder.shown, json.dumps(astuple(brief), separators=(",", ":")))
        self._files.note(folder.shown, json.dumps(files, separators=(",", ":")))


def folders(root: str, top: str, locale: str = "") -> Iterator[Folder]:
    """All folders below one; links are not followed."""
    waiting = [""]
    while waiting:
        path = waiting.pop()
        folder = Folder(f"{top}/{path}", path, locale)
        try:
            with os.scandir(f"{root}/{top}/{path}") as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            continue
        below = []
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                below.append(f"{path}{entry.name}/")
                continue
            try:
                at = entry.stat(follow_symlinks=False)
            except FileNotFoundError:  # gone since
                continue
            folder.files[entry.name] = (at.st_size, at.st_mtime_ns, at.st_ctime_ns, at.st_ino)
            if entry.is_symlink():
                folder.links.add(entry.name)
        yield folder
        waiting += reversed(below)

"""The files of a source folder: listed once, links not followed, nothing outside ever opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kbtool.core.limits import decode
from kbtool.foreign import Left

#: folders that tools fill by themselves, or that are no help centre's text: named as a whole, not file by file
FOLDED = frozenset({
    ".git", ".hg", ".svn", "node_modules", ".docusaurus", ".astro", ".venv", "venv", "__pycache__", ".cache", ".kbtool",
})  # fmt: skip
_INSTALLED = "made by a tool, or its own records"


@dataclass(frozen=True)
class Tree:
    """A folder to read from; paths are relative to it, with `/`."""

    root: Path

    @cached_property
    def _walked(self) -> tuple[tuple[str, ...], tuple[Left, ...]]:
        files: list[str] = []
        left: list[Left] = []
        self._walk(self.root, "", files, left)
        return tuple(sorted(files)), tuple(left)

    @property
    def files(self) -> tuple[str, ...]:
        """Every file that may be read, sorted."""
        return self._walked[0]

    @property
    def left(self) -> tuple[Left, ...]:
        """What is never read: links, and folders that tools made."""
        return self._walked[1]

    def _walk(self, folder: Path, prefix: str, files: list[str], left: list[Left]) -> None:
        for entry in sorted(os.scandir(folder), key=lambda e: e.name):
            path = prefix + entry.name
            if entry.is_symlink():
                todo = "put a copy of the file in its place, and adopt again"
                left.append(Left(path, "a symbolic link, which is not followed", todo=todo, files=1))
            elif entry.is_dir(follow_symlinks=False):
                if entry.name in FOLDED:
                    count = sum(len(names) for _, _, names in os.walk(entry.path))
                    left.append(Left(f"{path}/", _INSTALLED, files=count))
                else:
                    self._walk(Path(entry.path), f"{path}/", files, left)
            elif entry.is_file(follow_symlinks=False):
                files.append(path)
            else:
                left.append(Left(path, "no file: a socket, a pipe or a device", files=1))

    def has(self, path: str) -> bool:
        return path in self._known

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.files)

    def below(self, folder: str) -> Iterator[str]:
        """The files below a folder, relative to the root."""
        prefix = f"{folder.strip('/')}/" if folder.strip("/") else ""
        return (path for path in self.files if path.startswith(prefix))

    def folders(self, folder: str) -> set[str]:
        """The names of the folders right below a folder that have files in them."""
        start = f"{folder.strip('/')}/"
        inside = (path.removeprefix(start).split("/") for path in self.below(folder))
        return {parts[0] for parts in inside if len(parts) > 1}

    def bytes(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    def line_of(self, path: str, words: str) -> int:
        """The first line of a file that holds some words; 0 where none does, and for a part of a file (`file#part`)."""
        text = self.program(path) if self.has(path) else ""
        at = text.find(words)
        return text.count("\n", 0, at) + 1 if at >= 0 else 0

    def program(self, path: str) -> str:
        """The text of a file that is only searched for settings: bytes that are no UTF-8 do not matter in it."""
        return self.bytes(path).decode("utf-8", "replace")

    def text(self, path: str) -> str:
        """A file's text. Raises Refused that names the line of the first byte that is not UTF-8."""
        return decode(self.bytes(path)).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")

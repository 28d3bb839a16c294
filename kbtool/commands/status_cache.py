"""What `status` knows of files that have not changed, so that a warm run only looks at their sizes and times.

A target's signature covers size, modification and change time, and inode of original, translation and ledger. The
cache may be deleted at any time; it never decides anything that the files would decide otherwise.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import kbtool
from kbtool import store
from kbtool.core.standing import STATES, Counts
from kbtool.project import Project

#: Signature of one file; equal for equal bytes as far as a file system tells.
Sign = tuple[int, int, int, int]

FRESH = 100_000_000  #: nanoseconds: a file changed this recently may change again without a new time


def signs(folder: Path) -> dict[str, Sign]:
    """The Markdown files and ledgers below a folder with their signatures; hidden ones and links are left out."""
    return dict(_walk(str(folder), ""))


def _walk(folder: str, prefix: str) -> Iterator[tuple[str, Sign]]:
    try:
        entries = os.scandir(folder)
    except FileNotFoundError:
        return
    with entries:
        for entry in entries:
            name = entry.name
            if name[0] == ".":
                continue
            if name.endswith((".md", ".ledger.yml")):
                if entry.is_file(follow_symlinks=False):
                    s = entry.stat(follow_symlinks=False)
                    yield prefix + name, (s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino)
            elif entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, f"{prefix}{name}/")


def signature(*files: Sign | None) -> int:
    """One number for the files of a target; a missing file counts as well."""
    return hash(files)


class Cache:
    """Counts by locale, article and signature, in `.kbtool/status.json`."""

    def __init__(self, project: Project) -> None:
        self.file = project.cache / "status.json"
        self.key = key_of(project)
        self.known: dict[str, dict[str, list[int]]] = {}
        self.kept: dict[str, dict[str, list[int]]] = {}
        self.changed = False
        self.fresh = time.time_ns() - FRESH
        try:
            found = json.loads(self.file.read_bytes())
            if found["key"] == self.key:
                self.known = found["targets"]
        except (OSError, ValueError, TypeError, KeyError):
            self.changed = True  # no cache, or one that another version or a crash left: it is written anew

    def get(self, path: str, locale: str, sign: int) -> Counts | None:
        """The counts of a target whose files still have this signature."""
        found = self.known.get(locale, {}).get(path)
        if found is None or found[0] != sign:
            return None
        self.kept.setdefault(locale, {})[path] = found
        return tuple(found[1:])

    def put(self, path: str, locale: str, sign: int, counts: Counts, files: tuple[Sign | None, ...]) -> None:
        """Remember counts, unless a file is so fresh that a later change could go unseen."""
        if all(file is None or max(file[1], file[2]) < self.fresh for file in files):
            self.kept.setdefault(locale, {})[path] = [sign, *counts]
            self.changed = True

    def save(self, *, whole: bool) -> None:
        """Write what is new; with `whole`, targets that no longer exist are forgotten."""
        if not self.changed:
            return
        targets = self.kept if whole else {x: {**self.known.get(x, {}), **self.kept.get(x, {})} for x in
                                           {*self.known, *self.kept}}  # fmt: skip
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            store.write_text(self.file, json.dumps({"key": self.key, "targets": targets}, separators=(",", ":")))
        except OSError:
            return  # a read-only tree has no cache; everything else works


def key_of(project: Project) -> list[object]:
    """What the meaning of a file depends on besides the file."""
    core = Path(kbtool.__file__).parent / "core"
    code = sorted((e.name, e.stat().st_size, e.stat().st_mtime_ns) for e in os.scandir(core) if e.is_file())
    return [len(STATES), hash_of(code), list(project.settings.translatable)]


def hash_of(values: list[tuple[str, int, int]]) -> int:
    """A number that is the same in every process, which `hash` of text is not."""
    return hash(tuple((int.from_bytes(name.encode()), size, at) for name, size, at in values))

"""What `status` said last, said again at once where no file has changed since.

Twenty thousand translations are sixty thousand files: on a warm run there is time to ask for their sizes and times,
and for little else. So this module knows the standard library only, and nothing of kbtool is imported on a hit.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

#: files whose change means other settings
SETTINGS = ("kbtool.toml", "pyproject.toml", "mkdocs.yml")
VIEWS = "docs/_data/views.csv"  #: page views, unless the settings name another file
FILE = ".kbtool/overview.json"
FRESH = 100_000_000  #: nanoseconds: a file changed this recently may change again without a new time
_CODE = ("core", "commands", "reports")


class Look:
    """A knowledge base's files as they are at this moment."""

    def __init__(self, root: Path, locales: Sequence[str], views: Path | None = None) -> None:
        self.root, self.locales, self.at = str(root), list(locales), time.time_ns()
        self.views = str(views or root / VIEWS)
        self.sign = _sign(self.root, self.locales)

    @property
    def is_fresh(self) -> bool:
        """Whether a file changed so recently that it could change again unseen."""
        parts: list[int] = []
        for top in _tops(self.root, self.locales):
            _walk(top, parts)
        now = time.time_ns()
        return max((part for part in parts if part < now), default=0) >= self.at - FRESH

    def remember(self, said: dict[str, Any]) -> None:
        """Keep what was found for these very files."""
        if self.is_fresh:
            return
        from kbtool import store

        about = {name: value for name, value in said.items() if name != "json"}
        key = _key(self.root, self.views)
        found = {"key": key, "locales": self.locales, "views": self.views, "sign": self.sign, "said": about}
        # The document of megabytes stands below the first line as it is, so that nobody has to parse it.
        text = json.dumps(found, separators=(",", ":"), ensure_ascii=False) + "\n" + said["json"]
        try:
            (Path(self.root) / FILE).parent.mkdir(exist_ok=True)
            store.write_text(Path(self.root) / FILE, text)
        except OSError:
            return  # a read-only tree has no cache; everything else works


def recall(start: Path) -> dict[str, Any] | None:
    """What was remembered of the knowledge base that `start` lies in, if nothing changed since; else None."""
    for folder in (start, *start.parents):
        try:
            with (folder / FILE).open("rb") as opened:
                found = json.loads(opened.readline())
                document = opened.read()
            key = _key(str(folder), found["views"])
            same = found["key"] == key and found["sign"] == _sign(str(folder), found["locales"])
            return {**found["said"], "json": document.decode()} if same else None
        except FileNotFoundError:
            if any((folder / name).exists() for name in SETTINGS):
                return None
        except (OSError, ValueError, TypeError, KeyError):
            return None  # one that another version or a crash left
    return None


def _tops(root: str, locales: Sequence[str]) -> list[str]:
    return [f"{root}/docs", *(f"{root}/translations/{locale}" for locale in locales)]


def _sign(root: str, locales: Sequence[str]) -> int:
    """A number that changes with any file, found by two processors where that is worth it."""
    tops = _tops(root, locales)
    ours, theirs = tops[::2], tops[1::2]
    if len(theirs) < 2 or (os.cpu_count() or 1) < 2 or not hasattr(os, "fork"):
        return hash((_signed(ours), _signed(theirs)))
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, b"%d" % _signed(theirs))
        finally:
            os._exit(0)
    os.close(writing)
    mine = _signed(ours)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return hash((mine, int(said) if said else _signed(theirs)))


def _signed(tops: Sequence[str]) -> int:
    parts: list[int] = []
    for top in tops:
        _walk(top, parts)
    return hash(tuple(parts))


def _walk(folder: str, parts: list[int]) -> None:
    """What tells whether anything below a folder changed; other kinds of files do not matter."""
    try:
        entries = os.scandir(folder)
        about = os.stat(folder)  # noqa: PTH116 – Path would cost as much as the rest
    except FileNotFoundError:
        parts.append(-1)
        return
    # a new, lost or renamed file changes the folder's own time
    parts += (about.st_mtime_ns, about.st_ino)
    with entries:
        for entry in entries:
            if entry.name.endswith((".md", ".yml")):
                s = entry.stat(follow_symlinks=False)
                parts += (s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino)
            elif entry.is_dir(follow_symlinks=False) and entry.name[0] not in "._":
                _walk(entry.path, parts)


def _key(root: str, views: str) -> list[Any]:
    """What decides besides the files themselves: the settings, the page views, and kbtool."""
    package = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120
    files = [*(f"{root}/{name}" for name in SETTINGS), views]
    files += [entry.path for room in _CODE for entry in os.scandir(f"{package}/{room}") if entry.name.endswith(".py")]
    return sorted(list(each) for each in _stats(files))


def _stats(files: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    for file in files:
        try:
            s = os.stat(file)  # noqa: PTH116
        except FileNotFoundError:
            continue
        yield file, s.st_size, s.st_mtime_ns

"""What is installed beside us: packages, their versions, and what they offer to others.

Python reads the descriptions of all packages for each question, and a build has six. Here they are read once, and what
was found stands beside Python's own compiled modules until anything of it changes.
"""

# ruff: noqa: PTH112, PTH116, PTH208 – four hundred times at each start, path objects are slow

from __future__ import annotations

import marshal
import os
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import metadata
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

_TRIED = ((3, 11), (3, 12), (3, 13))  #: Python's versions whose insides are known to be those
_PACKAGE = ("dist-info", "egg-info")
_DESCRIPTIONS = ("entry_points.txt", "METADATA", "PKG-INFO")
#: a package's folder, name, version, and (name, value, group) of what it offers
_Row = tuple[str, str, str, list[tuple[str, str, str]]]
_Sign = tuple[str, int, int]


class Package(metadata.PathDistribution):
    """An installed package whose name and version are known without its description."""

    def __init__(self, folder: str, name: str, version: str) -> None:
        super().__init__(Path(folder))
        self._name, self._version = name, version

    @property
    def name(self) -> str:
        return self._name

    @property
    def version(self) -> str:
        return self._version


def entry_points(**wanted: Any) -> metadata.EntryPoints:
    """As in importlib.metadata: what packages offer, by `group` and `name`."""
    rows = _rows() if wanted else None
    if rows is None:
        found: metadata.EntryPoints = _slow["entry_points"](**wanted)
        return found
    return metadata.EntryPoints(_offered(rows, wanted.get("group"))).select(**wanted)


def version(package: str) -> str:
    """As in importlib.metadata: the version of a package. Raises PackageNotFoundError."""
    found: str | None = _versions().get(_plain(package))
    return found if found is not None else _slow["version"](package)


def answer_others() -> None:
    """Have those who ask importlib.metadata from now on get the answers from here."""
    metadata.entry_points, metadata.version = entry_points, version  # type: ignore[assignment]  # gives less by type


#: what Python does itself
_slow: dict[str, Callable[..., Any]] = {"entry_points": metadata.entry_points, "version": metadata.version}


def _offered(rows: list[_Row], group: str | None) -> Iterator[metadata.EntryPoint]:
    for folder, name, of, points in rows:
        if wanted := [point for point in points if group in (None, point[2])]:
            package = Package(folder, name, of)
            for point in wanted:
                yield metadata.EntryPoint(*point)._for(package)  # type: ignore[attr-defined]  # as importlib does


@lru_cache(maxsize=1)
def _versions() -> dict[str, str]:
    return {_plain(name): of for _, name, of, _ in reversed(_rows() or [])}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@lru_cache(maxsize=1)
def _rows() -> list[_Row] | None:
    """All packages; None where they are not all folders, or Python is one that nobody has tried this with."""
    others = [finder for finder in sys.meta_path if hasattr(finder, "find_distributions")]
    if sys.version_info[:2] not in _TRIED or len(others) > 1 or any(map(os.path.isfile, sys.path)):
        return None
    file, signs = Path(cache_from_source(__file__)).with_suffix(".installed"), _signs()
    if (known := _read(file, signs)) is not None:
        return known
    rows = [_row(package) for package in metadata._unique(metadata.distributions())]  # type: ignore[attr-defined]
    if not sys.dont_write_bytecode and signs == _signs():
        _write(file, signs, rows)
    return rows


def _row(package: Any) -> _Row:
    points = [(point.name, point.value, point.group) for point in package.entry_points]
    return str(package._path), package.name, package.version, points


def _signs() -> list[_Sign]:
    """The descriptions of all packages, with their times and sizes: where they are looked for, in this order."""
    found = []
    for folder in map(os.path.abspath, sys.path):
        names = sorted(os.listdir(folder)) if os.path.isdir(folder) else ()
        for package in (f"{folder}{os.sep}{name}" for name in names if name.lower().endswith(_PACKAGE)):
            for file in (package, *(f"{package}{os.sep}{name}" for name in _DESCRIPTIONS)):
                try:
                    stat = os.stat(file)
                    found.append((file, stat.st_mtime_ns, stat.st_size))
                except OSError:
                    continue
    return found


def _read(file: Path, signs: list[_Sign]) -> list[_Row] | None:
    try:
        data = file.read_bytes()
        if len(data) < 8 or zlib.crc32(data[4:]) != int.from_bytes(data[:4], "big"):
            return None
        known: tuple[str, list[_Sign], list[_Row]] = marshal.loads(data[4:])  # noqa: S302 – beside compiled modules
    except (OSError, ValueError, TypeError, EOFError):
        return None
    return known[2] if known[:2] == (sys.version, signs) else None


def _write(file: Path, signs: list[_Sign], rows: list[_Row]) -> None:
    body = marshal.dumps((sys.version, signs, rows))
    made = file.with_suffix(f".{os.getpid()}")
    try:
        made.write_bytes(zlib.crc32(body).to_bytes(4, "big") + body)
        made.replace(file)
    except OSError:
        return

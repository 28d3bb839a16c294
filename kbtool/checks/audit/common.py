"""What the tools themselves bring along: the theme's files, and words that templates put on every page."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from kbtool.checks.audit.words import peel, said, views

_TEXT = {".html", ".css", ".js", ".mjs", ".xml", ".yml", ".yaml", ".json", ".po", ".py", ".toml", ".txt", ".csv"}


def digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


@lru_cache(maxsize=1)
def theme_files() -> frozenset[bytes]:
    """The content hashes of the files that MkDocs, Material and kbtool copy into every site."""
    places = [*_package("material", "templates"), *_package("mkdocs", "contrib", "search"), *_package("kbtool")]
    return frozenset(digest(file.read_bytes()) for place in places for file in _below(place) if file.suffix != ".py")


@lru_cache(maxsize=1)
def tool_texts() -> tuple[bytes, ...]:
    """The words of all templates and of our own files, in every language: nobody's secret."""
    places = [
        (place, {".html", ".xml", ".css"})
        for place in (*_package("material", "templates"), *_package("mkdocs", "templates"))
    ]
    places += [(place / room, _TEXT) for place in _package("kbtool") for room in ("site", "search", "support")]
    return tuple(text for place, kinds in places for file in _files(place, kinds) for text in _said(file))


@lru_cache(maxsize=1)
def tools_key() -> str:
    """Stands for all these files, by their sizes and times."""
    places = [*_package("material", "templates"), *_package("mkdocs", "templates"), *_package("kbtool")]
    found = [f"{file} {_stamp(file)}" for place in places for file in _below(place)]
    return digest("\n".join(found).encode()).hex()


def _stamp(file: Path) -> str:
    found = os.stat(file)  # noqa: PTH116 – a thousand of them
    return f"{found.st_size} {found.st_mtime_ns}"


def _package(name: str, *below: str) -> list[Path]:
    """An installed package's folder, without importing it; nothing if it is not installed."""
    spec = find_spec(name)
    return [Path(p).joinpath(*below) for p in (spec.submodule_search_locations or [])] if spec else []


def _files(place: Path, kinds: set[str]) -> list[Path]:
    return [file for file in _below(place) if file.suffix in kinds]


def _below(place: Path) -> Iterator[Path]:
    """All files below a folder, without the ten thousand icons."""
    for here, folders, names in os.walk(place):
        folders[:] = sorted(name for name in folders if name not in (".icons", "__pycache__"))
        yield from (Path(here, name) for name in sorted(names))


def _said(file: Path) -> Iterator[bytes]:
    for view in views(peel(file.read_text("utf-8", "replace"))[0]):
        yield said(view)

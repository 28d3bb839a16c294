"""The tools that build: each called as its user calls it, on the tree that is written for it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import trees
from corpus import Article

ZENSICAL = "zensical==0.0.73"


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool and its tree."""

    name: str
    root: Path  #: where it is called
    command: tuple[str | Path, ...]
    caches: tuple[str, ...]  #: what a cold build starts without; everything, its last site included
    site: Path
    source: Callable[[str, Article], Path]  #: where an article stands in a locale
    remembers: bool  #: whether it keeps anything for its next build

    def page(self, locale: str, article: Article) -> Path:
        """Where the built article stands."""
        stem = article.path.removesuffix(".md")
        place = stem.removesuffix("index") if stem.endswith("index") else f"{stem}/"
        return self.site / ("" if locale == "en" else locale) / place / "index.html"

    def forget(self) -> None:
        for name in self.caches:
            shutil.rmtree(self.root / name, ignore_errors=True)


def kbtool(work: Path, count: int, locales: int) -> Tool:
    root = _made(work / f"kbtool-{count}x{locales}", lambda at: trees.knowledge_base(at, count, locales))

    def source(locale: str, article: Article) -> Path:
        return root / ("docs" if locale == "en" else f"translations/{locale}") / article.path

    return Tool(
        "kbtool",
        root,
        (sys.executable, "-m", "kbtool", "build", "--edition", "customers"),
        (".kbtool", "site"),
        root / "site" / "customers",
        source,
        remembers=True,
    )


def mkdocs(work: Path, count: int, locales: int) -> Tool:
    return _plain("mkdocs", work, count, locales, (sys.executable, "-m", "mkdocs", "build", "-q"), remembers=False)


def zensical(work: Path, count: int, locales: int) -> Tool:
    if locales > 1:
        raise SystemExit("Zensical builds one language only: --locales 1")
    python = work / "zensical" / "bin" / "python"
    if not python.exists():
        venv.create(work / "zensical", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", ZENSICAL], check=True)
    return _plain("zensical", work, count, locales, (python, "-m", "zensical", "build"), remembers=True)


def _plain(
    name: str, work: Path, count: int, locales: int, command: tuple[str | Path, ...], *, remembers: bool
) -> Tool:
    i18n = locales > 1
    root = _made(work / f"plain-{count}x{locales}", lambda at: trees.plain_site(at, count, locales, i18n=i18n))

    def source(locale: str, article: Article) -> Path:
        return root / "docs" / (locale if i18n else "") / article.path

    return Tool(name, root, command, ("site", ".cache"), root / "site", source, remembers)


TOOLS = {"kbtool": kbtool, "mkdocs": mkdocs, "zensical": zensical}


def _made(root: Path, make: Callable[[Path], None]) -> Path:
    """A tree, written afresh: earlier runs have left their edits in it."""
    shutil.rmtree(root, ignore_errors=True)
    make(root)
    return root


def versions(peers: list[str]) -> dict[str, str]:
    """What is measured here."""
    found = subprocess.run(
        [sys.executable, "-m", "pip", "list", "--format", "json"], capture_output=True, text=True, check=True
    ).stdout
    known = {each["name"]: each["version"] for each in json.loads(found)}
    names = ["kbtool", "mkdocs", "mkdocs-material", "mkdocs-static-i18n", "markdown"]
    return {name: known[name] for name in names if name in known} | {x: ZENSICAL for x in peers if x == "zensical"}

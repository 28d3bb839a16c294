"""Names that must not be on a site: links to elsewhere, names that hide something, two names for one address."""

from __future__ import annotations

import os
import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from kbtool.site.stage.desk import Desk

#: characters that hide what a file's name is, or that mean something to a shell, a server or another system
_BAD = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]|^\.|[. ]$")


def refuse_odd_names(desk: Desk, articles: Iterable[str], *, links: bool = True) -> None:
    """Note a fault for every name that would not be safe, or not the same everywhere.

    Without `links` it is known that there are no symbolic links.
    """
    for folder in (desk.project.docs, desk.project.root / "translations") if links else ():
        for link in _symlinks(folder):
            desk.fault(
                "symlink", "a symbolic link", desk.project.shown(link), hint="put a copy of the file in its place"
            )
    seen: dict[str, str] = {}
    for path in articles:
        for part in path.split("/"):
            if _BAD.search(part):
                desk.fault("file-name", f"a name that is not safe everywhere: {part!a}", f"docs/{path!a}")
        key = _address(path)
        if key in seen and seen[key] != _sibling(path):
            desk.fault("same-name", f"has the same address as docs/{seen[key]}", f"docs/{path}")
        seen[key] = path
    targets = {locale.casefold() for locale in desk.locales[1:]}
    for top in sorted({path.split("/")[0] for path in articles}):
        if top.removesuffix(".md").casefold() in targets:
            desk.fault("locale-folder", f"{top} has the name of a target locale", f"docs/{top}", hint="rename it")


def _address(path: str) -> str:
    """What two articles must not share: the page's address, letters' case and composition left out."""
    folder, name = posixpath.split(path.removesuffix(".md"))
    address = folder if name in ("index", "README") else posixpath.join(folder, name)
    return unicodedata.normalize("NFC", address).casefold()


def _sibling(path: str) -> str:
    """MkDocs prefers index.md to a README.md beside it, so the two are no collision."""
    folder, name = posixpath.split(path)
    return posixpath.join(folder, "README.md" if name == "index.md" else "index.md")


def _symlinks(folder: Path) -> Iterator[Path]:
    waiting = [str(folder)]
    while waiting:
        here = waiting.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except FileNotFoundError:
            continue
        for entry in entries:
            if entry.is_symlink():
                yield Path(entry.path)
            elif entry.is_dir():
                waiting.append(entry.path)

"""One knowledge base that people are at work on, the day, and a die: the same story for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kbtool.project import Project
from tests.site.conftest import write
from tests.site.small_site import MKDOCS

#: an edit changes the world and says what it did; nothing, where it does not apply just then
Edit = Callable[["World"], str]
LOCALES = ("de", "ar")


@dataclass
class World:
    """All that an edit needs."""

    root: Path
    chance: random.Random
    mkdocs: str = MKDOCS
    editions: tuple[str, ...] = ()  #: that are built after each edit; all, if none is named
    today: date = date(2026, 10, 1)
    count: int = 0
    past: list[dict[str, bytes]] = field(default_factory=list)

    def word(self) -> str:
        self.count += 1
        return f"zorilla{self.count}"

    def articles(self) -> list[str]:
        docs = self.root / "docs"
        found = (f.relative_to(docs).as_posix() for f in docs.rglob("*.md"))
        return sorted(path for path in found if not path.startswith("_"))

    def article(self) -> str:
        return self.chance.choice(self.articles())

    def translations(self) -> list[Path]:
        found = (f for f in (self.root / "translations").rglob("*.md"))
        return sorted(found)

    def read(self, path: str | Path) -> str:
        return (self.root / path).read_text("utf-8")

    def write(self, path: str | Path, text: str | bytes) -> None:
        write(self.root, {str(path): text})

    def replace(self, path: str | Path, old: str, new: str) -> None:
        self.write(path, self.read(path).replace(old, new, 1))

    def files(self) -> dict[str, bytes]:
        """What people keep: everything but git's and kbtool's own, and the built sites."""
        found = {}
        for file in sorted(self.root.rglob("*")):
            name = file.relative_to(self.root).as_posix()
            if file.is_file() and name.split("/")[0] not in (".git", ".kbtool", "site"):
                found[name] = file.read_bytes()
        return found

    def put_back(self, files: dict[str, bytes]) -> None:
        for name in self.files().keys() - files.keys():
            (self.root / name).unlink()
        write(self.root, {k: v for k, v in files.items() if self.files().get(k) != v})

    def project(self) -> Project:
        return Project.at(self.root)

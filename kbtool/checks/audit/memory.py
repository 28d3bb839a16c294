"""What earlier audits have read in the sources, so that an article that has not changed is not taken apart again.

It is kept under the article's own bytes and everything that decides how they are read; which bytes they are, a file's
size, times and inode tell. What a public text takes away
from the needles is kept under the internal texts, too: when one of those changes, all is read again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kbtool.checks.audit.passages import Passage
from kbtool.checks.audit.reader import Article, Field

#: what a public text says of internal ones: the needles it has, and the words
Said = tuple[list[str], list[str]]


class Memory:
    """Readings of articles and what they say, by key; nothing is remembered without a file."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self.old: dict[str, Any] = _load(file) if file else {}
        self.new: dict[str, Any] = {}

    def get(self, key: str) -> Any:
        """What was noted under a key; None for nothing."""
        if key in self.old and key not in self.new:
            self.new[key] = self.old[key]
        return self.new.get(key)

    def note(self, key: str, value: Any) -> None:
        if self.file:
            self.new[key] = value

    def save(self) -> None:
        """Keep what this audit asked for, whole or not at all."""
        if self.file and self.new != self.old:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            other = self.file.with_suffix(".new")
            other.write_text(json.dumps(self.new, separators=(",", ":")), "utf-8")
            other.replace(self.file)


def _load(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def sign(file: Path) -> list[int]:
    """Size, times and inode of a file, which stand for its contents as in git."""
    found = os.stat(file, follow_symlinks=False)  # noqa: PTH116 – ten thousand times
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def key_of(*parts: bytes | str) -> str:
    """Stands for all parts, in every process."""
    found = hashlib.blake2b(digest_size=12)
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        found.update(len(data).to_bytes(8, "little") + data)
    return found.hexdigest()


def scanner_key() -> str:
    """Stands for the code of the audit itself."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return key_of(*(file.read_bytes() for file in files))


def as_list(passages: Iterable[Passage]) -> list[list[Any]]:
    return [[p.text, p.file, p.line, p.audience, p.kind] for p in passages]


def light(article: Article) -> list[Any]:
    """An article without its lines: what the rest of the audit asks a page of the edition."""
    tags = [[f.key, f.value, f.line] for f in article.fields if f.key.strip().lower() == "tags"]
    return [article.path, article.file, article.audience, tags]


def heavy(known: list[Any]) -> Article:
    path, file, audience, tags = known
    return Article(path, file, audience, tuple(Field(*tag) for tag in tags))

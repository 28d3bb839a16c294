"""What was worked out from files that have not changed since: for composing the stage, which reads thousands of them.

A value is kept under the contents it was worked out from. A file's size, times and inode stand for its content, as in
`inputs`, which waits until they can. The file may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from kbtool import store
from kbtool.site.remembered import key_of
from kbtool.site.signs import Sign, signs

Value = TypeVar("Value")


class Recall:
    """Values by kind and by what they follow from; without a file nothing is recalled."""

    def __init__(self, file: Path | None = None, root: Path = Path(), key: str = "") -> None:
        self.file, self.root, self.key = file, root, key
        known = _read(file, key) if file else {}
        self._old_files: dict[str, list[Any]] = known.get("files", {})
        self._old: dict[str, Any] = known.get("values", {})
        self._files: dict[str, list[Any]] = {}
        self._new: dict[str, Any] = {}
        self._signs: dict[str, Sign] = {}
        self._watched: dict[str, Path] = {}  #: by the first part of the names of files below them
        if file:
            for folder in ("docs", "translations"):
                self._signs.update(signs(str(root / folder), f"{folder}/"))

    @property
    def works(self) -> bool:
        return self.file is not None

    def watch(self, folder: Path, name: str) -> None:
        """Know the files below another folder, too, as `name`/…"""
        self._watched[name] = folder
        if self.works:
            self._signs.update(signs(str(folder), f"{name}/"))

    def digest(self, name: str) -> str:
        """Stands for a file's content; empty where there is no file. It is read only if it may have changed."""
        sign = self._signs.get(name)
        old = self._old_files.get(name)
        if sign and old and old[:4] == [*sign]:
            self._files[name] = old
            return str(old[4])
        try:
            found = digest(self._place(name).read_bytes())
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return ""
        if sign:
            self._files[name] = [*sign, found]
        return found

    def _place(self, name: str) -> Path:
        first, _, rest = name.partition("/")
        return Path(self._watched[first], rest) if first in self._watched else Path(self.root, name)

    def value(self, kind: str, parts: Iterable[object], compute: Callable[[], Value]) -> Value:
        """What `compute` gave for the same parts, or gives now; it must be as JSON gives it back."""
        if not self.works:
            return compute()
        key = f"{kind} {key_of(*parts)}"
        if key not in self._new:
            self._new[key] = self._old[key] if key in self._old else compute()
        found: Value = self._new[key]
        return found

    def known(self, kind: str, parts: Iterable[object]) -> Any:
        """What was noted for the same parts; None for nothing."""
        key = f"{kind} {key_of(*parts)}"
        if key in self._old:
            self._new[key] = self._old[key]
        return self._new.get(key)

    def note(self, kind: str, parts: Iterable[object], value: object) -> None:
        self._new[f"{kind} {key_of(*parts)}"] = value

    def save(self) -> None:
        """Keep what was asked for this time."""
        if self.file and (self._new != self._old or self._files != self._old_files):
            known = {"key": self.key, "files": self._files, "values": self._new}
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            store.write_text(self.file, json.dumps(known, separators=(",", ":")))


def _read(file: Path, key: str) -> dict[str, Any]:
    try:
        known = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    fits = isinstance(known, dict) and known.get("key") == key
    fits = fits and isinstance(known.get("files"), dict) and isinstance(known.get("values"), dict)
    return known if fits else {}


def digest(data: bytes) -> str:
    """Stands for a content."""
    return hashlib.blake2b(data, digest_size=12).hexdigest()

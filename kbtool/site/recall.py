"""What was worked out from files that have not changed since: for composing the stage, which needs thousands of them.

A value is kept under a name, with the digests of what it was worked out from. A file's size, times and inode stand for
its content, as in `inputs`, which waits until they can. The file may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any, TypeVar

from kbtool import store
from kbtool.site.signs import Sign

Value = TypeVar("Value")
_Table = dict[str, list[Any]]
_NO_SIGNS: Mapping[str, Sign] = {}


class Recall:
    """Values by kind and name; without a file nothing is recalled.

    `signs` are those of all files in docs/ and translations/ below the root.
    """

    def __init__(
        self, file: Path | None = None, root: Path = Path(), key: str = "", signs: Mapping[str, Sign] = _NO_SIGNS
    ) -> None:
        self.file, self.root, self.key = file, root, key
        known = _read(file, key) if file else {}
        self._begin(known.get("files", {}), known.get("values", {}), signs)
        self._saved = self._old_files, self._old

    def _begin(self, files: _Table, values: dict[str, _Table], signs: Mapping[str, Sign]) -> None:
        self._old_files, self._old = files, values
        self._files: _Table = {}
        self._new: dict[str, _Table] = {}
        self._signs = signs

    def again(self, signs: Mapping[str, Sign]) -> Recall:
        """What this one leaves, for the next build in the same process, whether it has been saved or not."""
        found = copy(self)
        found._begin(self._files, self._new, signs)
        return found

    @property
    def works(self) -> bool:
        return self.file is not None

    def digest(self, name: str) -> str:
        """Stands for a file's content; empty where there is no file. It is read only if it may have changed."""
        sign = self._signs.get(name)
        if sign is None:
            return ""
        if known := self.recognized(name, sign):
            return known
        try:
            found = digest(Path(self.root, name).read_bytes())
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return ""
        self.learn(name, sign, found)
        return found

    def may_exist(self, name: str) -> bool:
        """Whether there may be such a file; without a file of our own nobody has looked."""
        return not self.works or name in self._signs

    def recognized(self, name: str, sign: Sign) -> str:
        """The digest of a file that looks as it did when it was last read; empty where it does not."""
        old = self._old_files.get(name)
        if old is None or old[1] != sign[1] or old[:4] != [*sign]:
            return ""
        self._files[name] = old
        return str(old[4])

    def learn(self, name: str, sign: Sign | None, found: str) -> None:
        """Note what a file holds; `sign` was taken before it was read, or after we wrote it ourselves."""
        if self.works and found and (sign := sign or self._signs.get(name)):
            self._files[name] = [*sign, found]

    def known(self, kind: str, name: str, parts: Sequence[str]) -> Any:
        """What was noted under a name for the same parts; None for nothing."""
        old = self._old.get(kind, _NOTHING).get(name)
        if old is None or old[0] != parts:
            return None
        self._new.setdefault(kind, {})[name] = old
        return old[1]

    def has(self, kind: str, name: str) -> bool:
        """Whether anything was noted under a name, whatever it followed from."""
        return name in self._old.get(kind, _NOTHING)

    def note(self, kind: str, name: str, parts: Sequence[str], value: object) -> None:
        """Keep a value that JSON gives back as it is."""
        if self.works:
            self._new.setdefault(kind, {})[name] = [parts, value]

    def value(self, kind: str, name: str, parts: Sequence[str], compute: Callable[[], Value]) -> Value:
        """What `compute` gave for the same parts, or gives now."""
        found: Value | None = self.known(kind, name, parts)
        if found is None:
            found = compute()
            self.note(kind, name, parts, found)
        return found

    def save(self) -> None:
        """Keep what was asked for this time."""
        if self.file and (self._files, self._new) != self._saved:
            known = {"key": self.key, "files": self._files, "values": self._new}
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            store.write_text(self.file, json.dumps(known, separators=(",", ":")))
            self._saved = self._files, self._new


_NOTHING: Mapping[str, list[Any]] = {}


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


def digest_of(text: str) -> str:
    """Stands for the content of the file that a text was read from."""
    return digest(text.encode("utf-8", "surrogatepass"))

"""What was worked out from files that have not changed since: for composing the stage, which needs thousands of them.

A value is kept under a name, with the digests of what it was worked out from. A file's size, times and inode stand for
its content, as in `inputs`, which waits until they can. The file may be deleted at any time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any, TypeVar

from kbtool import store
from kbtool.site.rows import Rows, Table, read_rows, written
from kbtool.site.signs import Sign

Value = TypeVar("Value")
_NO_SIGNS: Mapping[str, Sign] = {}


class Recall:
    """Values by kind and name; without a file nothing is recalled.

    `signs` are those of all files in docs/ and translations/ below the root.
    """

    def __init__(
        self, file: Path | None = None, root: Path = Path(), key: str = "", signs: Mapping[str, Sign] = _NO_SIGNS
    ) -> None:
        self.file, self.root, self.key = file, root, key
        self._read = (read_rows(file, key) if file else None) or Rows()
        self._begin(self._read.files, self._read.values, signs)
        self._saved = self._old_files, self._old

    def _begin(self, files: dict[str, tuple[Sign, str]], values: dict[str, Table], signs: Mapping[str, Sign]) -> None:
        self._old_files, self._old = files, values
        self._files: dict[str, tuple[Sign, str]] = {}
        self._new: dict[str, Table] = {}
        self._signs = signs
        self._lower = {name.lower() for name in signs}
        self.settle(signs)

    def again(self, signs: Mapping[str, Sign]) -> Recall:
        """What this one leaves, for the next build in the same process, whether it has been saved or not."""
        found = copy(self)
        found._begin(self._files, self._new, signs)
        return found

    def settle(self, signs: Mapping[str, Sign]) -> None:
        """Take note of what stands there: of files that look as they did it is known what they hold."""
        old = self._old_files
        for name, sign in signs.items():
            known = old.get(name)
            if known and known[0] == sign:
                self._files[name] = known

    @property
    def works(self) -> bool:
        return self.file is not None

    def digest(self, name: str) -> str:
        """Stands for a file's content; empty where there is no file. It is read only if it may have changed."""
        if known := self.held(name):
            return known
        sign = self._signs.get(name)
        if sign is None:
            return ""
        try:
            found = digest(Path(self.root, name).read_bytes())
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return ""
        self.learn(name, sign, found)
        return found

    def may_exist(self, name: str) -> bool:
        """Whether there may be such a file; without a file of our own nobody has looked."""
        return not self.works or name in self._signs

    def may_be(self, name: str) -> bool:
        """The same, also where a file answers to a name written otherwise, as on some systems."""
        return not self.works or not name.isascii() or name.lower() in self._lower

    def held(self, name: str) -> str:
        """The digest of a file of which it is known; empty for others."""
        known = self._files.get(name)
        return known[1] if known else ""

    def learn(self, name: str, sign: Sign | None, found: str) -> None:
        """Note what a file holds; `sign` was taken before it was read, or after we wrote it ourselves."""
        if self.works and found and (sign := sign or self._signs.get(name)):
            self._files[name] = (sign, found)

    def known(self, kind: str, name: str, parts: Sequence[str]) -> Any:
        """What was noted under a name for the same parts; None for nothing."""
        old = self._old.get(kind, _NOTHING).get(name)
        if old is None or old[1] != parts:
            return None
        self._new.setdefault(kind, {})[name] = old
        return old[2]

    def has(self, kind: str, name: str) -> bool:
        """Whether anything was noted under a name, whatever it followed from."""
        return name in self._old.get(kind, _NOTHING)

    def note(self, kind: str, name: str, parts: Sequence[str], value: object) -> None:
        """Keep a value that JSON gives back as it is."""
        if self.works:
            self._new.setdefault(kind, {})[name] = [name, parts, value]

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
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            store.write_bytes(self.file, written(self.key, self._files, self._new, self._read))
            self._saved = self._files, self._new


_NOTHING: Table = {}


def digest(data: bytes) -> str:
    """Stands for a content."""
    return hashlib.blake2b(data, digest_size=12).hexdigest()


def digest_of(text: str) -> str:
    """Stands for the content of the file that a text was read from."""
    return digest(text.encode("utf-8", "surrogatepass"))

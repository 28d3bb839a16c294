"""What was worked out from files that have not changed since: for composing the stage, which needs thousands of them.

A file's size, times and inode stand for its content, as in `inputs`, which waits until they can. What is noted under a
name is kept with the digests of what it was worked out from, or in a table of which somebody else knows that. The file
may be deleted at any time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from kbtool import store
from kbtool.site.rows import Files, Rows, Table, read_rows, written
from kbtool.site.signs import Sign

Value = TypeVar("Value")
_NO_SIGNS: Mapping[str, Sign] = {}
_NOT_SEEN: Sign = (0, 0, 0, 0)  #: a file looks otherwise than one of which nobody has seen how it looks
_TEXTS = ""  #: the place of docs/ and translations/


class Seen:
    """The files of one place, and what they hold as far as it is known."""

    def __init__(self, old: Files, signs: Mapping[str, Sign]) -> None:
        self._old = old
        self.signs = signs
        changed = [name for name, sign in signs.items() if (known := old.get(name)) is None or known[0] != sign]
        #: the files that may hold something else than they did, and those that are gone
        self.touched = frozenset([*changed, *(name for name in old if name not in signs)])
        self.known: Files = dict(old)
        for name in self.touched:
            self.known.pop(name, None)

    def held(self, name: str) -> str:
        """The digest of a file of which it is known; empty for others."""
        known = self.known.get(name)
        return known[1] if known else ""

    def learn(self, name: str, sign: Sign | None, found: str) -> None:
        """Note what a file holds; `sign` was taken before it was read, or after we wrote it ourselves."""
        self.known[name] = (sign or self.signs.get(name, _NOT_SEEN), found)

    def before(self, name: str) -> str:
        """The digest of what a file held the last time; empty if there was none."""
        known = self._old.get(name)
        return known[1] if known else ""


class Recall:
    """Values by kind and name; without a file nothing is recalled.

    `signs` are those of all files in docs/ and translations/ below the root.
    """

    def __init__(
        self, file: Path | None = None, root: Path = Path(), key: str = "", signs: Mapping[str, Sign] = _NO_SIGNS
    ) -> None:
        self.file, self.root, self.key = file, root, key
        self._saved = (read_rows(file, key) if file else None) or Rows()
        self._begin(self._saved, signs)

    def _begin(self, old: Rows, signs: Mapping[str, Sign]) -> None:
        self._old, self._new = old, Rows()
        self._texts = self.seen(_TEXTS, signs)
        self.__dict__.pop("_lower", None)

    def again(self, signs: Mapping[str, Sign]) -> Recall:
        """What this one leaves, for the next build in the same process, whether it has been saved or not."""
        found = copy(self)
        found._begin(self._new, signs)
        return found

    def seen(self, place: str, signs: Mapping[str, Sign]) -> Seen:
        """What is known of the files of another place, which look like this."""
        found = Seen(self._old.files.get(place, {}), signs)
        self._new.files[place] = found.known
        return found

    @property
    def works(self) -> bool:
        return self.file is not None

    # -- files in docs/ and translations/

    def digest(self, name: str) -> str:
        """Stands for a file's content; empty where there is no file. It is read only if it may have changed."""
        if known := self._texts.held(name):
            return known
        sign = self._texts.signs.get(name)
        if sign is None:
            return ""
        try:
            found = digest(Path(self.root, name).read_bytes())
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return ""
        self._texts.learn(name, sign, found)
        return found

    def learn(self, name: str, found: str) -> None:
        """Note what a file held when it was read; nothing where there was none."""
        if found:
            self._texts.learn(name, None, found)

    @property
    def touched(self) -> frozenset[str]:
        """The files that may hold something else than they did, and those that are gone."""
        return self._texts.touched

    def is_same(self, name: str) -> bool:
        """Whether a file holds what it held the last time, or is still not there."""
        return name not in self.touched or self.digest(name) == self._texts.before(name)

    def may_exist(self, name: str) -> bool:
        """Whether there may be such a file; without a file of our own nobody has looked."""
        return not self.works or name in self._texts.signs

    def may_be(self, name: str) -> bool:
        """The same, also where a file answers to a name written otherwise, as on some systems."""
        return not self.works or not name.isascii() or name.lower() in self._lower

    @cached_property
    def _lower(self) -> set[str]:
        return {name.lower() for name in self._texts.signs}

    # -- values

    def table(self, kind: str) -> tuple[Mapping[str, Any], Table]:
        """What was noted under a kind the last time, and what is from now on; nothing is taken over by itself."""
        return self._old.values.get(kind, {}), self._new.values.setdefault(kind, {})

    def known(self, kind: str, name: str, parts: Sequence[str]) -> Any:
        """What was noted under a name for the same parts; None for nothing."""
        old, new = self.table(kind)
        row = old.get(name)
        if row is None or row[0] != parts:
            return None
        new[name] = row
        return row[1]

    def has(self, kind: str, name: str) -> bool:
        """Whether anything was noted under a name, whatever it followed from."""
        return name in self.table(kind)[0]

    def note(self, kind: str, name: str, parts: Sequence[str], value: object) -> None:
        """Keep a value that is made of texts, numbers and lists."""
        self.table(kind)[1][name] = (parts, value)

    def keep(self, kind: str) -> None:
        """Know all that was noted under a kind also the next time."""
        before, now = self.table(kind)
        now.update(before)

    def value(self, kind: str, name: str, parts: Sequence[str], compute: Callable[[], Value]) -> Value:
        """What `compute` gave for the same parts, or gives now."""
        found: Value | None = self.known(kind, name, parts)
        if found is None:
            found = compute()
            self.note(kind, name, parts, found)
        return found

    def save(self) -> None:
        """Keep what was asked for this time."""
        if self.file and self._new != self._saved:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            store.write_bytes(self.file, written(self.key, self._new))
            self._saved = self._new


def digest(data: bytes) -> str:
    """Stands for a content."""
    return hashlib.blake2b(data, digest_size=12).hexdigest()


def digest_of(text: str) -> str:
    """Stands for the content of the file that a text was read from."""
    return digest(text.encode("utf-8", "surrogatepass"))

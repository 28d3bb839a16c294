"""What earlier audits have noted, so that what has not changed is not taken apart again.

Notes of one sort share a room, which has a file of its own, and hold as long as what the room stands under is the same:
the code of the audit, the rules, the names of internal articles, or all internal texts. Notes are texts: what is as it
was is kept without a look into it.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

#: stands between notes; no name of a file has it
_APART = "\0"


class Room:
    """Notes of one sort by name, none with a NUL in it; those that nobody asks for are forgotten."""

    def __init__(self, under: str, file: Path | None = None) -> None:
        self.under = under
        self.file = file
        self.old: dict[str, str] = _load(file, under) if file else {}
        self.new: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        """What was noted; None for nothing."""
        known = self.old.get(name)
        if known is not None:
            self.new[name] = known
        return known

    def note(self, name: str, text: str) -> None:
        self.new[name] = text

    def save(self) -> None:
        """Keep what this audit asked for, whole or not at all."""
        if self.file is None or self.new == self.old:
            return
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        data = _APART.join((self.under, *chain.from_iterable(self.new.items()))).encode("utf-8", "surrogatepass")
        other = self.file.with_name(f"{self.file.name}.new")
        other.write_bytes(_sum(data) + b"\n" + data)
        other.replace(self.file)


class Memory:
    """Rooms of notes, kept from one audit to the next in files beside the one named; nothing is kept without."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self._rooms: dict[str, Room] = {}

    def room(self, name: str, under: str) -> Room:
        """The notes of one sort, if they were written under the same conditions, or else an empty room."""
        room = self._rooms.get(name)
        if room is None or room.under != under:
            room = Room(under, self.file and self.file.with_name(f"{self.file.name}-{name}"))
            self._rooms[name] = room
        return room

    def save(self) -> None:
        for room in self._rooms.values():
            room.save()


def _load(file: Path, under: str) -> dict[str, str]:
    """What was saved; nothing where it is damaged, or held under other conditions."""
    try:
        said, _, data = file.read_bytes().partition(b"\n")
    except OSError:
        return {}
    if said != _sum(data):
        return {}
    was, *notes = data.decode("utf-8", "surrogatepass").split(_APART)
    each: Iterator[str] = iter(notes)
    return dict(zip(each, each, strict=True)) if was == under else {}


def _sum(data: bytes) -> bytes:
    return b"%08x" % zlib.crc32(data)


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

"""What earlier audits have read in the sources, so that an article that has not changed is not taken apart again.

Notes of one sort share a room, and hold as long as what the room stands under is the same: the code of the audit, the
rules, the names of internal articles, or all internal texts. An article's notes are kept under its own bytes; which
bytes they are, a file's size, times and inode tell.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

#: noted of what holds nothing that another audit would have to know
NOTHING = 0


class Room:
    """Notes of one sort by name; those that nobody asks for are forgotten."""

    def __init__(self, under: str, old: dict[str, Any]) -> None:
        self.under = under
        self.old = old
        self.new: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        """What was noted; None for nothing."""
        known = self.old.get(name)
        if known is not None:
            self.new[name] = known
        return known

    def note(self, name: str, value: Any) -> None:
        self.new[name] = value


class Memory:
    """Rooms of notes, kept in a file from one audit to the next; nothing is remembered without one."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self._old: dict[str, Any] = _load(file) if file else {}
        self._rooms: dict[str, Room] = {}

    def room(self, name: str, under: str) -> Room:
        """The notes of one sort, if they were written under the same conditions, or else an empty room."""
        was, notes = self._old.get(name, ("", {}))
        self._rooms[name] = Room(under, notes if was == under else {})
        return self._rooms[name]

    def save(self) -> None:
        """Keep what this audit asked for, whole or not at all."""
        if not self.file or all(room.new == room.old for room in self._rooms.values()):
            return
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        notes = {name: [room.under, room.new] for name, room in self._rooms.items()}
        data = json.dumps(notes, separators=(",", ":")).encode()
        other = self.file.with_suffix(".new")
        other.write_bytes(_sum(data) + b"\n" + data)
        other.replace(self.file)


def _load(file: Path) -> dict[str, Any]:
    """What was saved; nothing where it is damaged."""
    try:
        said, _, data = file.read_bytes().partition(b"\n")
    except OSError:
        return {}
    return dict(json.loads(data)) if said == _sum(data) else {}


def _sum(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).hexdigest().encode()


def sign(entry: os.DirEntry[str]) -> str:
    """Size, times and inode of a file, which stand for its contents as in git."""
    found = entry.stat(follow_symlinks=False)
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"


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

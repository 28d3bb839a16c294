"""The files of a site, as the scanner itself has seen them.

Where a folder is as it was when an audit listed it, its names are known: nothing was added there since, taken away, or
given to another file. What the files hold is not said by that.
"""

# ruff: noqa: PTH116 – ten thousand times, path objects are slow

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field

from kbtool.checks.audit.memory import Memory, Room, scanner_key

_APART = "//"  #: stands between what is noted; no path has it
_SETTLED = 50_000_000  #: nanoseconds after which a file system surely gives a change another time
_Folder = tuple[str, str, str]  #: its times and inode, the names of its files, those of its folders


@dataclass(slots=True)
class Listing:
    """The names of all files of a site."""

    files: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)  #: those that are symbolic links, as a folder may be, too


def list_site(site: str, memory: Memory) -> Listing:
    """What is in a folder now, and in all folders in it."""
    room = memory.room("site", scanner_key())
    name = str(os.stat(site).st_ino)
    known = _read(room.old.get(name, ""))
    found, listed, new = Listing(), {}, 0
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        at = os.stat(f"{site}/{folder}")
        stamp = f"{at.st_mtime_ns} {at.st_ctime_ns} {at.st_ino}"
        if (said := known.get(folder)) is None or said[0] != stamp:
            said = _look(site, folder, stamp if _is_settled(at) else "", found)
            new += 1
        listed[folder] = said
        before = folder and f"{folder}/"
        if said[1]:
            found.files.update([before + file for file in said[1].split("/")])
        if said[2]:
            waiting += [before + below for below in said[2].split("/")]
    _note(room, name, listed if new * 50 > len(listed) or listed.keys() != known.keys() else None)
    return found


def _is_settled(at: os.stat_result) -> bool:
    """Whether the next change will give a folder another time; full seconds are of a file system that has no others."""
    newest = max(at.st_mtime_ns, at.st_ctime_ns)
    return newest % 1_000_000_000 > 0 and newest < time.time_ns() - _SETTLED


def _look(site: str, folder: str, stamp: str, found: Listing) -> _Folder:
    """List one folder; one that has links in it is listed each time."""
    with os.scandir(f"{site}/{folder}") as entries:
        each = sorted(entries, key=lambda entry: entry.name)
    below = [entry.name for entry in each if entry.is_dir(follow_symlinks=False)]
    files = [entry.name for entry in each if not entry.is_dir(follow_symlinks=False)]
    links = {f"{folder}/{entry.name}" if folder else entry.name for entry in each if entry.is_symlink()}
    found.links |= links
    return "" if links else stamp, "/".join(files), "/".join(below)


def _note(room: Room, name: str, listed: dict[str, _Folder] | None) -> None:
    """Keep what was listed, if it is worth the while, and what is known of one other folder.

    A site and its twin are exchanged from one build to the next.
    """
    other = next((each for each in reversed(room.old) if each != name), None)
    for kept in filter(None, (other, name)):
        room.get(kept)
    if listed is not None:
        room.note(name, _APART.join(part for folder, said in listed.items() for part in (folder, *said)))


def _read(text: str) -> dict[str, _Folder]:
    each = iter(text.split(_APART) if text else ())
    return {folder: (stamp, files, below) for folder, stamp, files, below in zip(each, each, each, each, strict=True)}

"""The twin of a published site: a second folder with the same files under second names, which cost no room.

The next site is made of it by what differs, and the two are exchanged; so an edit costs as much as it changes, not as
much as the site has files. A folder's time tells whether a name in it was added, taken away or given to another file,
and the files are those of the site itself. A twin that is missing, or not as it was left, is not used.
"""

# ruff: noqa: PTH103, PTH106, PTH108, PTH120 – many times, path objects are slow

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from kbtool.site.signs import Sign


def keep_twin(old: Path, place: Path, site: Path, was: Mapping[str, Sign], fresh: Iterable[str], now: set[str]) -> str:
    """Turn the site before, in the folder `old`, into the twin of `site`, and keep it at `place`; gives its stamp.

    `was` is all that the old one has, `fresh` what `site` has otherwise, `now` all that it has. Where the file system
    cannot do it, nothing is left, and the stamp is empty.
    """
    shutil.rmtree(place, ignore_errors=True)
    try:
        for name in was.keys() - now:
            remove(str(old), name)
        for name in fresh:
            if name in was:
                os.unlink(f"{old}/{name}")
        for name in fresh:
            os.makedirs(os.path.dirname(f"{old}/{name}"), exist_ok=True)
            os.link(f"{site}/{name}", f"{old}/{name}")
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        old.rename(place)
        return stamp(place, now)
    except OSError:
        for folder in (old, place):
            shutil.rmtree(folder, ignore_errors=True)
        return ""


def is_as_left(place: Path, said: str, names: Iterable[str]) -> bool:
    """Whether the twin has the `names` it was left with, and each stands for the file it stood for."""
    try:
        return bool(said) and stamp(place, names) == said
    except OSError:
        return False


def stamp(place: Path, names: Iterable[str]) -> str:
    """Stands for what names the folders of the `names` hold, and for which files."""
    said = hashlib.blake2b(digest_size=16)
    for folder in sorted(_folders(names)):
        found = os.lstat(f"{place}/{folder}")
        said.update(f"{folder}\0{found.st_mtime_ns} {found.st_ino}\n".encode("utf-8", "surrogatepass"))
    return said.hexdigest()


def _folders(names: Iterable[str]) -> set[str]:
    found = {""}
    for below in {name.rpartition("/")[0] for name in names}:
        folder = below
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def remove(folder: str, name: str) -> None:
    """Take a file away, and the folders that it leaves empty."""
    os.unlink(f"{folder}/{name}")
    above = name.rpartition("/")[0]
    while above:
        try:
            os.rmdir(f"{folder}/{above}")
        except OSError:  # something else is in it
            return
        above = above.rpartition("/")[0]

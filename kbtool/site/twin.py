"""The twin of a published site: a second folder with the same files under second names, which cost no room.

The next site is made of it by what differs, and the two are exchanged; so an edit costs as much as it changes, not as
much as the site has files. A folder's time tells whether a name in it was added, taken away or given to another file,
and the files are those of the site itself. A twin that is missing, or not as it was left, is not used.
"""

# ruff: noqa: PTH103, PTH106, PTH108, PTH120 – many times, path objects are slow

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kbtool.site.signs import Signs, sign_of

_TOP = "."  #: the name of a site's own folder


@dataclass(frozen=True, slots=True)
class Left:
    """How a site was left."""

    files: Signs = field(default_factory=Signs)
    folders: Signs = field(default_factory=Signs)  #: those that hold files, and those above them
    twin: Signs = field(default_factory=Signs)  #: the same of its twin; empty where there is none
    others: bool = False  #: whether there was anything else in it, such as a link


def keep_twin(old: Path, place: Path, site: Path, was: Left, fresh: Collection[str], gone: Collection[str]) -> Signs:
    """Turn the site before, in the folder `old`, into the twin of `site`, and keep it at `place`; gives its folders.

    `was` is how the old one was left, `fresh` are the files that `site` has otherwise, `gone` those that it no longer
    has. Where the file system cannot do it, nothing is left, and no folders are given.
    """
    shutil.rmtree(place, ignore_errors=True)
    try:
        for name in gone:
            remove(str(old), name)
        for name in fresh:
            if name in was.files.at:
                os.unlink(f"{old}/{name}")
        for name in fresh:
            os.makedirs(os.path.dirname(f"{old}/{name}"), exist_ok=True)
            os.link(f"{site}/{name}", f"{old}/{name}")
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        old.rename(place)
        return signs_again(place, was.folders, (*fresh, *gone))
    except OSError:
        for folder in (old, place):
            shutil.rmtree(folder, ignore_errors=True)
        return Signs()


def is_as_left(place: Path, folders: Signs) -> bool:
    """Whether these folders have the names that they were left with, and each stands for the file it stood for."""
    return bool(folders) and not folders.unlike(str(place))


def signs_again(place: Path, before: Signs, names: Iterable[str]) -> Signs:
    """The folders of a site, of which those around the `names` are others than before, or gone."""
    now, gone = {}, []
    for folder in sorted(folders_of(names)):
        try:
            now[folder] = sign_of(f"{place}/{folder}")
        except FileNotFoundError:
            gone.append(folder)
    return before.but(gone, now)


def folders_of(names: Iterable[str]) -> set[str]:
    """The folders that files of these names stand in, and those above; that of the site itself among them."""
    found = {_TOP}
    for below in {name.rpartition("/")[0] or _TOP for name in names}:
        folder = below
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0] or _TOP
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

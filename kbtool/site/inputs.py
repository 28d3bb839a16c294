"""All that a build reads, as one key: if it is the old one and the site was not touched, there is nothing to do.

Sizes, times and inodes stand for contents here, as in git: only files that changed a moment ago could change again
unseen, and those are waited for.
"""

# ruff: noqa: PTH112, PTH116, PTH208 – ten thousand times, path objects are slow

from __future__ import annotations

import hashlib
import marshal
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from pathlib import Path

import kbtool
from kbtool.site.signs import Look, Sign, look, look_through

_SETTLED = 50_000_000  #: nanoseconds after which a file system surely gives a change another time
_SECRETS = (".env", ".env.local", ".env.production", ".git/config", ".netrc", ".pypirc")  # what the audit looks for
_SETTINGS = ("kbtool.toml", "pyproject.toml", "mkdocs.yml", "mkdocs.yaml")
_PLAIN = 2  #: marshal's last version in which equal values are always equal bytes
_OWNERS = ("CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS")  # the dashboard names them


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is there to be read."""

    key: str  #: stands for it all
    files: Mapping[str, Sign]  #: in docs/ and translations/, without links
    links: bool  #: whether there are any, or other things that are no files


def inputs_of(root: Path, options: Iterable[object], also: Iterable[str] = ()) -> Inputs:
    """The knowledge base at `root`; the key stands for our own code, all packages, the day and the `options`, too.

    `also` are files and folders that are read besides.
    """
    options, also = list(options), list(also)
    texts = [look(str(root / folder), f"{folder}/") for folder in ("docs", "translations")]
    found = [*_other_signs(root, also), *(item for one in texts for item in _sorted(one))]
    now = time.time_ns()
    times = (map(itemgetter(at), (sign for _, sign in found)) for at in (1, 2))
    newest = max(filter(now.__ge__, chain.from_iterable(times)), default=0)  # no clock says when later ones come
    if (wait := newest + _SETTLED - now) > 0:
        time.sleep(wait / 1e9)
        return inputs_of(root, options, also)
    outside = environment_key(root / name for name in (*_SETTINGS, *also))
    parts = [code_key(), packages_key(), days(), head_key(root), outside, *map(repr, options)]
    body = marshal.dumps((found, parts), _PLAIN)  # in a fifth of the time that words take
    links = any(not name.endswith("/") for one in texts for name in one.others)
    key = hashlib.blake2b(body, digest_size=16).hexdigest()
    return Inputs(key, texts[0].files | texts[1].files, links)


def days() -> str:
    """The day here, which decides what is overdue, and the one of UTC, at which MkDocs says that it builds."""
    return f"{date.today()} {datetime.now(UTC).date()}"


def _other_signs(root: Path, also: Iterable[str]) -> Iterator[tuple[str, Sign]]:
    for name in (*_SETTINGS, *_OWNERS, *_SECRETS, *also):
        yield from _sign(str(root / name), name)
    for folder in also:
        yield from _sorted(look_through(str(root / folder), f"{folder}/"))


def _sorted(found: Look) -> list[tuple[str, Sign]]:
    return [(name, signs[name]) for signs in (found.files, found.others) for name in sorted(signs)]


def _sign(file: str, name: str) -> Iterator[tuple[str, Sign]]:
    try:
        found = os.stat(file)
    except OSError:
        return
    if not os.path.isdir(file):
        yield name, (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def environment_key(files: Iterable[Path]) -> str:
    """Stands for what configuration files take from the environment with `!ENV`: each variable that they name.

    MkDocs takes one by itself: the time that it says it builds at.
    """
    texts = [text for text in map(_text, files) if "!ENV" in text]
    named = {"SOURCE_DATE_EPOCH", *(word for text in texts for word in re.findall(r"\w+", text))}
    return repr(sorted((name, value) for name, value in os.environ.items() if name in named))


@lru_cache(maxsize=1)
def code_key() -> str:
    """Stands for kbtool's own code and files."""
    here = Path(kbtool.__file__).parent
    found = [(name, *sign[:2]) for name, sign in sorted(look(str(here)).files.items()) if "__pycache__" not in name]
    return hashlib.blake2b(repr(found).encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=1)
def packages_key() -> str:
    """Stands for the versions of Python and of all packages that it finds, in whichever folder."""
    folders = [folder for folder in sys.path if os.path.isdir(folder)]
    names = (name for folder in folders for name in sorted(os.listdir(folder)))
    found = [sys.version, *(name for name in names if name.endswith((".dist-info", ".egg-info")))]
    return hashlib.blake2b("\n".join(found).encode(), digest_size=16).hexdigest()


def head_key(root: Path) -> str:
    """The commit that is checked out: dates of changes come from its past."""
    git = next((at / ".git" for at in (root, *root.parents) if (at / ".git").exists()), None)
    if git is None:
        return ""
    if git.is_file():  # a work tree of its own
        git = (git.parent / _text(git).removeprefix("gitdir:").strip()).resolve()
    common = (git / _text(git / "commondir").strip()).resolve() if (git / "commondir").is_file() else git
    head = _text(git / "HEAD").strip()
    name = head.removeprefix("ref:").strip()
    kept = ("packed-refs", "reftable/tables.list", "shallow")
    found = [f"{sign[1]}" for file in kept for sign in _sign(str(common / file), file)]
    return f"{git} {head} {_text(common / name) if name != head else ''} {found}"


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""

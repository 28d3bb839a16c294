"""Ledgers and git: the merge driver, and ledgers that were left with conflict markers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from kbtool import store
from kbtool.commands import pages
from kbtool.core.errors import KbError, Refused, UsageError
from kbtool.core.ledger import dump_ledger, load_ledger
from kbtool.core.merge import merge, rederive, sides
from kbtool.core.model import Entry, Ledger, Stamp
from kbtool.lock import hold
from kbtool.project import Project

_HEAD = re.compile(r"# (.+) – written by kbtool\n")


def merge_files(base: Path, ours: Path, theirs: Path, shown: str) -> None:
    """The merge driver: write what both branches say into `ours`.

    Raises Refused where one of the three is no ledger; `ours` is as it was then, and git reports a conflict.
    """
    texts = [store.read_text(file) for file in (base, ours, theirs)]
    ledgers = [load_ledger(text, where=shown) for text in texts]
    head = _HEAD.match(texts[1]) or _HEAD.match(texts[2])
    store.write_text(ours, dump_ledger(merge(*ledgers), name=head[1] if head else shown))


def resolve(project: Project, paths: Iterable[str] = ()) -> list[str]:
    """Settle ledgers with conflict markers by the Markdown as it stands now; gives the files that were settled.

    Raises KbError where the Markdown itself still has conflict markers.
    """
    done: list[str] = []
    with hold(project.root):
        for file in _files(project, paths):
            text = project.read(file)
            if re.search(r"^<{7} ", text, re.M):
                shown = project.shown(file)
                locale, path = file.relative_to(project.root / "translations").as_posix().split("/", 1)
                path = path.removesuffix(".ledger.yml") + ".md"
                store.write_text(file, dump_ledger(_resolved(project, path, locale, text, shown), name=shown))
                done.append(shown)
    return done


def _files(project: Project, paths: Iterable[str]) -> list[Path]:
    folder = project.root / "translations"
    if not paths:
        return [folder / name for name in store.all_files(folder) if name.endswith(".ledger.yml")]
    files = [project.root / Path(path).as_posix().removesuffix(".md").removesuffix(".ledger.yml") for path in paths]
    files = [file.with_name(file.name + ".ledger.yml") for file in files]
    for file in files:
        if not file.is_file() or not file.is_relative_to(folder):
            raise UsageError(f"no ledger: {project.shown(file)}", hint="name it as translations/de/x.ledger.yml")
    return files


def _resolved(project: Project, path: str, locale: str, text: str, shown: str) -> Ledger:
    for file in (project.original_file(path), project.translation_file(path, locale)):
        if file.is_file() and re.search(r"^(?:<{7}|>{7}) ", project.read(file), re.M):
            raise KbError("the Markdown has conflict markers", where=project.shown(file), hint="settle that file first")
    try:
        base, ours, theirs = (load_ledger(side, where=shown) for side in sides(text))
    except Refused:  # the markers cut through an entry: take what is whole on either side
        base, ours, theirs = (_whole(side) for side in sides(text))
    merged = merge(base, ours, theirs)
    source = pages.original(project, path)
    target = pages.translation(project, path, locale)
    return rederive(source, target, merged, (*ours.entries, *theirs.entries))


def _whole(text: str) -> Ledger:
    """The entries that can be read."""
    found: list[Entry] = []
    reviews: tuple[Stamp, ...] = ()
    for part in re.split(r"^(?=- src:|reviews:)", text, flags=re.M)[1:]:
        try:
            one = load_ledger(part if part.startswith("reviews") else f"segments:\n{part}", where="")
        except Refused:
            continue
        found += one.entries
        reviews = one.reviews or reviews
    return Ledger(tuple(found), reviews)

"""Articles that move: `kbtool mv`, renames done by hand, and translations whose original is gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kbtool.commands import pages
from kbtool.core.errors import Refused
from kbtool.core.model import Locale
from kbtool.project import Project

#: the share of a ledger's entries that the new article must hold, as git asks of renamed files
_ALIKE = 0.5


def renamed(project: Project, locale: Locale, gone: Iterable[str], new: Iterable[str]) -> Mapping[str, str]:
    """New path → old path of articles renamed without kbtool: their ledgers still know the segments.

    `gone` are articles that have a translation and no original, `new` those that have an original and no translation.
    """
    digests = {path: _digests(project, path) for path in sorted(new)}
    scores = []
    for old in sorted(gone):
        sources = _sources(project, old, locale)
        for path, found in digests.items():
            if sources and (share := len(sources & found) / max(len(sources), 1)) >= _ALIKE:
                scores.append((share, old.rsplit("/", 1)[-1] == path.rsplit("/", 1)[-1], old, path))
    found_moves: dict[str, str] = {}
    for _, _, old, path in sorted(scores, key=lambda each: (-each[0], not each[1], each[2], each[3])):
        if path not in found_moves and old not in found_moves.values():
            found_moves[path] = old
    return found_moves


def _digests(project: Project, path: str) -> set[str]:
    try:
        return {segment.digest for segment in pages.original(project, path).segments}
    except Refused:
        return set()  # `status` shows what is wrong with it


def _sources(project: Project, path: str, locale: Locale) -> set[str]:
    try:
        ledger = project.ledger(path, locale)
    except Refused:
        return set()
    return {entry.src for entry in ledger.entries} if ledger else set()

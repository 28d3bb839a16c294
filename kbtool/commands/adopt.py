"""Translations that were there before kbtool: tied to their originals, recorded as by hand, approved by nobody."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from kbtool.commands import pages
from kbtool.core.errors import Refused
from kbtool.core.model import Ledger, Locale
from kbtool.core.states import observe
from kbtool.lock import hold
from kbtool.project import Project, Target

_COUNTS = ("tied", "untied", "added")


@dataclass(frozen=True, slots=True)
class Adopted:
    """One translation that has a ledger now."""

    target: Target
    tied: int  #: segments of the original that have a translation
    untied: int  #: those that have none
    added: int  #: texts of the translation that belong to no segment of the original
    error: Refused | None = None  #: why it was left as it is


def adopt(project: Project, locales: Iterable[Locale] = (), *, dry_run: bool = False) -> list[Adopted]:
    """Write a ledger for every translation that has none; texts stay as they are. A dry run writes nothing."""
    with nullcontext() if dry_run else hold(project.root):
        return [
            _adopt(project, target, dry_run)
            for target in project.targets(locales)
            if project.translation_file(target.path, target.locale).is_file()
            and not project.ledger_file(target.path, target.locale).exists()
        ]


def _adopt(project: Project, target: Target, dry_run: bool) -> Adopted:
    try:
        rows = pages.settled(project, target.path, target.locale).rows
    except Refused as error:
        return Adopted(target, 0, 0, 0, error)
    if not dry_run:
        project.write_ledger(target, Ledger(observe(rows)))
    both = [row for row in rows if row.source is not None]
    tied = sum(row.target is not None and row.state != "missing" for row in both)
    return Adopted(target, tied, len(both) - tied, len(rows) - len(both))


def said(project: Project, found: Iterable[Adopted], *, dry_run: bool) -> dict[str, Any]:
    """All there is to tell, as plain values, in the form of a help centre that moves in."""
    found = tuple(found)
    done, left = [each for each in found if not each.error], [each.error for each in found if each.error]
    each_locale = {locale: [x for x in done if x.target.locale == locale] for locale in project.settings.locales}
    return {
        "dry_run": dry_run,
        "articles": len({each.target.path for each in done}),
        "translations": len(done),
        "locales": {
            locale: {"articles": len(mine)} | {key: sum(getattr(x, key) for x in mine) for key in _COUNTS}
            for locale, mine in each_locale.items()
            if mine
        },
        "files": {"source": len(found), "carried": len(done), "read": 0, "left": len(left)},
        "written": [project.shown(project.ledger_file(each.target.path, each.target.locale)) for each in done],
        "kept": [],
        "left": [_left(each) for each in left],
    }


def _left(error: Refused) -> dict[str, Any]:
    path, _, line = (error.where or "").rpartition(":")
    return {"path": path, "line": int(line) if line.isdigit() else 0, "why": error.what, "todo": error.hint or ""}

"""Translations that were there before kbtool: tied to their originals, recorded as by hand, approved by nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kbtool.commands import pages
from kbtool.core.errors import Refused
from kbtool.core.model import Ledger, Locale
from kbtool.core.states import observe
from kbtool.lock import hold
from kbtool.project import Project, Target


@dataclass(frozen=True, slots=True)
class Adopted:
    """One translation that has a ledger now."""

    target: Target
    tied: int  #: segments of the original that have a translation
    untied: int  #: those that have none
    added: int  #: texts of the translation that belong to no segment of the original
    error: str = ""  #: why it was left as it is


def adopt(project: Project, locales: Iterable[Locale] = ()) -> list[Adopted]:
    """Write a ledger for every translation that has none; texts stay as they are."""
    with hold(project.root):
        return [
            _adopt(project, target)
            for target in project.targets(locales)
            if project.translation_file(target.path, target.locale).is_file()
            and not project.ledger_file(target.path, target.locale).exists()
        ]


def _adopt(project: Project, target: Target) -> Adopted:
    try:
        rows = pages.settled(project, target.path, target.locale).rows
    except Refused as error:
        return Adopted(target, 0, 0, 0, str(error))
    project.write_ledger(target, Ledger(observe(rows)))
    both = [row for row in rows if row.source is not None]
    tied = sum(row.target is not None and row.state != "missing" for row in both)
    return Adopted(target, tied, len(both) - tied, len(rows) - len(both))

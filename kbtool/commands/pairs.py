"""Pairs of a translation memory that name no segment: put where their very text stands and no person has written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kbtool.commands.inbox import Came
from kbtool.commands.units import Desk, shown
from kbtool.commands.weigh import by_person
from kbtool.core.model import Locale, State
from kbtool.interchange.codes import renumbered
from kbtool.interchange.units import mark
from kbtool.project import Target


def place_pairs(desk: Desk, locale: Locale, pairs: Sequence[Came]) -> Iterator[tuple[Target, Came]]:
    """For each segment whose text a pair has: where it is, and the pair as a unit for it.

    Where a person has written or approved, a memory has nothing to say.
    """
    known: dict[str, Came] = {}
    for pair in pairs:
        if pair.unit.target.strip():
            known.setdefault(_plain(pair.unit.source), pair)
    for path in desk.project.articles if known else ():
        article = desk.article(path, locale)
        if article is None:
            continue
        keys = [*article.keys]
        for number, row in article.rows.items():
            if row.source is None or row.state is State.APPROVED or by_person(row):
                continue
            pair_found = known.get(_plain(renumbered(row.source.text, "")[0]))
            if pair_found is not None:
                base = mark(row.source.kind, shown(row))
                unit = replace(pair_found.unit, article=path, key=keys[number], source=row.source.text, base=base)
                yield Target(path, locale), Came(pair_found.file, unit)


def _plain(text: str) -> str:
    return " ".join(text.split())

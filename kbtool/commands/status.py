"""The flow `status`: original + translation + ledger → states, for every article in every locale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from kbtool.commands.status_cache import Cache, signature, signs
from kbtool.core.errors import Refused
from kbtool.core.model import Locale, State
from kbtool.core.standing import STATES, Counts, Standing
from kbtool.project import Project

if TYPE_CHECKING:
    from kbtool.core.model import Document

LEDGER = ".ledger.yml"


def status(project: Project, locales: Iterable[Locale] = (), paths: Iterable[str] = ()) -> list[Standing]:
    """Where every chosen article stands in every chosen locale, orphans included, by folder and name."""
    chosen, paths = project.locales(locales), tuple(paths)
    scan = _Scan(project, chosen)
    moved = {locale: scan.moved(locale) for locale in chosen}
    wanted = project.select(paths) if paths else None
    gone = {locale: scan.orphans(locale) - set(moved[locale].values()) if wanted is None else () for locale in chosen}
    everything = scan.docs.keys() | set().union(*gone.values()) if wanted is None else wanted
    found = [
        standing
        for path in sorted(everything, key=lambda path: (path.rpartition("/")[0], path))
        for locale in chosen
        if path in scan.docs or path in gone[locale]
        if (standing := scan.standing(path, locale, moved[locale].get(path, ""))) is not None
    ]
    scan.cache.save(whole=wanted is None and chosen == project.settings.locales)
    return found


class _Scan:
    """The files of a knowledge base as they are now, and what is known of them."""

    def __init__(self, project: Project, locales: Iterable[Locale]) -> None:
        self.project = project
        self.docs = {p: s for p, s in signs(project.docs).items() if p.endswith(".md") and p[0] != "_"}
        self.files = {locale: signs(project.root / "translations" / locale) for locale in locales}
        self.cache = Cache(project)
        self.read: tuple[str, Document] | None = None  #: the last original, which the next locale needs as well

    def orphans(self, locale: Locale) -> set[str]:
        """Translations and ledgers whose original is gone, as article paths."""
        here = {name.removesuffix(LEDGER) + ".md" if name.endswith(LEDGER) else name for name in self.files[locale]}
        return {path for path in here - self.docs.keys() if path[0] != "_"}

    def moved(self, locale: Locale) -> Mapping[str, str]:
        """New path → old path of articles that somebody renamed without `kbtool mv`."""
        gone = self.orphans(locale)
        new = self.docs.keys() - self.files[locale].keys() if gone else ()
        if not new:
            return {}
        from kbtool.commands.moves import renamed

        return renamed(self.project, locale, gone, new)

    def standing(self, path: str, locale: Locale, moved_from: str = "") -> Standing | None:
        """Where an article stands; None where nobody wants it in this locale."""
        files = self.files[locale]
        where = moved_from or path
        three = (self.docs.get(path), files.get(where), files.get(where[:-3] + LEDGER))
        if three[1] is None and three[2] is None and self.project.settings.mode(path, locale) == "off":
            return None
        sign = signature(*three)
        counts = self.cache.get(path, locale, sign)
        if counts is None:
            try:
                counts = self.count(path, locale, where)
            except Refused as error:
                return Standing(path, locale, State.CONFLICT, (0,) * len(STATES), moved_from, str(error))
            self.cache.put(path, locale, sign, counts, three)
        return Standing(path, locale, _worst(counts, three[1] is not None), counts, moved_from)

    def count(self, path: str, locale: Locale, where: str) -> Counts:
        from kbtool.commands import pages
        from kbtool.core.states import progress

        if self.read is None or self.read[0] != path:
            self.read = (path, pages.original(self.project, path))
        rows = pages.settled(self.project, path, locale, self.read[1], at=where).rows
        counts = progress(path, locale, rows).counts
        return tuple(counts.get(state, 0) for state in STATES)


def _worst(counts: Counts, translated: bool) -> State:
    for place in range(len(STATES) - 1, -1, -1):
        if counts[place]:
            return STATES[place]
    return State.APPROVED if translated else State.MISSING

"""Articles in one locale as units for other tools: read, settled, and told with all that a translator should know."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urljoin

from kbtool.commands import pages
from kbtool.commands.drafts import Reader
from kbtool.commands.examine import glossary_of
from kbtool.commands.past import old_texts
from kbtool.core.audience import AUDIENCES, PUBLIC, audience_of, rank
from kbtool.core.errors import KbError, Refused
from kbtool.core.glossary import Glossary, Term
from kbtool.core.model import Digest, Document, Kind, Ledger, Locale, Row, State
from kbtool.core.proof import Proof
from kbtool.core.segments import parse
from kbtool.core.slots import carry
from kbtool.core.states import Settled, settle
from kbtool.core.verdicts import REJECTED, has_proposal
from kbtool.history import History
from kbtool.interchange.codes import codes_of
from kbtool.interchange.units import Unit, keys_of
from kbtool.project import Project, Target
from kbtool.site.addresses import address
from kbtool.site.config import read_config

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)
_ADDRESS = re.compile(r"""(?:\(|="|='|<)\s*([^\s"'()<>]+)""")


class Desk:
    """Reads articles for one run; an original stays read for its other locales."""

    def __init__(self, project: Project, *, with_internal: bool = False) -> None:
        self.project = project
        self.with_internal = with_internal
        self.reader = Reader(project, refuse=_not_here)
        self._audiences: dict[str, tuple[str, ...]] = {}
        self._glossaries: dict[Locale, Glossary] = {}

    def article(self, path: str, locale: Locale) -> Article | None:
        """An article in a locale; None where nobody wants it there.

        Raises KbError where original, translation or ledger cannot be read.
        """
        existing = pages.translation(self.project, path, locale)
        if existing is None and self.project.settings.mode(path, locale) == "off":
            return None
        document, _ = self.reader.original(path)
        ledger = self.project.ledger(path, locale)
        settled = settle(document, existing, ledger)
        return Article(self, Target(path, locale), document, existing, ledger, settled)

    def proof(self, path: str) -> Proof:
        """What an article's translations are proved against."""
        return self.reader.original(path)[1]()

    def audiences(self, path: str, document: Document) -> tuple[str, ...]:
        if path not in self._audiences:
            self._audiences[path] = self.reader.audiences(path, document)
        return self._audiences[path]

    def glossary(self, locale: Locale) -> Glossary:
        if locale not in self._glossaries:
            self._glossaries[locale] = glossary_of(self.project, locale)
        return self._glossaries[locale]

    def page(self, path: str) -> str:
        """The address of an article for readers; empty where the site's own is not known."""
        site, folders = self._site
        source = self.project.settings.source
        return urljoin(site, address(path, source, source, folders=folders)) if site else ""

    @cached_property
    def _site(self) -> tuple[str, bool]:
        config = read_config(self.project.root)
        site = config.get("site_url")
        return (site if isinstance(site, str) else "", config.get("use_directory_urls") is not False)

    @cached_property
    def history(self) -> History | None:
        return History.of(self.project.root)

    def is_internal(self, path: str, markdown: str) -> bool:
        """Whether a piece of markup on an article's page leads to what not everybody may read."""
        if self.with_internal:
            return False
        return any(self._is_internal(path, target) for target in _ADDRESS.findall(markdown))

    def _is_internal(self, path: str, target: str) -> bool:
        if _SCHEME.match(target):
            return False
        file = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(target.partition("#")[0])))
        if file in self.project.articles:
            return self.project.audience(file) != PUBLIC
        return audience_of(file, None, self.project.settings.audience) != PUBLIC


def _not_here(target: Target, error: KbError) -> None:
    raise error


@dataclass(frozen=True)
class Article:
    """One article in one locale."""

    desk: Desk
    target: Target
    document: Document
    existing: Document | None
    ledger: Ledger | None
    settled: Settled

    @cached_property
    def rows(self) -> dict[int, Row]:
        """Number of a segment of the original, from 0 → its row."""
        pairs = zip(self.settled.tie.rows, self.settled.rows, strict=True)
        return {tied.source: row for tied, row in pairs if tied.source is not None}

    @cached_property
    def keys(self) -> dict[str, int]:
        """Key of a segment of the original → its number."""
        return {key: number for number, key in enumerate(keys_of(self.document.segments))}

    def units(self) -> Iterator[tuple[Unit, bool]]:
        """A unit for each segment that has a word to translate, and whether everybody may read it."""
        project, path, locale = self.desk.project, self.target.path, self.target.locale
        audiences = self.desk.audiences(path, self.document)
        rows, keys = self.rows, [*self.keys]
        old = self._old(rows.values())
        glossary = self.desk.glossary(locale)
        heading = ""
        for number, source in enumerate(self.document.segments):
            public = audiences[number] == PUBLIC
            if source.translatable:
                row = rows[number]
                entry = row.entry
                yield (
                    Unit(
                        article=path,
                        key=keys[number],
                        kind=source.kind,
                        source=source.text,
                        state=row.state,
                        target=shown(row),
                        by=written_by(row),
                        ok=entry.ok if entry else None,
                        codes=codes_of(source, lambda markdown: self.desk.is_internal(path, markdown)),
                        line=source.line,
                        heading=heading if source.kind is not Kind.HEADING else "",
                        address=self.desk.page(path) if public else "",
                        notes=(*_lost(row), *_terms(glossary.relevant(source.words))),
                        was=old.get(entry.src, "") if entry and row.state in (State.STALE, State.CONFLICT) else "",
                        proposal=_proposal(row, project.settings.translatable),
                        proposal_by=entry.proposal.by if entry and entry.proposal else "",
                    ),
                    public,
                )
            if source.kind is Kind.HEADING and (public or self.desk.with_internal):
                heading = " ".join(source.words.split())

    def _old(self, rows: Iterable[Row]) -> dict[Digest, str]:
        """The original's texts that stale translations were made from, as far as history still has them."""
        wanted = {
            row.entry.src for row in rows if row.state in (State.STALE, State.CONFLICT) and row.entry is not None
        } - {REJECTED}
        project = self.desk.project
        if not wanted:
            return {}
        file, fields = project.original_file(self.target.path), project.settings.translatable
        return {digest: s.text for digest, s in old_texts(self.desk.history, file, wanted, fields).items()}

    def strictest(self) -> str:
        """The audience of its most internal part."""
        return AUDIENCES[max(map(rank, self.desk.audiences(self.target.path, self.document)), default=0)]


def shown(row: Row) -> str:
    """The translation as a unit has it: masked, with the original's numbers; empty where there is none to show."""
    if row.source is None or row.target is None or row.state is State.MISSING:
        return ""
    return carry(row.source, row.target) or ""


def _lost(row: Row) -> Iterator[str]:
    """A translation whose links or code are not the original's any more cannot stand in a unit: it is told."""
    if row.target is not None and row.state is not State.MISSING and not shown(row):
        yield f"The translation as it stands has other links or code than the original: {row.target.words}"


def written_by(row: Row) -> str:
    """Who wrote the translation as it stands."""
    if row.target is None or row.entry is None or row.state is State.MISSING:
        return ""
    return row.entry.by if row.entry.tgt == row.target.digest else "hand"


def _terms(terms: Iterable[Term]) -> Iterator[str]:
    for term in terms:
        said = "stays as it is" if term.keep else " | ".join(term.accepted)
        never = f"; not: {', '.join(term.forbidden)}" if term.forbidden else ""
        note = f" ({term.note})" if term.note else ""
        yield f"Glossary: {term.term} → {said}{never}{note}"


def _proposal(row: Row, fields: tuple[str, ...]) -> str:
    """What waits beside a translation, masked with the original's numbers; its bare words where that cannot be."""
    if row.source is None or row.entry is None or row.entry.proposal is None or not has_proposal(row):
        return ""
    try:
        found = parse(row.entry.proposal.text, fields).segments
    except Refused:
        return ""
    for segment in found[:1]:
        return carry(row.source, segment) or (segment.words if not row.source.slots else "")
    return ""


def cut(text: str) -> str:
    """The first words of a text, to name it by."""
    words = " ".join(text.split())
    return words if len(words) <= 60 else words[:59] + "…"

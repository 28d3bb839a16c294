"""One article in all its languages, as an edition's readers may see it: each text cut once, each ledger read once.

A job for any process: it reads the article's files and gives the pages, for the parent to write.
"""

from __future__ import annotations

import hashlib
import pickle
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from kbtool.core.anchors import heading_frames, headings, with_frames, with_heading_ids
from kbtool.core.errors import KbError, Refused
from kbtool.core.ledger import load_ledger
from kbtool.core.limits import admit
from kbtool.core.meta import front_matter
from kbtool.core.model import Audience, Document, Finding, Ledger, Locale
from kbtool.core.mould import Mould, mould_of
from kbtool.core.render import Heading, Renderer
from kbtool.core.segments import parse
from kbtool.project import Project
from kbtool.settings import days
from kbtool.site.stage.clean import for_readers
from kbtool.site.stage.desk import line_in
from kbtool.site.stage.links import link_targets, targets
from kbtool.site.stage.notices import of_translation
from kbtool.site.stage.recall import digest, digest_of
from kbtool.site.stage.staged import Headings, Staged
from kbtool.site.stage.tags import listed
from kbtool.site.stage.titles import title_of

#: headings with an id of their own need none from the original
_OWN_ID = re.compile(r"^#+ .*\{[^}\n]*#[^}\n]*\}[ \t]*$", re.M)
#: so many languages are worth a mould
_MANY = 3
_HEADED = re.compile(r"^[ \t>]*#|^[ \t>]*(?:=+|-+)[ \t]*$", re.M)


@dataclass(frozen=True, slots=True)
class Bench:
    """What composing an article takes, besides its files."""

    project: Project
    reader: Audience
    plain: frozenset[str]  #: blocks that say nothing about the reader
    keys: tuple[str, ...]  #: front matter that the site's templates need
    renderer: bytes  #: pickled, so that a process sets up one for all articles


class Page(NamedTuple):
    """A page that was composed; `parts` are the digests of the texts that it follows from."""

    locale: Locale
    parts: list[str]
    text: bytes
    staged: Staged


@dataclass(frozen=True, slots=True)
class Article:
    """An article that is to be composed in some locales."""

    path: str
    locales: tuple[Locale, ...]
    headings: Headings | None = None  #: the original's, if they are known


@dataclass(slots=True)
class Composed:
    """What came of an article."""

    path: str
    digest: str  #: of the original's text
    pages: list[Page] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)
    headings: Headings | None = None


def compose_articles(job: tuple[Bench, tuple[Article, ...]]) -> list[Composed]:
    """The pages of some articles.

    Raises Refused for a translation or a ledger that cannot be read.
    """
    bench, articles = job
    return [_Composing(bench, article).run() for article in articles]


@lru_cache(maxsize=1)
def _renderer(pickled: bytes) -> Renderer:
    found: Renderer = pickle.loads(pickled)  # noqa: S301 – the parent process has just made it
    return found


class _Composing:
    """An article in the making, and of its original what its translations need, once they do."""

    def __init__(self, bench: Bench, article: Article) -> None:
        self.bench, self.article, self.path = bench, article, article.path
        self.project, self.source = bench.project, bench.project.settings.source
        self.text = self.project.original(article.path)
        self.digest = digest_of(self.text)
        self.told = Composed(article.path, self.digest, headings=article.headings)

    def run(self) -> Composed:
        for locale in self.article.locales:
            if locale == self.source:
                self._original()
            else:
                self._translation(locale)
        return self.told

    # -- the original

    def _original(self) -> None:
        if self.clean is not None:
            tags = (*listed(front_matter(self.clean).get("tags")),)
            self._add(self.source, [self.digest], self.clean, review_day(self.head.get("reviewed")), tags=tags)

    @cached_property
    def clean(self) -> str | None:
        return self._for_readers(self.text, self.source)

    @cached_property
    def head(self) -> Mapping[str, Any]:
        return front_matter(self.text)

    @cached_property
    def document(self) -> Document:
        return parse(self.clean or "", self.project.settings.translatable)

    @cached_property
    def mould(self) -> Mould | None:
        """The original's, for its translations; to make one for a single page would take longer than it saves."""
        few = len(self.article.locales) < _MANY
        return None if few else mould_of(self.document, self.project.settings.translatable)

    @cached_property
    def frames(self) -> dict[int, str] | None:
        """Behind its headings, once they have ids."""
        return heading_frames(self.document, self._headings())

    def _headings(self) -> list[Heading]:
        if self.told.headings is None:
            found = headings(_renderer(self.bench.renderer), self.clean or "")
            self.told.headings = [[each.level, str(each.id), each.explicit] for each in found]
        return [Heading(*each) for each in self.told.headings]

    # -- a translation

    def _translation(self, locale: Locale) -> None:
        text = self.project.translation(self.path, locale)
        clean = self._for_readers(text, locale) if text is not None else None
        if text is None or clean is None:
            return
        said = self.project.ledger_text(self.path, locale)
        where = f"translations/{locale}/{self.path.removesuffix('.md')}.ledger.yml"
        ledger = load_ledger(said, where=where) if said is not None else None
        notices: tuple[tuple[Any, ...], ...] = ()
        if self.clean is not None:
            clean, notices = self._tied(clean, ledger)
        checked = max((stamp.on for stamp in ledger.reviews), default=None) if ledger else None
        parts = [self.digest, digest_of(text), digest_of(said) if said is not None else ""]
        self._add(locale, parts, clean, checked, notices=notices)

    def _tied(self, clean: str, ledger: Ledger | None) -> tuple[str, tuple[tuple[Any, ...], ...]]:
        """A translation with its original's addresses on its headings, and what its readers should know of it."""
        headed = bool(_HEADED.search(_OWN_ID.sub("", clean) if "{" in clean else clean))
        entries = bool(ledger and ledger.entries)
        if not headed and not entries:
            return clean, ()
        cast = self.mould.cut(clean) if self.mould else None
        page = cast or parse(clean, self.project.settings.translatable)
        if headed and cast and self.frames is not None:
            clean = with_frames(cast, self.frames)
        elif headed:
            clean = with_heading_ids(page, self._headings(), self.document, ledger)
        notices = of_translation(self.document, page, ledger) if ledger and entries else []
        return clean, tuple((each.name, each.where, each.grave) for each in notices)

    # -- both

    def _for_readers(self, text: str, locale: Locale) -> str | None:
        """What the edition's readers may see of a text; None where it may not be there at all, which is noted."""
        bench, folder = self.bench, "docs" if locale == self.source else f"translations/{locale}"
        where = f"{folder}/{self.path}"
        try:
            admit(text)
            return for_readers(text, bench.reader, plain=bench.plain, keys=bench.keys, where=where)
        except KbError as error:
            rule = "refused" if isinstance(error, Refused) else "internal-block"
            self.told.faults.append(Finding(rule, error.what, where, line_in(error.where), hint=error.hint or ""))
            return None

    def _add(
        self,
        locale: Locale,
        parts: list[str],
        clean: str,
        checked: date | None,
        *,
        tags: tuple[str, ...] = (),
        notices: tuple[tuple[Any, ...], ...] = (),
    ) -> None:
        data = clean.encode("utf-8", "replace")
        due = checked + timedelta(days=self._interval(locale)) if checked else None
        staged = Staged(
            digest=digest(data),
            version=hashlib.blake2b(data, digest_size=4).hexdigest(),
            title=title_of(clean, self.path),
            leads=leads(clean, self.path),
            reviewed=checked.isoformat() if checked else "",
            due=due.isoformat() if due else "",
            tags=tags,
            notices=notices,
        )
        self.told.pages.append(Page(locale, parts, data, staged))

    def _interval(self, locale: Locale) -> int:
        """Days between two reviews: what the article says itself, else the settings."""
        usual = self.project.settings.interval(self.path, None if locale == self.source else locale)
        return days(self.head.get("review_every")) or usual


def leads(text: str, page: str) -> tuple[tuple[str, ...], ...]:
    """What each link of a page may mean, each said once."""
    found = (targets(target, page) for target in link_targets(text))
    return tuple(each for each in dict.fromkeys(found) if each)


def review_day(said: Any) -> date | None:
    """`reviewed:` as people write it: a date, or `2026-09-01 ana`."""
    if isinstance(said, date):
        return said.date() if isinstance(said, datetime) else said
    try:
        return date.fromisoformat(str(said)[:10]) if said else None
    except ValueError:
        return None

"""What a branch means for the help centre: git's list of changed files → sections, translations, characters, findings.

States come from the files as they are here and as they were where the branch left its base.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from kbtool.commands import pages
from kbtool.commands.check import check
from kbtool.commands.titles import title_of
from kbtool.commands.translate import Summary, translate
from kbtool.core.changes import (
    ArticleChange,
    PullRequest,
    are_alike,
    behind,
    count_sections,
    sections_touched,
)
from kbtool.core.errors import KbError, Refused, UsageError
from kbtool.core.ledger import load_ledger
from kbtool.core.model import Document, Locale, Row
from kbtool.core.segments import parse
from kbtool.core.states import settle
from kbtool.history import History
from kbtool.project import Project

LEDGER = ".ledger.yml"


def pull_request(project: Project, base: str) -> PullRequest:
    """What the branch changes since it left `base`, committed or not, and what there is to do once it is merged.

    In a clone without the history since then it says so, and counts the whole help centre.
    Raises UsageError for a base that git does not know, and KbError outside git.
    """
    if base.startswith("-"):
        raise UsageError(f"{base!r} is no branch or commit", hint="name the branch to merge into, such as origin/main")
    history = History.of(project.root)
    if history is None:
        raise KbError("what changed cannot be told without git", where=str(project.root))
    try:
        start = history.merge_base(base, "HEAD")
    except KbError as error:
        if not history.is_shallow:
            raise UsageError(f"git knows no way from {base} to here", hint=error.what) from None
        return _whole(project, base)
    return _Branch(project, history, base, start).told()


def _whole(project: Project, base: str) -> PullRequest:
    why = f"this clone does not reach back to where the branch left {base} (in a workflow: `fetch-depth: 0`)"
    return _counted(PullRequest(base, (), 0, 0, 0, 0.0, "", unknown=why), translate(project, dry_run=True))


def _counted(found: PullRequest, said: Summary) -> PullRequest:
    """With the figures of a dry run."""
    notes = tuple(dict.fromkeys(finding.message for finding in (*said.failed, *said.refused)))
    return replace(
        found, segments=said.segments, characters=said.characters, requests=said.requests, cost=said.cost,
        currency=said.currency, notes=notes,
    )  # fmt: skip


class _Branch:
    """A branch, and the commit at which it left its base."""

    def __init__(self, project: Project, history: History, base: str, start: str) -> None:
        self.project, self.history, self.base, self.start = project, history, base, start
        self.files = frozenset(history.changed_here(start))

    def told(self) -> PullRequest:
        here = [path for path in self.paths if path in self.project.articles]
        articles = [self._article(path) for path in self.paths]
        moved = {each.moved_from for each in articles}
        found = PullRequest(
            self.base,
            tuple(each for each in articles if not (each.is_gone and each.path in moved)),
            0, 0, 0, 0.0, self.project.settings.budget.currency,
            findings=tuple(f for f in check(self.project, here) if f.path in self.files) if here else (),
        )  # fmt: skip
        return _counted(found, translate(self.project, dry_run=True, paths=here)) if here else found

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The articles that are touched, by themselves or by their translations."""
        found = set()
        for file in self.files:
            top, _, rest = file.partition("/")
            if top == "translations":
                locale, _, rest = rest.partition("/")
                rest = f"{rest.removesuffix(LEDGER)}.md" if rest.endswith(LEDGER) else rest
                if locale not in self.project.settings.locales:
                    continue
            if top in ("docs", "translations") and rest.endswith(".md") and not rest.startswith("_"):
                found.add(rest)
        return tuple(sorted(found))

    def _article(self, path: str) -> ArticleChange:
        title = title_of(self.project, path)
        old = self._old(path)
        try:
            new = pages.original(self.project, path)
        except Refused:
            return ArticleChange(path, title)  # `check` says what is wrong with it
        if path not in self.project.articles:
            sections = count_sections(old) if old else 0
            return ArticleChange(path, path, sections, sections, is_gone=True)
        origin = self._origin(new) if old is None else ""
        before = self._old(origin) if origin else old
        changed, sections = sections_touched(before, new) if before else (count_sections(new),) * 2
        found = ArticleChange(path, title, sections, changed, is_new=before is None, moved_from=origin)
        return self._with_translations(found, before, origin or path, new)

    def _with_translations(self, found: ArticleChange, old: Document | None, was: str, new: Document) -> ArticleChange:
        stale, missing, up_to_date = {}, [], []
        for locale in self.project.settings.locales:
            if not self.project.translation_file(found.path, locale).is_file():
                if found.is_new and self.project.settings.mode(found.path, locale) != "off":
                    missing.append(locale)
                continue
            try:
                now = behind(pages.settled(self.project, found.path, locale, new).rows)
                then = behind(self._rows(old, was, locale)) if old else None
            except Refused:
                continue  # `check` says what is wrong with it
            if now and not then:
                stale[locale] = now
            elif then and not now:
                up_to_date.append(locale)
        characters = translate(self.project, dry_run=True, paths=[found.path]).characters
        return replace(
            found, stale=stale, missing=tuple(missing), up_to_date=tuple(up_to_date), characters=characters
        )  # fmt: skip

    # -- as it was

    def _old(self, path: str) -> Document | None:
        text = self.history.text_at(self.start, self.project.original_file(path))
        return self._parsed(text) if text is not None else None

    def _parsed(self, text: str) -> Document | None:
        try:
            return parse(text, self.project.settings.translatable)
        except Refused:
            return None

    def _rows(self, old: Document, path: str, locale: Locale) -> Iterable[Row]:
        """How the old translation stood to the old original."""
        text = self.history.text_at(self.start, self.project.translation_file(path, locale))
        ledger = self.history.text_at(self.start, self.project.ledger_file(path, locale))
        target = self._parsed(text) if text is not None else None
        return settle(old, target, load_ledger(ledger, where=path) if ledger else None).rows

    def _origin(self, new: Document) -> str:
        """Where a new article was before, if it was moved; empty for one that is really new."""
        gone = (path for path in self.paths if path not in self.project.articles)
        return next((path for path in gone if (old := self._old(path)) and are_alike(old, new)), "")

"""The regular check: what is due for a review, and the stamp of one that was done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from pathlib import Path

from kbtool import store
from kbtool.commands import pages
from kbtool.commands.verdicts import check_name
from kbtool.core.due import Due, due_on, read_reviewed
from kbtool.core.errors import Refused, UsageError
from kbtool.core.meta import front_matter
from kbtool.core.model import Ledger, Locale, Stamp
from kbtool.core.owners import Rule, owners_of, read_rules
from kbtool.core.stamp import stamped
from kbtool.core.states import observe
from kbtool.history import History
from kbtool.lock import hold
from kbtool.project import Project, Target
from kbtool.settings import days, settings_file

CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")


class Calendar:
    """When which original and which translation is due."""

    def __init__(self, project: Project, today: date) -> None:
        self.project, self.today = project, today

    def all(self, locales: Iterable[Locale] = (), paths: Iterable[str] = ()) -> list[Due]:
        """The next review of every chosen original and of every translation that is there, soonest first.

        With locales chosen, only of these; the source locale stands for the originals.
        """
        chosen = tuple(locales)
        source = self.project.settings.source
        targets = self.project.locales(x for x in chosen if x != source) if set(chosen) != {source} else ()
        found: list[Due] = []
        for path in self.project.select(tuple(paths)):
            head, note = self._head(path)
            if not chosen or source in chosen:
                found.append(self._original(path, head, note))
            found += self._translations(path, head, targets)
        return sorted(found, key=lambda each: (each.on, each.file))

    def _original(self, path: str, head: dict[str, object], note: str) -> Due:
        last = None
        try:
            last = read_reviewed(head.get("reviewed"))
        except ValueError:
            note = f"`reviewed: {head['reviewed']}` is no day and name"
        every, wrong = self._interval(path, None, head)
        on = due_on(path, last.on if last else None, every, self.start)
        return Due(f"docs/{path}", self.project.settings.source, self.owner(path, head), on, every, last, note or wrong)

    def _translations(self, path: str, head: dict[str, object], locales: Iterable[Locale]) -> Iterator[Due]:
        for locale in locales:
            file = self.project.translation_file(path, locale)
            if not file.is_file():
                continue
            note, last = "", None
            try:
                last = self._last(path, locale)
            except Refused as error:
                note = str(error)
            every, _ = self._interval(path, locale, head)
            on = due_on(f"{locale}/{path}", last.on if last else None, every, self.start)
            yield Due(self.project.shown(file), locale, self.owner(path, head), on, every, last, note)

    def _last(self, path: str, locale: Locale) -> Stamp | None:
        """The last review in a ledger; most have none, and are not read any further."""
        try:
            text = self.project.read(self.project.ledger_file(path, locale))
        except FileNotFoundError:
            return None
        if "\nreviews:" not in text:
            return None
        ledger = self.project.ledger(path, locale)
        return max(ledger.reviews, key=lambda stamp: stamp.on) if ledger and ledger.reviews else None

    def _head(self, path: str) -> tuple[dict[str, object], str]:
        try:
            return dict(front_matter(self.project.original(path))), ""
        except Refused as error:
            return {}, str(error)

    def _interval(self, path: str, locale: Locale | None, head: dict[str, object]) -> tuple[int, str]:
        own = head.get("review_every")
        usual = self.project.settings.interval(path, locale)
        if own is None:
            return usual, ""
        found = days(own)
        return (found, "") if found else (usual, f"`review_every: {own}` is no number of days, such as 90d")

    def owner(self, path: str, head: dict[str, object]) -> str:
        """Who answers for an article: its front matter, the settings, CODEOWNERS; empty where nobody does."""
        own = head.get("owner")
        if isinstance(own, list):
            own = ", ".join(map(str, own))
        said = str(own).strip() if own else self.project.settings.owner(path)
        return said or ", ".join(owners_of(f"docs/{path}", self._code_owners))

    @cached_property
    def _code_owners(self) -> tuple[Rule, ...]:
        files = (self.project.root / name for name in CODEOWNERS)
        return next((read_rules(self.project.read(file)) for file in files if file.is_file()), ())

    @cached_property
    def start(self) -> date:
        """The day from which first reviews are spread: the settings', else that of their first commit, else today."""
        if self.project.settings.review.start:
            return self.project.settings.review.start
        history = History.of(self.project.root)
        file = settings_file(self.project.root) or self.project.root / "mkdocs.yml"
        return (history.first_day(file) if history else None) or self.today


def verify(project: Project, paths: Iterable[str], by: str, on: date) -> list[str]:
    """Stamp a regular review into originals and translations; gives the files that have the stamp now.

    Nothing else in them changes, so no translation becomes stale. Raises UsageError for what is neither.
    """
    check_name(by)
    stamp = Stamp(by, on)
    with hold(project.root):
        return [_stamp(project, path, stamp) for path in paths]


def _stamp(project: Project, given: str, stamp: Stamp) -> str:
    target = _translation(project, given)
    if target is None:
        articles = project.select((given,))
        if len(articles) != 1 or not articles[0].endswith(Path(given).name):
            raise UsageError(f"{given} is no article", hint="name the file that was reviewed, such as docs/refunds.md")
        file = project.original_file(articles[0])
        store.write_text(file, stamped(project.original(articles[0]), stamp, project.shown(file)))
        return project.shown(file)
    if target.path not in project.articles or not project.translation_file(target.path, target.locale).is_file():
        raise UsageError(f"no such translation: {given}", hint="name it as translations/de/refunds.md")
    ledger = project.ledger(target.path, target.locale) or Ledger()
    entries = ledger.entries or observe(pages.settled(project, target.path, target.locale).rows)
    reviews = (*(each for each in ledger.reviews if each != stamp), stamp)
    project.write_ledger(target, Ledger(entries, tuple(sorted(reviews, key=lambda each: each.on))))
    return project.shown(project.translation_file(target.path, target.locale))


def _translation(project: Project, given: str) -> Target | None:
    """`translations/de/x.md` as a target; None for anything else."""
    path = Path(given)
    if path.is_absolute() and path.is_relative_to(project.root):
        path = path.relative_to(project.root)
    parts = path.as_posix().removeprefix("./").split("/", 2)
    if len(parts) < 3 or parts[0] != "translations":
        return None
    project.locales((parts[1],))
    return Target(parts[2], parts[1])

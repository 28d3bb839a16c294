"""When articles came and changed, as git tells; remembered by the commit that is checked out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from kbtool.core.model import Locale
from kbtool.core.stamp import unstamped
from kbtool.history import Change, History
from kbtool.project import Project
from kbtool.site.inputs import head_key
from kbtool.site.stage.recall import Recall, digest_of

#: of the last review, of the last change, and on which it came; empty for none, for what is not in git, and for what a
#: clone without its past does not know
Days = tuple[str, str, str]

_STAMPED_WITHIN = 31  #: days after a review in which a commit may be nothing but its stamp


class Past:
    """The past of a knowledge base's articles; git is only asked for what is not known of this commit."""

    def __init__(self, project: Project, recall: Recall) -> None:
        self._project, self._recall = project, recall
        self._head = digest_of(head_key(project.root))
        self._shared: dict[Days, Days] = {}

    def days(self, locale: Locale, checked: Mapping[str, str]) -> list[Days]:
        """The days of a locale's articles. `checked` are those of their last reviews, which are no changes."""
        before, now = self._recall.table(f"past in {locale} of {self._head}")
        folder = "docs" if locale == self._project.settings.source else f"translations/{locale}"
        for path, day in checked.items():
            row = before.get(path)
            now[path] = row if row and row[0] == day else self._asked(f"{folder}/{path}", day)
        return [now[path] for path in checked]

    def _asked(self, file: str, checked: str) -> Days:
        changes = self._changes.get(file, ())
        first = changes[-1].day.isoformat() if changes and changes[-1].old is None else ""
        found = checked, self._updated(changes, date.fromisoformat(checked) if checked else None), first
        return self._shared.setdefault(found, found)  # what is the same is kept once

    @cached_property
    def _history(self) -> History | None:
        return History.of(self._project.root)

    @cached_property
    def _changes(self) -> Mapping[str, tuple[Change, ...]]:
        if self._history is None or self._history.is_shallow:
            return {}
        folders = [self._project.docs, self._project.root / "translations"]
        there = (folder for folder in folders if folder.is_dir())
        return {path: told for folder in there for path, told in self._history.changes(folder).items()}

    def _updated(self, changes: tuple[Change, ...], checked: date | None) -> str:
        """When the text last changed: a commit that brought nothing but the stamp of a review is none of that."""
        for change in changes:
            near = checked is not None and 0 <= (change.day - checked).days <= _STAMPED_WITHIN
            if not near or change.old is None or not self._is_stamp(change.old, change.new):
                return change.day.isoformat()
        return ""

    def _is_stamp(self, old: str, new: str) -> bool:
        history = self._history
        return (
            history is not None and unstamped(history.content(old)).strip() == unstamped(history.content(new)).strip()
        )

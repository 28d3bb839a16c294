"""When articles came and changed, as git tells; remembered by the commit that is checked out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property, lru_cache

from kbtool.core.stamp import unstamped
from kbtool.history import Change, History
from kbtool.project import Project
from kbtool.site.inputs import head_key
from kbtool.site.stage.recall import Recall, digest_of

_STAMPED_WITHIN = 31  #: days after a review in which a commit may be nothing but its stamp


@lru_cache(maxsize=1024)
def day_of(text: str) -> date | None:
    """The day that a text names; none for an empty one."""
    return date.fromisoformat(text) if text else None


class Past:
    """The past of a knowledge base's articles; git is only asked for what is not known of this commit."""

    def __init__(self, project: Project, recall: Recall) -> None:
        self._project = project
        self._before, self._now = recall.table(f"past of {digest_of(head_key(project.root))}")

    def days(self, file: str, checked: str) -> tuple[date | None, date | None]:
        """When a file, named relative to the root, last changed, and when it came: what a clone without its past does
        not know, and what is not in git. `checked` is the day of its last review, which is no change."""
        row = self._before.get(file)
        if row is None or row[0] != checked:
            row = (checked, *self._asked(file, checked))
        self._now[file] = row
        return day_of(row[1]), day_of(row[2])

    def _asked(self, file: str, checked: str) -> tuple[str, str]:
        changes = self._changes.get(file, ())
        first = changes[-1].day.isoformat() if changes and changes[-1].old is None else ""
        return self._updated(changes, date.fromisoformat(checked) if checked else None), first

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

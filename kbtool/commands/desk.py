"""A reviewer's desk for one sitting: the queue kept fresh, sheets, previews, and the steps that were taken."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from kbtool.commands import review
from kbtool.commands.edits import Trial, attempt
from kbtool.commands.steps import Step, Steps, Wish
from kbtool.commands.verdicts import Judge, check_name
from kbtool.core.errors import Busy, UsageError
from kbtool.core.model import Locale
from kbtool.core.queue import Waiting, in_order
from kbtool.project import Project, Target

T = TypeVar("T")
Stamp = tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far this sitting is."""

    done: int  #: segments that got a verdict and wait no more
    articles: int  #: translations of which nothing waits any more
    waiting: int
    steps: int  #: that can be undone


class Desk:
    """What one person reviews: some locales and articles of a knowledge base.

    Files are looked at again whenever their time or size changed; nothing that a browser says becomes a file name
    before it was found among the articles.
    """

    def __init__(
        self,
        start: Project,
        locales: Iterable[Locale],
        paths: Iterable[str],
        by: str,
        *,
        patience: float = 5.0,  #: seconds to wait for another run to end
    ) -> None:
        check_name(by)
        self.root, self.by, self._patience = start.root, by, patience
        self.locales, self._paths = start.locales(locales), tuple(paths)
        start.select(self._paths)
        self.steps = Steps()
        self._outlook = review.Outlook(start)
        self._known: dict[Target, tuple[Stamp, Waiting | None]] = {}
        self._refresh(start)

    def target(self, locale: str, path: str) -> Target:
        """A translation that this sitting is about.

        Raises UsageError for what is not among them.
        """
        found = Target(path, locale)
        if found not in self._known:
            raise UsageError("this review has no such translation")
        return found

    def queue(self) -> list[Waiting]:
        """What waits, the most important first."""
        self._refresh(Project.at(self.root))
        return in_order(waiting for _, waiting in self._known.values() if waiting is not None)

    def progress(self) -> Progress:
        """Counted over what the last `queue` found."""
        left = {target for target, (_, waiting) in self._known.items() if waiting is not None}
        touched = [step.wish.target for step in self.steps.taken if step.settles]
        waiting = sum(sum(w.counts.values()) for _, w in self._known.values() if w is not None)
        return Progress(len(touched), len(set(touched) - left), waiting, len(self.steps.taken))

    def sheet(self, target: Target, *, everything: bool = False) -> review.Sheet:
        return review.sheet(Project.at(self.root), target.path, target.locale, everything=everything)

    def attempt(self, target: Target, number: int, text: str) -> Trial:
        return attempt(Project.at(self.root), target, number, text)

    def take(self, wish: Wish, reason: str = "") -> Step:
        who = Judge(self.by, date.today(), reason)
        return self._patiently(lambda: self.steps.take(Project.at(self.root), wish, who))

    def undo(self) -> Step:
        return self._patiently(lambda: self.steps.undo(Project.at(self.root)))

    def pulse(self, target: Target) -> str:
        """Changes when any file behind a translation does."""
        return hashlib.blake2b(repr(_stamp(Project.at(self.root), target)).encode(), digest_size=8).hexdigest()

    def _patiently(self, do: Callable[[], T]) -> T:
        """Do what needs the lock; raises Busy where another run holds it for longer than a moment."""
        until = time.monotonic() + self._patience
        while True:
            try:
                return do()
            except Busy:
                if time.monotonic() >= until:
                    raise
                time.sleep(0.1)

    def _refresh(self, project: Project) -> None:
        now = list(project.targets(self.locales, self._paths))
        first = not self._known
        for target in now:
            stamp = _stamp(project, target)
            if first or target not in self._known or self._known[target][0] != stamp:
                self._known[target] = stamp, self._outlook.of(target, afresh=not first)
        for gone in self._known.keys() - set(now):
            del self._known[gone]


def _stamp(project: Project, target: Target) -> Stamp:
    """Time and size of the files that a translation's state follows from."""
    files = (
        project.original_file(target.path),
        project.translation_file(target.path, target.locale),
        project.ledger_file(target.path, target.locale),
        project.glossary_file(target.locale),
    )
    found: list[tuple[int, int] | None] = []
    for file in files:
        try:
            stat = file.stat()
            found.append((stat.st_mtime_ns, stat.st_size))
        except FileNotFoundError:
            found.append(None)
    return tuple(found)

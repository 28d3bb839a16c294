"""A reviewer's steps: each is taken only on what the reviewer saw, and can be undone while nobody wrote there since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kbtool import store
from kbtool.commands import pages
from kbtool.commands.edits import edit
from kbtool.commands.review import mark, waits
from kbtool.commands.verdicts import Judge, Said, rule
from kbtool.core.errors import KbError, UsageError
from kbtool.core.model import Row, State
from kbtool.core.verdicts import VERDICTS, has_proposal
from kbtool.lock import hold
from kbtool.memory import Memory
from kbtool.project import Project, Target

MOST = 200  #: steps that can be undone
#: besides the verdicts: the text that stands there, just edited or not, is right whatever was proposed
STANDS = "stands"


class Changed(KbError):
    """Somebody else changed what a reviewer was looking at."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reviewer wants for one segment: other words, a verdict, or first one and then the other."""

    target: Target
    number: int
    seen: str  #: the segment's mark when the reviewer looked at it
    text: str | None = None
    verdict: str = ""  #: of VERDICTS, or STANDS


@dataclass(frozen=True, slots=True)
class Step:
    """A wish that came true, and the files before and after it."""

    wish: Wish
    before: Mapping[Path, str | None]
    after: Mapping[Path, str | None]
    note: str = ""  #: why the verdict could not follow the edit; empty where it did
    settles: bool = False  #: whether the segment waits no more
    forgotten: tuple[bytes, ...] = ()  #: replies that the memory does not give any more


@dataclass
class Steps:
    """What a reviewer did, newest last."""

    taken: list[Step] = field(default_factory=list)

    def take(self, project: Project, wish: Wish, who: Judge) -> Step:
        """Do what a reviewer wants.

        Raises Changed where the segment is not what the reviewer saw, KbError where it cannot be done; nothing is
        written then. An edit whose verdict cannot be given stays, and the step says why.
        """
        if wish.verdict and wish.verdict not in (*VERDICTS, STANDS):
            raise UsageError(f"unknown verdict {wish.verdict!r}", hint=f"verdicts are {', '.join(VERDICTS)}, {STANDS}")
        with hold(project.root):
            _same_as_seen(project, wish)
            before = _contents(project, wish.target)
            note = ""
            forgotten: list[bytes] = []
            if wish.text is not None:
                edit(project, wish.target, wish.number, wish.text)
            if wish.verdict:
                try:
                    for said in _give(project, wish, who):
                        forgotten += said.forgotten
                except KbError as error:
                    if wish.text is None:
                        raise
                    note = error.what
            after = _contents(project, wish.target)
            step = Step(wish, before, after, note, not _waits(project, wish), tuple(forgotten))
        if step.before != step.after:
            self.taken = [*self.taken, step][-MOST:]
        return step

    def undo(self, project: Project) -> Step:
        """Put the files back as they were before the last step, byte for byte, and what the memory forgot.

        Raises Changed where somebody has written there since, KbError where there is nothing to undo.
        """
        if not self.taken:
            raise KbError("there is nothing to undo")
        step = self.taken[-1]
        with hold(project.root):
            if _contents(project, step.wish.target) != step.after:
                raise Changed(
                    "the files have changed since, so this step stays",
                    where=project.shown(project.translation_file(step.wish.target.path, step.wish.target.locale)),
                    hint="git diff shows what changed",
                )
            _put_back(project.root, step.before)
            if step.forgotten:
                with Memory.of(project.root) as memory:
                    memory.remember(step.forgotten)
        self.taken.pop()
        return step


def _give(project: Project, wish: Wish, who: Judge) -> Iterator[Said]:
    """Give the verdict; STANDS is the one, or the two, that a person would give on the command line."""
    if wish.verdict != STANDS:
        yield from rule(project, wish.verdict, wish.target, who, (wish.number,))
        return
    row = _row(project, wish)
    if row is None or row.state is State.APPROVED:
        return
    if row.state is State.STALE:
        raise KbError("the original has changed since: edit the translation, take the proposal, or waive the change")
    if has_proposal(row):
        yield from rule(project, "reject", wish.target, who, (wish.number,))
    verdict = "accept" if row.state is State.CONFLICT else "approve"
    yield from rule(project, verdict, wish.target, who, (wish.number,))


def _row(project: Project, wish: Wish) -> Row | None:
    settled = pages.settled(project, wish.target.path, wish.target.locale)
    pairs = zip(settled.rows, settled.tie.rows, strict=True)
    return next((row for row, tied in pairs if tied.source == wish.number - 1), None)


def _same_as_seen(project: Project, wish: Wish) -> None:
    row = _row(project, wish)
    if row is None or mark(row) != wish.seen:
        raise Changed(
            "this segment has changed since you opened it; nothing was written",
            where=project.shown(project.translation_file(wish.target.path, wish.target.locale)),
            hint="read it again, then decide",
        )


def _waits(project: Project, wish: Wish) -> bool:
    row = _row(project, wish)
    machine = project.settings.mode(wish.target.path, wish.target.locale) != "machine"
    return row is not None and waits(row, machine=machine)


def _contents(project: Project, target: Target) -> dict[Path, str | None]:
    files = project.translation_file(target.path, target.locale), project.ledger_file(target.path, target.locale)
    return {file: store.read_text(file) if file.is_file() else None for file in files}


def _put_back(root: Path, files: Mapping[Path, str | None]) -> None:
    store.write_together(root, {file: text for file, text in files.items() if text is not None})
    for file, text in files.items():
        if text is None:
            file.unlink(missing_ok=True)

"""Who may approve: reviewers by locale, and four eyes."""

from __future__ import annotations

from functools import cached_property

from kbtool.core.errors import KbError, Refused
from kbtool.core.model import Digest, Row
from kbtool.core.segments import parse
from kbtool.history import History, Version
from kbtool.project import Project, Target


class Authors:
    """The people behind one translation, as far as the settings ask for them."""

    def __init__(self, project: Project, target: Target) -> None:
        self.project, self.target = project, target
        self.file = project.translation_file(target.path, target.locale)

    def why_not(self, by: str, row: Row) -> str:
        """Why a person may not approve a segment; empty where they may."""
        review = self.project.settings.review
        allowed = review.reviewers.get(self.target.locale, ())
        if allowed and by not in allowed:
            return f"{by} is no reviewer for {self.target.locale} (settings, review.reviewers: {', '.join(allowed)})"
        if not review.four_eyes or row.target is None or not _by_hand(row):
            return ""
        return self._same_eyes(by, row.target.digest)

    def _same_eyes(self, by: str, text: Digest) -> str:
        """Why four eyes are not there: `by` wrote this text, or nobody can tell who did."""
        if self.history is None:
            raise KbError(
                "who wrote a translation cannot be told without git, and the settings ask for four eyes",
                where="review.four_eyes",
                hint="work in a clone of the repository, or set review.four_eyes = false",
            )
        if text not in self._digests(self._now):
            return ""
        if not self._versions or text not in self._digests(self.history.text(self._versions[0])):
            writer = self.history.user() or by
            here = f"{by} wrote it (it is not committed yet), and the settings ask for four eyes"
            return here if writer.casefold() == by.casefold() else ""
        author = self._author(text)
        if author is None:
            return f"four eyes are asked for, and who wrote it is not known: {self.history.why_missing()}"
        return f"{by} wrote it ({author.commit[:8]}), and the settings ask for four eyes" if author.by(by) else ""

    def _author(self, text: Digest) -> Version | None:
        """The commit that brought a text."""
        assert self.history is not None
        found = None
        for version in self._versions:
            if text not in self._digests(self.history.text(version)):
                return found
            found = version
        return None if self.history.is_shallow else found

    @cached_property
    def history(self) -> History | None:
        return History.of(self.project.root)

    @cached_property
    def _versions(self) -> list[Version]:
        return list(self.history.versions(self.file)) if self.history else []

    @cached_property
    def _now(self) -> str:
        return self.project.read(self.file)

    def _digests(self, text: str) -> set[Digest]:
        try:
            return {segment.digest for segment in parse(text, self.project.settings.translatable).segments}
        except Refused:
            return set()


def _by_hand(row: Row) -> bool:
    """Whether a person wrote the text; a machine's may be approved by anybody."""
    entry = row.entry
    return entry is None or entry.by == "hand" or (row.target is not None and row.target.digest != entry.tgt)

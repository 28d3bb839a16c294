"""Translations in which nothing waits, as far as `status` remembers: nobody needs to read them again for that."""

from __future__ import annotations

from kbtool.commands.status_cache import Cache, Sign, signature, signs
from kbtool.core.model import Locale, State
from kbtool.core.standing import STATES
from kbtool.project import Project, Target


class Calm:
    """Answers from sizes and times of files, and only where an earlier run has seen these very files."""

    def __init__(self, project: Project) -> None:
        self._project, self._cache = project, Cache(project)
        self._docs = signs(project.docs)
        self._files: dict[Locale, dict[str, Sign]] = {}

    def __contains__(self, target: Target) -> bool:
        """Whether all its segments are approved, missing or orphaned, or wait for the machine alone."""
        path, locale = target.path, target.locale
        if locale not in self._files:
            self._files[locale] = signs(self._project.root / "translations" / locale)
        files = self._files[locale]
        sign = signature(self._docs.get(path), files.get(path), files.get(path.removesuffix(".md") + ".ledger.yml"))
        counts = self._cache.get(path, locale, sign)
        if counts is None:
            return False
        waiting = {State.NEEDS_REVIEW, State.STALE, State.CONFLICT}
        if self._project.settings.mode(path, locale) != "machine":
            waiting.add(State.MACHINE)
        return not any(n for state, n in zip(STATES, counts, strict=True) if state in waiting)

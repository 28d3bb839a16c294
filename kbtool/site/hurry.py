"""What a preview shows first: the pages of the language that somebody is at work on; the rest follows."""

from __future__ import annotations

from functools import cached_property

from kbtool.core.model import Locale
from kbtool.site.lastsite import LastSite
from kbtool.site.stage.stage import Stage


class Changes:
    """What has changed in the stage since the last build."""

    def __init__(self, stage: Stage, last: LastSite) -> None:
        self._stage, self._last = stage, last

    @cached_property
    def names(self) -> set[str]:
        """The staged files that are new, others than they were, or gone."""
        return {name for name, _ in self._stage.digests.items() ^ self._last.staged.items()}

    @cached_property
    def anything_gone(self) -> bool:
        """Whether something is no longer to be seen: it must go from everywhere at once."""
        return bool(self._last.staged.keys() - self._stage.digests.keys())

    @property
    def waiting(self) -> set[Locale]:
        """The locales without a text that changed by itself, if there are others.

        Translations take headings' ids from their original, and lists name titles: what follows can wait.
        """
        stage = self._stage
        texts = [name.split("/", 2)[1:] for name in self.names if name.startswith("docs/")]
        follow = {path for locale, path in texts if locale == stage.source} | {*stage.lists}
        first = {locale for locale, path in texts if locale == stage.source or path not in follow}
        return set(stage.locales) - first if first and not self.anything_gone else set()

    @property
    def may_hurry(self) -> bool:
        """Whether search, feeds and lists for machines may be as they were for a moment."""
        return bool(self.names) and not self.anything_gone and self._last.is_untouched()

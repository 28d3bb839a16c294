"""What one build of an edition leaves to the next, in files and, for a preview, in memory until there is time.

A preview builds again and again in one process. It reads its records once, hands them on, and writes them when it has
shown everything. Until then they speak of the site before: its files are others now, so that they are made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from kbtool.site.lastsite import LastSite
from kbtool.site.signs import Sign
from kbtool.site.stage.recall import Recall


class Held:
    """The records of one edition in one folder."""

    def __init__(self, urgent: Callable[[], bool] = lambda: False) -> None:
        self.urgent = urgent  #: whether something has changed that is to be shown first
        self._recall: Recall | None = None
        self._last: LastSite | None = None
        self._file: Path | None = None

    def last(self, file: Path, target: Path) -> LastSite:
        """What is known of the site in `target`, as `file` says where nothing is held."""
        held = self._last
        if held is None or held.target != str(target) or self._file != file:
            return LastSite.read(file, target)
        return replace(held, inputs_now=None)  # it is to look again at what is there

    def recall(self, file: Path, root: Path, key: str, signs: Mapping[str, Sign]) -> Recall:
        """What is known of the articles, as `file` says where nothing is held for this key."""
        held = self._recall
        if held and (held.file, held.root, held.key) == (file, root, key):
            return held.again(signs)
        return Recall(file, root, key, signs)

    def keep(self, recall: Recall, last: LastSite | None = None, file: Path | None = None) -> None:
        """Hold what a build leaves; `file` is for what it says of the site."""
        self._recall, self._last, self._file = recall, last, file

    def save(self) -> None:
        """Write what is held."""
        if self._recall:
            self._recall.save()
        if self._last and self._file:
            self._last.write(self._file)

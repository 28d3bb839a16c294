"""What the memory learns from files of other tools: translations that people made."""

from __future__ import annotations

from collections.abc import Iterable

from kbtool.commands.inbox import Came
from kbtool.core.audience import AUDIENCES, rank
from kbtool.core.model import Locale
from kbtool.interchange.units import is_sayable
from kbtool.memory import Key, Memory
from kbtool.project import Project


class Lessons:
    """Texts and their translations, gathered first and kept at the end."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._learned: dict[Key, str] = {}

    def learn(self, source: str, target: str, locale: Locale, audience: str) -> None:
        """Gather one; a later one for the same text takes its place."""
        self._learned[Key("hand", "", self.project.settings.source, locale, source, audience)] = target

    def pairs(self, pairs: Iterable[Came], locale: Locale) -> int:
        """Gather pairs without a place in an article; gives how many could be."""
        units = [pair.unit for pair in pairs]
        good = [u for u in units if u.source.strip() and u.target.strip() and is_sayable(u.target)]
        for unit in good:
            self.learn(unit.source, unit.target, locale, AUDIENCES[rank(unit.audience)])
        return len(good)

    def keep(self) -> None:
        """Write into the memory what was gathered."""
        if self._learned:
            with Memory.of(self.project.root) as memory:
                for key, text in self._learned.items():
                    memory.learn(key, text)

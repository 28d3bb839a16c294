"""Faults of the settings: collected while they are read, and told all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from kbtool.core.errors import UsageError


class Fault(NamedTuple):
    """What is wrong with one key."""

    key: str  #: dotted, as `review.every`; the second `[[policy]]` is `policy.2`
    what: str  #: begins with the key as a person would name it


class SettingsFaults(UsageError):
    """The settings have faults; the message has a line for each."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("", where="kbtool.toml", hint="every key is explained in docs/reference/settings.md")
        self.faults = faults
        self._tell([fault.what for fault in faults])

    def place(self, place_of: Callable[[str], str]) -> None:
        """Have each fault begin with the place of its key."""
        self._tell([f"{place_of(fault.key)}: {fault.what}" for fault in self.faults])

    def _tell(self, lines: list[str]) -> None:
        self.what = "the settings have faults:\n" + "\n".join(f"  {line}" for line in lines)

    def __str__(self) -> str:
        return self.what  # each line has its place

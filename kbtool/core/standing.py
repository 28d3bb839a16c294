"""Where an article stands in one locale, as small as it gets: twenty thousand of them are looked at in one run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kbtool.core.errors import UsageError
from kbtool.core.model import Locale, State

STATES = tuple(State)
Counts = tuple[int, ...]  #: segments, in the order of State


@dataclass(slots=True)
class Standing:
    """An article in one locale: its worst state and how many segments are in which."""

    path: str  #: relative to docs/
    locale: Locale
    state: State
    counts: Counts  #: segments, in the order of State
    moved_from: str = ""  #: the translation still lies where the article was before it was renamed by hand
    error: str = ""  #: why the files could not be read; the state is then conflict

    @property
    def segments(self) -> int:
        return sum(self.counts)


def states_named(names: Iterable[str]) -> tuple[State, ...]:
    """States from words such as `missing,stale`.

    Raises UsageError for a word that is no state.
    """
    words = [word.strip() for name in names for word in name.split(",") if word.strip()]
    for word in words:
        if word not in list(State):
            raise UsageError(f"unknown state {word!r}", hint=f"states are {', '.join(State)}")
    return tuple(State(word) for word in words)

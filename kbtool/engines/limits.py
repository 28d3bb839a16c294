"""How an engine is treated: patience, pace and money. One object of each kind per engine and run, in the parent."""

from __future__ import annotations

import random
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from kbtool.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kbtool.engines.base import About
    from kbtool.memory import Memory

_jitter = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Limits:
    """Every bound of a run; an engine's own table in the settings may set each of them for that engine."""

    attempts: int = 4  #: of one request, the first included
    backoff: float = 0.5  #: seconds; doubled with each attempt, and drawn at random below that
    ceiling: float = 30.0  #: seconds; no pause of our own is longer
    patience: float = 120.0  #: seconds; an engine that asks for a longer pause is given up for this run
    faults: int = 6  #: in a row, on different requests, and the circuit opens
    cooldown: float = 15.0  #: seconds until one request may try whether the engine is back
    connections: int | None = None
    requests_per_second: float | None = None
    characters_per_minute: int | None = None
    run_characters: int | None = None  #: budget, counted before sending
    month_characters: int | None = None
    run_cost: float | None = None

    def for_engine(self, about: About, options: Mapping[str, Any]) -> Limits:
        """These limits, with those of the engine's own settings and description filled in."""
        own = {f.name: options[f.name] for f in fields(self) if f.name in options}
        for name, value in own.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise UsageError(f"{name} is not a number", where=f"engines.{about.name}.{name}")
        filled = replace(self, **own)
        return replace(
            filled,
            connections=max(1, filled.connections or about.connections),
            requests_per_second=filled.requests_per_second or about.requests_per_second,
            characters_per_minute=filled.characters_per_minute or about.characters_per_minute,
        )

    def pause(self, attempt: int) -> float:
        """Seconds before the next attempt: full jitter, so that many runs do not knock at the same moment."""
        return _jitter.uniform(0, min(self.ceiling, self.backoff * 2**attempt))


class Pace:
    """Lets requests go no faster than the engine's limits; times are handed in."""

    def __init__(self, limits: Limits) -> None:
        self._interval = 1 / limits.requests_per_second if limits.requests_per_second else 0.0
        self._per_character = 60 / limits.characters_per_minute if limits.characters_per_minute else 0.0
        self._next = 0.0

    def ready_at(self) -> float:
        """When the next request may go."""
        return self._next

    def sent(self, now: float, characters: int) -> None:
        self._next = max(now, self._next) + max(self._interval, characters * self._per_character)

    def hold_until(self, at: float) -> None:
        """The engine asked for a pause."""
        self._next = max(self._next, at)


class Breaker:
    """Opens after so many faults in a row; after a while one request may try; if that fails too, it stays open."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._faults = 0
        self._tried = False
        self.given_up = False
        self.open_until = 0.0

    def probing(self) -> bool:
        """Whether only one request at a time may go, to see whether the engine is back."""
        return self._faults >= self._limits.faults

    def good(self) -> None:
        self._faults, self._tried = 0, False

    def bad(self, now: float) -> None:
        self._faults += 1
        if self._faults < self._limits.faults:
            return
        if self._tried and now >= self.open_until:
            self.given_up = True
        elif not self._tried:
            self._tried = True
            self.open_until = now + self._limits.cooldown


class Purse:
    """The money that engines may cost: one for a whole run of the command, however many locales and engines it has."""

    def __init__(self, run: float | None = None, month: float | None = None) -> None:
        self._run, self._month = run, month
        self.spent = 0.0

    def refuses(self, cost: float, spent_this_month: float) -> str | None:
        """Why so much more may not be spent, or None."""
        if self._run is not None and self.spent + cost > self._run:
            return f"the budget of this run ({self._run:g}) is used up"
        if self._month is not None and spent_this_month + cost > self._month:
            return f"the budget of this month ({self._month:g}) is used up"
        return None


class Budget:
    """What may still be spent on an engine; asked and counted before sending, so that a run never exceeds it."""

    def __init__(self, limits: Limits, about: About, memory: Memory, month: str, purse: Purse) -> None:
        self._limits, self._about, self._memory, self._month, self._purse = limits, about, memory, month, purse
        self.characters = 0

    def refuses(self, characters: int) -> str | None:
        """Why a request of so many characters may not be sent, or None."""
        limits, total = self._limits, self.characters + characters
        if limits.run_characters is not None and total > limits.run_characters:
            return f"the budget of this run ({limits.run_characters} characters) is used up"
        if limits.run_cost is not None and self._cost(total) > limits.run_cost:
            return f"the budget of this run ({limits.run_cost:g}) is used up"
        if limits.month_characters is not None:
            spent = self._memory.spent(self._month, self._about.name)
            if spent + characters > limits.month_characters:
                return f"the budget of this month ({limits.month_characters} characters) is used up"
        cost = self._cost(characters)
        return self._purse.refuses(cost, self._memory.cost(self._month)) if cost else None

    def spend(self, characters: int, segments: int) -> int:
        """Write down that a request goes out now; gives the number of its intent."""
        cost = self._cost(characters)
        self.characters += characters
        self._purse.spent += cost
        return self._memory.intend(
            self._about.name, segments=segments, characters=characters, month=self._month, cost=cost
        )

    def _cost(self, characters: int) -> float:
        return characters * self._about.price / 1e6

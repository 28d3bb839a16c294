"""A table of a settings file, read key by key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kbtool.settings.faults import Fault

DURATION = re.compile(r"(\d+)\s*(d|w|m|y)")
DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


def days(value: object) -> int | None:
    """`"180d"`, `"26w"`, `"6m"`, `"1y"` or a number, as days; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    found = DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    return int(found[1]) * DAYS[found[2]] if found and int(found[1]) else None


class Table:
    """Typed values out of a TOML table; every fault is noted in `faults` instead of stopping at the first."""

    def __init__(self, table: Mapping[str, Any], faults: list[Fault], at: str = "", called: str = "") -> None:
        """`at` is the table's dotted name; `called` is how a person would call it, with what stands before a key."""
        self.table, self.faults, self.at = table, faults, at
        self.prefix = called or (f"{at}." if at else "")
        self.seen: set[str] = set()

    def fault(self, key: str, what: str) -> None:
        """Note what is wrong with a key of this table; an empty key is the table itself."""
        self.faults.append(Fault(".".join(filter(None, (self.at, key))), what))

    def take(self, key: str, default: Any, want: str, accept: Callable[[Any], Any]) -> Any:
        self.seen.add(key)
        if key not in self.table:
            return default
        try:
            found = accept(self.table[key])
        except (TypeError, ValueError, AttributeError):
            found = None
        if found is None:
            self.fault(key, f"{self.prefix}{key} = {self.table[key]!r}: expected {want}")
            return default
        return found

    def text(self, key: str, default: Any = None) -> Any:
        return self.take(key, default, "text", lambda v: v if isinstance(v, str) and v else None)

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        return tuple(self.take(key, default, "text or a list of texts", as_texts))

    def one_of(self, key: str, choices: Iterable[str], default: Any = None) -> Any:
        choices = tuple(choices)
        return self.take(key, default, f"one of {', '.join(choices)}", lambda v: v if v in choices else None)

    def days(self, key: str, default: Any = None) -> Any:
        return self.take(key, default, 'days, such as "180d", "26w" or "6m"', days)

    def sub(self, key: str) -> Table:
        table = self.take(key, {}, "a table", lambda v: v if isinstance(v, dict) else None)
        return Table(table, self.faults, f"{self.at}.{key}" if self.at else key)

    def done(self) -> None:
        """Whatever was not asked for is a fault: a misspelt key must not be silently nothing."""
        for key in self.table:
            if key not in self.seen:
                near = difflib.get_close_matches(key, self.seen, 1)
                meant = f", did you mean {near[0]!r}?" if near else ""
                self.fault(key, f"{self.prefix}{key}: unknown key{meant}")


def as_texts(value: Any) -> tuple[str, ...] | None:
    if isinstance(value, str) and value:
        return (value,)
    if isinstance(value, list) and all(isinstance(v, str) and v for v in value):
        return tuple(value)
    return None

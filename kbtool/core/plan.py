"""What `translate` does with each segment: the right-hand column of the state table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kbtool.core.model import Entry, Row, Segment, State


class Action(StrEnum):
    """What happens to one segment."""

    KEEP = "keep"  #: its translation stays, rebuilt with the original's links and code where those changed
    COPY = "copy"  #: nothing to translate: no letter in it
    SEND = "send"  #: an engine translates it, its reply goes into the article
    PROPOSE = "propose"  #: an engine translates it, its reply waits beside a person's text
    LEAVE = "leave"  #: the original's text stands in, nobody may translate it


@dataclass(frozen=True, slots=True)
class Step:
    """One segment of the original, and what happens to its translation."""

    row: Row
    action: Action

    @property
    def source(self) -> Segment:
        assert self.row.source is not None
        return self.row.source

    @property
    def sends(self) -> bool:
        return self.action in (Action.SEND, Action.PROPOSE)


def plan(rows: Iterable[Row], *, machine: bool = True, replace: bool = False) -> tuple[Step, ...]:
    """One step for each segment of the original, in its order.

    With `machine` off no engine is asked. With `replace` a machine's text takes the place of a stale text that a
    person wrote or approved, instead of waiting beside it as a proposal.
    """
    return tuple(Step(row, _action(row, machine, replace)) for row in rows if row.source is not None)


def limit(steps: Sequence[Step], most: int) -> tuple[Step, ...]:
    """The same steps, of which at most `most` are sent; the others wait for another run."""
    kept: list[Step] = []
    for step in steps:
        if step.sends and most <= 0:
            kept.append(Step(step.row, Action.KEEP if step.row.target else Action.LEAVE))
            continue
        most -= step.sends
        kept.append(step)
    return tuple(kept)


def _action(row: Row, machine: bool, replace: bool) -> Action:
    assert row.source is not None
    if not row.source.translatable:
        return Action.KEEP if row.target and row.entry and row.entry.by == "hand" else Action.COPY
    if row.state is State.MISSING:
        return Action.SEND if machine else Action.LEAVE
    if row.state is not State.STALE or not machine:
        return Action.KEEP
    return _of_stale(row.source, row.entry, replace=replace)


def _of_stale(source: Segment, entry: Entry | None, *, replace: bool) -> Action:
    waiting = entry.proposal if entry and entry.proposal and entry.proposal.src == source.digest else None
    if waiting and waiting.by == "hand":
        return Action.KEEP  # a translator's own, however old the text beside it: no machine takes its place
    if entry is None or not entry.by_person or replace:
        return Action.SEND
    return Action.KEEP if waiting else Action.PROPOSE

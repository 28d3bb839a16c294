"""One engine's desk in the parent: packs texts into requests, sends them at the engine's pace, asks again where that
helps, and has every reply in the memory before anything else is done with it."""

from __future__ import annotations

import heapq
import itertools
import time
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import TYPE_CHECKING

from kbtool.engines.limits import Breaker, Budget, Limits, Pace, Purse
from kbtool.engines.order import Fault, work
from kbtool.engines.parcels import Packer, Parcel
from kbtool.engines.ticket import Part, Ticket, rungs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from kbtool.engines.base import About
    from kbtool.memory import Key, Memory


class Desk:
    """Serves tickets with one engine. `settle(ticket)` says what is wrong with an answered one, or closes it."""

    def __init__(
        self,
        about: About,
        options: Mapping[str, Any],
        locales: tuple[str, str],
        *,
        limits: Limits,
        memory: Memory,
        month: str,
        purse: Purse,
        key: Callable[[Ticket, str, str], Key],
        settle: Callable[[Ticket], str],
        fail: Callable[[Ticket, str], None],
    ) -> None:
        self._about = about
        self._limits, self._memory = limits, memory
        self._key, self._settle, self._fail = key, settle, fail
        self._pace, self._breaker = Pace(limits), Breaker(limits)
        self._budget = Budget(limits, about, memory, month, purse)
        self._packer = Packer(about, options, locales)
        self._later: list[tuple[float, int, Parcel]] = []
        self._count = itertools.count()
        self._flying: dict[Future[Any], Parcel] = {}
        self._ladders: dict[int, Iterator[tuple[str, str, list[Part]]]] = {}
        self._closed = ""  #: why nothing more is sent

    def serve(self, tickets: Sequence[Ticket], pool: Executor) -> None:
        """Answer every ticket or fail it; on Ctrl-C, wait for what is under way and keep it."""
        for ticket in tickets:
            self._ladders[id(ticket)] = rungs(self._about, ticket.text)
            self._climb(ticket)
        try:
            while self._flying or (self._left() and not self._closed):
                self._send(pool)
                self._collect()
            self._close(self._closed, [])  # what came back after the desk had closed, to be asked again
        except KeyboardInterrupt:
            self._bring_home()
            raise

    def requests(self, tickets: Sequence[Ticket]) -> tuple[int, int]:
        """How many requests and characters these tickets would need, were the engine to answer all of them well."""
        for ticket in tickets:
            self._ladders[id(ticket)] = rungs(self._about, ticket.text)
            self._climb(ticket, ask=False)
        parcels = list(iter(self._packer.pack, None))
        return len(parcels), sum(self._packer.order(parcel).characters for parcel in parcels)

    def _left(self) -> bool:
        return bool(self._later) or bool(self._packer)

    # -- the ladder

    def _climb(self, ticket: Ticket, *, ask: bool = True) -> None:
        """Put the ticket on its next rung; past the last one it has failed."""
        while not ticket.closed:
            rung = next(self._ladders[id(ticket)], None)
            if rung is None:
                self._fail(ticket, ticket.reason or f"the text does not fit into a request to '{self._about.name}'")
                return
            ticket.rung, ticket.form, ticket.parts = rung
            ticket.keys = {}
            for index, part in enumerate(ticket.parts):
                if part.reply is None:
                    ticket.keys[index] = key = self._key(ticket, part.text, ticket.form)
                    part.reply = self._memory.recall(key)
            if ticket.answered:
                if not ask:
                    return
                self._judge(ticket, climb=False)
                continue
            self._packer.add(ticket, [index for index, part in enumerate(ticket.parts) if part.reply is None])
            return

    def _judge(self, ticket: Ticket, *, climb: bool = True) -> None:
        reason = self._settle(ticket)
        if not reason:
            return
        ticket.reason = reason
        self._memory.refuse(ticket.keys.values())
        if climb:
            self._climb(ticket)

    # -- sending

    def _send(self, pool: Executor) -> None:
        while len(self._flying) < self._room() and not self._closed:
            now = time.monotonic()
            if self._gate() > now:
                return
            parcel = self._next(now)
            if parcel is None:
                return
            order = self._packer.order(parcel)
            if reason := self._budget.refuses(order.characters):
                self._close(reason, [parcel])
                return
            parcel.intent = self._budget.spend(order.characters, len(parcel.places))
            self._pace.sent(now, order.characters)
            parcel.attempts += 1
            self._flying[pool.submit(work, order)] = parcel

    def _next(self, now: float) -> Parcel | None:
        if self._later and self._later[0][0] <= now:
            return heapq.heappop(self._later)[2]
        return self._packer.pack()

    # -- receiving

    def _collect(self) -> None:
        """Take what has come back; else wait for it, or until something may be sent."""
        pause = self._pause()
        if not self._flying:
            time.sleep(min(pause or 0.0, 0.5))  # short, so that Ctrl-C is heard
            return
        done, _ = wait(self._flying, timeout=pause, return_when=FIRST_COMPLETED)
        for future in done:
            self._receive(self._flying.pop(future), future)

    def _pause(self) -> float | None:
        """Seconds until something may be sent; None if only a reply can change anything."""
        if self._closed or not self._left() or len(self._flying) >= self._room():
            return None
        at = self._gate()
        if not self._packer:
            at = max(at, self._later[0][0])
        return max(0.002, at - time.monotonic())

    def _gate(self) -> float:
        """When pace and circuit let the next request through."""
        return max(self._pace.ready_at(), self._breaker.open_until if self._breaker.probing() else 0.0)

    def _room(self) -> int:
        return 1 if self._breaker.probing() else self._limits.connections or 1

    def _receive(self, parcel: Parcel, future: Future[Any]) -> None:
        try:
            answer = future.result()
        except Exception as error:  # a worker that died under the job
            answer = Fault("again", f"the worker failed ({type(error).__name__})")
        if isinstance(answer, Fault):
            self._memory.acknowledge(parcel.intent, {})
            self._fault(parcel, answer)
        else:
            self._breaker.good()
            self._accept(parcel, answer)

    def _accept(self, parcel: Parcel, replies: Sequence[object]) -> None:
        read = self._packer.read(parcel, replies)
        kept = {}
        for (ticket, index), reply in zip(parcel.places, read, strict=True):
            if reply is not None:
                kept[ticket.keys[index]] = reply
        self._memory.acknowledge(parcel.intent, kept)
        for (ticket, index), reply in zip(parcel.places, read, strict=True):
            if reply is None:
                self._alone(ticket, index, "the reply belongs to another text", parcel)
            else:
                self._answer(ticket, index, reply)

    def _answer(self, ticket: Ticket, index: int, reply: str) -> None:
        if ticket.closed:
            return
        ticket.parts[index].reply = reply.strip()
        ticket.parts[index].paid = True
        if ticket.answered:
            self._judge(ticket)

    def _alone(self, ticket: Ticket, index: int, reason: str, parcel: Parcel) -> None:
        """A part whose reply was of no use in a batch is sent once more on its own."""
        if ticket.closed:
            return
        part = ticket.parts[index]
        part.attempts += 1
        if (part.alone and len(parcel.places) == 1) or part.attempts >= self._limits.attempts:
            ticket.reason = reason
            self._climb(ticket)
            return
        part.alone = True
        self._packer.add(ticket, [index])

    def _fault(self, parcel: Parcel, fault: Fault) -> None:
        now = time.monotonic()
        if fault.kind == "engine":
            self._close(fault.reason, [parcel])
            return
        if fault.kind in ("again", "reply"):
            self._breaker.bad(now)
            if self._breaker.given_up:
                self._close(f"{fault.reason}; given up after {self._limits.faults} faults in a row", [parcel])
                return
        if fault.retry_after is not None:
            if fault.retry_after > self._limits.patience:
                self._close(f"{fault.reason}; it asks to wait {fault.retry_after:.0f} seconds", [parcel])
                return
            self._pace.hold_until(now + fault.retry_after)
        if fault.kind == "again" and parcel.attempts < self._limits.attempts:
            pause = fault.retry_after if fault.retry_after is not None else 0.0
            at = now + pause + self._limits.pause(parcel.attempts - 1)
            heapq.heappush(self._later, (at, next(self._count), parcel))
        elif fault.kind != "again" and len(parcel.places) > 1:
            for ticket, index in parcel.places:
                self._alone(ticket, index, fault.reason, parcel)
        elif fault.kind == "reply" and parcel.attempts < min(2, self._limits.attempts):
            heapq.heappush(self._later, (now + self._limits.pause(parcel.attempts - 1), next(self._count), parcel))
        else:
            for ticket, _ in parcel.places:
                self._give_up(ticket, fault.reason)

    # -- ending

    def _give_up(self, ticket: Ticket, reason: str) -> None:
        if not ticket.closed:
            self._fail(ticket, reason)

    def _close(self, reason: str, parcels: Sequence[Parcel]) -> None:
        """Send nothing more; what is under way is still waited for."""
        self._closed = reason
        left = [parcel for _, _, parcel in self._later]
        places = [place for parcel in [*parcels, *left] for place in parcel.places]
        places += self._packer.clear()
        self._later.clear()
        for ticket, _ in places:
            self._give_up(ticket, reason)

    def _bring_home(self) -> None:
        self._close("the run was interrupted", [])
        while self._flying:
            done, _ = wait(self._flying, return_when=FIRST_COMPLETED)
            for future in done:
                self._receive(self._flying.pop(future), future)

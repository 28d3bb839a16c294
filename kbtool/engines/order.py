"""A request as a job: small values to a worker, small values back. Workers keep their engines between jobs."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kbtool.core.errors import KbError
from kbtool.engines import create
from kbtool.engines.base import BadReply, Context, Refusal, Rejected, Transient

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kbtool.engines.base import Engine


@dataclass(frozen=True, slots=True)
class Order:
    """Texts to be sent in one request; everything a worker must know, and picklable."""

    engine: str
    options: Mapping[str, Any]
    texts: tuple[str, ...]
    source: str
    target: str
    form: str = ""
    contexts: tuple[Context, ...] = ()

    @property
    def characters(self) -> int:
        return sum(map(len, self.texts))


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no reply, in words that hold no text, address or key."""

    kind: str  #: again | request | engine | reply
    reason: str
    retry_after: float | None = None


_KINDS: tuple[tuple[type[KbError], str], ...] = (
    (Transient, "again"),
    (Rejected, "request"),
    (BadReply, "reply"),
    (Refusal, "engine"),
    (KbError, "engine"),
)


def work(order: Order) -> tuple[object, ...] | Fault:
    """Send one order with an engine of this worker: as many replies as texts, or a fault."""
    settings = {**order.options, "form": order.form} if order.form else dict(order.options)
    key = json.dumps([order.engine, settings], sort_keys=True, default=str)
    try:
        engine = _take(key) or create(order.engine, settings)
    except KbError as error:
        return Fault("engine", _words(error))
    try:
        replies = _ask(engine, order)
    except KbError as error:
        kind = next(name for type_, name in _KINDS if isinstance(error, type_))
        return Fault(kind, _words(error), getattr(error, "retry_after", None))
    except Exception as error:  # a library's; its text may hold a key or the segment
        return Fault("reply", f"engine '{order.engine}' failed ({type(error).__name__})")
    finally:
        _give_back(key, engine)
    if not isinstance(replies, list) or len(replies) != len(order.texts):
        return Fault("reply", f"engine '{order.engine}' did not give one reply for each text")
    return tuple(replies)


def _ask(engine: Engine, order: Order) -> object:
    if order.contexts and engine.about.informed:
        return engine.translate_informed(order.texts, order.source, order.target, order.contexts)  # type: ignore[attr-defined]
    return engine.translate(order.texts, order.source, order.target)


def _words(error: KbError) -> str:
    return f"{error.what}; {error.hint}" if error.hint else error.what


# An engine that nobody uses at the moment serves the next job with the same settings: connections and pipes stay open,
# and no two jobs ever share an engine.
_idle: dict[str, list[Engine]] = defaultdict(list)
_lock = threading.Lock()


def _take(key: str) -> Engine | None:
    with _lock:
        return _idle[key].pop() if _idle[key] else None


def release() -> None:
    """Close the connections and pipes of all engines that nobody uses at the moment."""
    with _lock:
        idle = [engine for engines in _idle.values() for engine in engines]
        _idle.clear()
    for engine in idle:
        if close := getattr(engine, "close", None):
            close()


def _give_back(key: str, engine: Engine) -> None:
    with _lock:
        _idle[key].append(engine)

"""deep-translator's only way out: the door of the engine at work.

The library (1.11.4) has no timeouts, follows redirects, is not thread-safe and raises whatever comes up. So its
modules' `requests` is replaced, and its exceptions, which hold texts and keys, stop here.
"""

from __future__ import annotations

import contextlib
import importlib
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol

from kbtool.engines.base import BadReply, EngineError, Refusal, Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kbtool.engines.egress import Response

_at_work = threading.local()


class Asking(Protocol):
    """An engine that has one of the library's classes at work."""

    def request(self, method: str, url: str, arguments: dict[str, Any]) -> SimpleNamespace:
        """What the library takes for `requests.get` and `requests.post`."""


@contextlib.contextmanager
def at_work(engine: Asking) -> Iterator[None]:
    """In this thread the library's requests are this engine's."""
    _at_work.engine = engine
    try:
        yield
    finally:
        _at_work.engine = None


def library(name: str) -> Any:
    """A module of deep-translator whose only way out is the door."""
    found: Any = importlib.import_module(f"deep_translator.{name}")
    found.requests = _Requests
    return found


def reply_of(response: Response) -> SimpleNamespace:
    """A response as `requests` would give it."""
    return SimpleNamespace(
        status_code=response.status,
        headers=response.headers,
        content=response.body,
        text=response.text(),
        json=response.json,
        close=lambda: None,
    )


def classify(name: str, error: Exception) -> EngineError:
    """The library's exception by its kind alone: its text may hold the segment or the key."""
    kind = type(error).__name__
    if kind in ("LanguageNotSupportedException", "InvalidSourceOrTargetLanguage"):
        return Refusal(f"engine '{name}' does not know one of the two languages")
    if kind in ("NotValidLength", "NotValidPayload"):
        return Rejected(f"engine '{name}' does not take a text of this length")
    if kind == "ApiKeyException":
        return Refusal(f"engine '{name}' needs a key")
    return BadReply(f"engine '{name}' gave no translation ({kind})")


class _Requests:
    """Stands where deep-translator's modules have `requests`; speaks only through the door of the engine at work."""

    class exceptions:  # noqa: N801 - the name the library looks for
        class RequestException(Exception): ...

        class ConnectionError(Exception): ...

    @staticmethod
    def get(url: str, **arguments: Any) -> SimpleNamespace:
        return _asking().request("GET", url, arguments)

    @staticmethod
    def post(url: str, **arguments: Any) -> SimpleNamespace:
        return _asking().request("POST", url, arguments)


def _asking() -> Asking:
    engine: Asking | None = getattr(_at_work, "engine", None)
    if engine is None:
        raise Refusal("deep-translator may not use the network on its own")
    return engine

"""What the tests of the engine layer share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fault_server import KEYS, Server

from kbtool.engines.limits import Limits
from kbtool.memory import Memory


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A loopback server that plays every engine, and every engine's key."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with Server() as played:
        yield played


@pytest.fixture
def memory() -> Iterator[Memory]:
    with Memory(":memory:") as store:
        yield store


@pytest.fixture
def quick() -> Limits:
    """The usual policy without its pauses."""
    return Limits(attempts=3, backoff=0.01, ceiling=0.02, patience=0.5, faults=1000)

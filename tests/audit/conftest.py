"""One knowledge base and its two editions, built once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from kbtool.checks.audit.scan import Scanner
from tests.audit import base


@dataclass(frozen=True)
class Built:
    root: Path
    site: dict[str, bytes]
    agents: Path
    customers: Path
    scanner: Scanner


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = base.lay_out(tmp_path_factory.mktemp("audit"))
    customers, agents = base.build_editions(root)
    return Built(root, base.read_site(customers), agents, customers, base.scanner(root))

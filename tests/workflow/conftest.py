"""A small knowledge base for every story."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_base import REFUNDS, SETTINGS, Base, as_ana


@pytest.fixture(autouse=True)
def ana(monkeypatch: pytest.MonkeyPatch) -> None:
    as_ana(monkeypatch)


@pytest.fixture
def base(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Base]:
    """A knowledge base with one article, in git, with German and Spanish by the pseudo engine."""
    found = Base(tmp_path / "kb", capsys.readouterr)
    found.write("kbtool.toml", SETTINGS)
    found.write("mkdocs.yml", "site_name: Help\n")
    found.write(".gitignore", ".kbtool/\n")
    found.write("docs/refunds.md", REFUNDS)
    found.begin()
    found.commit("one article")
    yield found

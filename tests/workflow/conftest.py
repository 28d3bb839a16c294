"""A small knowledge base for every story."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_base import REFUNDS, SETTINGS, Base


@pytest.fixture(autouse=True)
def ana(monkeypatch: pytest.MonkeyPatch) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "ana")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ana@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")


@pytest.fixture
def base(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Base]:
    """A knowledge base with one article, in git, with German and Spanish by the pseudo engine."""
    found = Base(tmp_path / "kb", capsys.readouterr)
    found.write("kbtool.toml", SETTINGS)
    found.write("mkdocs.yml", "site_name: Help\n")
    found.write(".gitignore", ".kbtool/\n")
    found.write("docs/refunds.md", REFUNDS)
    found.git("init", "-q", "-b", "main")
    found.git("config", "user.name", "ana")
    found.git("config", "user.email", "ana@example.org")
    found.commit("one article")
    yield found

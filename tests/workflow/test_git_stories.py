"""States follow from three files: the same in every clone, after every way of rewriting history, and without git."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_base import Base


@pytest.fixture
def made(base: Base) -> Iterator[Base]:
    """Approved in German; then one paragraph changed on a branch, in two commits."""
    base.kbtool("translate")
    base.kbtool("approve", "de", "refunds.md")
    base.commit("approved")
    base.git("checkout", "-q", "-b", "change")
    base.edit("docs/refunds.md", "three days", "two days")
    base.commit("two days")
    base.kbtool("translate")
    base.commit("translated")
    yield base


def states(base: Base, root: Path | None = None) -> str:
    return base.kbtool(*(("-C", str(root)) if root else ()), "status", "--json")


def test_a_shallow_clone_says_byte_for_byte_the_same(made: Base, tmp_path: Path) -> None:
    made.git("clone", "-q", "--depth", "1", f"file://{made.root}", str(tmp_path / "shallow"))
    assert states(made, tmp_path / "shallow") == states(made)


def test_history_may_be_rewritten(made: Base) -> None:
    before = states(made)
    change = made.git("rev-parse", "change~1", "change").split()
    made.git("checkout", "-q", "main")
    made.git("merge", "-q", "--squash", "change")
    made.commit("squashed")
    assert states(made) == before
    made.git("reset", "-q", "--hard", "HEAD~1")
    made.git("cherry-pick", *change)
    assert states(made) == before
    made.git("checkout", "-q", "--detach")
    assert states(made) == before
    made.git("checkout", "-q", "change")
    made.git("rebase", "-q", "--root")
    assert states(made) == before


def test_it_works_outside_git(made: Base, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(made.root, copy, ignore=shutil.ignore_patterns(".git", ".kbtool"))
    assert states(made, copy) == states(made)
    made.kbtool("-C", str(copy), "approve", "es", "refunds.md", "--by", "ana")
    made.kbtool("-C", str(copy), "review")
    assert made.kbtool("-C", str(copy), "status", "--due", "--on", "2030-01-01")
    made.kbtool("-C", str(copy), "approve", "es", "refunds.md", code=2)


@pytest.mark.parametrize("repository", [True, False], ids=["in a clone", "in a plain folder"])
def test_it_works_on_a_machine_without_git(made: Base, repository: bool) -> None:
    """In a process of its own: whether git is there, GitPython asks once."""
    if not repository:
        shutil.rmtree(made.root / ".git")

    def kbtool(*args: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "kbtool", "-C", str(made.root), *args],
            env={**os.environ, "PATH": "/nowhere"}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr

    kbtool("review")
    kbtool("verify", "docs/refunds.md", "--by", "ana")
    assert "--by" in kbtool("approve", "de", "refunds.md", code=2)
    kbtool("accept", "de", "refunds.md", "--by", "ana")
    kbtool("build", "--edition", "customers", "--to", "de")
    assert "not installed" in kbtool("doctor", code=1)


def test_a_revert_brings_the_approval_back(made: Base) -> None:
    assert made.counts("refunds.md") == {"approved": 5, "stale": 1}
    made.git("revert", "--no-edit", "HEAD~1")
    assert made.counts("refunds.md") == {"approved": 6}

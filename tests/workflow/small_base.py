"""Small real knowledge bases in git, made on the spot."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kbtool.cli.roof import run

SETTINGS = """\
source = "en"
locales = ["de", "es"]
engine = "pseudo"
"""

REFUNDS = """\
---
title: Refunds
---

# Refunds

Refunds take three days to arrive.

Open the **Settings** page and choose *Billing*.

- Card payments go back to the card.
- Bank transfers need your account number.
"""


def as_ana(patch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests, git knows them as ana, and reads no settings of theirs."""
    for role in ("AUTHOR", "COMMITTER"):
        patch.setenv(f"GIT_{role}_NAME", "ana")
        patch.setenv(f"GIT_{role}_EMAIL", "ana@example.org")
    patch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    patch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")


class Base:
    """A knowledge base in a folder of its own, driven through the command line."""

    def __init__(self, root: Path, capture: Callable[[], Any]) -> None:
        self.root, self._capture = root, capture
        self.said = ""  #: what the last command printed

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def read(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert old in text, f"{old!r} is not in {path}:\n{text}"
        self.write(path, text.replace(old, new))

    def begin(self) -> None:
        """From now on in git, where ana works."""
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "ana")
        self.git("config", "user.email", "ana@example.org")

    def git(self, *args: str) -> str:
        done = subprocess.run(["git", "-C", str(self.root), *args], capture_output=True, text=True, check=True)
        return done.stdout

    def commit(self, message: str = "change") -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD").strip()

    def kbtool(self, *args: str, code: int = 0) -> str:
        self._capture()
        found = run(["-C", str(self.root), *args])
        out, err = self._capture()
        self.said = out + err
        assert found == code, f"kbtool {' '.join(args)} ended with {found}:\n{out}{err}"
        return str(out)

    def json(self, *args: str, code: int = 0) -> Any:
        return json.loads(self.kbtool(*args, "--json", code=code))

    def state(self, path: str, locale: str = "de") -> str:
        (found,) = self.json("status", "--to", locale, path)["articles"]
        return str(found["state"])

    def counts(self, path: str, locale: str = "de") -> dict[str, int]:
        (found,) = self.json("status", "--to", locale, path)["articles"]
        return dict(found["counts"])

"""One run at a time per knowledge base: an advisory lock that dies with its holder."""

from __future__ import annotations

import contextlib
import fcntl
import os
from typing import TYPE_CHECKING

from kbtool.core.errors import Busy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def private_folder(root: Path) -> Path:
    """`.kbtool/` under `root`: readable by its owner alone, and never in git."""
    folder = root / ".kbtool"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    return folder


@contextlib.contextmanager
def hold(root: Path, name: str = "lock") -> Iterator[None]:
    """Hold the lock of the knowledge base at `root`, or one of another `name`; raise `Busy` if another run has it.

    The kernel drops the lock when the process ends, however it ends, so there is never a stale one to remove.
    """
    path = private_folder(root) / name
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            who = f"process {holder}" if holder.isdigit() else "another process"
            raise Busy(
                f"another run is at work on this knowledge base ({who})",
                where=f".kbtool/{name}",
                hint="wait until it has ended, then run the same command again",
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        yield
    finally:
        os.close(descriptor)

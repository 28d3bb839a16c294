"""`kbtool serve`: what a writer sees while writing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.site.conftest import write


def test_an_edited_page_is_served_again_and_a_fault_leaves_the_last_good_one(tmp_path: Path) -> None:
    write(tmp_path, {"kbtool.toml": "", "mkdocs.yml": "site_name: T\n", "docs/index.md": "# Start\n\nFirst words.\n"})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "log.txt"
    with log.open("w") as out:
        serving = subprocess.Popen(
            [sys.executable, "-m", "kbtool", "-C", str(tmp_path), "serve", "--port", str(port)],
            stdout=out, stderr=out, env={**os.environ, "NO_COLOR": "1"},
        )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}/"
        wait_until(lambda: b"First words." in read(address), log)
        assert b"Content-Security-Policy" not in read(address), "the script that reloads the page must run"
        write(tmp_path, {"docs/index.md": "# Start\n\nSecond words.\n"})
        wait_until(lambda: b"Second words." in read(address), log)
        write(tmp_path, {"docs/index.md": "# Start\n\n/// agent\nThird words.\n"})
        wait_until(lambda: "never closed" in log.read_text(), log)
        assert b"Second words." in read(address)
    finally:
        serving.send_signal(signal.SIGINT)
        serving.wait(timeout=30)


def read(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=10) as reply:
            found: bytes = reply.read()
            return found
    except OSError:
        return b""


def wait_until(true: Callable[[], bool], log: Path) -> None:
    """Wait for something that a slow machine may take a while for."""
    for _ in range(300):
        if true():
            return
        time.sleep(0.2)
    raise AssertionError(log.read_text())

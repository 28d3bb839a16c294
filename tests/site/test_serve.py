"""`kbtool serve`: what a writer sees while writing."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kbtool.commands.build import working_folder
from kbtool.pool import Inline
from kbtool.project import Project
from kbtool.site.builder import build_edition
from kbtool.site.mkdocs.onelocale import build_locale
from tests.site import builds
from tests.site.conftest import write
from tests.site.edits_articles import (
    add,
    delete,
    delete_and_edit,
    edit_translation,
    facts,
    prose,
    rename_by_hand,
    swap,
    title,
    translated_title,
)
from tests.site.small_site import PRUNED, lay_out
from tests.site.world import World


@contextmanager
def serving(root: Path, log: Path, *options: str, port: int = 0) -> Iterator[str]:
    """`kbtool serve`, ended as a person ends it; gives its address."""
    port = port or free_port()
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "kbtool", "-C", str(root), "serve", "--port", str(port), *options],
            stdout=out, stderr=out, env={**os.environ, "NO_COLOR": "1"},
        )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


LOST = """
import os, signal, sys, time
from pathlib import Path
from kbtool.site.mkdocs.preview import Shown, preview

class Lost:
    def __del__(self):  # what is raised here goes nowhere
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.1)

def rebuild(urgent):
    Lost()
    return Shown(pages=False, more=False)

folder = Path(sys.argv[1])
preview(folder, host="127.0.0.1", port=int(sys.argv[2]), rebuild=rebuild, watch=[folder])
print("ended")
"""


def test_an_interrupt_that_python_loses_ends_the_preview_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>There</p>", "utf-8")
    port = free_port()
    log = tmp_path / "log.txt"
    with log.open("w") as out:
        process = subprocess.Popen([sys.executable, "-c", LOST, str(tmp_path), str(port)], stdout=out, stderr=out)
    try:
        wait_until(lambda: b"There" in read(f"http://127.0.0.1:{port}/"), log)
        (tmp_path / "a.md").write_text("new", "utf-8")
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
    said = log.read_text("utf-8")
    assert "Exception ignored" in said and said.endswith("ended\n")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def test_an_edited_page_is_served_again_and_a_fault_leaves_the_last_good_one(tmp_path: Path) -> None:
    mkdocs, footer = "site_name: T\nINHERIT: above/base.yml\n", "overrides/partials/copyright.html"
    write(tmp_path, {"kbtool.toml": "", "mkdocs.yml": mkdocs, "docs/index.md": "# Start\n\nFirst words.\n"})
    write(tmp_path, {"above/base.yml": "theme: {name: material, custom_dir: overrides}\n", footer: "First foot."})
    log = tmp_path / "log.txt"
    with serving(tmp_path, log) as address:
        wait_until(lambda: b"First words." in read(address), log)
        write(tmp_path, {footer: "Second foot."})
        wait_until(lambda: b"Second foot." in read(address), log)
        assert b"Content-Security-Policy" not in read(address), "the script that reloads the page must run"
        write(tmp_path, {"docs/index.md": "# Start\n\nSecond words.\n"})
        wait_until(lambda: b"Second words." in read(address), log)
        write(tmp_path, {"docs/index.md": "# Start\n\n/// agent\nThird words.\n"})
        wait_until(lambda: "never closed" in log.read_text(), log)
        assert b"Second words." in read(address)


def test_other_languages_follow_an_original_and_the_next_start_has_nothing_to_build(tmp_path: Path) -> None:
    root, log, port = tmp_path / "kb", tmp_path / "log.txt", free_port()
    lay_out(root, PRUNED)
    article = root / "docs" / "billing" / "refunds.md"
    with serving(root, log, "--edition", "customers", port=port) as address:
        page = f"{address}billing/refunds/"
        german = root / ".kbtool" / "preview" / "customers" / "de" / "billing" / "refunds" / "index.html"
        wait_until(lambda: b"</html>" in read(page), log)
        before = german.read_bytes()
        article.write_text(f"{article.read_text('utf-8')}\nMind the zorilla.\n", "utf-8")
        wait_until(lambda: b"zorilla" in read(page), log)
        assert "; next: de, ar" in log.read_text()
        wait_until(lambda: log.read_text().count(address) == 3, log)
        assert german.read_bytes() != before
    with serving(root, log, "--edition", "customers", port=port) as address:
        wait_until(lambda: b"zorilla" in read(page), log)
        assert "composing" not in log.read_text()


def test_after_any_edits_a_preview_is_what_one_from_nothing_is(tmp_path: Path) -> None:
    """Edits come while others are still being shown; what goes is gone from every language at once."""
    root, log, port = tmp_path / "kb", tmp_path / "log.txt", free_port()
    lay_out(root, PRUNED)
    preview = root / ".kbtool" / "preview" / "customers"
    world = World(root, random.Random(8), PRUNED, ("customers",))
    edits = (
        prose,
        edit_translation,
        title,
        add,
        delete,
        swap,
        translated_title,
        delete_and_edit,
        rename_by_hand,
        facts,
    )

    def settled() -> bool:
        return log.read_text().rstrip().endswith(address)

    with serving(root, log, "--edition", "customers", port=port) as address:
        wait_until(lambda: b"</html>" in read(address), log)
        for edit in world.chance.sample(edits, len(edits)):
            edit(world)
            time.sleep(world.chance.choice((0.0, 0.3, 1.5)))
        write(root, {"docs/index.md": "# Start\n\nThe last words.\n"})
        wait_until(lambda: b"The last words." in read(address) and settled(), log)
    found = builds.site(preview)
    shutil.rmtree(root / ".kbtool")
    with serving(root, log, "--edition", "customers", port=port) as address:
        wait_until(lambda: b"</html>" in read(address) and settled(), log)
    assert not builds.unlike(found, builds.site(preview))


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


class _Meanwhile(Inline):
    """Runs jobs at once, and something else before the second of them."""

    def __init__(self, other: Callable[[], None]) -> None:
        self.other, self.jobs = other, 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.jobs += fn is build_locale
        if self.jobs == 2:
            self.jobs += 1
            self.other()
        return super().submit(fn, *args, **kwargs)


def test_a_preview_of_what_is_edited_during_a_build_does_not_reach_the_site(tmp_path: Path) -> None:
    root = tmp_path / "kb"
    lay_out(root, PRUNED)
    german = root / "translations/de/devices/wifi.md"
    before = german.read_bytes()

    def built(out: Path, pool: Executor, *, preview: bool) -> None:
        out.mkdir(exist_ok=True)
        with working_folder(out) as work:
            build_edition(
                Project.at(root), "customers", out, work / "customers", pool, locales=["de", "ar"], preview=preview
            )

    def edit_and_look() -> None:
        german.write_bytes(before + b"\nEin Zorilla.\n")
        built(tmp_path / "preview", Inline(), preview=True)

    built(tmp_path / "site", _Meanwhile(edit_and_look), preview=False)
    assert "Zorilla" not in (tmp_path / "site/customers/de/devices/wifi/index.html").read_text("utf-8")
    assert "Zorilla" in (tmp_path / "preview/customers/de/devices/wifi/index.html").read_text("utf-8")

"""Kill -9 at random points, again and again, until a knowledge base is translated; used by a test and a benchmark."""

from __future__ import annotations

import contextlib
import io
import itertools
import multiprocessing
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from fault_server import Server

_spawn = multiprocessing.get_context("forkserver")
_spawn.set_forkserver_preload(["warm"])

SETTINGS = """source = "en"
locales = ["de"]
engine = "google"
[engines.google]
url = "{url}"
requests_per_second = 1000
"""


@dataclass
class Tally:
    """What the kills did."""

    kills: int = 0
    runs: int = 0
    paid_twice: int = 0  #: acknowledged, and sent again all the same
    lost: list[int] = field(default_factory=list)  #: per kill: sent, and not in the memory afterwards
    unlisted: int = 0  #: lost without being listed
    corrupt: int = 0
    example: str = ""
    different: list[str] = field(default_factory=list)  #: files unlike those of an undisturbed run


def knowledge_base(root: Path, articles: int, url: str) -> None:
    (root / "docs").mkdir(parents=True)
    (root / "kbtool.toml").write_text(SETTINGS.format(url=url), "utf-8")
    for a in range(articles):
        lines = [f"# Ticket {a}", *(f"Ticket {a} is open and {a}.{n} is closed." for n in range(6))]
        (root / "docs" / f"article-{a}.md").write_text("\n\n".join(lines) + "\n", "utf-8")


def tree(root: Path) -> dict[str, bytes]:
    folder = root / "translations"
    return {f.relative_to(root).as_posix(): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def translate(root: str) -> None:
    """What `kbtool translate` does, in a process of its own."""
    from kbtool.commands.translate import translate as command
    from kbtool.project import Project

    with contextlib.redirect_stdout(io.StringIO()):
        command(Project.at(Path(root)))


def campaign(folder: Path, kills: int, *, articles: int = 8, seed: int = 1) -> Tally:
    """Translate knowledge bases under kills until so many have happened; compare with an undisturbed run."""
    chance = random.Random(seed)
    tally = Tally()
    # The server that runs are forked from does not take over sys.path.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    with Server(delay=0.004) as server:
        calm = folder / "calm"
        knowledge_base(calm, articles, server.base("google"))
        _spawn.Process(target=int).start()  # and with it the server that the others are forked from
        began = time.monotonic()
        _run(calm).join()
        length = time.monotonic() - began
        expected = tree(calm)
        assert len(expected) == 2 * articles, "the undisturbed run did not finish"
        for number in itertools.count():
            if tally.kills >= kills:
                break
            root = folder / f"shaken-{number}"
            knowledge_base(root, articles, server.base("google"))
            server.requests.clear()
            _shake(root, server, tally, chance, length, kills)
            found = tree(root)
            tally.different += [
                name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name)
            ]
            if tally.different:
                name = tally.different[0]
                tally.example = f"{name}: {found.get(name)!r} for {expected.get(name)!r}"
                break
    return tally


def _run(root: Path) -> multiprocessing.process.BaseProcess:
    process = _spawn.Process(target=translate, args=(str(root),))
    process.start()
    return process


def _shake(root: Path, server: Server, tally: Tally, chance: random.Random, length: float, kills: int) -> None:
    acknowledged: set[str] = set()
    while True:
        before = len(server.requests)
        process = _run(root)
        tally.runs += 1
        if tally.kills < kills:
            process.join(chance.uniform(0.02, length))
        else:
            process.join()
        killed = process.is_alive()
        if killed:
            os.kill(process.pid or 0, signal.SIGKILL)
            tally.kills += 1
        process.join()
        time.sleep(0.02)  # what was in flight arrives
        sent = Counter(text for seen in server.requests[before:] for text in seen.texts)
        tally.paid_twice += sum(text in acknowledged for text in sent)
        known, listed, sound = _memory(root)
        tally.corrupt += not sound
        tally.corrupt += sum(b"\0" in body or not body.strip() for body in tree(root).values())
        if killed:
            lost = sum(text not in known for text in sent)
            tally.lost.append(lost)
            tally.unlisted += max(0, lost - listed)
        acknowledged = known
        if not killed:
            assert process.exitcode == 0, "the last run did not end well"
            return


def _memory(root: Path) -> tuple[set[str], int, bool]:
    """What the memory knows, how many segments it lists as sent without a reply, and whether it is sound."""
    file = root / ".kbtool" / "memory.sqlite"
    if not file.exists():
        return set(), 0, True
    with contextlib.closing(sqlite3.connect(file)) as base:
        try:
            sound = base.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            known = {row[0] for row in base.execute("SELECT text FROM replies")}
            listed = base.execute("SELECT coalesce(sum(segments), 0) FROM intents").fetchone()[0]
        except sqlite3.OperationalError:  # killed before the tables were made
            return set(), 0, True
    return known, listed, sound

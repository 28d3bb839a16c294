"""Kill -9 at random points of `kbtool translate`; `benchmarks/kill.py` does it hundreds of times."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

from fault_server import Server
from killing import campaign, knowledge_base

from kbtool.memory import Memory


def test_nothing_is_lost_paid_twice_or_corrupt_however_often_runs_are_killed(tmp_path: Path) -> None:
    tally = campaign(tmp_path, 10, articles=3)
    assert tally.corrupt == 0
    assert tally.paid_twice == 0
    assert tally.unlisted == 0
    assert max(tally.lost) <= 4  # the connections of this engine
    assert tally.different == [], tally.example


def _interrupted(root: str) -> None:
    from kbtool.commands.translate import translate
    from kbtool.project import Project

    try:
        translate(Project.at(Path(root)))
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def test_ctrl_c_waits_for_what_is_under_way_and_keeps_it(server: Server, tmp_path: Path) -> None:
    server.delay = 0.05
    knowledge_base(tmp_path, 6, server.base("google"))
    process = multiprocessing.get_context("spawn").Process(target=_interrupted, args=(str(tmp_path),))
    process.start()
    while len(server.requests) < 8:
        server.sleep(0.01)
    os.kill(process.pid or 0, signal.SIGINT)
    process.join(20)
    assert process.exitcode == 130
    with Memory.of(tmp_path) as memory:
        assert len(memory) == len(server.requests)
        assert memory.left_open().segments == 0

"""The memory: nothing acknowledged is lost or paid for twice, and a damaged file is no disaster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fault_server import Server

from kbtool.core.errors import Busy
from kbtool.core.glossary import Glossary, Term
from kbtool.engines.jobs import Job
from kbtool.engines.limits import Limits
from kbtool.engines.run import Failed, Translated, run
from kbtool.lock import hold
from kbtool.memory import Key, Memory

KEY = Key("google", "1", "en", "de", "Open ⟦1⟧")


def ask(server: Server, memory: Memory, texts: list[str], **more: object) -> list[object]:
    found = run(
        [Job(t) for t in texts], chain=["google"], options=server.options(), memory=memory, source="en", target="de",
        **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return list(found)


def test_what_was_learnt_is_recalled_after_the_end_of_the_run(tmp_path: Path) -> None:
    with Memory.of(tmp_path) as memory:
        memory.learn(KEY, "⟦1⟧ öffnen")
    with Memory.of(tmp_path) as memory:
        assert memory.recall(KEY) == "⟦1⟧ öffnen"
    assert (tmp_path / ".kbtool" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize(
    "other",
    [
        Key("deepl", "1", "en", "de", KEY.text),
        Key("google", "2", "en", "de", KEY.text),
        Key("google", "1", "en", "es", KEY.text),
        Key("google", "1", "en", "de", KEY.text, "agent"),
        Key("google", "1", "en", "de", KEY.text, "public", "glossary-2"),
        Key("google", "1", "en", "de", "Open ⟦1⟧ "),
    ],
)
def test_another_request_is_another_reply(other: Key, memory: Memory) -> None:
    memory.learn(KEY, "⟦1⟧ öffnen")
    assert memory.recall(other) is None


def test_the_same_text_is_paid_for_once(server: Server, memory: Memory) -> None:
    first = ask(server, memory, ["The ticket is open.", "The ticket is open.", "Wait."])
    assert len(server.requests) == 2
    assert ask(server, memory, ["Wait.", "The ticket is open."]) == [first[2], first[0]]
    assert len(server.requests) == 2


def test_another_glossary_asks_again(server: Server, memory: Memory) -> None:
    ask(server, memory, ["The ticket is open."])
    ask(server, memory, ["The ticket is open."], glossary=Glossary((Term("ticket", keep=True),)))
    assert len(server.requests) == 2


def test_what_the_guard_refused_is_asked_again_next_time(server: Server, memory: Memory, quick: Limits) -> None:
    server.mode = "swapped"
    server.good_after = 0
    (failed,) = ask(server, memory, ["Ticket 1 is open. 5 of 7."], limits=quick)
    assert isinstance(failed, Translated)  # one text cannot be swapped
    memory.refuse([Key("google", "1.11.4", "en", "de", "Ticket 1 is open. 5 of 7.")])
    ask(server, memory, ["Ticket 1 is open. 5 of 7."], limits=quick)
    assert len(server.requests) == 2


def test_the_engine_memory_gives_what_any_engine_said_and_asks_nobody(server: Server, memory: Memory) -> None:
    ask(server, memory, ["The ticket is open."])
    found = run(
        [Job("The ticket is open."), Job("Never seen.")], chain=["memory"], options={}, memory=memory, source="en",
        target="de",
    )  # fmt: skip
    assert found[0] == Translated("das ticket ist offen.", "memory")
    assert isinstance(found[1], Failed)
    assert len(server.requests) == 1


def test_the_budget_of_a_month_counts_earlier_runs(server: Server, memory: Memory) -> None:
    options = {"google": {**server.options()["google"], "month_characters": 30}}
    texts = ["The ticket is open.", "The ticket is closed."]
    common = {"chain": ["google"], "options": options, "memory": memory, "source": "en", "target": "de"}
    run([Job(texts[0])], **common)  # type: ignore[arg-type]
    found = run([Job(texts[1])], **common)  # type: ignore[arg-type]
    assert isinstance(found[0], Failed)
    assert "this month" in found[0].reason
    assert len(server.requests) == 1


@pytest.mark.parametrize("damage", [b"", b"not a database at all, but long enough to look like one" * 50])
def test_a_damaged_file_is_kept_aside_and_said_so(damage: bytes, tmp_path: Path) -> None:
    with Memory.of(tmp_path) as memory:
        memory.learn(KEY, "⟦1⟧ öffnen")
    file = tmp_path / ".kbtool" / "memory.sqlite"
    file.write_bytes(damage)
    with Memory.of(tmp_path) as memory:
        assert memory.recall(KEY) is None
        memory.learn(KEY, "again")
        if damage:
            assert "kept as memory.sqlite.damaged-1" in memory.notices[0]
            assert file.with_name("memory.sqlite.damaged-1").read_bytes() == damage


def test_pages_torn_in_the_middle_are_noticed(tmp_path: Path) -> None:
    with Memory.of(tmp_path) as memory:
        for n in range(300):
            memory.learn(Key("google", "1", "en", "de", f"text {n}"), "x" * 200)
    file = tmp_path / ".kbtool" / "memory.sqlite"
    body = bytearray(file.read_bytes())
    body[8192 : 8192 + 12000] = os.urandom(12000)
    file.write_bytes(body)
    with Memory.of(tmp_path) as memory:
        assert memory.notices


def test_a_second_run_is_told_to_wait(tmp_path: Path) -> None:
    with hold(tmp_path), pytest.raises(Busy) as caught, hold(tmp_path):
        pass
    assert caught.value.exit_code == 75
    assert str(os.getpid()) in str(caught.value)
    with hold(tmp_path):
        pass  # free again


def test_the_lock_dies_with_its_holder(tmp_path: Path) -> None:
    code = (
        "import sys,time;from pathlib import Path;from kbtool.lock import hold\n"
        "with hold(Path(sys.argv[1])):print(flush=1);time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(Busy), hold(tmp_path):
            pass
        holder.kill()
    with hold(tmp_path):
        pass


def _translate(root: str, url: str) -> None:
    texts = [f"Ticket {n} is open." for n in range(60)]
    with Memory.of(Path(root)) as memory:
        run([Job(t) for t in texts], chain=["google"], options={"google": {"url": url, "requests_per_second": 1000}},
            memory=memory, source="en", target="de")  # fmt: skip


def test_a_killed_run_loses_only_what_was_in_flight_and_says_how_much(server: Server, tmp_path: Path) -> None:
    server.delay = 0.01
    spawn = multiprocessing.get_context("spawn")
    run_ = spawn.Process(target=_translate, args=(str(tmp_path), server.base("google")))
    run_.start()
    while len(server.requests) < 20:
        server.sleep(0.01)
    os.kill(run_.pid or 0, signal.SIGKILL)
    run_.join()
    sent = len(server.requests)
    with Memory.of(tmp_path) as memory:
        kept, open_ = len(memory), memory.left_open()
        assert kept + open_.segments >= sent
        assert open_.segments <= 4  # the connections of this engine
        assert memory.left_open().segments == 0
    _translate(str(tmp_path), server.base("google"))
    assert len(server.requests) == sent + 60 - kept

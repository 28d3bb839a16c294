"""What the engine layer promises, measured on loopback.

    python benchmarks/engines.py [faults] [threads] [latency] [array] [pipe] [canaries] [dask]

faults    19 bad days × every engine with an address: time limits, retries, budget, keys in outputs
threads   8 threads × 5,000 segments with random delays: replies on the wrong segment
latency   2,000 segments against an engine that takes 200 ms, 8 connections: wall time against the ideal
array     the same with an array API: requests per segment
pipe      Apertium's long-lived pipe against a process for every call
canaries  internal text against every engine and every fault
dask      the same jobs on a scheduler and two workers
Without a name: all of them. Kills are in kill.py, the guard in guard.py.
"""

from __future__ import annotations

import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "engines"))

from fault_server import KEYS, MODES, TARGETS, Server

from kbtool.core.errors import KbError
from kbtool.engines.jobs import Job
from kbtool.engines.limits import Limits
from kbtool.engines.order import Fault, Order, work
from kbtool.engines.run import Failed, Translated, run
from kbtool.memory import Memory
from kbtool.pool import executor

TEXTS = [f"Ticket {n} ⟦1⟧is⟦/1⟧ open and your account is closed." for n in range(1, 5)]
QUICK = Limits(attempts=3, backoff=0.01, ceiling=0.05, patience=0.5, faults=1000)


def faults() -> None:
    timeout = 0.4
    logs = _Logs()
    slowest, too_many, over, leaks, written = (0.0, "", ""), 0, 0, 0, 0
    verdicts: Counter[str] = Counter()
    with Server() as server, tempfile.TemporaryDirectory() as folder:
        warm(server)
        for mode in MODES:
            server.mode = mode
            for engine, options in server.options(timeout=timeout).items():
                taken = _time_of_one_call(engine, {**options, "timeout": 2}, TARGETS.get(engine, "de"))
                slowest = max(slowest, (taken / 2, mode, engine))
                server.requests.clear()
                store = Path(folder) / f"{mode}-{engine}.sqlite"
                with Memory(store) as memory:
                    found = run(
                        [Job(text) for text in TEXTS], chain=[engine], options={engine: options}, memory=memory,
                        source="en", target=TARGETS.get(engine, "de"), limits=QUICK,
                    )  # fmt: skip
                # each text at most in a batch, alone, in another form and split: each of these at most `attempts` times
                texts_sent = Counter(text for seen in server.requests for text in seen.texts)
                too_many += sum(count > 4 * QUICK.attempts for count in texts_sent.values())
                good = [o for o in found if isinstance(o, Translated)]
                written += sum("offen" not in o.text and "abierto" not in o.text for o in good)
                verdicts["translated all the same" if good else "failed, with its reason"] += len(found)
                said = repr(found) + logs.text() + store.read_bytes().decode("latin-1")
                leaks += any(part in said for key in KEYS.values() for part in key.split(":") if len(part) > 5)
                over += _over_budget(server, engine, options)
    count = len(MODES) * len(server.options())
    print(f"faults: {count} pairs of a bad day and an engine")
    print(f"  slowest call: {slowest[0]:.3f} × its timeout of 2 s ({slowest[1]}, {slowest[2]})")
    print(f"  texts sent more often than the policy allows: {too_many}")
    print(f"  budget exceeded by more than one request: {over}")
    print(f"  outputs with a key in them: {leaks}")
    print(f"  bad replies accepted: {written}; segments {dict(verdicts)}")


def warm(server: Server) -> None:
    """Import what the engines need, so that times are those of calls."""
    for engine, options in server.options(timeout=30).items():
        work(Order(engine, options, (TEXTS[0],), "en", TARGETS.get(engine, "de")))


def _time_of_one_call(engine: str, options: dict[str, object], target: str) -> float:
    began = time.monotonic()
    answer = work(Order(engine, options, (TEXTS[0],), "en", target))
    taken = time.monotonic() - began
    assert isinstance(answer, Fault | tuple)
    return taken


def _over_budget(server: Server, engine: str, options: dict[str, object]) -> bool:
    server.requests.clear()
    budget = 2 * len(TEXTS[0])
    with Memory(":memory:") as memory:
        run(
            [Job(text) for text in TEXTS], chain=[engine], options={engine: {**options, "run_characters": budget}},
            memory=memory, source="en", target=TARGETS.get(engine, "de"), limits=QUICK,
        )  # fmt: skip
    sent = [sum(map(len, seen.texts)) for seen in server.requests]
    return sum(sent) > 3 * budget + max(sent, default=0)


class _Logs(logging.Handler):
    """All that anybody logs."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._lines: list[str] = []
        logging.getLogger().addHandler(self)
        logging.getLogger().setLevel(logging.DEBUG)

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())

    def text(self) -> str:
        return "\n".join(self._lines)


def threads() -> None:
    jobs = [Job(f"Ticket number {n} ⟦1⟧is⟦/1⟧ open.") for n in range(5000)]
    with Server() as server, Memory(":memory:") as memory, executor("threads:8") as pool:
        server.jitter = 0.01
        options = {"libretranslate": {**server.options()["libretranslate"], "connections": 8}}
        found = run(
            jobs, chain=["libretranslate"], options=options, memory=memory, source="en", target="de", executor=pool
        )
    wrong = sum(not (isinstance(o, Translated) and f" {n} " in o.text) for n, o in enumerate(found))
    print(f"threads: 8 threads, {len(jobs)} segments, random delays: {wrong} on the wrong segment or failed")
    with Server() as server, Memory(":memory:") as memory, executor("threads:8") as pool:
        server.jitter = 0.01
        options = {"google": {**server.options()["google"], "connections": 8}}
        found = run(jobs, chain=["google"], options=options, memory=memory, source="en", target="de", executor=pool)
    wrong = sum(not (isinstance(o, Translated) and f" {n} " in o.text) for n, o in enumerate(found))
    print(f"threads: the same through deep-translator, one text a request: {wrong}")


def latency() -> None:
    segments, delay, connections = 2000, 0.2, 8
    jobs = [Job(f"Ticket {n} ⟦1⟧is⟦/1⟧ open.") for n in range(segments)]
    with Server() as server:
        warm(server)
        server.delay = delay
        server.requests.clear()
        options = {"google": {**server.options()["google"], "connections": connections}}
        began = time.monotonic()
        with Memory(":memory:") as memory:
            found = run(jobs, chain=["google"], options=options, memory=memory, source="en", target="de")
        taken = time.monotonic() - began
    ideal = len(server.requests) * delay / connections
    good = sum(isinstance(o, Translated) for o in found)
    print(
        f"latency: {good} of {segments} segments, {len(server.requests)} requests in {taken:.1f} s;"
        f" ideal {ideal:.1f} s; {taken / ideal:.3f} ×"
    )


def array() -> None:
    jobs = [Job(f"Ticket {n} ⟦1⟧is⟦/1⟧ open.") for n in range(2000)]
    for engine in ("libretranslate", "deepl", "llm"):
        with Server() as server, Memory(":memory:") as memory:
            options = {engine: {**server.options()[engine], "connections": 8}}
            found = run(jobs, chain=[engine], options=options, memory=memory, source="en", target="de")
        good = sum(isinstance(o, Translated) for o in found)
        count = len(server.requests)
        print(f"array: {engine}: {good} of {len(jobs)} segments in {count} requests = 1/{len(jobs) / count:.0f}")


def pipe() -> None:
    texts = [f"The customer can ask for a refund within {n} days of the purchase." for n in range(14, 1014)]
    try:
        began = time.monotonic()
        with Memory(":memory:") as memory:
            run([Job(t) for t in texts[:5]], chain=["apertium"], options={}, memory=memory, source="en", target="es")
            began = time.monotonic()
            found = run(
                [Job(t) for t in texts], chain=["apertium"], options={}, memory=memory, source="en", target="es"
            )
        long_lived = sum(map(len, texts)) / (time.monotonic() - began)
    except KbError as error:
        print(f"pipe: skipped, {error}")
        return
    began = time.monotonic()
    for text in texts[:15]:
        subprocess.run(["apertium", "eng-spa"], input=text, capture_output=True, text=True, check=True)
    each = sum(map(len, texts[:15])) / (time.monotonic() - began)
    good = sum(isinstance(o, Translated) for o in found)
    print(
        f"pipe: {good} of {len(texts)} segments; {long_lived:,.0f} characters/s through the whole run,"
        f" {each:,.0f} with a process per call: {long_lived / each:.0f} ×"
    )


def canaries() -> None:
    words = [f"canary{random.Random(n).randrange(16**8):08x}" for n in range(200)]
    jobs = [Job(f"Ticket {w} is open.", audience="senior" if n % 2 else "agent") for n, w in enumerate(words)]
    public = [Job(f"Ticket {n} is open.") for n in range(2)]
    reached, refused, asked = 0, 0, 0
    with Server() as server:
        for mode in ("good", *MODES):
            server.mode = mode
            for engine, options in server.options(timeout=0.3).items():
                tables = {**server.options(timeout=0.3), engine: options}
                with Memory(":memory:") as memory:
                    found = run(
                        [*jobs, *public], chain=[engine, "google"], options=tables, memory=memory, source="en",
                        target=TARGETS.get(engine, "de"), limits=QUICK,
                    )  # fmt: skip
                refused += sum(isinstance(o, Failed) and "internal" in o.reason for o in found[: len(jobs)])
                asked += len(jobs)
        reached = sum(word in seen.raw for seen in server.requests for word in words)
        total = len(server.requests)
    print(f"canaries: {asked} internal segments handed in, {refused} refused, {total} requests made, {reached} reached")


def dask() -> None:
    from distributed import LocalCluster

    jobs = [Job(f"Ticket {n} is open.") for n in range(500)]
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=2, processes=True, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        Memory(":memory:") as memory,
        Server() as server,
    ):
        address = cluster.scheduler_address.removeprefix("tcp://")
        began = time.monotonic()
        with executor(f"dask://{address}") as pool:
            options = {"google": {**server.options()["google"], "connections": 4}}
            found = run(jobs, chain=["google"], options=options, memory=memory, source="en", target="de", executor=pool)
        taken = time.monotonic() - began
        good = sum(isinstance(o, Translated) and f" {n} " in o.text for n, o in enumerate(found))
        print(f"dask: {good} of {len(jobs)} segments by 2 workers in {taken:.1f} s, {len(memory)} in the memory")


def main() -> int:
    os.environ.update(KEYS)
    known = {f.__name__: f for f in (faults, threads, latency, array, pipe, canaries, dask)}
    for name in sys.argv[1:] or known:
        if name not in known:
            print(__doc__)
            return 2
        known[name]()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

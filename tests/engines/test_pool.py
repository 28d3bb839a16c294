"""Executors: the same outcomes inline, in threads, in processes and on a Dask cluster."""

from __future__ import annotations

import time

import pytest
from fault_server import Server

from kbtool.core.errors import KbError, UsageError
from kbtool.engines.jobs import Job
from kbtool.engines.run import Translated, run
from kbtool.memory import Memory
from kbtool.pool import each, executor


def square(number: int) -> int:
    time.sleep(0.001 * (7 - number % 7))
    return number * number


@pytest.mark.parametrize("spec", ["inline", "threads:3", "processes:2"])
def test_each_job_comes_back_with_its_number(spec: str) -> None:
    with executor(spec) as pool:
        assert dict(each(pool, square, range(30))) == {n: n * n for n in range(30)}


def fails_late_first(number: int) -> None:
    time.sleep(0.2 - 0.02 * number)
    if number in (2, 5):
        raise KbError(f"job {number}")


@pytest.mark.parametrize("spec", ["inline", "threads:8"])
def test_the_error_of_the_first_job_that_fails_is_told_not_the_quickest(spec: str) -> None:
    with pytest.raises(KbError, match="job 2"), executor(spec) as pool:
        list(each(pool, fails_late_first, range(7)))


def test_jobs_are_taken_only_as_workers_come_free() -> None:
    taken: list[int] = []

    def jobs() -> object:
        for n in range(1000):
            taken.append(n)
            yield n

    with executor("threads:2") as pool:
        outcomes = each(pool, square, jobs())  # type: ignore[arg-type]
        next(outcomes)
        assert len(taken) < 50
        outcomes.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("spec", ["fibres", "threads:0", "threads:x", "dask", "inline:3", ""])
def test_an_unknown_executor_is_answered_with_those_there_are(spec: str) -> None:
    with pytest.raises(UsageError), executor(spec):
        pass


def test_a_scheduler_that_does_not_answer_is_said_to_be_so() -> None:
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    with pytest.raises(KbError) as caught, executor("dask://127.0.0.1:1"):
        pass
    assert "no Dask scheduler answers at 127.0.0.1:1" in str(caught.value)


@pytest.mark.filterwarnings("default")  # the cluster's own
def test_a_real_cluster_with_two_workers_gives_the_same_outcomes(server: Server, memory: Memory) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    jobs = [Job(f"Ticket {n} ⟦1⟧is⟦/1⟧ open.") for n in range(60)]
    common = {"chain": ["google"], "options": server.options(), "source": "en", "target": "de"}
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
        ) as cluster,
        executor("dask:" + cluster.scheduler_address.removeprefix("tcp:")) as pool,
    ):
        found = run(jobs, memory=memory, executor=pool, **common)  # type: ignore[arg-type]
    assert all(isinstance(o, Translated) for o in found)
    assert len(memory) == len(server.requests) == len(jobs)
    with Memory(":memory:") as other:
        assert found == run(jobs, memory=other, **common)  # type: ignore[arg-type]

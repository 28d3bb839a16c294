"""Where jobs run: in this thread, in threads, in processes, or on a Dask cluster; the same code for all."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from kbtool.core.errors import KbError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

Job = TypeVar("Job")
Outcome = TypeVar("Outcome")

SPECS = "inline, threads[:N], processes[:N], dask://HOST:PORT"


class Inline(Executor):
    """Runs each job at once, in the caller's thread: for tests, for debugging, for one job."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Processes(Executor):
    """Runs jobs in other processes; what that takes is imported with the first job, for most edits have none."""

    def __init__(self, workers: int) -> None:
        self._max_workers = workers

    @cached_property
    def _pool(self) -> Executor:
        from concurrent.futures import ProcessPoolExecutor

        return ProcessPoolExecutor(self._max_workers)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if "_pool" in self.__dict__:
            self._pool.shutdown(wait, cancel_futures=cancel_futures)


def each(pool: Executor, run: Callable[[Job], Outcome], jobs: Iterable[Job]) -> Iterator[tuple[int, Outcome]]:
    """Run the jobs, giving (index, outcome) as each is done.

    Jobs are taken from the iterable only as workers come free, so ten million of them need no memory. Where jobs fail,
    the error of the first of them is raised, whichever was the quickest to fail.
    """
    source = enumerate(jobs)
    flying: dict[Future[Outcome], int] = {}
    ahead = 4 * (getattr(pool, "_max_workers", None) or 4)
    try:
        while True:
            for index, job in source:
                flying[pool.submit(run, job)] = index
                if len(flying) >= ahead:
                    break
            if not flying:
                return
            done, _ = wait(flying, return_when=FIRST_COMPLETED)
            for future in done:
                if future.exception():
                    raise _first_error(flying, flying[future])
                yield flying.pop(future), future.result()
    finally:
        for future in flying:
            future.cancel()


def _first_error(flying: Mapping[Future[Outcome], int], last: int) -> BaseException:
    """What the first of the jobs up to `last` that fails says."""
    sooner = sorted((future for future, index in flying.items() if index <= last), key=lambda each: flying[each])
    return next(error for future in sooner if (error := future.exception()))


@contextlib.contextmanager
def executor(spec: str) -> Iterator[Executor]:
    """The executor that `spec` names, shut down afterwards: inline, threads[:N], processes[:N], dask://HOST:PORT."""
    name, _, rest = spec.partition(":")
    if name == "inline" and not rest:
        yield Inline()
    elif name == "threads":
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(_count(spec, rest, 8), thread_name_prefix="kbtool") as pool:
            yield pool
    elif name == "processes":
        with Processes(_count(spec, rest, os.cpu_count() or 1)) as pool:
            yield pool
    elif name == "dask" and rest.startswith("//"):
        with _dask(rest.removeprefix("//")) as pool:
            yield pool
    else:
        raise UsageError(f"unknown executor '{spec}'", where="--executor", hint=f"one of: {SPECS}")


@contextlib.contextmanager
def rare_collections(after: int = 50_000) -> Iterator[None]:
    """For work whose objects nearly all stay until its end: Python looks for cycles after every 700 new ones.

    Within such work it looks only after so many as the outermost says, if those are more. What is there in the end
    counts as old: Python would look through all of it at the next new object, and most processes end before that helps.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(after, before[0]), *before[1:])
    try:
        yield
    finally:
        if before[0] < gc.get_threshold()[0]:
            gc.freeze()
            gc.unfreeze()
        gc.set_threshold(*before)


def let_go() -> None:
    """In a process of the pool: have what the last job left behind make room for the next one.

    What is left then serves the following jobs, and is not looked through again. A process that people work with is
    spared the time: it has no job of this size after this one.
    """
    of_pool = getattr(sys.modules.get("multiprocessing"), "parent_process", None)  # there in each that was started so
    if of_pool and of_pool():
        gc.collect()
        gc.freeze()


def _count(spec: str, rest: str, default: int) -> int:
    if not rest:
        return default
    if not rest.isdecimal() or int(rest) < 1:
        raise UsageError(f"'{spec}' does not say how many workers", where="--executor", hint=f"one of: {SPECS}")
    return int(rest)


@contextlib.contextmanager
def _dask(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise KbError(
            "a Dask cluster needs the package 'distributed'", where="--executor", hint="pip install 'kbtool[cluster]'"
        ) from None
    try:
        client = Client(f"tcp://{address}", timeout="5s", set_as_default=False)  # type: ignore[no-untyped-call]  # Dask has no types
    except (OSError, TimeoutError) as error:
        raise KbError(
            f"no Dask scheduler answers at {address} ({type(error).__name__})",
            where="--executor",
            hint="start one with 'dask scheduler' and workers with 'dask worker'",
        ) from None
    with client, client.get_executor(pure=False) as pool:  # type: ignore[no-untyped-call]
        yield pool

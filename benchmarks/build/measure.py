"""What a command costs: CPU, wall clock and memory of it and all its children; what a built site weighs."""

from __future__ import annotations

import gzip
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

MB = 1e6


@dataclass(frozen=True, slots=True)
class Cost:
    """One run of a command."""

    cpu: float  #: seconds, user and system, of the process and the children that it waited for
    wall: float  #: seconds
    peak: float  #: MB, of the process that took most
    together: float  #: MB, of all processes at their worst moment; looked at four times a second

    def best(self, other: Cost) -> Cost:
        """The lower of both times: other work on the machine only slows a run down. The higher of both peaks."""
        return Cost(
            min(self.cpu, other.cpu),
            min(self.wall, other.wall),
            max(self.peak, other.peak),
            max(self.together, other.together),
        )


@dataclass(frozen=True, slots=True)
class Weight:
    """A built site."""

    pages: int
    size: float  #: MB
    median: float  #: KB of HTML a page, compressed as a web server does
    heaviest: float


def run(command: Sequence[str | Path], folder: Path, log: Path, *, over: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end; one that fails ends the benchmark, with the end of what it said."""
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "NO_COLOR": "1", **(over or {})}
    with log.open("wb") as said:
        start = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT, env=environment)
        with watched(process.pid) as worst:
            _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{log.read_text()[-3000:]}")
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * 1024 / MB, worst[0])


@contextmanager
def watched(pid: int) -> Iterator[list[float]]:
    """The most memory (MB) that a process and its descendants had together while the block ran."""
    worst, done = [0.0], Event()

    def look() -> None:
        while not done.wait(0.25):
            worst[0] = max(worst[0], sum(_share(each) for each in family(pid)) / MB)

    thread = Thread(target=look)
    thread.start()
    try:
        yield worst
    finally:
        done.set()
        thread.join()


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    found = [pid]
    for one in found:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += map(int, children.read_text().split())
            except OSError:  # it has just ended
                continue
    return found


def seconds(pid: int) -> float:
    """CPU seconds of a running process and its descendants, those that have ended included."""
    ticks = 0
    for one in family(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _share(pid: int) -> int:
    """Bytes of a process; memory shared by several counts once, in parts."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)


def weigh(site: Path) -> Weight:
    """What lies in a site."""
    files = [file for file in site.rglob("*") if file.is_file()]
    pages = [len(gzip.compress(file.read_bytes(), 6)) / 1000 for file in files if file.suffix == ".html"]
    return Weight(
        pages=len(pages),
        size=sum(file.stat().st_size for file in files) / MB,
        median=statistics.median(pages),
        heaviest=max(pages),
    )

"""What people read in a terminal: tables, progress, closing lines. The only place that knows rich.

Rich is imported when something is drawn, so that machine-readable output does not pay for it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import Field, asdict
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from unicodedata import combining, east_asian_width

if TYPE_CHECKING:
    from rich.console import Console

Tick = Callable[[int, int], None]


def console(*, err: bool = False) -> Console:
    """A console that keeps to plain text where the output is no terminal."""
    from rich.console import Console

    return Console(stderr=err, highlight=False, soft_wrap=True)


def say(text: str = "", *, err: bool = False) -> None:
    """One line for a person; nothing in it is taken as markup."""
    print(text, file=sys.stderr if err else sys.stdout, flush=True)


def counted(number: int, what: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def say_json(said: Mapping[str, object]) -> None:
    """A document for machines, with the version of its form."""
    say(json.dumps({"schema": 1, **said}, ensure_ascii=False, indent=1))


class Done(Protocol):
    """What a command did, as one of the dataclasses that tell it themselves."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def exit_code(self) -> int: ...

    def lines(self) -> Iterator[str]: ...


def close(done: Done, *, as_json: bool) -> int:
    """Say what a command did; gives the exit code."""
    if as_json:
        say_json(asdict(done))
    else:
        for line in done.lines():
            say(line)
    return done.exit_code


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """A table; `right` names the columns of figures."""
    if not sys.stdout.isatty():
        for line in _plain(heads, rows, right):
            say(line)
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, head in enumerate(heads):
        drawn.add_column(head, justify="right" if number in right else "left", no_wrap=number in right)
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    found = console()
    if not found.is_terminal:
        found.width = 160
    found.print(drawn)


def _plain(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int]) -> Iterator[str]:
    """The same table without rich, for files and pipes."""
    cells = [heads, *rows]
    widths = [max(map(_width, column), default=0) for column in zip(*cells, strict=True)]
    for number, row in enumerate(cells):
        parts = []
        for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (width - _width(cell))
            parts.append(gap + cell if place in right else cell + gap)
        yield "  ".join(parts).rstrip()
        if number == 0:
            yield "  ".join("─" * width for width in widths)
    yield ""


def _width(cell: str) -> int:
    """Columns that a text takes; East Asian letters take two."""
    if cell.isascii():
        return len(cell)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in cell)


@contextmanager
def progress(title: str) -> Iterator[Tick]:
    """A progress line on a terminal, silence elsewhere; call the value with (done, total)."""
    screen = console(err=True)
    if not screen.is_terminal:
        yield lambda done, total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True) as drawn:
        task = drawn.add_task(title, total=None)
        yield lambda done, total: drawn.update(task, completed=done, total=total)

"""Builds in processes of their own: each starts as kbtool starts on the command line, without waiting for imports."""

from __future__ import annotations

import datetime
import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

import yaml

from kbtool.commands.build import build as run
from kbtool.core.errors import KbError
from kbtool.pool import Inline
from kbtool.project import Project
from kbtool.site.builder import Edition, build_edition

#: what an edition consists of: path → content
Site = Mapping[str, bytes]
EDITIONS = ("agents", "customers")


@dataclass(frozen=True)
class Build:
    """What a build said: why it would not, or its warnings."""

    refused: str = ""
    warnings: tuple[str, ...] = ()


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.site.builds", "kbtool.commands.build", "mkdocs.commands.build",
                                    "mkdocs_static_i18n.plugin", "pymdownx.superfences", "git"])  # fmt: skip
    return context


def build(
    root: Path,
    *,
    out: Path | None = None,
    editions: Sequence[str] = (),
    locales: Sequence[str] = (),
    today: date | None = None,
    spec: str = "inline",
    audit: bool = True,
    kill_after: float | None = None,
) -> Build | None:
    """Build in a process of its own; None if it was killed (`kill_after` seconds, with all its children)."""
    ours, theirs = _context().Pipe()
    process = _context().Process(target=_build, args=(theirs, root, out, editions, locales, today, spec, audit))
    process.start()
    theirs.close()
    if kill_after is not None:
        process.join(kill_after)
        if process.is_alive() and process.pid:
            try:
                os.killpg(process.pid, 9)
            except ProcessLookupError:  # it has not come so far as to lead a group of its own
                process.kill()
    try:
        said: Build | None = ours.recv()
    except EOFError:
        said = None
    process.join()
    assert said is not None or kill_after is not None, f"the build ended with {process.exitcode} and no word"
    return said


def _build(
    answer: Connection,
    root: Path,
    out: Path | None,
    editions: Sequence[str],
    locales: Sequence[str],
    today: date | None,
    spec: str,
    audit: bool,
) -> None:
    os.setpgid(0, 0)
    sys.stderr.flush()
    if today:
        _set_clock(today)
    try:
        project = Project.at(root)
        if audit:
            made = run(project, out=out, editions=editions, locales=locales, spec=spec)
        else:
            made = _without_audit(project, editions)
    except KbError as error:
        answer.send(Build(str(error).replace(str(root), "")))
    else:
        told = [f"{edition.name}: {finding}" for edition in made for finding in edition.findings]
        told += [f"{e.name}, {x.locale}: {warning}" for e in made for x in e.locales for warning in x.warnings]
        answer.send(Build(warnings=tuple(sorted(told))))


def _without_audit(project: Project, editions: Sequence[str]) -> list[Edition]:
    out = project.root / "site"
    out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=project.root) as work:
        return [
            build_edition(project, name, out, Path(work) / name, Inline(), locales=project.settings.locales)
            for name in editions or project.settings.editions
        ]


def _set_clock(today: date) -> None:
    """Let this process believe that it is another day."""

    class Like(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, date)

    class Day(date, metaclass=Like):
        @classmethod
        def today(cls) -> Day:
            return cls(today.year, today.month, today.day)

    datetime.date = Day  # type: ignore[misc]
    yaml.SafeDumper.add_representer(Day, yaml.SafeDumper.represent_date)  # days of front matter are such now, too
    for name, module in list(sys.modules.items()):
        if name.startswith("kbtool.") and getattr(module, "date", None) is date:
            module.date = Day  # type: ignore[attr-defined]


def site(folder: Path) -> dict[str, bytes]:
    """Everything in a built edition."""
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def sites(root: Path) -> dict[str, dict[str, bytes]]:
    """All editions of a knowledge base, as they stand."""
    return {name: site(root / "site" / name) for name in EDITIONS}


def clean(
    root: Path, *, editions: Sequence[str] = (), today: date | None = None, audit: bool = False
) -> tuple[Build, dict[str, dict[str, bytes]]]:
    """What somebody gets who has just cloned the knowledge base and builds it."""
    with tempfile.TemporaryDirectory(prefix="clean-", dir=root.parent) as folder:
        # under the same name, which stands in for a site's name where there is none
        fresh = Path(folder) / root.name
        shutil.copytree(root, fresh, ignore=lambda at, names: {".kbtool", "site"} if Path(at) == root else set())
        built = build(fresh, editions=editions, today=today, audit=audit)
        assert built
        return built, sites(fresh)


def unlike(found: Site, wanted: Site) -> list[str]:
    """How a site differs from another, in lines for whoever has to find out why."""
    lines = [f"{name} should not be there" for name in sorted(found.keys() - wanted.keys())]
    lines += [f"{name} is missing" for name in sorted(wanted.keys() - found.keys())]
    for name in sorted(found.keys() & wanted.keys()):
        if found[name] != wanted[name]:
            lines.append(f"{name}: {_first_difference(found[name], wanted[name])}")
    return lines


def _first_difference(found: bytes, wanted: bytes) -> str:
    at = next((n for n, (a, b) in enumerate(zip(found, wanted, strict=False)) if a != b), min(len(found), len(wanted)))
    start = max(at - 60, 0)
    return f"{found[start : at + 60]!r} should be {wanted[start : at + 60]!r}"

"""`kbtool build`: editions → stage → MkDocs per locale → leak audit → site/<edition>/."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from kbtool.core.errors import UsageError
from kbtool.core.model import Finding, Locale
from kbtool.lock import hold
from kbtool.pool import executor, rare_collections
from kbtool.project import Project
from kbtool.site.edition import Edition
from kbtool.site.lastsite import LastSite, memory_of


@rare_collections()
def build(
    project: Project,
    *,
    editions: Iterable[str] = (),
    locales: Iterable[Locale] = (),
    out: Path | None = None,
    spec: str = "processes",
    clean: bool = False,
    tell: Callable[[str], None] = lambda text: None,
) -> list[Edition]:
    """Build the chosen editions, or all, in the source locale and the chosen target locales, or all.

    With `clean` nothing is taken over from the last build.
    """
    names = chosen_editions(project, editions)
    wanted = project.locales(x for x in locales if x != project.settings.source)
    if list(locales) == [project.settings.source]:
        wanted = ()
    folder = out if out is not None else project.root / "site"
    folder.mkdir(parents=True, exist_ok=True)
    with hold(project.root), working_folder(folder) as work:
        lasts = {name: LastSite() if clean else _last(project, name, folder) for name in names}
        options = {name: (name, str(folder / name), tuple(wanted), None, False) for name in names}
        untouched = {name: last.unless_touched(project, options[name]) for name, last in lasts.items()}
        if all(untouched.values()):
            return list(filter(None, untouched.values()))
        from kbtool.site.builder import build_edition

        # What is known of a site stays until the end, and after an edit nothing else is much.
        known = any(last.left.files for last in lasts.values())
        # The pool is closed before the working folder goes: after a failure in one locale others may still be writing.
        with rare_collections(2_000_000 if known else 50_000), executor(spec if wanted else "inline") as pool:
            return [
                untouched[name] or build_edition(
                    project, name, folder, work / name, pool, last=lasts[name], locales=wanted, clean=clean, tell=tell,
                    inspect=partial(_leaks, project, name, clean, pool if name == names[-1] else None),
                )
                for name in names
            ]  # fmt: skip


def _last(project: Project, edition: str, out: Path) -> LastSite:
    return LastSite.read(memory_of(project, edition) / "site.txt", out / edition)


def _leaks(
    project: Project,
    edition: str,
    clean: bool,
    pool: Executor | None,
    site: Path,
    before: list[str],
    same: frozenset[str],
) -> tuple[list[Finding], list[str]]:
    """What the independent scanner finds in an edition before it is published, and what it looked for.

    The `pool`, if given, has done its last job: what its processes hold makes room for what is looked for.
    """
    from kbtool.checks.audit.memory import Memory
    from kbtool.commands.audit import audit

    if pool:
        pool.shutdown()
    memory = Memory(None if clean else project.cache / "cache" / edition / "audit")
    report = audit(project, site, edition, memory=memory, seen=same, looked_for="".join(before))
    return list(report.findings), [report.looked_for]


@contextmanager
def working_folder(out: Path) -> Iterator[Path]:
    """A folder beside the editions, so that a finished one can be moved into place; leftovers of a kill are removed."""
    for old in out.glob(".kbtool-*"):
        shutil.rmtree(old)
    with tempfile.TemporaryDirectory(prefix=".kbtool-", dir=out, ignore_cleanup_errors=True) as work:
        yield Path(work)


def chosen_editions(project: Project, editions: Iterable[str]) -> list[str]:
    """The editions by name; raises UsageError for one that the settings do not have."""
    known = project.settings.editions
    chosen = list(dict.fromkeys(editions)) or list(known)
    for name in chosen:
        if name not in known:
            raise UsageError(f"unknown edition {name!r}", hint=f"editions in the settings: {', '.join(known)}")
    return chosen

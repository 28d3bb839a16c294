"""`kbtool translate`."""

from __future__ import annotations

from pathlib import Path

import click

from kbtool.cli import options


@click.command()
@options.to
@click.option("--engine", "engine", metavar="NAME", multiple=True,
              help="This engine instead of the settings'; several make a chain.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would be sent and what it would cost; send and write nothing.")
@click.option("--replace", is_flag=True, help="Replace stale text that people wrote or approved, for review as a diff "
              "on a branch, instead of keeping it with a proposal beside it.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Send at most N segments.")
@click.option("--executor", default=None, metavar="SPEC", help="Where jobs run: inline, threads:N or dask://HOST:PORT.")
@options.as_json
@options.paths
@click.pass_obj
def translate(
    start: Path,
    locales: tuple[str, ...],
    engine: tuple[str, ...],
    dry_run: bool,
    replace: bool,
    limit: int | None,
    executor: str | None,
    as_json: bool,
    paths: tuple[str, ...],
) -> int:
    """Translate what is missing or stale, segment by segment.

    Text that a person wrote or approved is never replaced: a new version waits beside it as a proposal.
    A second run sends nothing and writes nothing. Exits with 3 where segments failed; the others are written.
    """
    from kbtool.commands.translate import translate as flow
    from kbtool.project import Project
    from kbtool.reports import terminal

    project = Project.at(start)
    with terminal.progress("translating") as tick:
        summary = flow(
            project, locales=locales, engine=engine, dry_run=dry_run, replace=replace, limit=limit, paths=paths,
            executor=executor, tick=tick,
        )  # fmt: skip
    return terminal.close(summary, as_json=as_json)

"""`kbtool status`."""

from __future__ import annotations

from pathlib import Path

import click

from kbtool.cli import options


@click.command()
@options.to
@options.as_json
@click.option("--fail-on", "fail_on", metavar="STATE,...", multiple=True,
              help="Exit with 1 where a segment is in one of these states, such as missing,stale.")  # fmt: skip
@options.paths
@click.pass_obj
def status(
    start: Path, locales: tuple[str, ...], as_json: bool, fail_on: tuple[str, ...], paths: tuple[str, ...]
) -> int:
    """Show how every article stands in every locale: approved, needs-review, machine, stale, conflict, missing,
    orphaned.

    Exits with 1 where --fail-on names a state that occurs, and where a file could not be read.
    """
    from kbtool.commands.status import failing, states_named
    from kbtool.commands.status import status as flow
    from kbtool.project import Project
    from kbtool.reports import standings, terminal

    states = states_named(fail_on)
    found = flow(Project.at(start), locales, paths)
    if as_json:
        terminal.say(standings.as_json(found))
    elif not found:
        terminal.say(
            "Nothing to translate: the settings name no target locale (key `locales`), or there is no article."
        )
    else:
        heads, rows = standings.by_locale(found)
        terminal.table(heads, rows, right=range(1, len(heads)))
        rest = standings.waiting(found)
        if rest:
            terminal.table(("state", "locale", "article", "segments"), [*map(standings.line, rest[: standings.SHOWN])])
        if len(rest) > standings.SHOWN:
            terminal.say(f"… and {len(rest) - standings.SHOWN} more: name a folder, a locale (--to), or use --json.")
    return int(failing(found, states))

"""`kbtool doctor`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from kbtool.cli import options


@click.command()
@options.as_json
@click.pass_obj
def doctor(start: Path, as_json: bool) -> int:
    """Show versions, engines, keys and git depth: what is there and what is missing.

    Exits with 1 where something is missing that the settings ask for.
    """
    from kbtool.commands.doctor import doctor as flow
    from kbtool.project import Project
    from kbtool.reports import terminal

    found = flow(Project.at(start))
    if as_json:
        terminal.say_json({"findings": [asdict(d) for d in found]})
    else:
        terminal.table(("", "what", "found"), [("ok" if d.good else "!", d.what, d.found) for d in found])
        for d in found:
            if not d.good and d.hint:
                terminal.say(f"{d.what}: {d.hint}")
    return int(not all(d.good for d in found))

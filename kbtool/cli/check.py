"""`kbtool check` and `kbtool audit`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from kbtool.cli import options


@click.command()
@options.as_json
@options.paths
@click.pass_obj
def check(start: Path, as_json: bool, paths: tuple[str, ...]) -> int:
    """Look for what is wrong in articles and translations; findings with file and line.

    Exits with 1 where there are errors; warnings alone do not count.
    """
    from kbtool.commands.check import check as flow
    from kbtool.project import Project
    from kbtool.reports import terminal

    with terminal.progress("checking") as tick:
        found = flow(Project.at(start), paths, tick)
    errors = sum(f.severity == "error" for f in found)
    if as_json:
        findings = [asdict(f) for f in found]
        terminal.say(json.dumps({"schema": 1, "errors": errors, "findings": findings}, ensure_ascii=False, indent=1))
        return int(errors > 0)
    for finding in found:
        terminal.say(str(finding))
        if finding.hint:
            terminal.say(f"    {finding.hint}")
    terminal.say(f"{errors} errors, {len(found) - errors} warnings")
    return int(errors > 0)

"""`kbtool check` and `kbtool audit`."""

from __future__ import annotations

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
        terminal.say_json({"errors": errors, "findings": findings})
        return int(errors > 0)
    for finding in found:
        terminal.say(str(finding))
        if finding.hint:
            terminal.say(f"    {finding.hint}")
    terminal.say(f"{terminal.counted(errors, 'error')}, {terminal.counted(len(found) - errors, 'warning')}")
    return int(errors > 0)


@click.command()
@click.option("--edition", metavar="NAME", help="Whose site it is; taken from the folder's name where not given.")
@options.as_json
@click.argument("site", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def audit(start: Path, edition: str | None, as_json: bool, site: Path) -> int:
    """Read every byte of a built SITE and find internal text in it.

    Exits with 1 where the site shows anything that its readers must not see, or that nothing explains.
    """
    from kbtool.commands.audit import audit as flow
    from kbtool.project import Project
    from kbtool.reports import terminal

    report = flow(Project.at(start), (start / site).resolve(), edition)
    if as_json:
        terminal.say_json(asdict(report))
        return int(bool(report.findings))
    for finding in report.findings:
        terminal.say(str(finding))
    terminal.say(
        f"{terminal.counted(len(report.findings), 'finding')} in {terminal.counted(report.files, 'file')} "
        f"({report.bytes / 1e6:.1f} MB), looked for {terminal.counted(report.passages, 'internal passage')}"
    )
    return int(bool(report.findings))

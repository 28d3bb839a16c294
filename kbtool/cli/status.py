"""`kbtool status`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from kbtool.cli import options


@click.command()
@options.to
@options.as_json
@click.option("--fail-on", "fail_on", metavar="STATE,...", multiple=True,
              help="Exit with 1 where a segment is in one of these states, such as missing,stale.")  # fmt: skip
@click.option("--pull-request", "base", metavar="BASE",
              help="What differs from BASE, committed or not: a comment in Markdown, or figures (--json).")  # fmt: skip
@click.option("--links", default="", metavar="URL",
              help="With --pull-request: where the files are on the web; their paths are added to it.")  # fmt: skip
@click.option("--schema", is_flag=True, help="Print the JSON Schema of what --json prints.")
@click.option("--due", "is_due", is_flag=True, help="What is due for its regular review, originals as well.")
@click.option("--digest", is_flag=True, help="With --due: as Markdown by owner and locale, to send once a week.")
@click.option("--ics", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="With --due: write all coming reviews as a calendar.")  # fmt: skip
@click.option("--owner", metavar="NAME", help="With --due: only what this team answers for.")
@click.option("--days", type=click.IntRange(min=0), default=7, show_default=True, metavar="N",
              help="With --due: what falls due in the next N days as well.")  # fmt: skip
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="With --due: as if today were DAY.")
@options.paths
@click.pass_obj
def status(
    start: Path, locales: tuple[str, ...], as_json: bool, fail_on: tuple[str, ...], base: str | None, links: str,
    schema: bool, is_due: bool, digest: bool, ics: Path | None, owner: str | None, days: int, day: datetime | None,
    paths: tuple[str, ...],
) -> int:  # fmt: skip
    """Show how every article stands in every locale.

    States: approved, needs-review, machine, stale, conflict, missing, orphaned. Exits with 1 where --fail-on names a
    state that occurs, and where a file could not be read.
    """
    if schema:
        return _schema()
    if base is not None:
        if locales or paths or fail_on:
            raise click.UsageError("--pull-request finds out itself what it is about: no --to, --fail-on or PATH")
        return _pull_request(start, base, links, as_json)
    if is_due or digest or ics:
        today = day.date() if day else date.today()
        return _due(start, locales, paths, today, days, owner, as_json, digest, ics)
    return _standings(start, locales, paths, fail_on, as_json)


def _standings(
    start: Path, locales: tuple[str, ...], paths: tuple[str, ...], fail_on: tuple[str, ...], as_json: bool
) -> int:
    from kbtool.commands import warm

    whole = not (locales or paths)
    said = warm.recall(start) if whole else None
    wanted = {word.strip() for name in fail_on for word in name.split(",")} - {""}
    if said is None or not wanted <= said["segments"].keys():
        said = _looked(start, locales, paths, fail_on)
    _show(said, as_json)
    return int(said["errors"] or any(said["segments"][word] for word in wanted))


def _looked(start: Path, locales: tuple[str, ...], paths: tuple[str, ...], fail_on: tuple[str, ...]) -> dict[str, Any]:
    """What there is to say, from the files themselves."""
    from kbtool.commands import warm
    from kbtool.commands.status import status
    from kbtool.commands.views import page_views, views_file
    from kbtool.core.standing import states_named
    from kbtool.project import Project
    from kbtool.reports import standings

    states_named(fail_on)
    project = Project.at(start)
    look = None if locales or paths else warm.Look(project.root, project.settings.locales, views_file(project))
    said = standings.said(status(project, locales, paths), page_views(project))
    if look is not None and not said["errors"]:
        look.remember(said)
    return said


def _show(said: dict[str, Any], as_json: bool) -> None:
    from kbtool.reports import terminal

    if as_json:
        terminal.say(said["json"])
    elif not said["rows"]:
        terminal.say(
            "Nothing to translate: the settings name no target locale (key `locales`), or there is no article."
        )
    else:
        terminal.table(said["heads"], said["rows"], right=range(1, len(said["heads"])))
        if len(said["section_rows"]) > 1:
            terminal.say("Up to date:")
            terminal.table(said["section_heads"], said["section_rows"], right=range(1, len(said["section_heads"])))
        if said["worst"]:
            terminal.table(("state", "locale", "article", "segments"), said["worst"])
        if said["waiting"] > len(said["worst"]):
            more = said["waiting"] - len(said["worst"])
            terminal.say(f"… and {more} more: name a folder, a locale (--to), or use --json.")


def _schema() -> int:
    from kbtool.reports import terminal
    from kbtool.reports.schemas import schema_of

    terminal.say(schema_of("status"))
    return 0


def _pull_request(start: Path, base: str, links: str, as_json: bool) -> int:
    """What a branch changes, as a comment or as figures."""
    from kbtool.commands.pull_request import pull_request
    from kbtool.project import Project
    from kbtool.reports import pull_request as report
    from kbtool.reports import terminal

    found = pull_request(Project.at(start), base)
    terminal.say(report.as_json(found) if as_json else report.markdown(found, links))
    return 0


def _due(
    start: Path, locales: tuple[str, ...], paths: tuple[str, ...], today: date, days: int, owner: str | None,
    as_json: bool, digest: bool, ics: Path | None,
) -> int:  # fmt: skip
    """What is due, in the form that was asked for."""
    from kbtool import store
    from kbtool.commands.regular import Calendar
    from kbtool.project import Project
    from kbtool.reports import digest as report
    from kbtool.reports import terminal

    everything = Calendar(Project.at(start), today).all(locales, paths)
    mine = [each for each in everything if owner is None or owner in each.owner.split(", ")]
    soon = [each for each in mine if each.on <= today + timedelta(days=days)]
    if ics:
        store.write_text(start / ics, report.calendar(mine, today))
        terminal.say(f"{len(mine)} reviews written to {ics}")
    elif as_json:
        terminal.say(report.as_json(soon, today))
    elif digest:
        terminal.say(report.markdown(soon, today))
    elif soon:
        terminal.table(("due", "file", "owner", "review"), report.rows(soon, today))
    else:
        terminal.say("Nothing is due for a review.")
    return 0

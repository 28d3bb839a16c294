"""The command `adopt`: translations that are there already, or a help centre made for another tool."""

from __future__ import annotations

from pathlib import Path

import click

from kbtool.cli import options

KINDS = ("mkdocs", "docusaurus", "starlight", "zendesk")


@click.command()
@click.argument("folder", default=".", metavar="[SOURCE]", type=click.Path(path_type=Path))
@click.option("--from", "kind", type=click.Choice(KINDS), help="What SOURCE was made for, where that is not found out.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
              help="Make a help centre of its own there; without it, SOURCE is brought into this one.")  # fmt: skip
@options.to
@click.option("--dry-run", is_flag=True, help="Say what would come along; write nothing.")
@options.as_json
@click.pass_obj
def adopt(
    start: Path,
    folder: Path,
    kind: str | None,
    out: Path | None,
    locales: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> int:
    """Move in with what you have.

    SOURCE is the folder of a help centre made for MkDocs with static-i18n, Docusaurus or Starlight, or an export of a
    Zendesk help centre. Its articles, translations, images, menu and old addresses come along; what cannot is listed,
    with file and line, in adoption.md. The source is never written to, and nothing that exists is overwritten.

    Without SOURCE, or inside this help centre: ties what lies in translations/<locale>/ to the originals, segment by
    segment, and records it as written by hand.

    Nothing is approved either way. Exits with 1 where an article could not be brought along.
    """
    source = (start / folder).resolve()
    if kind is None and out is None and _is_inside(start, source):
        return _in_place(start, locales, dry_run, as_json)
    return _move_in(start, source, kind or "", out, locales, dry_run, as_json)


def _is_inside(start: Path, source: Path) -> bool:
    from kbtool.project import Project

    return source.is_relative_to(Project.at(start).root)


def _in_place(start: Path, locales: tuple[str, ...], dry_run: bool, as_json: bool) -> int:
    from kbtool.commands.adopt import adopt as flow
    from kbtool.commands.adopt import said as plainly
    from kbtool.project import Project
    from kbtool.reports import terminal

    project = Project.at(start)
    found = flow(project, locales, dry_run=dry_run)
    if as_json:
        terminal.say_json(plainly(project, found, dry_run=dry_run))
        return int(any(each.error for each in found))
    for each in found:
        said = (
            str(each.error)
            if each.error
            else f"{each.tied} segments tied, {each.untied} without translation, {each.added} added"
        )
        terminal.say(f"translations/{each.target.locale}/{each.target.path}: {said}")
    done = "would be adopted" if dry_run else "adopted"
    terminal.say(f"{len(found)} translation{'' if len(found) == 1 else 's'} {done}, nothing approved")
    return int(any(each.error for each in found))


def _move_in(
    start: Path, source: Path, kind: str, out: Path | None, locales: tuple[str, ...], dry_run: bool, as_json: bool
) -> int:
    from kbtool.commands.movein import move_in
    from kbtool.project import Project
    from kbtool.reports import adoption, terminal

    target = start / out if out else Project.at(start).root
    with terminal.progress("tying translations") as tick:
        made = move_in(source, target, kind=kind, locales=locales, fresh=out is not None, dry_run=dry_run, tick=tick)
    said = made.said()
    if as_json:
        terminal.say(adoption.as_json(said))
        return int(made.incomplete)
    terminal.table(adoption.HEADS, adoption.rows(said), right=range(1, 5))
    groups = adoption.grouped(said)
    if groups:
        terminal.table(("left", "why", "first", "what to do"), groups[: adoption.SHOWN], right=(0,))
    if len(groups) > adoption.SHOWN:
        terminal.say(f"… and {len(groups) - adoption.SHOWN} more reasons.")
    terminal.say(adoption.closing(said))
    for file in made.kept:
        terminal.say(f"not overwritten: {file}")
    if made.record:
        terminal.say(f"Everything, file by file: {made.target / made.record}")
    return int(made.incomplete)

"""The commands that change the tree: `mv`, `orphans`, `merge-ledger`."""

from __future__ import annotations

from pathlib import Path

import click

from kbtool.cli import options


@click.command()
@click.argument("old")
@click.argument("new")
@click.pass_obj
def mv(start: Path, old: str, new: str) -> int:
    """Move or rename an article or a folder: original, translations, ledgers, links to it, and a redirect.

    An original that was moved by hand already is recognised; then the rest follows it.
    """
    from kbtool.commands.moves import move
    from kbtool.project import Project
    from kbtool.reports import terminal

    for each in move(Project.at(start), old, new):
        terminal.say(f"{each.old} → {each.new}")
    return 0


@click.command()
@options.to
@click.option("--remove", is_flag=True, help="Delete them; only what is committed, so that git can bring it back.")
@options.as_json
@click.pass_obj
def orphans(start: Path, locales: tuple[str, ...], remove: bool, as_json: bool) -> int:
    """List translations whose original is gone, and remove them on request."""
    from kbtool.commands import moves
    from kbtool.project import Project
    from kbtool.reports import terminal

    project = Project.at(start)
    found = moves.orphans(project, locales)
    files = [project.shown(project.translation_file(each.path, each.locale)) for each in found]
    removed = moves.remove(project, found) if remove else []
    if as_json:
        rows = [{"path": file, "locale": each.locale} for file, each in zip(files, found, strict=True)]
        terminal.say_json({"orphans": rows, "removed": removed})
        return 0
    for file in removed or files:
        terminal.say(f"removed {file}" if remove else file)
    if not found:
        terminal.say("No orphans: every translation has its original.")
    elif not remove:
        terminal.say("Their originals are gone. Bring these back, or remove the translations: kbtool orphans --remove")
    return 0


@click.command("merge-ledger")
@click.argument("files", nargs=-1, metavar="[BASE OURS THEIRS PATH]")
@click.option("--resolve", is_flag=True, help="Settle ledgers that git left with conflict markers, by the Markdown.")
@click.pass_obj
def merge_ledger(start: Path, files: tuple[str, ...], resolve: bool) -> int:
    """Merge ledgers for git, entry by entry; register it once:

    \b
    git config merge.kbtool-ledger.driver "kbtool merge-ledger %O %A %B %P"
    echo "*.ledger.yml merge=kbtool-ledger" >> .gitattributes

    With --resolve [PATH]... settle ledgers that have conflict markers already.
    """
    from kbtool.commands import ledgers
    from kbtool.project import Project
    from kbtool.reports import terminal

    if resolve:
        found = ledgers.resolve(Project.at(start), files)
        for file in found:
            terminal.say(f"settled: {file}")
        if not found:
            terminal.say("No ledger has conflict markers.")
        return 0
    if len(files) != 4:
        raise click.UsageError(
            "git calls this with %O %A %B %P; to settle conflict markers: kbtool merge-ledger --resolve"
        )
    base, ours, theirs = (start / file for file in files[:3])
    ledgers.merge_files(base, ours, theirs, files[3])
    return 0

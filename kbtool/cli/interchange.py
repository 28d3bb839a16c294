"""`kbtool export` and `kbtool import`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from kbtool.cli import options

form = click.argument("form", type=click.Choice(["po", "xliff", "tmx"]), metavar="po|xliff|tmx")


@click.command("export")
@form
@options.to
@click.option("--out", type=click.Path(path_type=Path), default="export", show_default=True, metavar="DIR|FILE",
              help="Where the files go; with one language also the name of the file.")  # fmt: skip
@click.option("--version", type=click.Choice(["1.2", "2.1"]), default="1.2", show_default=True,
              help="The version of XLIFF.")  # fmt: skip
@click.option("--only", metavar="STATE,...", multiple=True,
              help="Only segments in these states, such as missing,stale.")  # fmt: skip
@click.option("--per-article", is_flag=True, help="A file for each article instead of one for each language.")
@click.option("--template", is_flag=True, help="With po: a template without translations (.pot) as well.")
@click.option("--with-memory", is_flag=True, help="With tmx: what the memory of this machine holds as well.")
@click.option("--with-internal", is_flag=True, help="Internal segments as well; without it only public text goes out.")
@options.as_json
@options.paths
@click.pass_obj
def export(
    start: Path, form: str, locales: tuple[str, ...], out: Path, version: str, only: tuple[str, ...],
    per_article: bool, template: bool, with_memory: bool, with_internal: bool, as_json: bool, paths: tuple[str, ...],
) -> int:  # fmt: skip
    """Write segments to files for other translation tools: PO, XLIFF or TMX.

    Only public text goes out unless --with-internal says otherwise. Without changes a second export gives the same
    files. TMX holds what people wrote or approved. Exits with 3 where an article or a segment could not be written.
    """
    from kbtool.commands.exporting import Order, states
    from kbtool.commands.exporting import export as flow
    from kbtool.project import Project
    from kbtool.reports import terminal

    if template and form != "po":
        raise click.UsageError("--template is for po")
    if with_memory and form != "tmx":
        raise click.UsageError("--with-memory is for tmx")
    project = Project.at(start)
    order = Order(form, version, locales, paths, states(only), with_internal, with_memory, per_article, template)
    done = flow(project, order, start / out)
    return terminal.close(done, as_json=as_json)


@click.command("import")
@form
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@options.to
@options.by
@click.option("--approve", is_flag=True,
              help="What the files say is approved is approved by you, as far as you may.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would be taken; write nothing.")
@options.as_json
@click.pass_obj
def import_(
    start: Path, form: str, files: tuple[str, ...], locales: tuple[str, ...], by: str | None, approve: bool,
    dry_run: bool, as_json: bool,
) -> int:  # fmt: skip
    """Take back files from other translation tools.

    Every text is proved before it is written, and recorded as written by hand: it waits for a review. What a person
    changed here since the export is never overwritten. Exits with 3 where a text or a file could not be taken, and
    with 1 where a person has to decide.
    """
    from kbtool.commands.importing import bring_in
    from kbtool.commands.verdicts import Judge, person
    from kbtool.core.errors import UsageError
    from kbtool.project import Project
    from kbtool.reports import terminal

    project = Project.at(start)
    places = [(name, start / name) for name in files]
    for name, file in places:
        if not file.is_file():
            raise UsageError(f"no such file: {name}")
    name = person(project.root, by) if approve or by else "nobody"
    who = Judge(name, date.today())
    done = bring_in(project, form, places, who=who, locales=locales, approve=approve, dry_run=dry_run)
    return terminal.close(done, as_json=as_json)

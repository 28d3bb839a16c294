"""`kbtool report`."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from kbtool.cli import options


@click.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default="report.html", show_default=True,
              metavar="FILE", help="Where the page goes.")  # fmt: skip
@options.as_json
@click.option("--schema", is_flag=True, help="Print the JSON Schema of what --json prints.")
@click.option("--record", is_flag=True, help="Keep today's figures in the history file, at most once a day.")
@click.option("--history", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="The file of earlier days; docs/_data/history.jsonl if not given.")  # fmt: skip
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="As if today were DAY.")
@click.pass_obj
def report(
    start: Path, out: Path, as_json: bool, schema: bool, record: bool, history: Path | None, day: datetime | None
) -> None:
    """Write the dashboard: one HTML page with everything that a support lead asks for.

    Coverage by language and section, plain and weighted by page views; machine-made text that is live; what readers
    miss most; reviews and who is late; what it would cost to catch up; all of it over time. The page needs no network.
    """
    from kbtool import store
    from kbtool.commands import figures as flow
    from kbtool.project import Project
    from kbtool.reports import terminal
    from kbtool.reports.schemas import schema_of

    if schema:
        terminal.say(schema_of("report"))
        return
    project = Project.at(start)
    kept = (start / history).resolve() if history else None
    board = flow.gather(project, day.date() if day else date.today(), history=kept)
    if record:
        flow.record(project, board.today, kept)
    if as_json:
        from kbtool.reports.data import as_json as machine

        terminal.say(machine(board))
        return
    from kbtool.reports.page import page

    store.write_text(start / out, page(board))
    terminal.say(f"dashboard of {board.on} → {out}")

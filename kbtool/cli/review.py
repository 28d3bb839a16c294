"""The commands of a review: `review`, the verdicts, `significance`, `verify`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from kbtool.cli import options

segments = click.option("--segment", "segments", type=click.IntRange(min=1), multiple=True, metavar="N",
                        help="Only this segment, by its number in `kbtool review`; may be repeated.")  # fmt: skip
reason = click.option("--reason", default="", metavar="TEXT", help="Why.")


@click.command()
@options.to
@click.option("--limit", type=click.IntRange(min=1), metavar="N",
              help="Show the differences of at most N translations; without a PATH 5, else all.")  # fmt: skip
@options.as_json
@click.option("--web", is_flag=True, help="A page in your browser, on this machine only: read, edit, decide, undo.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N",
              help="With --web: the port to listen on; a free one if not given.")  # fmt: skip
@click.option("--by", metavar="NAME", help="With --web: who reviews; taken from git's user name if not given.")
@click.option("--no-browser", is_flag=True, help="With --web: only show the address.")
@options.paths
@click.pass_obj
def review(
    start: Path, locales: tuple[str, ...], limit: int | None, as_json: bool, web: bool, port: int, by: str | None,
    no_browser: bool, paths: tuple[str, ...],
) -> int:  # fmt: skip
    """Show what waits for a verdict, the most important first, with the differences.

    For each translation: what changed in the original since it was made, what changed in the translation, the pair as
    it is now, what waits as a proposal, and what the checks say. Segments that nobody touched are folded away.
    """
    if web and (as_json or limit):
        raise click.UsageError("--web shows everything on a page: neither --json nor --limit goes with it")
    if not web and (port or by or no_browser):
        raise click.UsageError("--port, --by and --no-browser go with --web")
    if web:
        return _on_a_page(start, locales, paths, by, port=port, browser=not no_browser)
    import sys

    from kbtool.commands import review as flow
    from kbtool.project import Project
    from kbtool.reports import review as report
    from kbtool.reports import terminal

    project = Project.at(start)
    queue = flow.queue(project, locales, paths)
    most = limit or (len(queue) if paths else 5)
    sheets = [flow.sheet(project, each.path, each.locale) for each in queue[:most]]
    if as_json:
        terminal.say(report.as_json(queue, sheets))
        return 0
    if not queue:
        terminal.say("Nothing waits for a review.")
        return 0
    heads = ("state", "locale", "article", "waiting", "views", "original changed")
    terminal.table(heads, report.rows(queue[:40]), right=(4,))
    for sheet in sheets:
        for line in report.lines(sheet, colour=sys.stdout.isatty()):
            terminal.say(line)
        terminal.say()
    if len(queue) > most:
        terminal.say(f"{len(queue) - most} more wait: name an article or a folder, or use --limit.")
    return 0


def _on_a_page(
    start: Path, locales: Sequence[str], paths: Sequence[str], by: str | None, *, port: int, browser: bool
) -> int:
    from kbtool.commands.desk import Desk
    from kbtool.commands.verdicts import person
    from kbtool.project import Project
    from kbtool.reports.terminal import say
    from kbtool.web.serve import serve

    project = Project.at(start)
    desk = Desk(project, locales, paths, person(project.root, by))
    serve(desk, port=port, tell=lambda text: say(text, err=True), browser=browser)
    return 0


def verdict(name: str, help_text: str) -> click.Command:
    """A command LOCALE PATH for one verdict."""

    @click.command(name, help=help_text)
    @click.argument("locale")
    @click.argument("paths", nargs=-1, required=True, metavar="PATH...")
    @segments
    @options.by
    @reason
    @options.as_json
    @click.pass_obj
    def command(start: Path, /, as_json: bool, **given: Any) -> int:
        return _give(name, start, as_json=as_json, **given)

    return command


def _give(
    name: str, start: Path, *, locale: str, paths: Sequence[str], segments: Sequence[int], by: str | None, reason: str,
    as_json: bool,
) -> int:  # fmt: skip
    from kbtool.commands.verdicts import Judge, judge, person
    from kbtool.project import Project

    project = Project.at(start)
    who = Judge(person(project.root, by), date.today(), reason)
    return _tell(name, judge(project, name, locale, paths, who, segments=segments), as_json)


def _tell(name: str, said: list[Any], as_json: bool) -> int:
    """Say what a verdict did; 1 where it did nothing although something waits."""
    from kbtool.reports import terminal

    done = [each for each in said if not each.why_not]
    left = [each for each in said if each.why_not]
    if as_json:
        rows = [
            {"path": f"docs/{each.path}", "locale": each.locale, "number": each.number, "why_not": each.why_not}
            for each in said
        ]
        terminal.say_json({"verdict": name, "segments": rows})
        return int(bool(left) and not done)
    for each in left:
        terminal.say(f"docs/{each.path} [{each.locale}] segment {each.number}: left, {each.why_not}")
    past = {"approve": "approved", "reject": "rejected", "accept": "accepted", "waive": "waived"}[name]
    terminal.say(f"{len(done)} segment{'' if len(done) == 1 else 's'} {past}" + (f", {len(left)} left" if left else ""))
    return int(bool(left) and not done)


reject = verdict("reject", """Say that a translation is not good enough.

A waiting proposal is dropped. A text is sent back: the next `kbtool translate` asks for another one, which takes the
place of a machine's text and waits as a proposal beside a person's.""")  # fmt: skip
accept = verdict("accept", """Take a proposal, or a text edited by hand, as the translation of the original as it is.

The proposal is written into the Markdown file. Whoever may approve has approved it with this.""")  # fmt: skip
waive = verdict("waive", """Let a change of the original pass: the translation stays and is up to date again.""")


@click.command()
@click.argument("locale", required=False)
@click.argument("paths", nargs=-1, metavar="PATH...")
@segments
@options.by
@reason
@click.option("--from-event", "event", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="A pull_request_review event of GitHub, as JSON.")  # fmt: skip
@options.as_json
@click.pass_obj
def approve(
    start: Path, /, locale: str | None, paths: tuple[str, ...], event: Path | None, as_json: bool, **rest: Any
) -> int:
    """Say that a translation is right: machine and needs-review segments become approved.

    An approval binds exactly the original and the translation as they are now, and falls away when either changes.
    With --from-event FILE a CI job records the approval of a pull request by a configured reviewer; LOCALE and PATH
    are not given then.
    """
    if event is None:
        if not locale or not paths:
            raise click.UsageError("LOCALE and PATH are missing: kbtool approve de billing/refunds.md")
        return _give("approve", start, locale=locale, paths=paths, as_json=as_json, **rest)
    if locale or rest["segments"] or rest["by"]:
        raise click.UsageError("--from-event says itself what is approved and by whom")
    from kbtool.commands.events import approve_from
    from kbtool.project import Project

    return _tell("approve", approve_from(Project.at(start), event, date.today()), as_json)


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.argument("level", type=click.Choice(["minor", "normal", "major"]))
@options.by
@reason
@click.pass_obj
def significance(start: Path, paths: tuple[str, ...], level: str, by: str | None, reason: str) -> int:
    """Say what the last change of an original means for its translations, in all locales at once.

    minor: nothing, the change is waived. normal: they are stale (takes back minor and major). major: the old text is
    wrong, and readers are warned.
    """
    from kbtool.commands.verdicts import Judge, declare, person
    from kbtool.project import Project
    from kbtool.reports import terminal

    project = Project.at(start)
    found = declare(project, paths, level, Judge(person(project.root, by), date.today(), reason))
    for target, count in found.items():
        terminal.say(f"docs/{target.path} [{target.locale}]: {count} segment{'' if count == 1 else 's'} {level}")
    if not found:
        terminal.say("nothing to settle: no translation is out of date with these articles")
    return 0


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@options.by
@click.pass_obj
def verify(start: Path, paths: tuple[str, ...], by: str | None) -> int:
    """Confirm a regular review of originals (docs/x.md) or translations (translations/de/x.md).

    Notes the day and the name, in the front matter or the ledger, and changes nothing else.
    """
    from kbtool.commands.regular import verify as flow
    from kbtool.commands.verdicts import person
    from kbtool.project import Project
    from kbtool.reports import terminal

    project = Project.at(start)
    for file in flow(project, paths, person(project.root, by), date.today()):
        terminal.say(f"reviewed: {file}")
    return 0

"""What stands over all commands: it parses, calls, and turns errors into words and exit codes.

Commands are imported when they are used, so that `kbtool status` does not wait for MkDocs.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from kbtool.core.errors import KbError, UsageError

#: command → "module:function"; a command's function is a click command, its context object the start folder (Path)
COMMANDS = {
    "init": "kbtool.cli.site:init",
    "new": "kbtool.cli.site:new",
    "translate": "kbtool.cli.translate:translate",
    "status": "kbtool.cli.status:status",
    "report": "kbtool.cli.report:report",
    "review": "kbtool.cli.review:review",
    "approve": "kbtool.cli.review:approve",
    "reject": "kbtool.cli.review:reject",
    "waive": "kbtool.cli.review:waive",
    "accept": "kbtool.cli.review:accept",
    "significance": "kbtool.cli.review:significance",
    "verify": "kbtool.cli.review:verify",
    "mv": "kbtool.cli.moves:mv",
    "orphans": "kbtool.cli.moves:orphans",
    "export": "kbtool.cli.interchange:export",
    "import": "kbtool.cli.interchange:import_",
    "adopt": "kbtool.cli.adopt:adopt",
    "merge-ledger": "kbtool.cli.moves:merge_ledger",
    "check": "kbtool.cli.check:check",
    "build": "kbtool.cli.site:build",
    "serve": "kbtool.cli.site:serve",
    "audit": "kbtool.cli.check:audit",
    "hosting": "kbtool.cli.hosting:hosting",
    "probe": "kbtool.cli.hosting:probe",
    "doctor": "kbtool.cli.doctor:doctor",
}


class Commands(click.Group):
    """A group whose commands are looked up by name and imported late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error that names a key of the settings names its line as well."""
        try:
            return super().invoke(ctx)
        except KbError as error:
            from kbtool.settings import locate

            locate(error, ctx.obj)
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, self.get_command(ctx, name)) for name in COMMANDS]
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(90)) for name, command in rows if command])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".", metavar="DIR",
              help="Run as if started in DIR.")  # fmt: skip
@click.version_option(package_name="kbtool", prog_name="kbtool")
@click.pass_context
def cli(ctx: click.Context, folder: Path) -> None:
    """A knowledge base for support teams: Markdown in git, machine translation, review, and a help centre.

    Exit codes: 0 fine, 1 findings or work left, 2 usage or settings, 3 some segments failed,
    75 another run holds the lock, 130 interrupted.
    """
    ctx.obj = folder.resolve()


def run(args: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    given = sys.argv[1:] if args is None else list(args)
    try:
        return _done(given)
    except KbError as error:
        click.echo(f"Error: {error}", err=True)
        if error.hint:
            click.echo(f"Hint:  {error.hint}", err=True)
        return _ended(error, given)
    except click.ClickException as error:
        error.show()
        return _ended(UsageError(error.format_message()), given)
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nInterrupted. What was finished is kept; run the same command again to go on.", err=True)
        return 130


def _done(given: Sequence[str]) -> int:
    try:
        result: Any = cli.main(args=list(given), standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as end:
        return end.exit_code
    except BrokenPipeError:
        # `kbtool status | head` is no error; give Python's own flush at exit nowhere to complain to
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if not error.filename and error.errno not in _FULL:
            raise
        raise _in_words(error) from error


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _in_words(error: OSError) -> KbError:
    """What the machine does not let us do: a folder that may only be read, a full disk, a file where a folder is."""
    hint = "make room, and" if error.errno in _FULL else "see whether it is there and who may read and write it, then"
    where = error.filename2 or error.filename  # of a file that was to be renamed, its new place
    return KbError(
        f"the system says: {error.strerror}",
        where=os.fsdecode(where) if isinstance(where, (str, bytes, os.PathLike)) else None,
        hint=f"{hint} run the same command again; what was finished is kept",
    )


def _ended(error: KbError, given: Sequence[str]) -> int:
    """The exit code; with --json, what is printed is a document even where there is nothing to tell but an error."""
    if "--json" in given:
        import json

        said = {"message": error.what, "where": error.where, "hint": error.hint, "exit_code": error.exit_code}
        click.echo(json.dumps({"schema": 1, "error": said}, ensure_ascii=False, indent=1))
    return error.exit_code

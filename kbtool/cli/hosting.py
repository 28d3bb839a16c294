"""`kbtool hosting` and `kbtool probe`."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kbtool.cli import options
from kbtool.reports.terminal import counted, say, say_json
from kbtool.site.hosting import LOGINS, RECIPES

if TYPE_CHECKING:
    from kbtool.core.model import Finding

_SHOWN = 6  #: addresses listed for one finding


@click.command()
@click.argument("kind", type=click.Choice(tuple(RECIPES)), metavar="KIND")
@click.option("--edition", metavar="NAME", help="The edition to host; the public one if not given.")
@click.option("--host", metavar="NAME", help="Its host name; taken from the settings where they have it.")
@click.option("--auth", "login", type=click.Choice(LOGINS),
              help="Who lets people in; an edition that is not for everybody needs it.")  # fmt: skip
@click.option("--root", metavar="DIR", help="The site's folder on the web server, instead of /srv/EDITION.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write to FILE instead of the terminal.")  # fmt: skip
@click.pass_obj
def hosting(
    folder: Path, kind: str, edition: str | None, host: str | None, login: str | None, root: str | None,
    out: Path | None,
) -> None:  # fmt: skip
    """Print a complete configuration for a web server or a hosting service.

    KIND: nginx or gitlab-pages. For GitHub Pages `kbtool init` makes a workflow.
    """
    from kbtool.commands.hosting import hosting as run
    from kbtool.project import Project
    from kbtool.store import write_text

    text = run(Project.at(folder), kind, edition=edition, host=host, login=login, root=root)
    if out is None:
        say(text.rstrip("\n"))
        return
    write_text(folder / out, text)
    say(f"written: {out}")


@click.command()
@click.argument("url", metavar="URL")
@click.option(
    "--edition", metavar="NAME", help="The edition that stands there; the one with this address if not given."
)
@click.option("--pace", default=0.05, show_default=True, type=click.FloatRange(0, 60), metavar="SECONDS",
              help="Wait this long between two requests.")  # fmt: skip
@click.option("--limit", default=800, show_default=True, type=click.IntRange(1), metavar="N",
              help="Send at most this many requests.")  # fmt: skip
@click.option("--http-port", "plain_port", default=80, show_default=True, type=click.IntRange(1, 65535), metavar="PORT",
              help="Where plain http is answered.")  # fmt: skip
@options.as_json
@click.pass_obj
def probe(folder: Path, url: str, edition: str | None, pace: float, limit: int, plain_port: int, as_json: bool) -> int:
    """Look at a deployed site from outside: what is open that should not be, and what does not work.

    It talks to the host of URL and to no other. With KBTOOL_PROBE_USER and KBTOOL_PROBE_PASSWORD, KBTOOL_PROBE_COOKIE
    or KBTOOL_PROBE_TOKEN in the environment it also tries whether people with a login get in.
    Exits with 1 where there are errors; warnings and notes do not count.
    """
    from kbtool.commands.probe import probe as run

    name, report = run(
        folder, url, edition=edition, environment=os.environ, limit=limit, pace=pace, plain_port=plain_port
    )
    levels = Counter(finding.severity for finding in report.findings)
    if as_json:
        said = {"url": url, "edition": name, "requests": report.requests, "errors": levels["error"]}
        say_json({**said, "findings": [_as_json(finding) for finding in report.findings]})
        return int(levels["error"] > 0)
    _show(report.findings)
    counts = ", ".join(counted(levels[level], level) for level in ("error", "warning", "note"))
    say(f"{counts} in the {name} edition, after {counted(report.requests, 'request')}")
    return int(levels["error"] > 0)


def _show(findings: Iterable[Finding]) -> None:
    """What is the same at many addresses is said once."""
    places: dict[tuple[str, str, str, str], list[str]] = {}
    for finding in findings:
        places.setdefault((finding.severity, finding.message, finding.rule, finding.hint), []).append(finding.path)
    for (severity, message, rule, hint), addresses in places.items():
        say(f"{severity}: {message} [{rule}]")
        for address in addresses[:_SHOWN]:
            say(f"    {address}")
        if len(addresses) > _SHOWN:
            say(f"    … and {len(addresses) - _SHOWN} more; --json lists all")
        if hint:
            say(f"    Hint: {hint}")


def _as_json(finding: Finding) -> dict[str, str]:
    return {
        "level": finding.severity, "rule": finding.rule, "message": finding.message, "address": finding.path,
        "hint": finding.hint,
    }  # fmt: skip

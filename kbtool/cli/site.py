"""`kbtool build`, `serve`, `init` and `new`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kbtool.cli import options
from kbtool.reports.terminal import say

if TYPE_CHECKING:
    from kbtool.site.edition import Edition

SCHEMA = 1


@click.command()
@click.option("--edition", "editions", multiple=True, metavar="NAME", help="Only this edition; may be repeated.")
@options.to
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
              help="Where the editions go, instead of site/.")  # fmt: skip
@click.option("--executor", "spec", default="processes", metavar="SPEC", show_default=True,
              help="Where locales are built: inline, threads:N, processes:N, dask://HOST:PORT.")  # fmt: skip
@click.option("--clean", is_flag=True, help="Build everything anew, whatever the last build left.")
@options.as_json
@click.pass_obj
def build(
    folder: Path,
    editions: tuple[str, ...],
    locales: tuple[str, ...],
    out: Path | None,
    spec: str,
    clean: bool,
    as_json: bool,
) -> None:
    """Build a complete site for each edition, in every language.

    The customers' edition holds no byte of internal articles and blocks. The old site stays in place until the new
    one is complete. Pages that would come out as they are, are not made again.
    """
    from kbtool.commands.build import build as run
    from kbtool.project import Project

    project = Project.at(folder)
    built = run(
        project,
        editions=editions,
        locales=locales,
        out=(folder / out).resolve() if out else None,
        spec=spec,
        clean=clean,
        tell=lambda text: say(text, err=True),
    )
    if as_json:
        say(json.dumps({"schema": SCHEMA, "editions": [_as_json(project.root, e) for e in built]}, indent=2))
        return
    for edition in built:
        _summary(project.root, edition)
    say("Look at it with: kbtool serve" + (f" --edition {built[0].name}" if len(built) == 1 else ""))


def _summary(root: Path, edition: Edition) -> None:
    for finding in edition.findings:
        say(str(finding), err=True)
    for locale in edition.locales:
        for warning in locale.warnings[:5]:
            say(f"{edition.name}, {locale.locale}: {warning}", err=True)
        if len(locale.warnings) > 5:
            say(f"{edition.name}, {locale.locale}: … and {len(locale.warnings) - 5} more warnings", err=True)
    languages = ", ".join(x.locale for x in edition.locales)
    if edition.stranger:
        say(f"{edition.name}: every page was made anew, because {edition.stranger} may have changed any", err=True)
    if edition.unfamiliar:
        say(f"{edition.name}: pages are made the slow way: kbtool does not know {edition.unfamiliar} yet", err=True)
    say(
        f"{edition.name}: {edition.articles} articles in {languages}; {edition.files} files, "
        f"{edition.size / 1e6:.1f} MB, {edition.seconds:.1f} s → {_shown(root, edition.folder / 'index.html')}"
    )
    say(
        f"{edition.name}: {_what(edition)}; the largest page has {edition.page_size / 1000:.0f} KB, "
        f"the largest search index {edition.index_size / 1000:.0f} KB"
    )


def _what(edition: Edition) -> str:
    made, pages = sum(x.made for x in edition.locales), sum(x.pages for x in edition.locales)
    if edition.untouched:
        return "nothing had changed"
    return f"{made} pages made, {pages - made} taken over"


def _as_json(root: Path, edition: Edition) -> dict[str, object]:
    return {
        "edition": edition.name,
        "folder": _shown(root, edition.folder),
        "articles": edition.articles,
        "files": edition.files,
        "bytes": edition.size,
        "seconds": round(edition.seconds, 2),
        "untouched": edition.untouched,
        "made": sum(x.made for x in edition.locales),
        "largest_page": edition.page_size,
        "largest_index": edition.index_size,
        "locales": [
            {
                "locale": x.locale,
                "pages": x.pages,
                "made": x.made,
                "seconds": round(x.seconds, 2),
                "warnings": list(x.warnings),
            }
            for x in edition.locales
        ],
        "findings": [str(f) for f in edition.findings],
    }


def _shown(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


@click.command()
@click.option("--edition", metavar="NAME", help="The edition to show; the first one of the settings if not given.")
@options.to
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.pass_obj
def serve(folder: Path, edition: str | None, locales: tuple[str, ...], host: str, port: int) -> None:
    """Show an edition on this machine, and rebuild it while you write."""
    from kbtool.commands.serve import serve as run
    from kbtool.project import Project

    run(
        Project.at(folder),
        edition=edition,
        locales=locales,
        host=host,
        port=port,
        tell=lambda text: say(text, err=True),
    )


@click.command()
@click.argument("target", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--ci", type=click.Choice(["github", "none"]), default="github", show_default=True,
              help="The workflows to bring along: checks, translation, weekly digest, publishing.")  # fmt: skip
@click.pass_obj
def init(folder: Path, target: Path, ci: str) -> None:
    """Lay out a fresh knowledge base in DIR, which must be new or empty. It builds at once."""
    from kbtool.commands.init import init as run

    made = run(folder / target, ci=ci)
    for path in made:
        say(f"  {target / path}")
    say(f"Made {len(made)} files. Next: cd {target} && kbtool build")


@click.command()
@click.argument("kind", metavar="TYPE")
@click.argument("title", metavar="TITLE")
@click.option("--in", "below", default="", metavar="FOLDER", help="The folder below docs/ to put it in.")
@click.pass_obj
def new(folder: Path, kind: str, title: str, below: str) -> None:
    """Start an article from a template. TYPE: how-to, troubleshooting, faq, reference or playbook (for agents)."""
    from kbtool.commands.init import new as run
    from kbtool.project import Project

    project = Project.at(folder)
    say(project.shown(run(project, kind, title, below)))

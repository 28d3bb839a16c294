"""`kbtool audit`: the leak scanner on a built site, whoever built it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from kbtool.checks.audit import Audiences, Report, run
from kbtool.checks.audit.audiences import PLAIN_BLOCKS
from kbtool.checks.audit.memory import Memory
from kbtool.core.audience import PUBLIC
from kbtool.core.errors import UsageError
from kbtool.core.model import Audience
from kbtool.project import Project
from kbtool.site.config import plain_blocks, read_config


def audit(
    project: Project,
    site: Path,
    edition: str | None = None,
    *,
    memory: Memory | None = None,
    seen: Collection[str] = (),
    looked_for: str = "",
) -> Report:
    """What a built site shows that its readers must not see.

    `memory`, `seen` and `looked_for` are of the audit before, as `kbtool.checks.audit.run` knows them.

    The edition is the one named, else the one whose name the site's folder has, else the most public one.
    """
    shown = project.settings.site.get("front_matter", ())
    rules = Audiences(
        project.settings.audience,
        plain_blocks=PLAIN_BLOCKS | plain_blocks(read_config(project.root)),
        fields=frozenset(map(str, shown)) if isinstance(shown, list) else frozenset(),
    )
    audience = _audience(project, site, edition)
    return run(
        site,
        root=project.root,
        rules=rules,
        edition_audience=audience,
        locales=project.settings.locales,
        generated=() if audience == PUBLIC else _made_for_staff(),
        memory=memory,
        seen=seen,
        looked_for=looked_for,
    )


def _made_for_staff() -> tuple[str, ...]:
    from kbtool.core.dashboard import FILE  # with all that the dashboard counts; the customers' edition has none

    return (FILE,)


def _audience(project: Project, site: Path, edition: str | None) -> Audience:
    editions = project.settings.editions
    if edition is not None and edition not in editions:
        raise UsageError(f"unknown edition {edition!r}", hint=f"editions in the settings: {', '.join(editions)}")
    return editions.get(edition or site.resolve().name, "public")

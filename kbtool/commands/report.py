"""The dashboard in the editions. It is imported for every build, so what makes one is only where one is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kbtool.core.audience import PUBLIC
from kbtool.core.model import Audience
from kbtool.project import Project


def extra(project: Project, reader: Audience, articles: Sequence[str], today: date) -> Mapping[str, bytes]:
    """The dashboard as a file of an edition, about the articles that it holds; the public has none."""
    if reader == PUBLIC:
        return {}
    from kbtool.commands.figures import gather
    from kbtool.core.dashboard import FILE
    from kbtool.reports.page import page

    board = gather(project, today, may_show=frozenset(articles).__contains__, costs=False)
    return {FILE: page(board).encode()}

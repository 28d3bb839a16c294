"""The page views that a lead exports from their analytics: one optional file, for the queue and for the figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kbtool.commands.warm import VIEWS
from kbtool.core.errors import Refused
from kbtool.core.queue import read_views
from kbtool.project import Project


def views_file(project: Project) -> Path | None:
    """Where the page views stand; None where nobody exported any."""
    if named := project.settings.review.views:
        return project.root / named
    usual = project.root / VIEWS
    return usual if usual.is_file() else None


def page_views(project: Project) -> Mapping[str, int]:
    """Page views by page, empty where there is no file.

    Raises Refused where the settings name a file that is not there, and with the line of what cannot be read.
    """
    file = views_file(project)
    if file is None:
        return {}
    shown = project.shown(file)
    try:
        return read_views(project.read(file), shown)
    except FileNotFoundError:
        raise Refused("the file of page views is not there", where=shown, hint="settings, review.views") from None

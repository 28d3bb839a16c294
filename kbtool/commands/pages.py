"""Articles as the flows need them: read, cut and settled."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kbtool.core.errors import Refused
from kbtool.core.limits import admit
from kbtool.core.model import Document, Locale
from kbtool.core.segments import parse
from kbtool.core.states import Settled, settle
from kbtool.project import Project

if TYPE_CHECKING:
    from kbtool.core.render import Renderer

EMPTY = Document((), ())


def original(project: Project, path: str) -> Document:
    """An original, cut; without a file, an empty one. Refused names file and line."""
    try:
        return _parse(project, project.original(path), project.shown(project.original_file(path)))
    except FileNotFoundError:
        return EMPTY


def translation(project: Project, path: str, locale: Locale) -> Document | None:
    """A translation, cut; None where there is none. Refused names file and line."""
    text = project.translation(path, locale)
    if text is None:
        return None
    return _parse(project, text, project.shown(project.translation_file(path, locale)))


def settled(project: Project, path: str, locale: Locale, source: Document | None = None, *, at: str = "") -> Settled:
    """An article in one locale, tied and judged.

    `source` saves reading the original again; `at` is where the translation still lies after a rename.
    """
    where = at or path
    source = source if source is not None else original(project, path)
    return settle(source, translation(project, where, locale), project.ledger(where, locale))


@cache
def renderer(root: Path) -> Renderer:
    """Renders pages as the site does; where there is no mkdocs.yml, with all that Material's readers may meet.

    Raises UsageError with file and line where mkdocs.yml cannot be read or would run code.
    """
    from kbtool.core.render import Renderer  # Markdown is slow to import, and `status` needs none
    from kbtool.site.config import read_config
    from kbtool.site.config import renderer as site_renderer

    config = read_config(root)
    return site_renderer(config) if config else Renderer()


def _parse(project: Project, text: str, shown: str) -> Document:
    try:
        admit(text)
        return parse(text, project.settings.translatable)
    except Refused as error:
        line = (error.where or "").removeprefix("line ")
        raise Refused(error.what, where=f"{shown}:{line}" if line else shown, hint=error.hint) from None

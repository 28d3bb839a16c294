"""What an article is called, for people who know titles and not paths."""

from __future__ import annotations

import re

from kbtool.core.errors import Refused
from kbtool.core.meta import FRONT, front_matter
from kbtool.project import Project

_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.M)


def title_of(project: Project, path: str) -> str:
    """The title of an article, from its front matter or first heading; its path where it has none or cannot be read."""
    try:
        text = project.original(path)
        title = front_matter(text).get("title")
    except (Refused, FileNotFoundError):
        return path
    found = _HEADING.search(FRONT.sub("", text, count=1))
    return str(title or (found[1] if found else "")).strip() or path

"""Which articles an edition's readers may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kbtool.core.audience import is_known
from kbtool.core.errors import KbError, Refused
from kbtool.core.meta import audience_astray, front_matter
from kbtool.project import Project
from kbtool.settings import place_of
from kbtool.site.stage.desk import Desk, line_in
from kbtool.site.stage.recall import Recall, digest_of


def audiences(project: Project, recall: Recall) -> dict[str, object]:
    """Who may read each article, as its front matter or the settings say."""
    found: dict[str, object] = {}
    for path in project.articles:
        known = recall.has("audience", path)
        found[path] = known and recall.known("audience", path, [recall.digest(f"docs/{path}")])
        if not found[path]:
            found[path] = _audience(project, recall, path)
    return found


def _audience(project: Project, recall: Recall, path: str) -> object:
    """Who may read an article; noted for the very text that says it."""
    try:
        text = project.original(path)
    except Refused:
        return "unreadable"
    said = project.audience_in(path, text)
    if said and isinstance(said, str):
        recall.note("audience", path, [digest_of(text)], said)
    return said


def shown_articles(desk: Desk) -> list[str]:
    """The articles that the edition's readers may see."""
    if not desk.audiences:
        shown = desk.project.shown(desk.project.docs)
        raise KbError("there are no articles", where=shown, hint="write the first: docs/index.md")
    for pattern, _ in desk.project.settings.audience:
        if not desk.project.fits(pattern):
            file, line = place_of(desk.project.root, f"audience.{pattern}")
            desk.warn(
                "audience-rule", f"audience: {pattern} fits nothing below docs/, and keeps nothing inside", file, line
            )
    excluded = _excluded(desk.config)
    found = []
    for path, audience in desk.audiences.items():
        if not is_known(audience):
            _explain(desk, path, audience)
        if desk.may_show(audience) and not excluded(path):
            found.append(path)
    return found


def _explain(desk: Desk, path: str, audience: object) -> None:
    """Why nobody knows for whom an article is: its front matter cannot be read, or names an audience there is not."""
    try:
        text = desk.project.original(path)
        front_matter(text)
    except Refused as error:
        desk.fault("refused", error.what, f"docs/{path}", line_in(error.where), error.hint or "")
        return
    if astray := audience_astray(text):
        line, what, hint = astray
        desk.warn("unknown-audience", f"{what}: the article is taken as internal; {hint}", f"docs/{path}", line)
    else:
        desk.warn("unknown-audience", f"unknown audience {audience!r}: taken as internal", f"docs/{path}", 1)


def _excluded(config: Mapping[str, Any]) -> Callable[[str], bool]:
    """`exclude_docs` and `draft_docs` of mkdocs.yml, whose paths would not fit the staged ones."""
    patterns = [str(config[key]) for key in ("exclude_docs", "draft_docs") if config.get(key)]
    if not patterns:
        return lambda path: False
    import pathspec

    spec = pathspec.GitIgnoreSpec.from_lines("\n".join(patterns).splitlines())
    return lambda path: bool(spec.match_file(path))

"""Approvals given on a code host: the event of a pull request's review → the same verdicts as in a terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from kbtool.commands import pages
from kbtool.commands.verdicts import Judge, Said, judge
from kbtool.core.errors import KbError, Refused
from kbtool.core.model import Digest, Locale
from kbtool.core.segments import parse
from kbtool.history import History
from kbtool.project import Project


def approve_from(project: Project, event: Path, on: date) -> list[Said]:
    """Record the approval that a `pull_request_review` event of GitHub tells of.

    Approves the segments of translations that the pull request changed, and only where the files here are those
    that were reviewed. Raises KbError for anything but an approval by a configured reviewer.
    """
    told = _read(event)
    login = _at(told, "review", "user", "login")
    if _at(told, "review", "state").lower() != "approved":
        raise KbError("the event is no approval", where=str(event), hint="run this for approved reviews only")
    history = History.of(project.root)
    if history is None:
        raise KbError("what was reviewed cannot be told without git", where=str(project.root))
    reviewed = _at(told, "review", "commit_id")
    base = history.merge_base(_at(told, "pull_request", "base", "sha"), reviewed)
    found: list[Said] = []
    for locale, paths in _changed(project, history, base, reviewed).items():
        if login not in project.settings.review.reviewers.get(locale, ()):
            raise KbError(
                f"{login} is no configured reviewer for {locale}",
                where=str(event),
                hint=f"add the name to the settings: review.reviewers.{locale}",
            )
        only = {path: _new(project, history, path, locale, base, reviewed) for path in paths}
        found += judge(project, "approve", locale, paths, Judge(login, on), only=only)
    return found


def _read(event: Path) -> Mapping[str, Any]:
    try:
        told = json.loads(event.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise KbError(f"not JSON: {error}", where=str(event)) from None
    if not isinstance(told, dict):
        raise KbError("not an event", where=str(event))
    return told


def _at(told: Mapping[str, Any], *keys: str) -> str:
    found: Any = told
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, str) or not found or found.startswith("-"):
        raise KbError(f"the event does not say {'.'.join(keys)}", hint="pass a pull_request_review event of GitHub")
    return found


def _changed(project: Project, history: History, base: str, head: str) -> dict[Locale, list[str]]:
    """Articles whose translation the pull request changed, by locale."""
    found: dict[Locale, list[str]] = {}
    for name in history.changed(base, head):
        parts = name.split("/", 2)
        if len(parts) == 3 and parts[0] == "translations" and name.endswith(".md"):
            locale, path = parts[1], parts[2]
            if locale in project.settings.locales and path in project.articles:
                found.setdefault(locale, []).append(path)
    return found


def _new(project: Project, history: History, path: str, locale: Locale, base: str, head: str) -> set[Digest]:
    """The translated segments that the reviewer saw as new.

    Raises KbError where the file here is not the one that was reviewed.
    """
    file = project.translation_file(path, locale)
    if history.text_at(head, file) != project.translation(path, locale):
        raise KbError(
            "this is not the text that was reviewed",
            where=project.shown(file),
            hint=f"check out the commit of the review: git checkout {head}",
        )
    before = history.text_at(base, file)
    page = pages.translation(project, path, locale)
    now = {segment.digest for segment in page.segments} if page else set()
    if before is None:
        return now
    try:
        return now - {segment.digest for segment in parse(before, project.settings.translatable).segments}
    except Refused:
        return now

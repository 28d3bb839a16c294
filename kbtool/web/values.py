"""What the page needs to know, as JSON values; every text in them is shown as text, never as HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any

from kbtool.commands.desk import Desk
from kbtool.commands.edits import Trial
from kbtool.commands.review import Sheet
from kbtool.commands.steps import Step
from kbtool.core.errors import Busy, KbError
from kbtool.core.queue import Waiting
from kbtool.project import Project, Target
from kbtool.site import locales

SCHEMA = 1


def desk(found: Desk, project: Project) -> dict[str, Any]:
    """Everything beside the article: the queue, how far it is, who works here, in which languages."""
    queue = [_waiting(each) for each in found.queue()]
    return {
        "schema": SCHEMA,
        "person": found.by,
        "folder": project.root.name,
        "source": _locale(project.settings.source),
        "locales": [_locale(each) for each in found.locales],
        "queue": queue,
        "progress": asdict(found.progress()),
    }


def _waiting(each: Waiting) -> dict[str, Any]:
    values = asdict(each)
    return {**values, "since": each.since.isoformat() if each.since else None, "segments": sum(each.counts.values())}


def _locale(code: str) -> dict[str, str]:
    return {"code": code, "tag": locales.tag(code), "dir": locales.direction(code), "name": locales.name(code)}


def sheet(found: Sheet, title: str, pulse: str) -> dict[str, Any]:
    """One translation under review."""
    return {**asdict(found), "title": title, "pulse": pulse}


def trial(found: Trial) -> dict[str, Any]:
    return {"why_not": found.why_not, "findings": found.findings}


def step(found: Step) -> dict[str, Any]:
    """What became of a wish, in words that the page can look up."""
    return {**place(found.wish.target), "number": found.wish.number, "note": found.note, "settles": found.settles}


def place(target: Target) -> dict[str, str]:
    return {"path": target.path, "locale": target.locale}


def fault(error: KbError) -> dict[str, Any]:
    return {"error": error.what, "where": error.where or "", "hint": error.hint or "", "busy": isinstance(error, Busy)}


# -- the page's own words


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """The page's texts by language."""
    found: Mapping[str, Mapping[str, str]] = json.loads(
        files("kbtool.web").joinpath("static", "words.json").read_text("utf-8")
    )
    return found


def preferred(accept: str) -> str:
    """The language of an Accept-Language header that the page speaks best; English where it speaks none."""
    for language in _wanted(accept):
        base = language.split("-")[0].lower()
        if base in words():
            return base
    return "en"


def _wanted(accept: str) -> Iterable[str]:
    ranked: list[tuple[float, str]] = []
    for part in accept.split(","):
        language, _, weight = part.strip().partition(";q=")
        try:
            ranked.append((-float(weight or 1), language.strip()))
        except ValueError:
            continue
    return [language for weight, language in sorted(ranked, key=lambda each: each[0]) if weight < 0]

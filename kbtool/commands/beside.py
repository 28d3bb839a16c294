"""What `kbtool check` says of files that stand beside the articles: lists of terms, titles, addresses and views."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from kbtool.commands.examine import glossary_of
from kbtool.commands.views import page_views
from kbtool.core.errors import KbError, Refused, UsageError
from kbtool.core.model import Finding
from kbtool.project import Project
from kbtool.settings import place_of
from kbtool.site.config import CONFIG, config_files, read_config
from kbtool.site.redirects import REDIRECTS, read_redirects
from kbtool.site.stage.nav import missing_in
from kbtool.site.stage.tags import TITLES
from kbtool.site.stage.titles import MENU, translated_in


def beside(project: Project) -> Iterator[Finding]:
    """What a build, a translation or the status would stop at, or pass over in silence."""
    for locale in project.settings.locales:
        yield from _read("glossary", partial(glossary_of, project, locale))
        for name in (MENU, TITLES):
            file = project.root / "translations" / locale / name
            if file.is_file():
                yield from _read("titles", partial(translated_in, project, file))
    yield from _read("views", partial(page_views, project))
    yield from _read("redirect", partial(read_redirects, project.root)) or _redirects(project)
    yield from _menu(project)
    yield from _patterns(project)


def told(rule: str, error: KbError) -> Finding:
    """What could not be read, as a finding at its file and line."""
    where, _, line = (error.where or "").rpartition(":")
    place, at = (where, int(line)) if line.isdigit() else (error.where or "", 1)
    return Finding(rule, error.what, place, at, hint=error.hint or "")


def _read(rule: str, read: Callable[[], object]) -> list[Finding]:
    try:
        read()
    except (Refused, UsageError) as error:
        return [told(rule, error)]
    return []


def _redirects(project: Project) -> Iterator[Finding]:
    """Old addresses from which nobody would be sent on."""
    file = project.root / REDIRECTS
    for old, new in read_redirects(project.root).items():
        locale, _, path = new.partition("/")
        article = path if locale in project.settings.locales else new
        if article not in project.articles:
            yield _warning("redirect", f"{new} is no article", file, old, project)
        elif old in project.articles:
            yield _warning("redirect", f"{old} is an article again, and keeps its address", file, old, project)


def _menu(project: Project) -> Iterator[Finding]:
    """What the menu names and no edition shows; a knowledge base without a start page gets one."""
    named = dict.fromkeys(missing_in(read_config(project.root).get("nav"), project.articles))
    files = config_files(project.root)
    for name in named:
        if name != "index.md":
            file = next((file for file in files if name in project.read(file)), project.root / CONFIG)
            yield _warning("menu", f"{name} is no article", file, name, project)


def _patterns(project: Project) -> Iterator[Finding]:
    """Folder patterns of the settings that fit nothing: what they say holds for no article."""
    settings = project.settings
    named = [(f"audience.{pattern}", pattern) for pattern, _ in settings.audience]
    named += [(f"owners.{pattern}", pattern) for pattern, _ in settings.owners]
    named += [(f"policy.{number}.path", policy.path) for number, policy in enumerate(settings.policies, 1)]
    for key, pattern in named:
        if not project.fits(pattern):
            file, line = place_of(project.root, key)
            yield Finding(
                "pattern", f"{key.partition('.')[0]}: {pattern} fits nothing below docs/", file, line, "warning",
                "paths count from docs/; internal/** is all that is below docs/internal/",
            )  # fmt: skip


def _warning(rule: str, message: str, file: Path, word: str, project: Project) -> Finding:
    lines = project.read(file).splitlines()
    line = next((number for number, text in enumerate(lines, 1) if word in text), 1)
    return Finding(rule, message, project.shown(file), line, "warning", "paths count from docs/")

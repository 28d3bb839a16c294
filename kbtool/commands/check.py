"""`kbtool check`: every check on every page; one bad page stops nothing."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from kbtool import checks
from kbtool.checks import Library, Page
from kbtool.commands import pages
from kbtool.commands.beside import beside, told
from kbtool.core.errors import KbError, Refused
from kbtool.core.limits import admit
from kbtool.core.model import Finding, Locale
from kbtool.engines import about, admit_options
from kbtool.project import Project
from kbtool.site.config import read_config
from kbtool.site.wishes import wishes

_ID = re.compile(r"\sid=\"([^\"]+)\"")


def check(project: Project, paths: Iterable[str] = (), tick: Callable[[int, int], None] | None = None) -> list[Finding]:
    """The findings of all installed checks, by file and line.

    Raises UsageError for settings with which nothing could be translated or built.
    """
    _admit_settings(project)
    library = _library(project)
    found = [*_names(project), *beside(project)]
    mine = {locale: _mine(project, locale) for locale in project.settings.locales}
    installed = tuple(checks.installed())
    articles = project.select(tuple(paths))
    for number, path in enumerate(articles, 1):
        for page in _pages(project, path, library, mine, found):
            for _, each in installed:
                found += each(page)
        found += _ledgers(project, path)
        if tick:
            tick(number, len(articles))
    return sorted(found, key=lambda f: (f.path, f.line, f.rule, f.message))


def _admit_settings(project: Project) -> None:
    """What of the settings, and of mkdocs.yml, is else read only when it is needed."""
    settings = project.settings
    wishes(settings.site)
    read_config(project.root)
    for chain in (settings.engine, *(policy.engine for policy in settings.policies)):
        for name in chain or ():
            about(name)
    for name, options in settings.engines.items():
        admit_options(name, options)


def _library(project: Project) -> Library:
    @cache
    def anchors(path: str) -> frozenset[str]:
        try:
            text = project.original(path)
            admit(text)
            renderer = pages.renderer(project.root)
            headings = {heading.id for heading in renderer.headings(text)}
            return frozenset(headings | set(_ID.findall(renderer.html(text))))
        except KbError:
            return frozenset()

    return Library(
        source=project.settings.source,
        audiences={path: project.audience(path) for path in project.articles},
        files=project.files,
        anchors=anchors,
    )


def _pages(
    project: Project, path: str, library: Library, mine: Mapping[Locale, Mapping[str, str]], found: list[Finding]
) -> Iterator[Page]:
    """An article and its translations; what cannot be read is a finding."""
    source = project.settings.source
    original: str | None = None
    for locale in (source, *project.settings.locales):
        file = project.original_file(path) if locale == source else project.translation_file(path, locale)
        try:
            text = project.read(file)
        except FileNotFoundError:
            continue
        except Refused as error:
            found.append(told("encoding", error))
            continue
        yield Page(project.shown(file), path, locale, text, library, original, mine.get(locale, {}))
        original = text if locale == source else original


def _ledgers(project: Project, path: str) -> Iterator[Finding]:
    """Ledgers that cannot be read: nothing is known of these translations."""
    for locale in project.settings.locales:
        try:
            project.ledger(path, locale)
        except Refused as error:
            yield told("ledger", error)


def _mine(project: Project, locale: Locale) -> Mapping[str, str]:
    """What a locale has of its own beside its translations; without what cannot be read."""
    file = project.glossary_file(locale)
    try:
        return {"glossary": project.read(file)} if file.exists() else {}
    except Refused:
        return {}


def _names(project: Project) -> Iterator[Finding]:
    """Articles that are one file on some machines, or one address on the site."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for path in project.articles:
        by_name[unicodedata.normalize("NFC", path).casefold()].append(path)
    for same in by_name.values():
        for path in same[1:]:
            message = f"the same name as {same[0]} on systems that do not tell case or accents apart"
            yield Finding("name", message, project.shown(project.original_file(path)), 1)
    locales = {x.lower() for x in (project.settings.source, *project.settings.locales)}
    for folder in sorted({path.split("/")[0] for path in project.articles if "/" in path}):
        if folder.lower() in locales:
            message = f"the folder {folder}/ has the name of a locale, and its pages the addresses of translations"
            yield Finding("name", message, f"docs/{folder}", 1, hint="rename it: kbtool mv")

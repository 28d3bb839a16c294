"""`kbtool doctor`: versions, engines, keys, git depth: what is there and what is missing."""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from kbtool import engines
from kbtool.core.errors import KbError
from kbtool.history import History
from kbtool.project import Project

PACKAGES = ("kbtool", "mkdocs", "mkdocs-material", "mkdocs-static-i18n", "Markdown", "pymdown-extensions",
            "deep-translator", "Jinja2", "GitPython", "click")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at."""

    what: str
    found: str
    good: bool = True
    hint: str = ""


def doctor(project: Project) -> list[Diagnosis]:
    """Everything worth knowing when something does not work; nothing is changed and nothing is sent."""
    return [*_versions(), *_knowledge_base(project), *_engines(project), *_git(project)]


def _versions() -> list[Diagnosis]:
    found = [Diagnosis("Python", platform.python_version())]
    for package in PACKAGES:
        try:
            found.append(Diagnosis(package, version(package)))
        except PackageNotFoundError:
            found.append(Diagnosis(package, "missing", False, f"pip install {package}"))
    return found


def _knowledge_base(project: Project) -> list[Diagnosis]:
    settings = project.settings
    count = len(project.articles)
    return [
        Diagnosis("originals", f"{count} in {settings.source}", count > 0, "write the first: kbtool new how-to TITLE"),
        Diagnosis("target locales", ", ".join(settings.locales) or "none", True),
        Diagnosis("editions", ", ".join(f"{name} ({who})" for name, who in settings.editions.items())),
    ]


def _engines(project: Project) -> list[Diagnosis]:
    chains = {project.settings.engine} | {p.engine for p in project.settings.policies if p.engine}
    found = []
    for name in sorted({name for chain in chains for name in chain}):
        try:
            engines.create(name, project.settings.engines.get(name, {}))
        except KbError as error:
            found.append(Diagnosis(f"engine {name}", str(error), False, error.hint or ""))
        else:
            found.append(Diagnosis(f"engine {name}", "ready"))
    return found


def _git(project: Project) -> list[Diagnosis]:
    if not shutil.which("git"):
        return [Diagnosis("git", "not installed", False, "review shows no old versions without it")]
    history = History.of(project.root)
    if history is None:
        return [Diagnosis("git history", "none", False, "states work; review shows no old versions")]
    if history.is_shallow:
        return [Diagnosis("git history", "shallow", False, "git fetch --unshallow shows old versions in review")]
    return [Diagnosis("git history", "complete")]

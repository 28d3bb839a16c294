"""What the checks say of one translated segment, whoever wrote it."""

from __future__ import annotations

from kbtool.core import guard
from kbtool.core.glossary import Glossary, load
from kbtool.core.model import Locale, Segment
from kbtool.core.slots import carry
from kbtool.project import Project


def glossary_of(project: Project, locale: Locale) -> Glossary:
    """A locale's glossary, empty where there is none."""
    file = project.glossary_file(locale)
    return load(project.read(file), project.shown(file)) if file.exists() else Glossary()


def examine(
    project: Project, locale: Locale, source: Segment, target: Segment, terms: Glossary | None = None
) -> list[str]:
    """What the guard says of a text, as if an engine had sent it; `terms` saves reading the glossary again."""
    reply = carry(source, target)
    if reply is None:
        return ["links, code or emphasis are not those of the original"]
    found = guard.examine(
        source.text, reply, source_locale=project.settings.source, target_locale=locale,
        glossary=terms if terms is not None else glossary_of(project, locale), kind=str(source.kind),
    )  # fmt: skip
    return [finding.message for finding in found]

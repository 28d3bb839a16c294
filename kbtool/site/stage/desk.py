"""What composing one edition needs, and what comes of it before anything is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from kbtool.core.audience import may_read
from kbtool.core.model import Audience, Finding, Locale
from kbtool.project import Project
from kbtool.search.page import facets_for
from kbtool.site.config import plain_blocks
from kbtool.site.stage.recall import Recall
from kbtool.site.stage.stagefolder import StageFolder
from kbtool.site.wishes import Wishes, wishes


@dataclass(frozen=True)
class Desk:
    """One edition on the stager's desk: what it may show, what was taken, what was found wrong."""

    project: Project
    edition: str
    reader: Audience
    locales: tuple[Locale, ...]  #: the source first
    config: Mapping[str, Any]  #: what mkdocs.yml says
    audiences: Mapping[str, object]  #: of all articles
    recall: Recall
    stage: StageFolder
    digests: dict[str, str] = field(default_factory=dict)  #: of the files that were put there, by name
    findings: list[Finding] = field(default_factory=list)

    @property
    def source(self) -> Locale:
        return self.locales[0]

    @cached_property
    def plain(self) -> frozenset[str]:
        return plain_blocks(self.config)

    @cached_property
    def wishes(self) -> Wishes:
        return wishes(self.project.settings.site)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Front matter keys that the knowledge base's own templates and search's filters need, beside those of all."""
        return (*self.wishes.front_matter, *facets_for(self.reader))

    def may_show(self, audience: object) -> bool:
        return may_read(self.reader, audience)

    def file(self, path: str, locale: Locale) -> Path:
        """Where an article's text in a locale is written."""
        if locale == self.source:
            return self.project.original_file(path)
        return self.project.translation_file(path, locale)

    def shown(self, path: str, locale: Locale) -> str:
        return self.project.shown(self.file(path, locale))

    def put(self, name: str, data: bytes, kind: str = "", parts: Sequence[str] = ()) -> None:
        """Stage a file; where a kind is said, note that it was made from these parts."""
        self.digests[name] = self.stage.put(name, data)
        if kind:
            self.recall.note(kind, name, parts, self.digests[name])

    def stands(self, kind: str, name: str, parts: Sequence[str]) -> bool:
        """Whether a file stands there already as it was made from the same parts; it is staged, then."""
        known = self.recall.known(kind, name, parts)
        if not known or not self.stage.holds(name, known):
            return False
        self.digests[name] = known
        return True

    def fault(self, rule: str, message: str, path: str, line: int = 0, hint: str = "") -> None:
        """Something that must not be in this edition: it will not be built."""
        self.findings.append(Finding(rule, message, path, line, hint=hint))

    def warn(self, rule: str, message: str, path: str, line: int = 0) -> None:
        self.findings.append(Finding(rule, message, path, line, "warning"))


def line_in(where: str | None) -> int:
    """The line that a message's place ends with: `line 7` and `docs/x.md:7` are 7."""
    found = re.search(r"(?:line |:)(\d+)$", where or "")
    return int(found[1]) if found else 0

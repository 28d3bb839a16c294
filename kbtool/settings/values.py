"""What the settings of a knowledge base say, with its defaults; and what they mean for one article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kbtool.core.globs import matches
from kbtool.core.model import Audience, Locale


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for some folders and locales; the last policy that matches and says something wins."""

    path: str = "**"
    locales: tuple[Locale, ...] = ()  #: empty: all
    engine: tuple[str, ...] = ()
    mode: str | None = None
    every: int | None = None  #: review interval in days
    owner: str | None = None

    def covers(self, path: str, locale: Locale | None) -> bool:
        return matches(self.path, path) and (not self.locales or locale in self.locales)


@dataclass(frozen=True, slots=True)
class Review:
    """The regular check, and who may approve."""

    every: int = 180  #: days
    four_eyes: bool = False  #: who translated or edited a segment may not approve it
    reviewers: Mapping[Locale, tuple[str, ...]] = field(default_factory=dict)  #: empty: anybody
    views: str | None = None  #: a CSV file of page views (path,views), for the order of the queue
    #: first reviews fall due over one interval from this day; None: the settings' first commit
    start: date | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """Money that engines may cost, in `currency`, counted before anything is sent; None is no limit."""

    run: float | None = None
    month: float | None = None
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything kbtool.toml can say, with its defaults."""

    source: Locale = "en"
    locales: tuple[Locale, ...] = ()
    engine: tuple[str, ...] = ("google",)
    translatable: tuple[str, ...] = ("title", "description", "summary", "keywords")
    audience: tuple[tuple[str, Audience], ...] = ()
    editions: Mapping[str, Audience] = field(default_factory=lambda: {"customers": "public", "agents": "agent"})
    engines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    allow_internal: tuple[str, ...] = ("identity", "pseudo", "memory", "apertium", "firefox")
    tone: Mapping[Locale, str] = field(default_factory=dict)  #: "formal", "informal" or words for a model
    review: Review = field(default_factory=Review)
    budget: Budget = field(default_factory=Budget)
    policies: tuple[Policy, ...] = ()
    owners: tuple[tuple[str, str], ...] = ()  #: folder pattern → owner
    site: Mapping[str, Any] = field(default_factory=dict)  #: what readers get: feedback, contact, analytics …

    def mode(self, path: str, locale: Locale) -> str:
        """How an article is translated into a locale: off, hand, machine-then-review or machine."""
        said = [p.mode for p in self.policies if p.mode and p.covers(path, locale)]
        return said[-1] if said else "machine-then-review"

    def chain(self, path: str, locale: Locale) -> tuple[str, ...]:
        """The engines to try, in order."""
        said = [p.engine for p in self.policies if p.engine and p.covers(path, locale)]
        return said[-1] if said else self.engine

    def interval(self, path: str, locale: Locale | None = None) -> int:
        """Days between two reviews of an original (no locale) or a translation."""
        said = [p.every for p in self.policies if p.every and p.covers(path, locale)]
        return said[-1] if said else self.review.every

    def owner(self, path: str) -> str | None:
        """The owner by folder; front matter and CODEOWNERS are read elsewhere."""
        said = [owner for pattern, owner in self.owners if matches(pattern, path)]
        said += [p.owner for p in self.policies if p.owner and p.covers(path, None)]
        return said[-1] if said else None

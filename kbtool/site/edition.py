"""An edition as it was built, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from kbtool.core.model import Finding, Locale


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site will stand, and how its addresses look."""

    site_name: str = ""
    site_url: str = ""
    folders: bool = True  #: MkDocs' `use_directory_urls`


@dataclass(frozen=True, slots=True)
class Built:
    """One locale, built into its own folder."""

    locale: Locale
    pages: int
    seconds: float
    place: Place
    warnings: tuple[str, ...] = ()
    made: int = 0  #: pages that were not taken over from the last site
    kept: tuple[str, ...] = ()  #: files of the last site that are as they would be made now


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition, as it stands on disk."""

    name: str
    folder: Path
    locales: tuple[Built, ...]
    articles: int
    files: int
    size: int
    seconds: float
    findings: tuple[Finding, ...] = field(default=())
    page_size: int = 0  #: the largest page
    index_size: int = 0  #: the largest search index
    stranger: str = ""  #: why nothing could be taken over
    unfamiliar: str = ""  #: the packages that make pages the slow way
    untouched: bool = False  #: whether there was nothing to do
    later: tuple[Locale, ...] = ()  #: languages that a preview has not brought up to date yet
    hurried: bool = False  #: whether a preview has search, feeds and lists for machines still to bring up to date

    def as_told(self) -> dict[str, Any]:
        """For the next build, which may have nothing to do but to tell the same."""
        built = tuple(replace(one, kept=()) for one in self.locales)  # names of thousands of files that nobody asks for
        return {**asdict(replace(self, locales=built)), "folder": str(self.folder)}

    @classmethod
    def from_told(cls, told: Mapping[str, Any], seconds: float) -> Edition:
        built = [
            Built(
                **{
                    **b,
                    "seconds": 0.0,
                    "place": Place(**b["place"]),
                    "warnings": tuple(b["warnings"]),
                    "kept": (),
                    "made": 0,
                }
            )
            for b in told["locales"]
        ]
        findings = tuple(Finding(**f) for f in told["findings"])
        new = {"folder": Path(told["folder"]), "locales": tuple(built), "findings": findings, "seconds": seconds}
        return cls(**{**told, **new, "untouched": True})

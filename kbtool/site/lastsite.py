"""The site of an edition as the last build left it: which of its files are still there, and what they were made for.

Sizes, times and inodes tell whether a file is what we wrote. Whoever changes one gets it made anew.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from kbtool import store
from kbtool.core.model import Locale
from kbtool.project import Project
from kbtool.site.edition import Built, Edition, Place
from kbtool.site.inputs import inputs_key
from kbtool.site.signs import Sign, signs

FORMAT = 1


def memory_of(project: Project, edition: str, *, preview: bool = False) -> Path:
    """Where it is remembered what an edition was made from."""
    return project.cache / "cache" / (f"{edition}-preview" if preview else edition)


@dataclass(slots=True)
class Part:
    """What one locale has in the site."""

    key: str  #: what its pages depend on besides their own texts
    whole: str  #: everything that its pages depend on
    pages: int = 0
    files: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    place: list[Any] = field(default_factory=list)  #: site name, address, and whether addresses are folders

    def built(self, locale: Locale) -> Built:
        """As if it had been built again, with the same result."""
        return Built(locale, self.pages, 0.0, Place(*self.place), tuple(self.warnings))


@dataclass(slots=True)
class LastSite:
    """One edition in one folder."""

    target: str = ""
    inputs: str = ""  #: stands for all that the build read; empty where that cannot be told
    also: list[str] = field(default_factory=list)  #: what it read besides docs/, translations/ and the settings
    audited: list[str] = field(default_factory=list)  #: stands for what the audit looked for, and for what may be there
    signs: dict[str, Sign] = field(default_factory=dict)
    parts: dict[Locale, Part] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)  #: files of one article's text → its key and description
    staged: dict[str, str] = field(default_factory=dict)  #: staged file → digest
    told: dict[str, Any] = field(default_factory=dict)  #: what the build told of itself

    @classmethod
    def read(cls, file: Path, target: Path) -> LastSite:
        """What is known of the site in `target`; nothing if that is another one, or the file is damaged."""
        try:
            known = json.loads(file.read_bytes())
            if known.pop("format") != FORMAT or known["target"] != str(target):
                return cls()
            known["signs"] = {name: tuple(sign) for name, sign in known["signs"].items()}
            known["parts"] = {locale: Part(**part) for locale, part in known["parts"].items()}
            return cls(**known)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, IndexError):
            return cls()

    def write(self, file: Path) -> None:
        known = {each.name: getattr(self, each.name) for each in fields(self)}
        known["parts"] = {locale: asdict(part) for locale, part in self.parts.items()}
        store.write_text(file, json.dumps({"format": FORMAT, **known}, separators=(",", ":")))

    def unless_touched(self, project: Project, options: Iterable[object]) -> Edition | None:
        """The edition, if neither the site nor anything that it is made from has changed."""
        start = time.monotonic()
        if not self.inputs or not self.is_untouched() or inputs_key(project.root, options, self.also) != self.inputs:
            return None
        return Edition.from_told(self.told, time.monotonic() - start)

    def is_untouched(self) -> bool:
        """Whether the site is to the last file as it was left."""
        return bool(self.target) and dict(signs(self.target)) == self.signs

    def intact(self) -> dict[str, Sign]:
        """The files that are as they were left."""
        here = dict(signs(self.target)) if self.target else {}
        return {name: sign for name, sign in self.signs.items() if here.get(name) == sign}

"""The site of an edition as the last build left it: which of its files are still there, and what they were made for.

Sizes, times and inodes tell whether a file is what we wrote. Whoever changes one gets it made anew.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Any

from kbtool import store
from kbtool.core.model import Locale
from kbtool.project import Project
from kbtool.site.edition import Built, Edition, Place
from kbtool.site.inputs import Inputs, inputs_of
from kbtool.site.signs import Look, Sign, look, opened, sealed

FORMAT = 5


def memory_of(project: Project, edition: str, *, preview: bool = False) -> Path:
    """Where it is remembered what an edition was made from."""
    return project.cache / "cache" / (f"{edition}+preview" if preview else edition)


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


@dataclass
class LastSite:
    """One edition in one folder."""

    target: str = ""
    inputs: str = ""  #: stands for all that the build read; empty where that cannot be told
    site: str = ""  #: stands for what every page depends on
    also: list[str] = field(default_factory=list)  #: what it read besides docs/, translations/ and the settings
    audited: list[str] = field(default_factory=list)  #: stands for what the audit looked for, and for what may be there
    signs: dict[str, Sign] = field(default_factory=dict)
    parts: dict[Locale, Part] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)  #: files that `feeds` made → key and description
    staged: dict[str, str] = field(default_factory=dict)  #: staged file → digest
    told: dict[str, Any] = field(default_factory=dict)  #: what the build told of itself
    twin: str = ""  #: the stamp of the site's twin; empty where there is none

    inputs_now: Inputs | None = None  #: what is there to be read, if anybody has asked

    @classmethod
    def read(cls, file: Path, target: Path) -> LastSite:
        """What is known of the site in `target`; nothing if that is another one, or the file is damaged."""
        try:
            signs, text = opened(file.read_bytes())
            text, *names = text.split("\0")
            known = json.loads(text)
            if known.pop("format") != FORMAT or known["target"] != str(target):
                return cls()
            known["signs"] = dict(zip(names, signs, strict=True))
            listed, counts = iter(names), known.pop("counts")
            parts = zip(known["parts"].items(), counts, strict=True)
            known["parts"] = {locale: Part(**part, files=[*islice(listed, count)]) for (locale, part), count in parts}
            return cls(**known)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, IndexError):
            return cls()

    def write(self, file: Path) -> None:
        """Keep it. Names are a list of their own, those of the locales' files first: JSON takes long for so many."""
        apart = {"inputs_now", "signs"}
        known = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in apart}
        known["parts"] = {locale: _without_files(part) for locale, part in self.parts.items()}
        files = [[name for name in part.files if name in self.signs] for part in self.parts.values()]
        names = [*chain.from_iterable(files)]
        there = set(names)
        names += [name for name in self.signs if name not in there]
        text = json.dumps({"format": FORMAT, "counts": [*map(len, files)], **known}, separators=(",", ":"))
        store.write_bytes(file, sealed(map(self.signs.__getitem__, names), "\0".join([text, *names])))

    def unless_touched(self, project: Project, options: Iterable[object]) -> Edition | None:
        """The edition, if neither the site nor anything that it is made from has changed."""
        start = time.monotonic()
        self.inputs_now = inputs_of(project.root, (*options, project.settings), self.also)
        if not self.inputs or self.inputs_now.key != self.inputs or not self.is_untouched():
            return None
        return Edition.from_told(self.told, time.monotonic() - start)

    @cached_property
    def here(self) -> Look:
        """What is there now."""
        return look(self.target) if self.target else Look({})

    def is_untouched(self) -> bool:
        """Whether the site is to the last file as it was left."""
        return bool(self.target) and self.here.files == self.signs

    def is_whole(self) -> bool:
        """Whether there is nothing else either."""
        return self.is_untouched() and not self.here.others

    @cached_property
    def intact(self) -> dict[str, Sign]:
        """The files that are as they were left."""
        here = self.here.files
        return {name: sign for name, sign in self.signs.items() if here.get(name) == sign}


def _without_files(part: Part) -> dict[str, Any]:
    return {each.name: getattr(part, each.name) for each in fields(part) if each.name != "files"}

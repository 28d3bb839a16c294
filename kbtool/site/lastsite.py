"""The site of an edition as the last build left it: which of its files are still there, and what they were made for.

Sizes, times and inodes tell whether a file is what we wrote. Whoever changes one gets it made anew.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Set
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
from kbtool.site.signs import NOTHING, opened, sealed, unlike
from kbtool.site.twin import Left, is_as_left

FORMAT = 7


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
class ForMachines:
    """What one locale has for machines."""

    days: str = ""  #: stands for what the sitemap tells of it
    section: str = ""  #: its part of llms.txt
    files: list[str] = field(default_factory=list)  #: its feed, and its articles as Markdown
    packed: str = ""  #: its rows as JSON, which few builds have to read

    @cached_property
    def rows(self) -> dict[str, list[str]]:
        """Article → what its text depends on, its file, its line in llms.txt."""
        return dict(json.loads(self.packed or "{}"))

    def pack(self) -> str:
        """The rows as JSON."""
        self.packed = self.packed or json.dumps(self.rows, ensure_ascii=False, separators=(",", ":"))
        return self.packed


@dataclass
class LastSite:
    """One edition in one folder."""

    target: str = ""
    inputs: str = ""  #: stands for all that the build read; empty where that cannot be told
    site: str = ""  #: stands for what every page depends on
    also: list[str] = field(default_factory=list)  #: what it read besides docs/, translations/ and the settings
    audited: list[str] = field(default_factory=list)  #: stands for what the audit looked for, and for what may be there
    left: Left = field(default_factory=Left)
    parts: dict[Locale, Part] = field(default_factory=dict)
    texts: dict[Locale, ForMachines] = field(default_factory=dict)
    staged: dict[str, str] = field(default_factory=dict)  #: staged file → digest
    told: dict[str, Any] = field(default_factory=dict)  #: what the build told of itself

    inputs_now: Inputs | None = None  #: what is there to be read, if anybody has asked

    @classmethod
    def read(cls, file: Path, target: Path) -> LastSite:
        """What is known of the site in `target`; nothing if that is another one, or the file is damaged."""
        try:
            signs, text = opened(file.read_bytes())
            text, *texts = text.split("\0")
            known = json.loads(text)
            if known.pop("format") != FORMAT or known["target"] != str(target):
                return cls()
            others, *counts = known.pop("left")
            listed, seen = iter(texts), iter(signs)
            names, folders, staged, digests, sections, rows = ([*islice(listed, count)] for count in counts)
            site, above, twin = (dict(zip(names, seen, strict=False)) for names in (names, folders, folders))
            files = iter(names)
            known["parts"] = {
                locale: Part(**{**part, "files": [*islice(files, part["files"])]})
                for locale, part in known["parts"].items()
            }
            known["texts"] = {
                locale: ForMachines(days, section, [*islice(files, count)], packed)
                for (locale, (days, count)), section, packed in zip(known["texts"], sections, rows, strict=True)
            }
            known["staged"] = dict(zip(staged, digests, strict=True))
            known["left"] = Left(site, above, twin, others)  # there are no signs left where there is no twin
            return cls(**known)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, IndexError):
            return cls()

    def write(self, file: Path) -> None:
        """Keep it. Names are a list of their own, those of the locales' files first: JSON takes long for so many."""
        left, apart = self.left, {"inputs_now", "left", "staged"}
        texts = {locale: text for locale, text in self.texts.items() if "\0" not in text.section}
        owners: list[Part | ForMachines] = [*self.parts.values(), *texts.values()]
        files = [[name for name in owner.files if name in left.files] for owner in owners]
        counts = iter(map(len, files))
        known = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in apart}
        known["parts"] = {locale: _with_files(part, next(counts)) for locale, part in self.parts.items()}
        known["texts"] = [(locale, (text.days, next(counts))) for locale, text in texts.items()]
        names = [*chain.from_iterable(files)]
        there = set(names)
        names += [name for name in left.files if name not in there]
        sections, rows = [text.section for text in texts.values()], [text.pack() for text in texts.values()]
        columns = (names, left.folders, self.staged, self.staged.values(), sections, rows)
        known["left"] = [left.others, *map(len, columns)]
        text = json.dumps({"format": FORMAT, **known}, separators=(",", ":"))
        twin = [left.twin.get(name, NOTHING) for name in left.folders] if left.twin else ()
        signs = chain(map(left.files.__getitem__, names), left.folders.values(), twin)
        store.write_bytes(file, sealed(signs, "\0".join(chain([text], *columns))))

    def unless_touched(self, project: Project, options: Iterable[object]) -> Edition | None:
        """The edition, if neither the site nor anything that it is made from has changed."""
        start = time.monotonic()
        self.inputs_now = inputs_of(project.root, (*options, project.settings), self.also)
        if not self.inputs or self.inputs_now.key != self.inputs or not self.is_untouched():
            return None
        return Edition.from_told(self.told, time.monotonic() - start)

    def is_untouched(self) -> bool:
        """Whether the site is to the last file as it was left, and nobody has put anything else into it."""
        return bool(self.target) and not self.touched and is_as_left(Path(self.target), self.left.folders)

    @cached_property
    def touched(self) -> set[str]:
        """The files that are not as they were left."""
        return unlike(self.target, self.left.files)

    @cached_property
    def intact(self) -> Set[str]:
        """The files that are."""
        names = self.left.files.keys()
        return names - self.touched if self.touched else names


def _with_files(part: Part, count: int) -> dict[str, Any]:
    """As JSON has it, with the number of its files for their names."""
    return {each.name: getattr(part, each.name) for each in fields(part)} | {"files": count}

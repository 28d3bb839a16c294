"""The site of an edition as the last build left it: which of its files are still there, and what they were made for.

Sizes, times and inodes tell whether a file is what we wrote. Whoever changes one gets it made anew.
"""

from __future__ import annotations

import json
import time
from array import array
from collections.abc import Iterable, Set
from dataclasses import dataclass, field, fields
from functools import cached_property
from itertools import accumulate, chain, islice, pairwise
from pathlib import Path
from typing import Any

from kbtool import store
from kbtool.core.model import Locale
from kbtool.project import Project
from kbtool.site.edition import Built, Edition, Place
from kbtool.site.inputs import Inputs, inputs_of
from kbtool.site.signs import NUMBERS, Signs, opened, sealed
from kbtool.site.twin import Left, is_as_left

FORMAT = 8
#: what is not written as JSON
_APART = frozenset({"inputs_now", "left", "parts", "texts", "staged"})


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
    section: bytes = b""  #: its part of llms.txt
    files: list[str] = field(default_factory=list)  #: its feed, and its articles as Markdown
    packed: bytes = b""  #: its rows as JSON, which few builds have to read

    @cached_property
    def rows(self) -> dict[str, list[str]]:
        """Article → what its text depends on, its file, its line in llms.txt."""
        return dict(json.loads(self.packed or "{}"))

    def pack(self) -> bytes:
        """The rows as JSON."""
        self.packed = self.packed or json.dumps(self.rows, separators=(",", ":")).encode()
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
            numbers, text = opened(file.read_bytes())
            head, _, text = text.partition(b"\n")
            known = json.loads(head)
            if known.pop("format") != FORMAT or known["target"] != str(target):
                return cls()
            blocks = iter([text[start:end] for start, end in pairwise(accumulate(known.pop("blocks"), initial=0))])
            names, folders, staged, digests = (_cut(next(blocks)) for _ in range(4))
            known["left"] = _left(array("Q", numbers), names, folders, known.pop("others"))
            known["staged"] = dict(zip(staged, digests, strict=True))
            files = map(names.__getitem__, array("I", next(blocks)))
            for locale, part in known["parts"].items():
                known["parts"][locale] = Part(**{**part, "files": [*islice(files, part["files"])]})
            for locale, (days, count) in known["texts"].items():
                known["texts"][locale] = ForMachines(days, next(blocks), [*islice(files, count)], next(blocks))
            return cls(**known)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, IndexError, StopIteration):
            return cls()

    def write(self, file: Path) -> None:
        """Keep it. JSON takes long for many names: they stand behind it, and each locale's files by their places."""
        left, at = self.left, self.left.files.at
        parts, texts = self.parts.items(), self.texts.items()
        owned = [owner.files for _, owner in parts] + [owner.files for _, owner in texts]
        places = [[at[name] for name in files if name in at] for files in owned]
        counts = iter(map(len, places))
        known = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in _APART}
        known["parts"] = {locale: _with_files(part, next(counts)) for locale, part in parts}
        known["texts"] = {locale: (text.days, next(counts)) for locale, text in texts}
        blocks = [_joined(some) for some in (left.files.names, left.folders.names, self.staged, self.staged.values())]
        blocks.append(array("I", chain.from_iterable(places)).tobytes())
        for _, text in texts:
            blocks += (text.section, text.pack())
        known |= {"format": FORMAT, "others": left.others, "blocks": [*map(len, blocks)]}
        twin = left.twin.numbers if left.twin.names == left.folders.names else array("Q")
        numbers = (left.files.numbers + left.folders.numbers + twin).tobytes()
        head = json.dumps(known, separators=(",", ":")).encode()
        store.write_bytes(file, sealed(numbers, b"".join([head, b"\n", *blocks])))

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
        return self.left.files.unlike(self.target)

    @cached_property
    def intact(self) -> Set[str]:
        """The files that are."""
        names = self.left.files.at.keys()
        return names - self.touched if self.touched else names


def _with_files(part: Part, count: int) -> dict[str, Any]:
    """As JSON has it, with the number of its files for their names."""
    return {each.name: getattr(part, each.name) for each in fields(part)} | {"files": count}


def _left(numbers: array[int], names: list[str], folders: list[str], others: bool) -> Left:
    """How a site was left, from the numbers of its files, its folders, and its twin's folders, if it has one."""
    files, above = len(names) * NUMBERS, (len(names) + len(folders)) * NUMBERS
    twin = Signs(folders, numbers[above:]) if len(numbers) > above else Signs()
    return Left(Signs(names, numbers[:files]), Signs(folders, numbers[files:above]), twin, others)


def _joined(names: Iterable[str]) -> bytes:
    return "\0".join(names).encode("utf-8", "surrogatepass")


def _cut(block: bytes) -> list[str]:
    return str(block, "utf-8", "surrogatepass").split("\0") if block else []

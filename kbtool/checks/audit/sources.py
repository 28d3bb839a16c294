"""The files of a knowledge base: articles, what machines propose for them, and all the others.

An article that an earlier audit has read, and that nobody has touched since, is not opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kbtool.checks.audit.audiences import Audiences
from kbtool.checks.audit.folders import Brief, Folder, Notes, Sign, folders
from kbtool.checks.audit.labels import MENU, TAGS
from kbtool.checks.audit.memory import Memory, key_of, scanner_key
from kbtool.checks.audit.reader import Article, read_article

_MARKDOWN = (".md", ".markdown")
_PROPOSAL = re.compile(r"^[ ]*proposal:(.*\n(?:[ ]{4,}.*\n)*)", re.MULTILINE)


@dataclass(slots=True)
class Source:
    """One article or translation; taken apart only if that was not done before."""

    path: str  #: relative to docs/, also of a translation
    file: str
    shown: str  #: relative to the root, as findings name it
    locale: str  #: "" for an original
    follows: str | None  #: the audience of the original that a translation belongs to
    key: str = ""  #: stands for all that it says
    audience: str = ""
    parted: str = ""  #: stands for those for whom it was parted before
    parts: Any = None  #: what there was to remember of that
    data: bytes | None = None  #: as it was read, if it had to be
    said: list[bytes] | None = None  #: the words of its public texts, once it has been taken apart
    article: Article | None = None

    def read(self, audiences: Audiences) -> Article:
        if self.article is not None:
            return self.article
        data = self.data if self.data is not None else Path(self.file).read_bytes()
        text = data.decode("utf-8", "replace")
        article = read_article(self.path, self.shown, text, audiences, self.follows)
        if not self.locale and self.path.startswith("_data/"):
            article = replace(article, audience=of_data(self.path, audiences))
        self.article = article
        return article


@dataclass(frozen=True, slots=True)
class Other:
    """A file that is no article."""

    path: str  #: relative to docs/, or to its locale's folder
    file: Path
    shown: str


@dataclass(frozen=True, slots=True)
class _Desk:
    """What all folders have in common."""

    root: Path
    audiences: Audiences
    rules: str
    notes: Notes


class Shelf:
    """The articles of one folder; they are looked at one by one only if that has to be."""

    def __init__(self, desk: _Desk, folder: Folder, follows: Mapping[str, str] | None) -> None:
        self.folder = folder
        self._desk = desk
        self._follows = follows  #: the audiences of the originals that translations belong to
        self._ledgers: dict[str, list[Any]] = {}
        self._articles: list[Source] | None = None
        key = folder.key("" if follows is None else repr(sorted(follows.items())))
        known = desk.notes.brief(folder, key)
        self.brief = known or self._read(Brief(key))

    @property
    def articles(self) -> list[Source]:
        if self._articles is None:
            self._read(Brief(self.brief.key))
        return self._articles or []

    @property
    def others(self) -> Iterator[Other]:
        folder = self.folder
        for name in self.brief.others:
            yield Other(folder.path + name, self._desk.root / folder.shown / name, folder.shown + name)

    def keep(self, brief: Brief | None = None) -> None:
        """Remember what was found, and what it came to, if that is another `brief`."""
        if brief is None:
            self._desk.notes.keep(self.folder)
            return
        files: dict[str, Any] = {
            source.shown.rpartition("/")[2]: [
                self._sign(source), source.follows, source.key, source.audience, source.parted, source.parts
            ]
            for source in self.articles
        }  # fmt: skip
        self._desk.notes.note(self.folder, brief, files | self._ledgers)

    def _sign(self, source: Source) -> Sign:
        return self.folder.files[source.shown.rpartition("/")[2]]

    def _read(self, brief: Brief) -> Brief:
        """Look at each file, unless it is known what it says; gives what they come to so far."""
        folder, known = self.folder, self._desk.notes.files(self.folder)
        self._articles = []
        for name, sign in folder.files.items():
            if name.endswith(_MARKDOWN) and name not in folder.links:
                source = self._source(name, sign, known.get(name))
                brief.audiences[source.path] = source.audience
                self._articles.append(source)
            elif folder.locale and name.endswith(".ledger.yml"):
                self._ledgers[name] = ledger = self._ledger(name, sign, known.get(name))
                if ledger[1]:
                    brief.proposals.append([folder.shown + name, ledger[1]])
            elif not (folder.locale and folder.path + name in (MENU, TAGS)):
                brief.others.append(name)
        return brief

    def _source(self, name: str, sign: Sign, known: list[Any] | None) -> Source:
        """An article with its key and its audience."""
        folder, audiences = self.folder, self._desk.audiences
        path = folder.path + name
        follows = None if self._follows is None else self._follows.get(path, audiences.order[-1])
        source = Source(path, self._file(name), folder.shown + name, folder.locale, follows)
        if known and known[:2] == [[*sign], follows]:
            source.key, source.audience, source.parted, source.parts = known[2:]
            return source
        source.data = Path(source.file).read_bytes()
        source.key = key_of(self._desk.rules, source.shown, repr(follows), source.data)
        source.audience = source.read(audiences).audience
        return source

    def _ledger(self, name: str, sign: Sign, known: list[Any] | None) -> list[Any]:
        """A ledger's sign, and what machines propose in it and nobody has accepted."""
        if known and known[0] == [*sign]:
            return known
        text = Path(self._file(name)).read_bytes().decode("utf-8", "replace")
        proposed = "\n\n".join(match[1] for match in _PROPOSAL.finditer(text)) if "proposal:" in text else ""
        return [sign, proposed]

    def _file(self, name: str) -> str:
        return f"{self._desk.root}/{self.folder.shown}{name}"


@dataclass(slots=True)
class Sources:
    """All files below docs/ and translations/."""

    shelves: list[Shelf] = field(default_factory=list)
    locales: list[str] = field(default_factory=list)


def find_sources(root: Path, audiences: Audiences, memory: Memory) -> Sources:
    """The files of a knowledge base, sorted; articles with their audiences."""
    how = repr((audiences.rules, audiences.order, sorted(audiences.fields), sorted(audiences.plain_blocks)))
    rules = key_of(scanner_key(), how)
    desk = _Desk(root, audiences, rules, Notes(memory, rules))
    shelves = [Shelf(desk, folder, None) for folder in folders(str(root), "docs")]
    originals = {shelf.folder.path: shelf.brief.audiences for shelf in shelves}
    translations = root / "translations"
    locales = sorted(entry.name for entry in translations.glob("*") if entry.is_dir())
    for locale in locales:
        below = folders(str(root), f"translations/{locale}", locale)
        shelves += [Shelf(desk, folder, originals.get(folder.path, {})) for folder in below]
    return Sources(shelves, locales)


def of_data(path: str, audiences: Audiences) -> str:
    """Data is for the staff, unless a rule of the settings says otherwise."""
    ruled = audiences.ruled(path)
    return audiences.staff if ruled is None else ruled

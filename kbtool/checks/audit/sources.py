"""The files of a knowledge base: articles, what machines propose for them, and all the others.

An article that an earlier audit has read, and that nobody has touched since, is not opened.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from kbtool.checks.audit.audiences import Audiences
from kbtool.checks.audit.labels import MENU, TAGS
from kbtool.checks.audit.memory import Memory, Room, key_of, scanner_key, sign
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
    key: str  #: stands for all that it says
    audience: str = ""
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


@dataclass(slots=True)
class Sources:
    """All files below docs/ and translations/."""

    articles: list[Source] = field(default_factory=list)
    others: list[Other] = field(default_factory=list)
    proposals: list[tuple[str, str]] = field(default_factory=list)  #: a ledger, and what it proposes
    locales: list[str] = field(default_factory=list)


def find_sources(root: Path, audiences: Audiences, memory: Memory) -> Sources:
    """The files of a knowledge base, sorted; articles with their audiences."""
    found = Sources()
    how = repr((audiences.rules, audiences.order, sorted(audiences.fields), sorted(audiences.plain_blocks)))
    rules = key_of(scanner_key(), how)
    known, ledgers = memory.room("files", rules), memory.room("ledgers", rules)
    originals: dict[str, str] = {}
    for path, entry in _walk(f"{root}/docs"):
        shown = f"docs/{path}"
        if path.endswith(_MARKDOWN) and not entry.is_symlink():
            source = _source(Source(path, entry.path, shown, "", None, rules), entry, known, audiences)
            originals[path] = source.audience
            found.articles.append(source)
        else:
            found.others.append(Other(path, Path(entry.path), shown))
    translations = root / "translations"
    found.locales = sorted(entry.name for entry in translations.glob("*") if entry.is_dir())
    for locale in found.locales:
        for path, entry in _walk(f"{translations}/{locale}"):
            shown = f"translations/{locale}/{path}"
            if path.endswith(_MARKDOWN) and not entry.is_symlink():
                follows = originals.get(path, audiences.order[-1])
                source = Source(path, entry.path, shown, locale, follows, rules)
                found.articles.append(_source(source, entry, known, audiences))
            elif path.endswith(".ledger.yml"):
                if text := _proposals(shown, entry, ledgers):
                    found.proposals.append((shown, text))
            elif path not in (MENU, TAGS):
                found.others.append(Other(path, Path(entry.path), shown))
    return found


def _walk(folder: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """All files below a folder with their paths relative to it; links are not followed."""
    waiting = [("", folder)]
    while waiting:
        before, here = waiting.pop()
        try:
            with os.scandir(here) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            continue
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                yield before + entry.name, entry
        folders = (entry for entry in reversed(entries) if entry.is_dir(follow_symlinks=False))
        waiting += ((f"{before}{entry.name}/", entry.path) for entry in folders)


def _source(source: Source, entry: os.DirEntry[str], room: Room, audiences: Audiences) -> Source:
    """An article with its key and its audience; `source.key` is what decides besides itself."""
    now = sign(entry)
    known = room.get(source.shown)
    if known and known[0] == now and known[1] == source.follows:
        source.key, source.audience = known[2:]
        return source
    source.data = Path(source.file).read_bytes()
    source.key = key_of(source.key, source.shown, repr(source.follows), source.data)
    source.audience = source.read(audiences).audience
    room.note(source.shown, [now, source.follows, source.key, source.audience])
    return source


def _proposals(shown: str, entry: os.DirEntry[str], room: Room) -> str:
    """What machines propose in a ledger and nobody has accepted."""
    now = sign(entry)
    known = room.get(shown)
    if known == now:
        return ""
    if not isinstance(known, list) or known[0] != now:
        text = Path(entry.path).read_bytes().decode("utf-8", "replace")
        proposed = "\n\n".join(match[1] for match in _PROPOSAL.finditer(text)) if "proposal:" in text else ""
        known = [now, proposed]
        room.note(shown, known if proposed else now)
    return str(known[1])


def of_data(path: str, audiences: Audiences) -> str:
    """Data is for the staff, unless a rule of the settings says otherwise."""
    ruled = audiences.ruled(path)
    return audiences.staff if ruled is None else ruled

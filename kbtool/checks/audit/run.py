"""The audit of a whole site, from the sources to the findings."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kbtool.checks.audit.audiences import Audiences
from kbtool.checks.audit.common import tool_texts, tools_key
from kbtool.checks.audit.explained import Explained
from kbtool.checks.audit.listing import list_site
from kbtool.checks.audit.media import essence
from kbtool.checks.audit.memory import Memory, Room, key_of, scanner_key
from kbtool.checks.audit.needles import Note
from kbtool.checks.audit.parting import publicly_said
from kbtool.checks.audit.scan import Leak, Scanner
from kbtool.checks.audit.sources import Source
from kbtool.checks.audit.stock import Reader, Stock
from kbtool.checks.audit.stocktaking import take_stock
from kbtool.core.errors import UsageError
from kbtool.core.model import Finding

_RULES = {
    "shingle": "leaked-text",
    "whole": "leaked-text",
    "canary": "leaked-token",
    "words": "leaked-words",
    "asset": "leaked-asset",
    "unread": "unread",
}
_WHAT = {
    "leaked-text": "internal text",
    "leaked-token": "an internal token",
    "leaked-words": "words that only internal texts have",
    "leaked-name": "the name of an internal page",
}
#: So many internal passages are looked for without asking first what of them the public is told as well.
_FEW = 100
_STRICT = "strict "
#: so many files are looked through together, or fewer that have so many bytes: all of them are in memory
_TOGETHER, _BYTES = 50, 8_000_000
#: so many runs of letters that are nothing encoded are remembered
_DULL = 100_000
_MORE = 1.05  #: and so many times more than before are worth being kept


@dataclass(frozen=True, slots=True)
class Report:
    """What an audit found, and how much it read."""

    findings: tuple[Finding, ...]
    files: int
    bytes: int  #: of the files that were read
    passages: int  #: internal passages that it looked for
    looked_for: str = ""  #: stands for what it looked for, and for what may be in the site


def audit(
    site: Path,
    *,
    root: Path,
    rules: Audiences,
    edition_audience: str = "public",
    locales: Collection[str] = (),
    generated: Collection[str] = (),
) -> list[Finding]:
    """What the built site shows and its readers must not see; empty if all is well."""
    report = run(site, root=root, rules=rules, edition_audience=edition_audience, locales=locales, generated=generated)
    return list(report.findings)


def run(
    site: Path,
    *,
    root: Path,
    rules: Audiences,
    edition_audience: str = "public",
    locales: Collection[str] = (),
    generated: Collection[str] = (),
    memory: Memory | None = None,
    seen: Collection[str] = (),
    looked_for: str = "",
) -> Report:
    """Audit a built site against the sources below `root`.

    `memory` is of earlier audits. The files `seen` are as an audit found them that gave `looked_for`; they are read
    again only if this one looks for anything else.
    `locales` are locales of the site beside those with a folder in translations/; `generated` are patterns of file
    names that the build makes besides the usual ones.
    """
    if not site.is_dir():
        raise UsageError("there is no site to audit", where=str(site), hint="build it first: kbtool build")
    memory = memory or Memory()
    reader = Reader(edition_audience, rules)
    strictly = not looked_for or looked_for.startswith(_STRICT)
    stock = take_stock(root, reader, memory, _FEW if strictly else -1)
    explained = Explained(stock, locales=locales, generated=generated)
    dull = memory.room("dull", scanner_key())
    known = (dull.get("runs") or "").split()
    search = _Search(
        stock, _Others(stock, reader, memory), explained, known, strict=strictly and len(stock.internal) <= _FEW
    )
    seen = seen if looked_for == search.stands_for() else ()
    found: dict[str, list[Finding]] = {}
    there = list_site(str(site), memory)
    size = 0
    # One article in all languages, then the next: these pages have the most in common.
    new = there.files.difference(seen)
    names = sorted(new - there.links, key=lambda name: (explained.without_locale(name), name))
    for some in _read_together(site, names):
        size += sum(len(data) for _, data in some)
        found.update(search.findings(some))
    for name in new & there.links:
        found[name] = [Finding("unexplained-file", "a symbolic link; nobody knows what is served here", name)]
    if len(known) * _MORE < len(search.scanner.dull) <= _DULL:
        dull.note("runs", " ".join(search.scanner.dull))
    memory.save()
    findings = tuple(finding for name in sorted(found, key=_place) for finding in found[name])
    return Report(findings, len(there.files), size, len(stock.internal), search.stands_for())


def _place(name: str) -> list[tuple[bool, str]]:
    """Folder by folder: the files of one, then what is in each folder in it."""
    *above, last = name.split("/")
    return [*((True, folder) for folder in above), (False, last)]


def _read(file: str) -> bytes:
    with open(file, "rb") as opened:  # noqa: PTH123 – of a hundred thousand files, a path object each is dear
        return opened.read()


class _Search:
    """Looks for what is internal, file by file.

    What the public is told besides is asked only where something was found, if there is little to look for: reading
    all articles for it takes longer than to look at a file again.
    """

    def __init__(
        self, stock: Stock, others: _Others, explained: Explained, dull: Iterable[str], *, strict: bool
    ) -> None:
        self.stock = stock
        self.others = others
        self.explained = explained
        self.strict = strict
        self.scanner = Scanner.strict(stock, dull) if strict else Scanner.of(stock, others=others, dull=dull)

    def stands_for(self) -> str:
        """A text that is another one wherever anything else is looked for, or may be in the site."""
        key = key_of(scanner_key(), self.scanner.needles.stands_for, self.explained.stands_for())
        return f"{_STRICT}{key}" if self.strict else key

    def findings(self, files: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, list[Finding]]]:
        """What is found in each of several files, which are looked through together."""
        clean = self.scanner.clean(files)
        for name, data in files:
            found = [] if self.explained.explains(name, data) else [_unexplained(name)]
            leaks = [] if name in clean else self._leaks(name, data)
            leaks = [leak for leak in leaks if not (leak.kind == "unread" and _is_copy(self.explained, data))]
            yield name, [*found, *_findings(name, leaks)]

    def _leaks(self, name: str, data: bytes) -> list[Leak]:
        leaks = self.scanner.scan(name, data)
        if self.strict and any(leak.passage for leak in leaks):
            self.strict = False  # files that were clean so far are so all the more for one who looks for less
            self.scanner = Scanner.of(self.stock, others=self.others, dull=self.scanner.dull)
            leaks = self.scanner.scan(name, data)
        return leaks


@dataclass(frozen=True, slots=True)
class _Others:
    """The public texts of the articles and of the tools themselves."""

    stock: Stock
    reader: Reader
    memory: Memory

    def said(self, internal: str) -> tuple[tuple[set[str], set[str]], list[tuple[Note, list[bytes]]]]:
        needles: set[str] = set()
        words: set[str] = set()
        unknown: list[tuple[Note, list[bytes]]] = []
        room = self.memory.room("said", key_of(self.reader.audience, *sorted(self.stock.closed), "", internal))
        for key, source in self._texts():
            known = room.get(key)
            if known is None:
                texts = publicly_said(source, self.stock.closed, self.reader) if source else list(tool_texts())
                unknown.append((partial(_note, room, key), texts))
            elif known:
                said = json.loads(known)
                needles.update(said[0])
                words.update(said[1])
        return (needles, words), unknown

    def _texts(self) -> Iterator[tuple[str, Source | None]]:
        """What stands for a text, and the article that says it, if not the tools do."""
        for source in self.stock.sources:
            yield source.key, source
        yield key_of(scanner_key(), tools_key()), None


def _note(room: Room, key: str, needles: list[str], words: list[str]) -> None:
    room.note(key, json.dumps([needles, words]) if needles or words else "")


def _read_together(site: Path, names: Iterable[str]) -> Iterator[list[tuple[str, bytes]]]:
    """Files with their names, as many at once as are looked through together."""
    some: list[tuple[str, bytes]] = []
    size = 0
    for name in names:
        some.append((name, data := _read(f"{site}/{name}")))
        size += len(data)
        if len(some) == _TOGETHER or size >= _BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


def _is_copy(explained: Explained, data: bytes) -> bool:
    """Whether a file that cannot be opened is a public asset as it stands in docs/."""
    return essence(data) in explained.essences


def _unexplained(name: str) -> Finding:
    return Finding(
        "unexplained-file",
        "no public page, asset or step of the build explains this file",
        name,
        hint="an asset is published if a public page uses it",
    )


def _findings(name: str, leaks: list[Leak]) -> Iterator[Finding]:
    """One finding per file of the site and source file, with the number of passages."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Leak]] = {}
    for leak in leaks:
        source = leak.passage.file if leak.passage else leak.what
        groups.setdefault((_rule(leak), source, leak.trail), []).append(leak)
    for (rule, source, trail), group in groups.items():
        yield _finding(name, rule, source, trail, group)


def _rule(leak: Leak) -> str:
    is_name = leak.passage is not None and leak.passage.kind == "name"
    return "leaked-name" if is_name and leak.kind != "words" else _RULES[leak.kind]


def _finding(name: str, rule: str, source: str, trail: tuple[str, ...], group: list[Leak]) -> Finding:
    layers = f" (in {' › '.join(trail)})" if trail else ""
    if rule == "unread":
        return Finding(rule, f"{source}{layers}; what it holds nobody knows", name)
    if rule == "leaked-asset":
        return Finding(rule, f"this is {source}, which no public page uses{layers}", name)
    first = min(group, key=lambda leak: leak.passage.line if leak.passage else 0)
    lines = sorted({leak.passage.line for leak in group if leak.passage})
    also = f", also lines {', '.join(map(str, lines[1:9]))}{' …' if len(lines) > 9 else ''}" if lines[1:] else ""
    message = f"{_WHAT[rule]} from {source}:{lines[0]} {_excerpt(first)}{also}{layers}"
    return Finding(rule, message, name, first.line)


def _excerpt(leak: Leak) -> str:
    """At most three words and never more than a third of the text: this may be printed in a public log."""
    if leak.kind == "canary":
        return f"({leak.what})"
    if leak.kind == "words" or leak.passage is None:
        return f"({leak.what})"
    words = leak.passage.text.split()
    shown = words[: min(3, len(words) // 3)]
    return f"“{' '.join(shown)}…”" if shown else "(a short text)"

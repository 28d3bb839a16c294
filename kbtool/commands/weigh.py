"""One text that came back, weighed: is it for the original as it is, may it go in, or does a person have to decide?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kbtool.commands.units import Article, cut, shown
from kbtool.core import guard
from kbtool.core.errors import MaskError
from kbtool.core.glossary import Glossary
from kbtool.core.mask import check
from kbtool.core.model import Digest, Entry, Finding, Kind, Locale, Row, Segment, State, digest
from kbtool.core.states import observed
from kbtool.core.verdicts import has_proposal
from kbtool.interchange.units import Returned, mark

#: What the guard says of a person's words without being sure: told, and left to the reviewer.
_SOFT = frozenset(f"guard-{rule}" for rule in ("length", "numbers", "repeats", "glossary", "message", "untranslated"))


class Outcome(StrEnum):
    """What becomes of a text."""

    TAKE = "take"  #: written, as by hand
    OFFER = "offer"  #: kept as a proposal
    SAME = "same"  #: it is what stands there
    EMPTY = "empty"  #: nobody has translated it yet
    WAITS = "waits"  #: not taken; a person has to decide
    REFUSED = "refused"  #: not taken; it is wrong


@dataclass(frozen=True, slots=True)
class Weighed:
    """An outcome, the segment of the original it is for, and what to say about it."""

    outcome: Outcome
    number: int = -1  #: from 0
    text: str = ""
    rule: str = ""
    why: str = ""
    hint: str = ""
    remarks: tuple[str, ...] = ()


def weigh(article: Article, unit: Returned, source: Locale, glossary: Glossary) -> Weighed:
    """What becomes of a unit that came back for this article."""
    if unit.fault:
        return Weighed(Outcome.REFUSED, rule="codes", why=unit.fault)
    number = article.keys.get(unit.key)
    if number is None:
        return _outdated(article, unit, source, glossary)
    row = article.rows[number]
    assert row.source is not None
    if digest(row.source.kind, unit.source) != row.source.digest:
        return Weighed(
            Outcome.REFUSED, rule="source", why=f"its original was altered in the file: {cut(unit.source)!r}",
            hint="export again; only translations may be edited",
        )  # fmt: skip
    return _current(number, row, unit, _Wording(source, article.target.locale, glossary))


@dataclass(frozen=True, slots=True)
class _Wording:
    """What the guard needs to know of the languages."""

    source: Locale
    target: Locale
    glossary: Glossary

    def examine(self, segment: Segment, text: str) -> tuple[str, str, tuple[str, ...]]:
        """The text mended, why it may not be written (or nothing), and what a reviewer should be told."""
        from kbtool.engines.detect import language

        text = guard.repair(segment.text, text, self.target)
        try:
            check(segment, text)
        except MaskError as error:
            return text, f"its codes are not those of the original: {error.what}", ()
        found = guard.examine(
            segment.text, text, source_locale=self.source, target_locale=self.target, glossary=self.glossary,
            kind=str(segment.kind), detect=language,
        )  # fmt: skip
        return text, "; ".join(_messages(found, soft=False)), tuple(_messages(found, soft=True))


def _messages(found: Iterable[Finding], *, soft: bool) -> list[str]:
    return [finding.message for finding in found if (finding.rule in _SOFT) is soft]


def _current(number: int, row: Row, unit: Returned, wording: _Wording) -> Weighed:
    """A text for the original as it is now."""
    source, kind = row.source, row.source.kind if row.source else Kind.PARAGRAPH
    assert source is not None
    now, theirs = mark(kind, shown(row)), mark(kind, unit.target)
    if not theirs:
        if unit.base and now:
            return Weighed(
                Outcome.WAITS, number, rule="empty", why=f"emptied; what stands there stays: {_name(source)}"
            )
        return Weighed(Outcome.EMPTY, number)
    if theirs in (now, unit.base):  # what stands there, or what went out: the translator changed nothing
        return Weighed(Outcome.SAME if theirs == now else Outcome.WAITS, number)
    if unit.unfinished:
        said = f"still marked fuzzy, so it was left: {_name(source)}"
        return Weighed(Outcome.WAITS, number, rule="unfinished", why=said, hint="take the mark away where it is right")
    if unit.base != now and by_person(row):
        return _conflict(number, source, told=unit.base is not None)
    return _examined(number, source, unit, wording)


def _examined(number: int, source: Segment, unit: Returned, wording: _Wording) -> Weighed:
    text, why, remarks = wording.examine(source, unit.target)
    if why:
        return Weighed(Outcome.REFUSED, number, rule="text", why=f"{why}: {_name(source)}")
    return Weighed(Outcome.TAKE, number, text, remarks=tuple(f"{said}: {_name(source)}" for said in remarks))


def _conflict(number: int, source: Segment, *, told: bool) -> Weighed:
    since = (
        "somebody changed the translation here since the export"
        if told
        else "somebody wrote the translation here, and the file does not say which one it started from"
    )
    hint = "compare both, and put the better one into the Markdown by hand"
    return Weighed(Outcome.WAITS, number, rule="conflict", why=f"{since}: {_name(source)}", hint=hint)


def by_person(row: Row) -> bool:
    """Whether the translation as it stands is a person's, or a person's to decide on."""
    entry = observed(row)
    return row.state in (State.NEEDS_REVIEW, State.CONFLICT) or (entry is not None and entry.by_person)


def _outdated(article: Article, unit: Returned, source: Locale, glossary: Glossary) -> Weighed:
    """A text for an original that is not there any more: never written, offered where the old translation stands."""
    old = Digest(unit.key.partition(".")[0])
    if all(digest(kind, unit.source) != old for kind in Kind):
        return Weighed(Outcome.REFUSED, rule="unknown", why=f"no segment of this article: {cut(unit.source)!r}")
    why = f"the original has changed since the export: {cut(unit.source)!r}"
    if not mark("", unit.target) or unit.unfinished:
        return Weighed(Outcome.EMPTY if not unit.target.strip() else Outcome.WAITS, rule="outdated", why=why)
    for number, row in article.rows.items():
        if row.state is State.STALE and row.entry and _made_from(row.entry, old) and not has_proposal(row):
            segment = row.source
            assert segment is not None
            text, wrong, _ = _Wording(source, article.target.locale, glossary).examine(segment, unit.target)
            if mark(segment.kind, unit.target) == unit.base or wrong:
                break
            return Weighed(
                Outcome.OFFER, number, text, "outdated", why, "it waits as a proposal: kbtool review shows it"
            )
    return Weighed(Outcome.WAITS, rule="outdated", why=why, hint="export again, and translate what has changed")


def _made_from(entry: Entry, old: Digest) -> bool:
    return entry.src == old or (entry.waived is not None and entry.waived.src == old)


def _name(segment: Segment) -> str:
    return repr(cut(segment.words))

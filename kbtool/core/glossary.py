"""A locale's glossary: how terms are translated, what is never translated, what must not be said."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from kbtool.core.errors import UsageError
from kbtool.core.model import PLACEHOLDER, Finding

COLUMNS = ("term", "translation", "never-translate", "forbidden", "note")
_YES = {"yes", "true", "1", "x", "y"}


@dataclass(frozen=True, slots=True)
class Term:
    """One line of glossary.csv."""

    term: str
    translation: str = ""  #: several accepted ones are separated by `|`, the preferred one first
    keep: bool = False  #: never translated
    forbidden: tuple[str, ...] = ()  #: words that must not stand in a translation
    note: str = ""

    @property
    def accepted(self) -> tuple[str, ...]:
        return (self.term,) if self.keep else tuple(t.strip() for t in self.translation.split("|") if t.strip())


@dataclass(frozen=True)
class Glossary:
    """The terms of one locale."""

    terms: tuple[Term, ...] = ()

    @cached_property
    def digest(self) -> str:
        """Part of the memory's key: another glossary, other replies. Notes do not count."""
        if not self.terms:
            return ""
        body = repr([(t.term, t.translation, t.keep, t.forbidden) for t in self.terms])
        return hashlib.blake2b(body.encode(), digest_size=6).hexdigest()

    def relevant(self, text: str) -> tuple[Term, ...]:
        """The terms that occur in a text, the longest first.

        >>> Glossary((Term("ticket"), Term("ticket number"))).relevant("Your ticket number")
        (Term(term='ticket number', translation='', keep=False, forbidden=(), note=''),)
        """
        return tuple(dict.fromkeys(term for term, _ in self._places(text)))

    def mask(self, text: str) -> tuple[str, dict[str, str]]:
        """The text with never-translated terms as placeholders of their own, and what each stands for.

        >>> Glossary((Term("Acme Desk", keep=True),)).mask("Open ⟦1⟧Acme Desk⟦/1⟧")
        ('Open ⟦1⟧⟦2⟧⟦/1⟧', {'⟦2⟧': 'Acme Desk'})
        """
        number = max((int(m[2]) for m in PLACEHOLDER.finditer(text)), default=0)
        places = (span for term, span in self._places(text) if term.keep)
        marks = {span: f"⟦{number + n}⟧" for n, span in enumerate(places, 1)}
        kept = {mark: text[slice(*span)] for span, mark in marks.items()}
        for (start, end), mark in sorted(marks.items(), reverse=True):
            text = text[:start] + mark + text[end:]
        return text, kept

    def examine(self, source: str, reply: str) -> list[Finding]:
        """Where a translation departs from the glossary."""
        relevant = self.relevant(source)
        said = [word for term in relevant for word in term.accepted]
        found = []
        for term, _ in self._patterns:
            for word in term.forbidden:
                if _stands(word, reply, said) and not _pattern(word).search(source):
                    found.append(Finding("guard-glossary", f"the glossary forbids '{word}'"))
            if term in relevant and term.accepted and not any(_occurs(a, reply) for a in term.accepted):
                found.append(Finding("guard-glossary", f"'{term.term}' should be '{term.accepted[0]}'"))
        return found

    def _places(self, text: str) -> list[tuple[Term, tuple[int, int]]]:
        """Where terms stand; what a longer one holds is no place of a shorter one, nor are placeholders."""
        taken = [m.span() for m in PLACEHOLDER.finditer(text)]
        found = []
        for term, pattern in self._patterns:
            for match in pattern.finditer(text):
                start, end = match.span()
                if all(end <= first or last <= start for first, last in taken):
                    taken.append((start, end))
                    found.append((term, (start, end)))
        return found

    @cached_property
    def _patterns(self) -> tuple[tuple[Term, re.Pattern[str]], ...]:
        # The longest first, so that 'Acme Desk Pro' is not taken for 'Acme Desk'.
        longest = sorted(self.terms, key=lambda t: -len(t.term))
        return tuple((t, _pattern(t.term, exact=t.keep)) for t in longest)


def load(text: str, where: str = "glossary.csv") -> Glossary:
    """The glossary in a CSV text with the columns term, translation, never-translate, forbidden, note.

    All faults of the file are shown at once.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if rows.fieldnames is None:
        return Glossary()
    unknown = [name for name in rows.fieldnames if name not in COLUMNS]
    if unknown or "term" not in rows.fieldnames:
        raise UsageError(
            f"unknown column '{unknown[0]}'" if unknown else "there is no column 'term'",
            where=where,
            hint=f"the columns are {', '.join(COLUMNS)}",
        )
    terms, faults, seen = [], [], set()
    for row in rows:
        line = rows.line_num
        term = (row.get("term") or "").strip()
        keep = (row.get("never-translate") or "").strip().lower() in _YES
        translation = (row.get("translation") or "").strip()
        forbidden = tuple(w.strip() for w in (row.get("forbidden") or "").split("|") if w.strip())
        if None in row:
            faults.append(f"line {line}: more cells than columns; a cell with a comma needs quotes")
        elif not term and not forbidden:
            faults.append(f"line {line}: no term")
        elif term in seen:
            faults.append(f"line {line}: '{term}' a second time")
        elif keep and translation not in ("", term):
            faults.append(f"line {line}: '{term}' is never translated, yet has a translation")
        else:
            seen.add(term)
            terms.append(Term(term, translation, keep, forbidden, (row.get("note") or "").strip()))
    if faults:
        raise UsageError("; ".join(faults), where=where)
    return Glossary(tuple(terms))


def _pattern(term: str, *, exact: bool = False) -> re.Pattern[str]:
    if not term:
        return re.compile(r"(?!)")
    words = r"\s+".join(re.escape(word) for word in term.split())
    before = r"(?<!\w)" if term[0].isalnum() and term[0].isascii() else ""
    after = r"(?!\w)" if term[-1].isalnum() and term[-1].isascii() else ""
    return re.compile(before + words + after, re.NOFLAG if exact else re.IGNORECASE)


def _stands(word: str, reply: str, accepted: Iterable[str]) -> bool:
    """Whether a forbidden word stands in the reply outside the longer translations that are wanted there."""
    for longer in accepted:
        if len(longer) > len(word):
            reply = _pattern(longer).sub("⟦0⟧", reply)
    return _pattern(word).search(reply) is not None


def _occurs(accepted: str, reply: str) -> bool:
    """Whether a term's translation stands in the reply, a changed ending (case, plural) allowed."""
    stem = accepted.casefold()
    if len(stem) > 5 and accepted[-1].isalpha():
        stem = stem[: -max(1, len(stem) // 5)]
    return stem in PLACEHOLDER.sub("", reply).casefold()

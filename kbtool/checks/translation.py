"""A translation says what its original says: same numbers, terms, placeholders, and in the right language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from kbtool.checks import Page
from kbtool.core import glossary
from kbtool.core.align import tie
from kbtool.core.errors import Refused, UsageError
from kbtool.core.guard import examine
from kbtool.core.mask import carry
from kbtool.core.model import Finding
from kbtool.core.segments import parse


def check(page: Page) -> Iterator[Finding]:
    """Segments whose translation lost a link, a number or a term, or is in another language; only warnings.

    A person may have good reasons; a machine's replies passed the same examination before they were written.
    """
    if page.original is None:
        return
    try:
        ours, theirs = parse(page.original), parse(page.text)
        terms = _terms(page.mine.get("glossary", ""))
    except (Refused, UsageError):
        return  # `kbtool check` says so itself, once
    for row in tie(ours, theirs).rows:
        if row.source is None or row.target is None:
            continue
        source, target = ours.segments[row.source], theirs.segments[row.target]
        if not source.translatable or source.text == target.text:
            continue
        text = carry(source, target)
        if text is None:
            yield page.finding(
                "markup", "other links, code or emphasis than in the original", target.line, severity="warning"
            )
            continue
        for found in examine(
            source.text, text, source_locale=page.library.source, target_locale=page.locale, glossary=terms,
            kind=str(source.kind),
        ):  # fmt: skip
            yield page.finding(found.rule, found.message, target.line, severity="warning")


@lru_cache(maxsize=64)
def _terms(text: str) -> glossary.Glossary:
    """A locale's glossary, read once for all its pages."""
    return glossary.load(text)

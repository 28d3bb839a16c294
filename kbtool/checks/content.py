"""An article has a title and a text, and its tables show all that stands in them."""

from __future__ import annotations

from collections.abc import Iterator

from kbtool.checks import Page
from kbtool.core.errors import Refused
from kbtool.core.markers import DELIMITERS
from kbtool.core.meta import FRONT
from kbtool.core.model import Finding, Kind
from kbtool.core.segments import parse
from kbtool.core.tables import cells
from kbtool.site.stage.titles import own_title


def check(page: Page) -> Iterator[Finding]:
    """Articles without title or text, and rows of tables with more cells than the table has columns."""
    try:
        segments = parse(page.text).segments
        title = own_title(page.text)
    except Refused:
        return  # another check says why
    if page.locale == page.library.source:
        yield from _title_and_text(page, title)
    yield from _cut_rows(page, {segment.line for segment in segments if segment.kind is Kind.CELL})


def _title_and_text(page: Page, title: str) -> Iterator[Finding]:
    head = FRONT.match(page.text)
    lines = [line for line in page.text[head.end() if head else 0 :].splitlines() if line.strip()]
    if not title:
        yield page.finding(
            "no-title", "the article has no title", severity="warning",
            hint="begin with a line such as # How refunds work; without one, its file name stands in the menu",
        )  # fmt: skip
    if not lines or (len(lines) == 1 and lines[0].startswith("# ")):
        yield page.finding("no-text", "the article has no text", severity="warning")


def _cut_rows(page: Page, rows: set[int]) -> Iterator[Finding]:
    """Python-Markdown leaves out what stands after the last column, without a word."""
    columns = 0
    for number, line in enumerate(page.text.split("\n"), 1):
        row = line.strip(" \t\r>")
        if "|" not in row:
            columns = 0
        elif number - 1 in rows and DELIMITERS.match(row):
            columns = len(_cells(row))
        elif columns and number in rows and any((found := _cells(row))[columns:]):
            yield page.finding(
                "cut-row", f"the row has {len(found)} cells, its table {columns} columns: readers do not see the rest",
                number, severity="warning", hint="a bar that is no border is written as \\|",
            )  # fmt: skip


def _cells(row: str) -> list[str]:
    """The cells of a row, without what is outside its outer bars."""
    found = [row[start:end].strip() for start, end in cells(row)]
    return found[found[0] == "" : len(found) - (found[-1] == "")]

"""Front matter is YAML that says what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kbtool.checks import Page
from kbtool.core.errors import Refused
from kbtool.core.meta import FRONT, front_matter
from kbtool.core.model import Finding
from kbtool.settings import days


def check(page: Page) -> Iterator[Finding]:
    """Front matter that cannot be read, or that never ends; fields that say nothing, or name what there is not."""
    if page.text.lstrip("\ufeff").startswith("---\n") and not FRONT.match(page.text):
        yield page.finding("front-matter", "front matter without an end", hint="close it with a line ---")
        return
    try:
        values = front_matter(page.text)
    except Refused as error:
        line = (error.where or "").removeprefix("line ")
        yield page.finding("front-matter", error.what, int(line) if line.isdigit() else 1, hint=error.hint or "")
        return
    for key, value in values.items():
        if value is None:
            yield page.finding("front-matter", f"{key}: has no value", page.line_of(key), severity="warning")
    if page.locale == page.library.source:  # a translation goes by its original's fields
        yield from _fields(page, values)


def _fields(page: Page, values: Mapping[str, object]) -> Iterator[Finding]:
    """What a build passes over in silence, for a page without it is better than none."""
    every = values.get("review_every")
    if every is not None and not days(every):
        yield page.finding(
            "front-matter", f"review_every: {every} is no number of days", page.line_of("review_every"),
            severity="warning", hint="such as 90d; until then the usual interval counts",
        )  # fmt: skip
    for key in ("next", "related"):
        said = values.get(key)
        for name in said if isinstance(said, list) else [said]:
            if name is not None and str(name) not in page.library.audiences:
                yield page.finding(
                    "front-matter", f"{key}: {name} is no article", page.line_of(key), severity="warning",
                    hint="as the path below docs/, such as billing/refunds.md",
                )  # fmt: skip

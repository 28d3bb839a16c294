"""Front matter is YAML that says what it means."""

from __future__ import annotations

from collections.abc import Iterator

from kbtool.checks import Page
from kbtool.core.errors import Refused
from kbtool.core.meta import FRONT, front_matter
from kbtool.core.model import Finding


def check(page: Page) -> Iterator[Finding]:
    """Front matter that cannot be read, or that never ends; fields with nothing behind them."""
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

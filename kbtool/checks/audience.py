"""Who may read an article is said in words that kbtool knows, and its internal blocks are closed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from kbtool.checks import Page
from kbtool.core.audience import AUDIENCES, is_known
from kbtool.core.errors import KbError
from kbtool.core.meta import audience_astray, declared_audience
from kbtool.core.model import Finding
from kbtool.site.blocks import internal_blocks

INSIDE = "the article is kept out of every edition below the highest"


def check(page: Page) -> Iterator[Finding]:
    """Unknown audiences (such an article is in no customers' edition), unclosed or misspelt internal blocks."""
    declared = declared_audience(page.text)
    if declared == "astray" and (astray := audience_astray(page.text)):
        number, what, hint = astray
        yield page.finding("audience", f"{what}: {INSIDE}", number, hint=hint)
    elif declared is not None and not is_known(declared):
        near = difflib.get_close_matches(str(declared), AUDIENCES, 1)
        meant = f"did you mean {near[0]!r}? " if near else ""
        known = ", ".join(AUDIENCES)
        yield page.finding(
            "audience", f"unknown audience {declared!r}: {INSIDE}",
            page.line_of("audience"), hint=f"{meant}audiences are {known}",
        )  # fmt: skip
    try:
        internal_blocks(page.text, where=page.file)
    except KbError as error:
        line = (error.where or "").rpartition(":")[2]
        yield page.finding("internal-block", error.what, int(line) if line.isdigit() else 1, hint=error.hint or "")

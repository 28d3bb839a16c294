"""Every image says in words what it shows; readers who cannot see it, and search engines, read that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbtool.checks import Page
from kbtool.core.model import Finding
from kbtool.site.stage.clean import outside_code

_EMPTY = re.compile(r"!\[\s*\]\(")


def check(page: Page) -> Iterator[Finding]:
    """Images without an alternative text."""
    shown = outside_code(page.text, lambda text: re.sub(r"`[^`\n]*`", lambda m: " " * len(m[0]), text))
    for found in _EMPTY.finditer(shown):
        line = shown.count("\n", 0, found.start()) + 1
        yield page.finding("alt-text", "an image without an alternative text", line, severity="warning",
                           hint="say in the brackets what it shows: ![The settings page](settings.png)")  # fmt: skip

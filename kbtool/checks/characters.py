"""No characters that lie: what a reader sees is what stands in the file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kbtool.checks import Page
from kbtool.core.model import Finding

_CONFLICT = re.compile(r"^(?:<{7}|>{7}) .*$", re.M)
#: control characters, and those that reorder the text around them unseen (CVE-2021-42574, "Trojan Source")
_HIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def check(page: Page) -> Iterator[Finding]:
    """Conflict markers of git, control characters, and characters that reorder text unseen."""
    for found in _CONFLICT.finditer(page.text):
        yield page.finding("conflict-marker", "a conflict of git was not settled", page.line_at(found.start()))
    for found in _HIDDEN.finditer(page.text):
        name = unicodedata.name(found[0], f"U+{ord(found[0]):04X}").lower()
        yield page.finding(
            "hidden-character", f"a character that cannot be seen: {name}", page.line_at(found.start()),
            hint="delete it; right-to-left languages need none in Markdown",
        )  # fmt: skip

"""An article is small and plain enough to be rendered; what is not is named before a build hangs on it."""

from __future__ import annotations

from collections.abc import Iterator

from kbtool.checks import Page
from kbtool.core.errors import Refused
from kbtool.core.limits import admit
from kbtool.core.model import Finding
from kbtool.core.segments import parse


def check(page: Page) -> Iterator[Finding]:
    """What `translate` and `build` would refuse: too large, too deep, too many brackets, NUL bytes."""
    try:
        admit(page.text)
        parse(page.text)
    except Refused as error:
        line = (error.where or "").removeprefix("line ")
        yield page.finding("limits", error.what, int(line) if line.isdigit() else 1, hint=error.hint or "")

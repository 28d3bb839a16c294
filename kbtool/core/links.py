"""Links of a page rewritten after an article moved; no word and no code changes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from kbtool.core.fences import fences
from kbtool.core.lines import cut

#: where a link's target stands: inline, in a reference definition, in an attribute
_BEFORE = r"(?P<before>\]\(\s*<?|^[ \t>]*\[[^\]\n]+\]:[ \t]*<?|\b(?:href|src)=[\"'])"
_TARGET = re.compile(_BEFORE + r"(?P<path>[^\s<>(){}\"'#?]+)", re.M)
_ANCHOR = re.compile(
    _BEFORE + r"(?P<path>[^\s<>(){}\"'#?]*)(?P<query>\?[^\s<>(){}\"'#]*)?#(?P<anchor>[^\s<>(){}\"']+)(?=[\s<>)\"']|\Z)",
    re.M,
)
_CODE = re.compile(r"(`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)\1(?!`)", re.S)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/", re.I)


def relink(text: str, here: str, moved: Callable[[str], str], there: str | None = None) -> str:
    """A page whose links lead to where articles are now.

    `here` is the page's path (relative to docs/) before, `there` after the move; `moved` gives the new path of an
    old one. Only targets that change are touched.
    """
    there = there or here

    def target(path: str) -> str:
        if _ELSEWHERE.match(path):
            return path
        old = posixpath.normpath(posixpath.join(posixpath.dirname(here), path))
        new = moved(old)
        if new == old and posixpath.dirname(here) == posixpath.dirname(there):
            return path
        slash = "/" if path.endswith("/") else ""
        return posixpath.relpath(new, posixpath.dirname(there) or ".") + slash

    return retarget(text, target)


def retarget(text: str, change: Callable[[str], str]) -> str:
    """A page with every link's path, whatever follows `?` or `#` left out, as `change` gives it; code stays."""
    code = _code(text)

    def target(found: re.Match[str]) -> str:
        if any(a <= found.start("path") < b for a, b in code):
            return found[0]
        return found["before"] + change(found["path"])

    return _TARGET.sub(target, text)


def reanchor(text: str, change: Callable[[str, str], str]) -> str:
    """A page with every link's anchor as `change` gives it for the link's path and its anchor; code stays."""
    code = _code(text)

    def anchor(found: re.Match[str]) -> str:
        if any(a <= found.start("anchor") < b for a, b in code):
            return found[0]
        return f"{found['before']}{found['path']}{found['query'] or ''}#{change(found['path'], found['anchor'])}"

    return _ANCHOR.sub(anchor, text)


def _code(text: str) -> list[tuple[int, int]]:
    """The stretches of a page that are code."""
    lines = cut(text)
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    blocks = [(starts[min(a - 1, len(starts) - 1)], starts[min(b, len(starts) - 1)]) for a, b in fences(lines).items()]
    return blocks + [found.span() for found in _CODE.finditer(text)]

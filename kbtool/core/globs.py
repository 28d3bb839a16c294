"""Folder patterns of the settings: `internal/**`, `billing/*.md`, `**/draft-*`."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=1024)
def _regex(pattern: str) -> re.Pattern[str]:
    out: list[str] = []
    i = 0
    pattern = pattern.strip("/")
    while i < len(pattern):
        if pattern.startswith("**/", i):
            out.append("(?:[^/]+/)*")
            i += 3
        elif pattern.startswith("**", i):
            out.append(".*")
            i += 2
        elif pattern[i] == "*":
            out.append("[^/]*")
            i += 1
        elif pattern[i] == "?":
            out.append("[^/]")
            i += 1
        else:
            out.append(re.escape(pattern[i]))
            i += 1
    return re.compile("".join(out))


def matches(pattern: str, path: str) -> bool:
    """Whether a path relative to docs/ (with `/`) matches a pattern.

    `**` stands for any number of folders, `*` and `?` stay inside one; a pattern without a slash at its end that
    names a folder (`internal`) matches everything below it.
    """
    return bool(_regex(pattern).fullmatch(path) or _regex(pattern.rstrip("/") + "/**").fullmatch(path))

"""CODEOWNERS files: which team answers for a path."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kbtool.core.globs import matches


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a CODEOWNERS file."""

    pattern: str
    owners: tuple[str, ...]

    def covers(self, path: str) -> bool:
        """Whether the rule is about a path relative to the repository's root; the syntax is gitignore's."""
        pattern = self.pattern
        if pattern.endswith("/"):
            pattern += "**"
        if pattern.startswith("/"):
            return _hits(pattern[1:], path)
        if "/" in pattern.removesuffix("/**"):
            return _hits(pattern, path)
        return _hits(pattern, path) or _hits(f"**/{pattern}", path)


def _hits(pattern: str, path: str) -> bool:
    if pattern.endswith("/*"):  # `docs/*` is about the files in docs/ and nothing below
        return "/" not in path.removeprefix(pattern[:-1]) and path.startswith(pattern[:-1])
    return matches(pattern, path)


def read_rules(text: str) -> tuple[Rule, ...]:
    """The rules of a CODEOWNERS file; section headings of GitLab and comments are left out."""
    rules = []
    for line in text.splitlines():
        words = re.split(r"(?<!\\)\s+", line.split(" #")[0].strip())
        if words[0] and not words[0].startswith(("#", "[", "^[")):
            rules.append(Rule(words[0].replace("\\ ", " "), tuple(words[1:])))
    return tuple(rules)


def owners_of(path: str, rules: Sequence[Rule]) -> tuple[str, ...]:
    """The owners of a path: those of the last rule that covers it."""
    return next((rule.owners for rule in reversed(rules) if rule.covers(path)), ())

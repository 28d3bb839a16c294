"""Who may read what, worked out from the settings' folder rules and front matter; in doubt, nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_PLAIN = (
    "abstract admonition attention bug caption caution check cite danger definition details done error example "
    "fail failure faq figure-caption help hint html important info missing new note question quote seealso "
    "settings snippet success summary tab table-caption tip tldr todo warning"
)
#: Blocks of PyMdown and Material that say nothing about the reader. Any other `/// name` is taken for internal.
PLAIN_BLOCKS = frozenset(_PLAIN.split())


@dataclass(frozen=True, slots=True)
class Audiences:
    """The audiences from the widest to the narrowest, and the folder rules of the settings, in their order.

    An audience that is not in `order` – a misspelt one, say – is as internal as the last one.
    """

    rules: tuple[tuple[str, str], ...] = ()
    order: tuple[str, ...] = ("public", "agent", "senior")
    plain_blocks: frozenset[str] = PLAIN_BLOCKS
    fields: frozenset[str] = frozenset()  #: front matter fields that pages may show besides the usual ones

    @property
    def public(self) -> str:
        return self.order[0]

    @property
    def staff(self) -> str:
        """The first audience that is not the public: what is not meant to be published at all is theirs."""
        return self.order[min(1, len(self.order) - 1)]

    def rank(self, audience: str) -> int:
        return self.order.index(audience) if audience in self.order else len(self.order) - 1

    def strictest(self, audiences: Iterable[str]) -> str:
        return max(audiences, key=self.rank, default=self.public)

    def may_read(self, reader: str, audience: str) -> bool:
        """Whether text for `audience` may stand in the edition of `reader`; an unknown reader is the public."""
        mine = self.order.index(reader) if reader in self.order else 0
        return self.rank(audience) <= mine

    def ruled(self, path: str) -> str | None:
        """By the folder rules: the last one that fits, as later settings override earlier ones; None without one."""
        fitting = [audience for pattern, audience in self.rules if _fits(pattern, path)]
        return fitting[-1] if fitting else None

    def by_folder(self, path: str) -> str:
        return self.ruled(path) or self.public


def _fits(pattern: str, path: str) -> bool:
    pattern = pattern.strip("/")
    return bool(_regex(pattern).fullmatch(path) or _regex(f"{pattern}/**").fullmatch(path))


@lru_cache(maxsize=512)
def _regex(pattern: str) -> re.Pattern[str]:
    """A folder pattern as a regular expression: `**` any folders, `*` and `?` inside one."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    meaning = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(meaning.get(part) or re.escape(part) for part in parts))

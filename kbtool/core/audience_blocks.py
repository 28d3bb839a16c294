"""Who may read a thing: `public` < `agent` < `senior`; what is not known is not public."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kbtool.core.globs import matches
from kbtool.core.model import Audience

if TYPE_CHECKING:
    from markdown import Extension

PUBLIC: Audience = "public"
AUDIENCES: tuple[Audience, ...] = (PUBLIC, "agent", "senior")


def is_known(audience: object) -> bool:
    return isinstance(audience, str) and audience in AUDIENCES


def rank(audience: object) -> int:
    """0 for public; an unknown or misspelt audience ranks with the most internal one."""
    if isinstance(audience, str) and audience in AUDIENCES:
        return AUDIENCES.index(audience)
    return len(AUDIENCES) - 1


def may_read(reader: Audience, audience: object) -> bool:
    """Whether an edition for `reader` may hold what is meant for `audience`."""
    return rank(audience) <= rank(reader)


def audience_of(path: str, declared: object, rules: Iterable[tuple[str, Audience]]) -> object:
    """An article's audience: its front matter's, else the last matching folder rule's, else public.

    `declared` is the front matter's value, None where there is none.
    """
    if declared is not None:
        return declared
    found: object = PUBLIC
    for pattern, audience in rules:
        if matches(pattern, path):
            found = audience
    return found


def makeExtension(**options: Any) -> Extension:  # noqa: N802 – Python-Markdown's name
    """The Markdown extension for internal blocks; imported late, because settings and status need none."""
    from kbtool.core.audience_block import AudienceBlocks

    return AudienceBlocks(**options)

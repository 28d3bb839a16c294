"""What kbtool says on a page, in the page's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from kbtool.core.model import Locale
from kbtool.site import locales

FALLBACK = "en"


@lru_cache(maxsize=256)
def phrases(locale: Locale) -> Mapping[str, str]:
    """All phrases in a locale; those of the language where the locale has no own, English where that has none."""
    known = _all()
    chosen = known.get(locales.tag(locale)) or known.get(locales.language(locale)) or {}
    return MappingProxyType({**known[FALLBACK], **chosen})


def spoken(locale: Locale) -> bool:
    """Whether there are phrases in a locale's language at all."""
    return locales.language(locale) in _all()


@lru_cache(maxsize=1)
def _all() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = json.loads((files("kbtool.site") / "phrases.json").read_text("utf-8"))
    return found

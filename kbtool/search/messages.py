"""What the search says to readers, per language; English where a language is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ENGLISH = {"none": "No results"}


def messages(locale: str) -> Mapping[str, str]:
    """Every message in the locale's language, or in English."""
    return _ENGLISH

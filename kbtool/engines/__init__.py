"""Engines: what translates text, and everything around it that makes it safe."""

from __future__ import annotations

import difflib
from dataclasses import fields
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, cast

from kbtool.core.errors import UsageError
from kbtool.engines.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kbtool.engines.base import About, Engine

GROUP = "kbtool.engines"
_FOR_ALL = ("form", "tone")  #: what any engine's table may say, besides limits

#: Names people know from deep-translator that no longer work, and what to use instead.
BROKEN = {
    "chatgpt": ("deep-translator's ChatGPT class fails with openai 1.0 and later", "use 'llm'"),
    "papago": ("its free service ended in 2024; deep-translator knows no other", "use 'google' or 'llm'"),
    "yandex": (
        "version 1.5 of its service, which deep-translator needs, was shut down",
        "use 'google' or 'libretranslate'",
    ),
    "deep-deepl": ("DeepL refuses keys in addresses since January 2026", "use 'deepl'"),
    "pons": ("it is a dictionary of single words", "use 'google' or 'deepl'"),
    "linguee": ("it is a dictionary of single words", "use 'google' or 'deepl'"),
}


def create(name: str, options: Mapping[str, Any]) -> Engine:
    """The engine of that name, set up with its own table of the settings.

    Raises UsageError where the table has a key that the engine does not know.
    """
    admit_options(name, options)
    return cast("Engine", _find(name).load()(options))


def admit_options(name: str, options: Mapping[str, Any]) -> None:
    """Raise UsageError where an engine's own table of the settings has a key that nobody reads."""
    own = about(name).options
    if own is None:
        return
    known = (*own, *_FOR_ALL, *(each.name for each in fields(Limits)))
    for key in options:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            guess = f"did you mean '{near[0]}'? " if near else ""
            raise UsageError(
                f"unknown key '{key}'", where=f"engines.{name}.{key}", hint=f"{guess}Known: {', '.join(sorted(known))}."
            )


def about(name: str) -> About:
    """How the engine of that name describes itself, without setting it up."""
    return cast("About", _find(name).load().about)


def names() -> list[str]:
    """The names of all installed engines."""
    return sorted({point.name for point in entry_points(group=GROUP)})


@cache
def _find(name: str) -> EntryPoint:
    if name in BROKEN:
        why, instead = BROKEN[name]
        raise UsageError(f"engine '{name}' does not work: {why}", where="engine", hint=instead)
    found = entry_points(group=GROUP, name=name)
    if not found:
        near = difflib.get_close_matches(name, names(), n=1)
        guess = f"did you mean '{near[0]}'? " if near else ""
        raise UsageError(
            f"unknown engine '{name}'", where="engine", hint=f"{guess}Installed engines: {', '.join(names())}."
        )
    return next(iter(found))

"""What an engine is, what it says about itself, and how it may fail."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from kbtool.core.errors import KbError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NO_TAGS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class About:
    """An engine's description of itself: what the run must know to treat it well, and what `doctor` shows."""

    name: str
    summary: str
    version: str = "1"  #: part of the memory's key: a new version's replies are new
    forms: tuple[str, ...] = ("marks", "braces")  #: placeholder forms (see `forms`), the one it keeps best first
    max_texts: int = 1  #: in one request
    max_characters: int = 5000  #: in one request; a longer segment is cut at sentence ends
    connections: int = 4  #: requests in flight at once
    requests_per_second: float | None = None
    characters_per_minute: int | None = None
    keys: tuple[str, ...] = ()  #: environment variables, any one of which holds the key; none needed if empty
    leaves_house: bool = True  #: text goes to a third party: internal text is refused unless allowed
    translation: bool = True  #: False: what comes back is no translation (identity, pseudo)
    tied: bool = False  #: the adapter itself ties each reply to its text; otherwise marks in a batch do
    informed: bool = False  #: has `translate_informed`: makes use of glossary, old texts and neighbours
    price: float = 0.0  #: currency units per million characters
    options: tuple[str, ...] | None = None  #: what it reads of its own table of the settings; None: it does not say
    tags: Mapping[str, str] = field(default_factory=lambda: dict(_NO_TAGS))  #: locale → the engine's own code


@dataclass(frozen=True, slots=True)
class Context:
    """What else is known about a text, for engines that can use it."""

    before: str = ""  #: the neighbouring segments
    after: str = ""
    old_translation: str = ""  #: of an earlier version of the text
    terms: tuple[tuple[str, str], ...] = ()  #: the glossary's terms that occur in the text


class Engine(Protocol):
    """Something that translates text; one object is used by one worker at a time."""

    @property
    def about(self) -> About: ...

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """The texts in the target locale, in the same order, with their placeholders ⟦1⟧…⟦/1⟧ as they came."""


class Informed(Engine, Protocol):
    """An engine that translates better when told more."""

    def translate_informed(
        self, texts: Sequence[str], source: str, target: str, contexts: Sequence[Context]
    ) -> list[str]:
        """Like `translate`, with one context for each text."""


class EngineError(KbError):
    """An engine did not do what was asked. No text, address or key is ever part of it."""


class Transient(EngineError):
    """It may work in a while: too busy, not reachable, too slow."""

    def __init__(self, what: str, *, retry_after: float | None = None) -> None:
        super().__init__(what)
        self.retry_after = retry_after  #: seconds the engine asked us to wait


class Rejected(EngineError):
    """The engine does not take this request; another one may be fine."""


class Refusal(EngineError):
    """The engine says no to all requests: wrong key, used-up quota, a language pair it does not have."""


class BadReply(EngineError):
    """Something came back that is no translation."""


def secret(about: About) -> str:
    """The engine's key from the environment, or a `Refusal` that names the variable; it is never stored anywhere."""
    for name in about.keys:
        if value := os.environ.get(name, "").strip():
            return value
    raise Refusal(f"engine '{about.name}' needs a key", hint=f"set the environment variable {' or '.join(about.keys)}")


def tag(locale: str, tags: Mapping[str, str]) -> str:
    """The engine's own code for a locale: the whole tag if it is listed, else its language.

    >>> tag("pt-BR", {"pt-BR": "pt", "he": "iw"}), tag("he-IL", {"he": "iw"}), tag("de-AT", {})
    ('pt', 'iw', 'de')
    """
    wanted = locale.replace("_", "-").lower()
    lower = {known.lower(): code for known, code in tags.items()}
    parts = wanted.split("-")
    for length in range(len(parts), 0, -1):
        if (code := lower.get("-".join(parts[:length]))) is not None:
            return code
    return parts[0]

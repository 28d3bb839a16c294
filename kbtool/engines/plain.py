"""Engines that need nothing: `identity` gives the text back, `pseudo` shows at a glance what goes through an engine."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any

from kbtool.engines.base import About, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LOOKALIKES = str.maketrans(
    string.ascii_letters,
    "áƀćďéƒğĥíĵķĺḿńóṕɋŕśťúṽŵẋýźÁɃĆĎÉƑĞĤÍĴĶĹḾŃÓṔɊŔŚŤÚṼŴẊÝŹ",
)
_UNLIMITED = 1_000_000


class Identity:
    """Gives every text back as it came."""

    about = About(
        name="identity",
        options=(),
        summary="gives the text back; not a translation",
        forms=("marks",),
        max_texts=500,
        max_characters=_UNLIMITED,
        leaves_house=False,
        translation=False,
        tied=True,
    )

    def __init__(self, options: Mapping[str, Any]) -> None:
        pass

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        return list(texts)


class Pseudo:
    """Replaces every ASCII letter by an accented look-alike; placeholders stay.

    >>> Pseudo({}).translate(["Open ⟦1⟧ now"], "en", "de")
    ['Óṕéń ⟦1⟧ ńóŵ']
    """

    about = About(
        name="pseudo",
        options=(),
        summary="accented look-alikes for every letter; not a translation",
        forms=("marks",),
        max_texts=500,
        max_characters=_UNLIMITED,
        leaves_house=False,
        translation=False,
        tied=True,
    )

    def __init__(self, options: Mapping[str, Any]) -> None:
        pass

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        # Placeholders hold digits only, so there is no letter in them to change.
        return [text.translate(_LOOKALIKES) for text in texts]


class FromMemory:
    """The translation memory alone: the run itself looks there, so this engine is never sent anything."""

    about = About(
        name="memory",
        options=(),
        summary="what this knowledge base's memory holds, and nothing else",
        leaves_house=False,
        tied=True,
    )

    def __init__(self, options: Mapping[str, Any]) -> None:
        pass

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        raise Refusal("engine 'memory' has no reply to this text")

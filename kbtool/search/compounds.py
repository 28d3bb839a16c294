"""Taking compounds apart by the knowledge base's own vocabulary: no dictionary is needed or shipped."""

from __future__ import annotations

from collections.abc import Collection

_SHORTEST = 4
#: What German and its neighbours put between the parts: Rechnung-s-adresse, Tage-n-wert.
_LINKS = ("", "s", "n", "en", "es", "er", "e")


def parts(words: Collection[str]) -> dict[str, tuple[str, str]]:
    """For each lower-case word that is two others of the same vocabulary, those two.

    >>> parts({"rechnungsadresse", "rechnung", "adresse"})
    {'rechnungsadresse': ('rechnung', 'adresse')}
    """
    known = {word for word in words if len(word) >= _SHORTEST and word.isalpha()}
    found = ((word, _cut(word, known)) for word in sorted(known) if len(word) > 2 * _SHORTEST)
    return {word: cut for word, cut in found if cut}


def _cut(word: str, known: Collection[str]) -> tuple[str, str] | None:
    """The cut whose shorter part is longest: `Druck-erzeugnis`, not `Drucker-zeugnis`, only if that is longer."""
    best: tuple[str, str] | None = None
    for at in range(_SHORTEST, len(word) - _SHORTEST + 1):
        head = word[at:]
        if head not in known:
            continue
        for link in _LINKS:
            first = word[:at].removesuffix(link) if link else word[:at]
            fits = word[:at].endswith(link) and len(first) >= _SHORTEST and first in known
            if fits and (best is None or min(len(first), len(head)) > min(map(len, best))):
                best = (first, head)
    return best

"""Which language a text is in, by py3langid: on this machine, a model inside its wheel."""

from __future__ import annotations

import functools
from typing import Any

_SAME = {"no": "nb", "nn": "nb", "iw": "he", "in": "id", "sh": "hr", "fil": "tl"}


def language(text: str, source: str, target: str) -> str | None:
    """The language of a text that was to go from `source` to `target`; None where that cannot be told.

    The benefit of the doubt goes to the target: help centres are full of product names, and short texts look like
    many languages.
    """
    known = _labels()
    source, target = _SAME.get(source, source), _SAME.get(target, target)
    if target not in known:
        return None
    ranked: dict[str, float] = {}
    for label, probability in _identifier().rank(text):
        name = _SAME.get(label, label)
        ranked[name] = ranked.get(name, 0.0) + probability
    best = max(ranked, key=ranked.__getitem__)
    if best == target or ranked[target] > 0.2:
        return target
    return best if ranked[best] >= (0.5 if best == source else 0.7) else None


@functools.cache
def _labels() -> frozenset[str]:
    return frozenset(_SAME.get(label, label) for label in _identifier().labels)


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # Without the small relatives of large languages (Extremaduran, Bavarian …) that it takes short texts for.
    identifier.set_languages([label for label in identifier.labels if len(label) == 2])
    return identifier

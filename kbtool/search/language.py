"""All that search knows about languages: where words begin and end, which of them are the same word.

It is used at build time only. The browser repeats `fold` and the cutting into tokens (site/assets/search-index.js);
a test holds the two together.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from itertools import chain, pairwise
from operator import add
from typing import Any

_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
#: Languages that write compounds as one word.
_COMPOUNDING = frozenset({"da", "de", "et", "fi", "hu", "nb", "nl", "nn", "no", "sv"})
#: How people type these letters who do not find them on their keyboard.
_TYPED = {
    "da": {"æ": "ae", "ø": "oe", "å": "aa"},
    "de": {"ä": "ae", "ö": "oe", "ü": "ue"},
    "nb": {"æ": "ae", "ø": "oe", "å": "aa"},
    "sv": {"å": "aa", "ä": "ae", "ö": "oe"},
}
#: Scripts written without spaces between words (and Hangul, whose words carry their particles): cut into bigrams.
#: Thai, Lao, Burmese, Khmer, Japanese, Chinese, Korean.
_DENSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
#: Marks that readers leave out: accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, the tatweel.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
#: Letters that no normalisation takes apart, and Arabic letters that are typed for each other.
_LETTERS = str.maketrans({
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
    "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك",
})  # fmt: skip
_IS_DENSE = re.compile(f"[{_DENSE}]")
_RUN = re.compile(f"[{_DENSE}]+|[^{_DENSE}]+")
_SIGNS = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum()})
_HYPHENATED = re.compile(r"(?<![\w-])([^\W\d_]{1,20})[-\u2010\u2011]([^\W\d_]{3,20})(?![\w-])")
_NEAR = 22  #: twenty letters, and what stands beside them
_HUMP = re.compile("A+(?!a)|A?a+|0+")  # capitals, small letters and digits, whatever their script


def fold(word: str) -> str:
    """What two spellings of one word have in common: `Größe`, `GRÖSSE` and `große` are all `grosse`."""
    if word.isascii():
        return word.lower()
    apart = _ACCENTS.sub("", unicodedata.normalize("NFKD", word.lower()))
    return unicodedata.normalize("NFKC", apart).translate(_LETTERS)


def is_dense(word: str) -> bool:
    """Whether the word is of a script that is cut into bigrams."""
    return not word.isascii() and _IS_DENSE.match(word) is not None


def tokens(text: str) -> list[str]:
    """The words of a text as they are written; pairs of characters where no spaces part the words."""
    text = unicodedata.normalize("NFKC", text)
    if text.isascii():
        return text.translate(_SIGNS).split()
    found = set(text)
    for sign in found:
        # Python's \w knows no marks, and Thai or Hindi words need them
        if not sign.isalnum() and unicodedata.category(sign)[0] != "M":
            text = text.replace(sign, " ")
    words = text.split()
    return words if _IS_DENSE.search("".join(found)) is None else [*chain.from_iterable(map(_parted, words))]


def _parted(word: str) -> list[str]:
    if word.isascii():
        return [word]
    found: list[str] = []
    for run in _RUN.findall(word):
        if is_dense(run) and len(run) > 1:
            found += map(add, run, run[1:])
        else:
            found.append(run)
    return found


def joined(text: str) -> list[str]:
    """`Pfadparameter` for `Pfad-Parameter`, `email` for `e-mail`: how else a hyphenated word is written."""
    if "-" not in text and "\u2010" not in text and "\u2011" not in text:
        return []
    text = unicodedata.normalize("NFKC", text)
    near = text if "\u2010" in text else " ".join(_around_hyphens(text))
    words = (first + second.lower() for first, second in _HYPHENATED.findall(near))
    return [word for word in words if len(_RUN.findall(word)) == 1 and not is_dense(word)]


def _around_hyphens(text: str) -> Iterator[str]:
    """Each hyphen with as much on both sides as the pattern looks at, for it would take its time for a whole text."""
    for before, after in pairwise(f" {text} ".split("-")):
        yield f"{f'-{before}'[-_NEAR:]}-{f'{after}-'[:_NEAR]}"


def humps(word: str) -> list[str]:
    """The words inside `CORSMiddleware`; nothing for a word that is one."""
    if word[1:].islower() and word.isalpha():
        return []  # what most words are, sooner told
    parts = [word[slice(*found.span())] for found in _HUMP.finditer(_shape(word))]
    parts = [part for part in parts if len(part) > 1]
    return parts if len(parts) > 1 and not word.isupper() else []


def _shape(word: str) -> str:
    shape = ""
    for sign in word:
        if sign.isalnum():
            shape += "A" if sign.isupper() else "a" if sign.islower() else "0" if sign.isdecimal() else " "
        else:
            shape += shape[-1:] or " "  # a mark goes with its letter
    return shape


class Language:
    """One locale's words: their stems, how else they are typed, whether they are written together."""

    def __init__(self, locale: str) -> None:
        self.base = re.split("[-_]", locale)[0].lower()
        self._typed = str.maketrans(_TYPED.get(self.base, {}))
        self._stems: dict[str, str] = {}
        self.compounding = self.base in _COMPOUNDING

    def stem(self, word: str) -> str:
        """The folded stem: what all forms of a word share."""
        word = word.lower()
        if word not in self._stems:
            if word.isdecimal() and word.isascii():
                return word
            self._stems[word] = fold(word if is_dense(word) else self._stemmed(word))
        return self._stems[word]

    @cached_property
    def _stemmed(self) -> Callable[[str], str]:
        if self.base not in _STEMMERS:
            return str
        found: Callable[[str], str] = _stemmer(_STEMMERS[self.base]).stemWord
        return found

    def typed(self, word: str) -> str | None:
        """`loesung` for `Lösung`; None where there is no second way to type it."""
        if word.isascii():
            return None
        other = fold(word.lower().translate(self._typed))
        return other if other != fold(word) else None


def _stemmer(name: str) -> Any:
    """A stemmer of snowballstemmer, which would load those of all its languages for each."""
    package = find_spec("snowballstemmer")
    if package is None or find_spec("Stemmer") or "snowballstemmer" in sys.modules:  # or has them from elsewhere
        import snowballstemmer

        return snowballstemmer.stemmer(name)
    sys.modules["snowballstemmer"] = module_from_spec(package)  # so that one can be found in it before it is run
    try:
        module = import_module(f"snowballstemmer.{name}_stemmer")
    finally:
        del sys.modules["snowballstemmer"]
    return getattr(module, f"{name.capitalize()}Stemmer")()


@cache
def language_of(locale: str) -> Language:
    """The locale's language, and what this process has found out of it."""
    return Language(locale)

"""One normal form for texts and needles: encodings peeled off, letters folded, cut into words.

Internal passages and the files of a site go through the same two steps, so whatever `peel` does to a text it does on
both sides; that is why peeling too much (a `%20` that was meant) costs nothing.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

#: How many times one encoding may lie over another before we call the text unread.
ROUNDS = 8

#: Stands for the edge of a block element: words on either side are not one phrase.
EDGE = "\x01"

#: Stands between texts that are read in one go.
APART = "\x02"

_ENTITY = re.compile(r"&(?:#0*[0-9]{1,7};?|#[xX]0*[0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};?)")
_COMMON = (("&para;", "¶"), ("&quot;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}(?:%[0-9a-fA-F]{2})*")
_PERCENT_U = re.compile(r"%u([0-9a-fA-F]{4})")
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_BLANKS = frozenset("nrtbfv0\n\r")
_MARKUP = re.compile(r"(<[^<>]*>)")
#: Tags with something on either side that may be a letter when it is folded; the sign of a heading's link is none.
_BETWEEN = re.compile(r"<(?<=[^\x00-/:-@\[-`{-\x7f¶]<)[^<>]*>(?:<[^<>]*>)*(?=[^\x00-/:-@\[-`{-\x7f¶])")
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_BLOCKS = (
    "address article aside base blockquote body br button caption channel dd details dialog div dl dt entry fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html img input item label legend li link loc main "
    "meta nav noscript ol option p path pre rect script section select source style summary svg symbol table tbody td "
    "template text textarea tfoot th thead title tr ul url video"
)
_BLOCK_NAMES = frozenset(_BLOCKS.split())
_QUOTED_PRINTABLE = re.compile(r"=(?:([0-9A-F]{2})|\r?\n)")
_QUOTED = "quoted-printable"
_CSS_ESCAPE = re.compile(r"\\([0-9a-fA-F]{2,6})(?:\r\n|[ \t\r\n\f])?")

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
#: Scripts written without spaces: every letter counts as a word.
_WITHOUT_SPACES = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED = re.compile(f"[{_WITHOUT_SPACES}]")
_UNSPACED_RUN = re.compile(f"[{_WITHOUT_SPACES}]+")


def _ascii_table() -> bytes:
    table = bytearray(range(256))
    for code in range(128):
        letter = chr(code)
        table[code] = ord(letter.lower()) if letter.isalnum() else 0x20
    return bytes(table)


_ASCII = _ascii_table()
_ASCII_APART = bytes(code if chr(code) == APART else other for code, other in enumerate(_ASCII))


class _Fold(dict[int, str]):
    """What each character outside ASCII becomes; worked out when first met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if code < 128:
            folded = letter
        elif _INVISIBLE.match(letter):
            folded = ""
        else:
            folded = "".join(_fold_one(c) for c in unicodedata.normalize("NFKC", letter).casefold())
        self[code] = folded
        return folded


def _fold_one(letter: str) -> str:
    if letter.isascii():
        return letter if letter.isalnum() else " "  # a full-width `<` begins no tag
    if unicodedata.category(letter)[0] not in "LNM":
        return " "
    return f" {letter} " if _UNSPACED.match(letter) else letter


_FOLD = _Fold()
_ODD = re.compile(r"[^\x00-\x7f]+")
_ASCII_LETTERS = bytes(range(128))
_BASE_AND_ODD = re.compile(r"[A-Za-z]?[^\x00-\x7f]+")
#: so many different characters are sooner replaced one after the other than looked up one by one
_FEW = 24


class _Binds(dict[str, bool]):
    """Whether a character may become one with its neighbours when they are composed; worked out when first met."""

    def __missing__(self, letter: str) -> bool:
        binds = not _INVISIBLE.match(letter) and any(map(_is_bound, unicodedata.normalize("NFKC", letter)))
        self[letter] = binds
        return binds


def _is_bound(letter: str) -> bool:
    """Marks, and the vowels and finals of Hangul: all that Unicode composes with what stands before it."""
    return unicodedata.category(letter)[0] == "M" or "\u1161" <= letter <= "\u1175" or "\u11a8" <= letter <= "\u11c2"


_BINDS = _Binds()


def fold(text: str) -> str:
    """Letters outside ASCII in one form: no case, no compatibility forms, nothing invisible; other signs are spaces.

    What becomes of a character never depends on another line.
    """
    if text.isascii():
        return text
    odd = _odd_letters(text)
    if binding := [letter for letter in odd if _BINDS[letter]]:
        text = "\n".join(
            _BASE_AND_ODD.sub(_composed, line) if any(letter in line for letter in binding) else line
            for line in text.split("\n")
        )
        odd = _odd_letters(text)
    changed = [letter for letter in odd if _FOLD[ord(letter)] != letter]
    others = [letter for letter in changed if not _is_spaced(letter)]
    if len(others) > _FEW or not all(map(_is_simple, others)):
        return _ODD.sub(lambda m: m[0].translate(_FOLD), text)
    if len(changed) > _FEW:
        text = _UNSPACED_RUN.sub(_spaced, text)
        changed = others
    for letter in changed:
        text = text.replace(letter, _FOLD[ord(letter)])
    return text


def binding_letters(text: str) -> list[str]:
    """Those letters of a text that may become one with their neighbours."""
    return [] if text.isascii() else [letter for letter in _odd_letters(text) if _BINDS[letter]]


def _odd_letters(text: str) -> set[str]:
    """The different characters outside ASCII."""
    return set(text.encode("utf-8", "surrogatepass").translate(None, _ASCII_LETTERS).decode("utf-8", "surrogatepass"))


def _spaced(match: re.Match[str]) -> str:
    return f" {'  '.join(match[0])} "


def _composed(match: re.Match[str]) -> str:
    # Zero-width characters first: one between a letter and its accent would keep them apart.
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", match[0]))
    return "".join(c if c.isalnum() or not c.isascii() else " " for c in text)


@lru_cache(maxsize=8192)
def _is_spaced(letter: str) -> bool:
    """Whether a letter stays as it is and gets blanks around it."""
    return _FOLD[ord(letter)] == f" {letter} "


@lru_cache(maxsize=8192)
def _is_simple(letter: str) -> bool:
    """Whether it does not matter when a character is folded: what it becomes is not changed any more."""
    folded = _FOLD[ord(letter)]
    final = folded.isascii() or (len(folded) == 1 and _FOLD[ord(folded)] == folded)
    return final and not _UNSPACED.match(letter)


def words(text: str) -> list[bytes]:
    """The folded words of a text, in order; punctuation and underscores separate.

    >>> words("Night-Desk: ＣＡＬＬ +49")
    [b'night', b'desk', b'call', b'49']
    """
    return folded_words(fold(text))


def said(text: str) -> bytes:
    """The folded words of a text in one piece, with blanks between them: a tenth of the room that a list takes."""
    return b" ".join(words(text))


def said_apart(text: str) -> bytes:
    """The same of texts between which `APART` stands: it stays, as a word."""
    return b" ".join(fold(text).encode("utf-8", "replace").translate(_ASCII_APART).split())


def folded_words(text: str) -> list[bytes]:
    return text.encode("utf-8", "replace").translate(_ASCII).split()


def peel(text: str) -> tuple[str, bool]:
    """The text with entities, percent-encoding and escapes of JS, JSON and CSS decoded until nothing changes.

    The second value is False if something was still encoded after `ROUNDS`.
    """
    for _ in range(ROUNDS):
        before = text
        if "&" in text:
            text = _unescape_entities(text)
        if "%" in text:
            text = _PERCENT.sub(_from_percent, text)
            text = _PERCENT_U.sub(lambda m: chr(int(m[1], 16)), text)
        if "\\" in text:
            text = _ESCAPE.sub(_from_escape, text)
        if not text.isascii():
            text = _paired(text)
        if text is before or text == before:
            return text, True
    return text, False


def _paired(text: str) -> str:
    """The text with halves of characters put together, as JSON and JS cut those beyond sixteen bits."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _unescape_entities(text: str) -> str:
    for name, letter in _COMMON:
        text = text.replace(name, letter)
    return _ENTITY.sub(_from_entity, text) if "&" in text else text


@lru_cache(maxsize=4096)
def _entity(name: str) -> str:
    return html.unescape(name)


def _from_entity(match: re.Match[str]) -> str:
    return _entity(match[0])


def _from_percent(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("%", "")).decode("utf-8", "replace")


def _from_escape(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        return _letter(code)
    return " " if match[4] in _BLANKS else match[4]


def _letter(code: str) -> str:
    number = int(code, 16)
    return chr(number) if number <= 0x10FFFF else " "


def disguises(text: str) -> list[tuple[str, str]]:
    """Readings of a text that are only right if all of it is so encoded: name and text."""
    return [(name, undisguised(text, name)) for name in disguises_in(text)]


def disguises_in(text: str) -> list[str]:
    """The names of the readings that a text has."""
    found = []
    if "=" in text and _QUOTED_PRINTABLE.search(text):
        found.append(_QUOTED)
    if "\\" in text and _CSS_ESCAPE.search(text):
        found.append("css")
    return found


def undisguised(text: str, name: str) -> str:
    """One reading of a text, or of a part of it."""
    return _from_quoted_printable(text) if name == _QUOTED else _CSS_ESCAPE.sub(lambda m: _letter(m[1]), text)


def _from_quoted_printable(text: str) -> str:
    plain = _QUOTED_PRINTABLE.sub(lambda m: chr(int(m[1], 16)) if m[1] else "", text)
    # What came from `=XX` are bytes; text beyond Latin-1 stands as it is.
    return plain.encode("latin-1", "ignore").decode("utf-8", "replace")


class _Gaps(dict[str, str]):
    """What a tag leaves behind when it is taken away: the edge of a block, or nothing."""

    def __missing__(self, tag: str) -> str:
        name = _NAME.match(tag if tag.isascii() else fold(tag))  # the same whether the text was folded before or not
        gap = EDGE if name and name[1].lower() in _BLOCK_NAMES else ""
        if len(self) < 50_000:
            self[tag] = gap
        return gap


_GAPS = _Gaps()


def views(text: str) -> list[str]:
    """The ways a reader or a search engine may read a peeled text: with its tags, tags as gaps, tags as nothing."""
    if "<" not in text:
        return [text]
    pieces = _MARKUP.split(text)
    if len(pieces) == 1:
        return [text]
    gaps = [_GAPS[tag] for tag in pieces[1::2]]
    pieces[1::2] = gaps
    tight = "".join(pieces)
    if "" not in gaps:
        return [text, tight]
    pieces[1::2] = [gap or " " for gap in gaps]
    return [text, "".join(pieces), tight]


def is_joined(text: str) -> bool:
    """Whether words run together in a peeled text where its tags are taken away."""
    return any(EDGE not in map(_GAPS.__getitem__, _MARKUP.findall(match[0])) for match in _BETWEEN.finditer(text))

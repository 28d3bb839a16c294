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

_ENTITY = re.compile(r"&(?:#0*[0-9]{1,7};?|#[xX]0*[0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};?)")
_COMMON = (("&quot;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}(?:%[0-9a-fA-F]{2})*")
_PERCENT_U = re.compile(r"%u([0-9a-fA-F]{4})")
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANKS = frozenset("nrtbfv0\n\r")
_MARKUP = re.compile(r"(<[^<>]*>)")
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_BLOCKS = (
    "address article aside base blockquote body br button caption channel dd details dialog div dl dt entry fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html img input item label legend li link loc main "
    "meta nav noscript ol option p path pre rect script section select source style summary svg symbol table tbody td "
    "template text textarea tfoot th thead title tr ul url video"
)
_BLOCK_NAMES = frozenset(_BLOCKS.split())
_QUOTED_PRINTABLE = re.compile(r"=(?:([0-9A-F]{2})|\r?\n)")
_CSS_ESCAPE = re.compile(r"\\([0-9a-fA-F]{2,6})(?:\r\n|[ \t\r\n\f])?")

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
#: Scripts written without spaces: every letter counts as a word.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)


def _ascii_table() -> bytes:
    table = bytearray(range(256))
    for code in range(128):
        letter = chr(code)
        table[code] = ord(letter.lower()) if letter.isalnum() else 0x20
    return bytes(table)


_ASCII = _ascii_table()


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


def fold(text: str) -> str:
    """Letters outside ASCII in one form: no case, no compatibility forms, nothing invisible; other signs are spaces."""
    if text.isascii():
        return text
    if any(unicodedata.category(c)[0] == "M" and _FOLD[ord(c)] for c in set("".join(_ODD.findall(text)))):
        # Zero-width characters first: one between a letter and its accent would keep them apart.
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return _ODD.sub(lambda m: m[0].translate(_FOLD), text)


def words(text: str) -> list[bytes]:
    """The folded words of a text, in order; punctuation and underscores separate.

    >>> words("Night-Desk: ＣＡＬＬ +49")
    [b'night', b'desk', b'call', b'49']
    """
    return folded_words(fold(text))


def said(text: str) -> bytes:
    """The folded words of a text in one piece, with blanks between them: a tenth of the room that a list takes."""
    return b" ".join(words(text))


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
            if not text.isascii() and _SURROGATE.search(text):
                text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        if text is before or text == before:
            return text, True
    return text, False


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
    found = []
    if _QUOTED_PRINTABLE.search(text):
        found.append(("quoted-printable", _from_quoted_printable(text)))
    if "\\" in text and _CSS_ESCAPE.search(text):
        found.append(("css", _CSS_ESCAPE.sub(lambda m: _letter(m[1]), text)))
    return found


def _from_quoted_printable(text: str) -> str:
    plain = _QUOTED_PRINTABLE.sub(lambda m: chr(int(m[1], 16)) if m[1] else "", text)
    # What came from `=XX` are bytes; text beyond Latin-1 stands as it is.
    return plain.encode("latin-1", "ignore").decode("utf-8", "replace")


class _Gaps(dict[str, str]):
    """What a tag leaves behind when it is taken away: the edge of a block, or nothing."""

    def __missing__(self, tag: str) -> str:
        name = _NAME.match(tag)
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
    pieces[1::2] = [gap or " " for gap in gaps]
    return [text, "".join(pieces), tight]

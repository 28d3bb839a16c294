"""Numbers as printable characters, one for most of them: what gzip packs best inside JSON.

Bytes in base64 would be a third larger after compression, because their borders no longer fall on characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

#: All printable ASCII that JSON does not escape, and that is no space and no sign with which escapes of HTML, addresses
#: or mails begin: where one of those stands, the leak audit has to read the whole index once more.
_ASCII = "".join(chr(code) for code in range(33, 127) if chr(code) not in '"\\=&%<')
_LAST = 60  # the first 60 digits end a number, the other 32 carry five bits and say that more follow
_DIGITS = f"{_ASCII[: _LAST - 4]}¡¢£¤{_ASCII[_LAST - 4 :]}"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}


def pack(numbers: Iterable[int]) -> str:
    """The numbers, none negative, as one string.

    >>> pack([0, 59, 60, 2000])
    '!¤{#o}#'
    """
    return "".join(map(_packed.__getitem__, numbers))


def unpack(text: str) -> Iterator[int]:
    """The numbers in a string.

    >>> list(unpack('!¤{#o}#'))
    [0, 59, 60, 2000]
    """
    number, times = 0, 1
    for value in map(_VALUES.__getitem__, text):
        if value < _LAST:
            yield number + value * times
            number, times = 0, 1
        else:
            number, times = number + (value - _LAST) * times, times * 32


class _Packed(dict[int, str]):
    """Each number by itself."""

    def __missing__(self, number: int) -> str:
        out, rest = "", number
        while rest >= _LAST:
            out += _DIGITS[_LAST + rest % 32]
            rest //= 32
        found = self[number] = out + _DIGITS[rest]
        return found


_packed = _Packed()

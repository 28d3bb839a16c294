"""What Python works out anew at each start, kept: patterns and the methods of dataclasses, half of an import's cost.

It stands beside Python's own compiled modules, is used by the interpreter that made it alone, and is looked up by the
whole text that it was made from. Without it, and where Python keeps nothing itself, everything is worked out as ever.
"""

from __future__ import annotations

import dataclasses
import marshal
import os
import re
import sys
import zlib
from collections.abc import Callable
from importlib.util import cache_from_source
from pathlib import Path
from types import CodeType
from typing import Any

#: what stands for a pattern in place of the way through its text: flags, code, groups, their names
_Worked = tuple[int, list[int], int, dict[str, int]]
_Patterns = dict[tuple[str | bytes, int], _Worked]
_Methods = dict[str, CodeType]

_TRIED = ((3, 11), (3, 12), (3, 13))  #: Python's versions whose insides are known to be those
_UNLIKE = (re.DEBUG | re.LOCALE).value  #: patterns that say something, or depend on more than their text
_TEXTS = (str, bytes)
_MOST = 6000  #: so many texts are kept from one run to the next


class Compiled:
    """What was worked out, by texts."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._patterns, self._methods = _read(file)
        self._before = self._count()

    def pattern(self, text: Any, flags: int = 0) -> re.Pattern[Any]:
        """What `re` makes of a pattern."""
        known = self._patterns.get((text, flags)) if type(text) in _TEXTS else None
        if known is None:
            if type(text) not in _TEXTS or flags & _UNLIKE or not _is_constant(text):
                found: re.Pattern[Any] = _slow["pattern"](text, flags)
                return found
            known = self._patterns[text, flags] = _worked_out(text, flags)
        return _pattern(text, *known)

    def run(self, text: str, *scopes: dict[str, Any]) -> None:
        """Run the text of a method that `dataclasses` has written."""
        code = self._methods.get(text)
        if code is None:
            code = self._methods[text] = compile(text, "<string>", "exec", dont_inherit=True)
        exec(code, *scopes)  # noqa: S102 – as dataclasses does

    def save(self) -> None:
        """Keep what is known, unless it was known before, or its folder cannot be written to."""
        if not self._before < self._count() < _MOST or sys.dont_write_bytecode:
            return
        body = marshal.dumps((sys.version, self._patterns, self._methods))
        made = self.file.with_suffix(f".{os.getpid()}")
        try:
            made.write_bytes(zlib.crc32(body).to_bytes(4, "big") + body)
            made.replace(self.file)
        except OSError:
            return

    def _count(self) -> int:
        return len(self._patterns) + len(self._methods)


#: what Python does itself
_slow: dict[str, Callable[..., Any]] = {}


def remember_compiled() -> Callable[[], None]:
    """Have this process look up what it would compile; the function that it gives keeps what was new."""
    inner = _insides()
    if _slow or sys.implementation.name != "cpython" or sys.version_info[:2] not in _TRIED:
        return lambda: None
    known = Compiled(Path(cache_from_source(__file__)).with_suffix(".known"))
    _slow["pattern"], inner.compile = inner.compile, known.pattern
    dataclasses.exec = known.run  # type: ignore[attr-defined]  # found before the built-in one
    return known.save


def _read(file: Path) -> tuple[_Patterns, _Methods]:
    try:
        data = file.read_bytes()
    except OSError:
        return {}, {}
    if zlib.crc32(data[4:]) != int.from_bytes(data[:4], "big") or len(data) < 8:
        return {}, {}
    try:
        version, *rest = marshal.loads(data[4:])  # noqa: S302 – it stands where compiled modules do
    except (ValueError, TypeError, EOFError):  # another Python's
        return {}, {}
    return (rest[0], rest[1]) if version == sys.version else ({}, {})


def _insides() -> Any:
    from re import _compiler  # type: ignore[attr-defined]  # they have no types

    return _compiler


def _worked_out(text: str | bytes, flags: int) -> _Worked:
    inner = _insides()
    parsed = inner._parser.parse(text, flags)
    state = parsed.state
    # its numbers have names, with which nothing but `re` can do anything
    return flags | state.flags, list(map(int, inner._code(parsed, flags))), state.groups - 1, state.groupdict


def _pattern(text: str | bytes, flags: int, code: list[int], groups: int, names: dict[str, int]) -> re.Pattern[Any]:
    by_number: list[str | None] = [None] * (groups + 1)
    for name, number in names.items():
        by_number[number] = name
    found: re.Pattern[Any] = _insides()._sre.compile(text, flags, code, groups, names, tuple(by_number))
    return found


def _is_constant(text: str | bytes) -> bool:
    """Whether a module asks that is being imported, or one that has it written down: other texts are not kept."""
    frame = sys._getframe(3)
    for _ in range(6):
        if frame.f_code.co_name == "<module>":
            return bool(frame.f_globals.get("__name__") != "__main__")
        written = (*frame.f_code.co_consts, *frame.f_globals.values())
        if any(type(each) is type(text) and each == text for each in written):
            return True
        if frame.f_back is None:
            break
        frame = frame.f_back
    return False

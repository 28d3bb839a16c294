"""What changed between two texts, word by word.

The law: what is `SAME` or `GONE` joins to the old text, what is `SAME` or `NEW` to the new one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

#: Words; where a script has no spaces, characters; runs of white space; each mark alone.
_TOKEN = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]"
    r"|[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
    r"|\s+|.",
    re.S,
)
#: beyond this many pairs of words the comparison would take seconds, and nobody could read it
_FINE = 4_000_000


class Op(StrEnum):
    """What happened to a stretch of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of text, and what happened to it."""

    op: Op
    text: str


def words(old: str, new: str) -> tuple[Change, ...]:
    """The way from one text to another."""
    return tuple(_joined(_changes(_TOKEN.findall(old), _TOKEN.findall(new))))


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    if len(old) * len(new) > _FINE:
        yield Change(Op.GONE, "".join(old))
        yield Change(Op.NEW, "".join(new))
        return
    for op, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            yield Change(Op.SAME, "".join(old[i1:i2]))
        else:
            yield Change(Op.GONE, "".join(old[i1:i2]))
            yield Change(Op.NEW, "".join(new[j1:j2]))


def _joined(changes: Iterator[Change]) -> Iterator[Change]:
    """Single spaces between two changes belong to them: people read words, not letters and gaps."""
    gone = new = ""
    waiting = list(changes)
    for n, change in enumerate(waiting):
        between = 0 < n < len(waiting) - 1 and (gone or new) and change.text.isspace()
        if change.op is Op.SAME and not between:
            yield from _flushed(gone, new)
            gone = new = ""
            if change.text:
                yield change
        else:
            gone += change.text if change.op in (Op.GONE, Op.SAME) else ""
            new += change.text if change.op in (Op.NEW, Op.SAME) else ""
    yield from _flushed(gone, new)


def _flushed(gone: str, new: str) -> Iterator[Change]:
    if gone:
        yield Change(Op.GONE, gone)
    if new:
        yield Change(Op.NEW, new)

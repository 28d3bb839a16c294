"""Ledgers as text: several short lines per entry, in document order, so that git merges them like prose.

The law: `load_ledger(dump_ledger(x, name=…), where=…) == x`.
What kbtool wrote itself is read by one pattern; what a person re-formatted is read as YAML, without types.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from typing import Any

from kbtool.core.errors import Refused
from kbtool.core.model import Digest, Entry, Ledger, Proposal, Stamp, Waiver

_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: |$)", re.M)
_DIGEST = re.compile(r"[0-9a-f]{12}")
#: what other YAML readers would take for a number, a date or a truth value
_TYPED = re.compile(r"[-+.\d][-+.:_\d]*([eE][-+]?\d+)?|0x[\da-fA-F]+|true|false|yes|no|on|off|y|n|null|~", re.I)
_VALUE = r'(?:"[^"\\\n]*(?:\\.[^"\\\n]*)*"|[^\s"\'|>\[\]{},:?&*!%@`#-][^\n]*)'
_REVIEW = re.compile(rf"- ({_VALUE})\n")
_ESCAPE = re.compile(r'\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(["\\nt]))')
_NAMED = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}


@cache
def _entry_pattern() -> re.Pattern[str]:
    """Compiled when the first ledger is read; a warm `kbtool status` reads none."""
    return re.compile(
        r'\n?- src: "?([0-9a-f]{12})"?\n'
        rf"(?:  ok: ({_VALUE})\n)?"
        r'  tgt: "?([0-9a-f]{12})"?\n'
        rf"  by: ({_VALUE})\n"
        r"(  major: true\n)?"
        rf"(?:  waived: ({_VALUE})\n)?"
        rf"(?:  was:\n((?:  - {_VALUE}\n)+))?"
        rf"(?:  proposal: (?:\|-\n((?:(?:    [^\n]*)?\n)+)|({_VALUE})\n)"
        r'  for: "?([0-9a-f]{12})"?\n'
        rf"  from: ({_VALUE})\n)?"
    )


def load_ledger(text: str, *, where: str) -> Ledger:
    """The ledger that `text` says.

    Raises Refused that names `where` and the line: conflict markers, unknown keys, broken hashes or dates.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    # To look for a sign is quicker than to try a pattern at every line.
    marked = "<<<<<<<" in text or ">>>>>>>" in text or "|||||||" in text
    if marked and (conflict := _CONFLICT.search(text)):
        raise Refused(
            "conflict markers of git in the ledger",
            where=f"{where}:{_line(text, conflict.start())}",
            hint="settle the Markdown file, then: kbtool merge-ledger --resolve "
            "(and register kbtool's merge driver, so that this does not come back)",
        )
    try:
        found = _canonical(text)
    except ValueError:
        found = None
    if found is None:
        from kbtool.core.ledger_yaml import Reader

        return Reader(text, where).ledger()
    return found


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


# -- the form that kbtool writes


def _canonical(text: str) -> Ledger | None:
    """The ledger, where the text has exactly the form that `dump_ledger` gives; else None."""
    head = re.compile(r"(?:#[^\n]*\n)*segments:(?: \[\])?\n").match(text)
    if head is None:
        return None
    at, entries, reviews = head.end(), [], []
    entry = _entry_pattern()
    while found := entry.match(text, at):
        entries.append(_entry(found))
        at = found.end()
    if text.startswith("reviews:\n", at):
        at += len("reviews:\n")
        while found := _REVIEW.match(text, at):
            reviews.append(read_review(_scalar(found[1])))
            at = found.end()
    return Ledger(tuple(entries), tuple(reviews)) if at == len(text) else None


def _entry(found: re.Match[str]) -> Entry:
    groups: tuple[Any, ...] = found.groups()
    src, ok, tgt, by, major, waived, was, block, line, made_from, made_by = groups
    proposal = None
    if made_from:
        text = _scalar(line) if line is not None else _unblock(block)
        proposal = Proposal(text, made_from, _scalar(made_by))
    elif not (major or waived or was):
        return Entry(src, tgt, _word(by), _stamp(ok) if ok else None)
    return Entry(
        src=src,
        tgt=tgt,
        by=_word(by),
        ok=_stamp(ok) if ok else None,
        waived=read_waiver(_scalar(waived)) if waived else None,
        proposal=proposal,
        past=tuple(read_past(_scalar(x[4:])) for x in was[:-1].split("\n")) if was else (),
        major=bool(major),
    )


@lru_cache(256)
def _word(text: str) -> str:
    """Who made a segment: a handful in all ledgers."""
    return _scalar(text)


@lru_cache(256)
def _stamp(text: str) -> Stamp:
    """Who approved it, and when: the same for most entries of a ledger."""
    return read_stamp(_scalar(text))


def _unblock(block: str) -> str:
    lines = [line[4:] for line in block[:-1].split("\n")]
    if not lines[0][:1].strip() or not lines[-1].strip() or not all(map(_printable, lines)):
        raise ValueError(block)
    return "\n".join(lines)


def _scalar(text: str) -> str:
    """A plain or double-quoted value on one line; ValueError for what only a YAML parser understands."""
    if not _printable(text):
        raise ValueError(text)
    if not text.startswith('"'):
        if ": " in text or " #" in text or text[-1] in ": ":
            raise ValueError(text)
        return text
    return _unquote(text[1:-1])


def _unquote(body: str) -> str:
    if "\\" not in body:
        return body
    if _ESCAPE.sub("", body).count("\\"):
        raise ValueError(body)
    return _ESCAPE.sub(lambda m: _NAMED[m[4]] if m[4] else chr(int(m[1] or m[2] or m[3], 16)), body)


# -- values on one line


def _day(text: str) -> date:
    if len(text) != len("2026-09-01"):
        raise ValueError(f"expected a day such as 2026-09-01, not {text!r}")
    return date.fromisoformat(text)


def read_digest(text: str) -> Digest:
    if not _DIGEST.fullmatch(text):
        raise ValueError(f"expected 12 hex digits, not {text!r}")
    return Digest(text)


@lru_cache(256)
def read_stamp(text: str) -> Stamp:
    """`ana 2026-09-01`; a name may have spaces."""
    by, _, day = text.rpartition(" ")
    if not by:
        raise ValueError(f"expected a name and a day, not {text!r}")
    return Stamp(by, _day(day))


def read_review(text: str) -> Stamp:
    """`2026-09-01 ana`: the day comes first, so that a list of reviews sorts and merges."""
    day, _, by = text.partition(" ")
    if not by:
        raise ValueError(f"expected a day and a name, not {text!r}")
    return Stamp(by, _day(day))


def read_past(text: str) -> tuple[Digest, Digest, Stamp]:
    src, tgt, stamp = text.split(" ", 2)
    return read_digest(src), read_digest(tgt), read_stamp(stamp)


def read_waiver(text: str) -> Waiver:
    """`5b1d9e0f3a21 ana 2026-09-03 typo`: the first day after the name ends it."""
    found = re.compile(r"([0-9a-f]{12}) (.+?) (\d{4}-\d\d-\d\d)(?: (.*))?", re.S).fullmatch(text)
    if not found:
        raise ValueError(f"expected a hash, a name, a day and perhaps a reason, not {text!r}")
    return Waiver(Digest(found[1]), Stamp(found[2], _day(found[3])), found[4] or "")


# -- writing


def dump_ledger(ledger: Ledger, *, name: str) -> str:
    """The ledger as text; `name` is the file's path for the comment on its first line."""
    lines = [f"# {' '.join(name.split())} – written by kbtool"]
    lines.append("segments:" if ledger.entries else "segments: []")
    for number, entry in enumerate(ledger.entries):
        # The blank line keeps changes of neighbours apart: git then merges what two branches did to them.
        lines += [*([""] if number else []), *_lines(entry)]
    if ledger.reviews:
        lines.append("reviews:")
        lines += [f"- {scalar(f'{stamp.on.isoformat()} {stamp.by}')}" for stamp in ledger.reviews]
    return "\n".join(lines) + "\n"


def _lines(entry: Entry) -> Iterator[str]:
    yield f"- src: {scalar(entry.src)}"
    if entry.ok:
        # Between the two texts it binds: where another branch changes either, git reports a conflict instead of
        # carrying the approval over to a pair that nobody approved.
        yield f"  ok: {scalar(str(entry.ok))}"
    yield f"  tgt: {scalar(entry.tgt)}"
    yield f"  by: {scalar(entry.by)}"
    if entry.major:
        yield "  major: true"
    if entry.waived:
        reason = f" {entry.waived.reason}" if entry.waived.reason else ""
        yield f"  waived: {scalar(f'{entry.waived.src} {entry.waived.stamp}{reason}')}"
    if entry.past:
        yield "  was:"
        yield from (f"  - {scalar(f'{src} {tgt} {stamp}')}" for src, tgt, stamp in entry.past)
    if entry.proposal:
        yield from _text("proposal", entry.proposal.text)
        yield f"  for: {scalar(entry.proposal.src)}"
        yield f"  from: {scalar(entry.proposal.by)}"


def _text(key: str, text: str) -> Iterator[str]:
    """A text of one or more lines: a literal block where YAML gives it back unchanged, else quoted."""
    lines = text.split("\n")
    if len(lines) > 1 and lines[0][:1].strip() and lines[-1].strip() and all(map(_printable, lines)):
        yield f"  {key}: |-"
        yield from (f"    {line}" if line else "" for line in lines)
    else:
        yield f"  {key}: {scalar(text)}"


def scalar(text: str) -> str:
    """A text as one YAML value, plain where that is safe."""
    first = text[:1]
    plain = (
        bool(text)
        and (first.isalnum() or first in "(<¿¡«„“")
        and _printable(text)
        and ": " not in text
        and " #" not in text
        and text[-1] not in ": "
        and not _TYPED.fullmatch(text)
    )
    return text if plain else f'"{"".join(map(_escaped, text))}"'


def _printable(text: str) -> bool:
    return text.isprintable()


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char == "\n":
        return "\\n"
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

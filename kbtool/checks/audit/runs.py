"""Bytes as text in every charset they may be in, and runs of text that are bytes written in base64 or hex."""

from __future__ import annotations

import binascii
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

#: Eight bytes in base64: a ticket number.
_SHORTEST = 11
LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-")
_RUNS = bytes(code if code in LETTERS or code == 0x0A else 0x20 for code in range(256))
#: Lines of wrapped base64 are at least so long.
LINE = 30
_END = re.compile(rf"[A-Za-z0-9+/_-]{{{LINE}}}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){12,}")
_SPLIT = re.compile(r"[\s/_-]+")
_EACH = re.compile(r"[/_-]+")
_UP_TO = re.compile(r"^[^/_\n-]*[/_-]+", re.MULTILINE)
_TAILS = 4
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_UTF16 = (
    ("utf-16-le", re.compile(rb"(?:[\t\n\r\x20-\xff]\0){4,}")),
    ("utf-16-be", re.compile(rb"(?:\0[\t\n\r\x20-\xff]){4,}")),
)
_MAGIC = (
    b"\x1f\x8b", b"\x89PNG", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"%PDF", b"\xff\xd8\xff", b"GIF8",
    b"\xff\xfe", b"\xfe\xff",
)  # fmt: skip
_OPENED = (*_MAGIC, b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_ALIKE = {"+": "+-", "/": "/_"}  #: base64 is written in two ways
_STANDARD = bytes.maketrans(b"-_", b"+/")
#: how such bytes begin in base64
_FIRST = frozenset(
    "".join(letters)
    for magic in _OPENED
    for letters in product(*(_ALIKE.get(letter, letter) for letter in binascii.b2a_base64(magic)[:2].decode()))
)
_HEAD = 400  #: letters that tell whether there is any sense in decoding all
_MANY = 50  #: fruits; to look for more of them in all runs takes longer than to take the runs apart
_GAP, _GAP_DECODED = "CgoK", "\n\n\n"
#: Up to this size, bytes that are no UTF-8 are also read as UTF-16 throughout.
_SMALL = 4_000_000
_EMBEDDED = re.compile(rb"\x1f\x8b\x08|\x89PNG\r\n|\xfd7zXZ\0|BZh[1-9]1AY&SY")
_MARKS = (("utf-32", b"\xff\xfe\0\0"), ("utf-32", b"\0\0\xfe\xff"), ("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff"))


def is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def decodings(data: bytes) -> Iterator[tuple[str, str]]:
    """The texts that bytes may be, each with its charset's name ("" for UTF-8)."""
    charset = next((name for name, mark in _MARKS if data.startswith(mark)), None)
    if charset:
        yield charset, data.decode(charset, "replace")
        return
    yield "", data.decode("utf-8", "replace")
    if not is_utf8(data):
        if len(_CONTROL.findall(data[:4096])) < 4:
            yield "cp1252", data.decode("cp1252", "replace")
        if len(data) <= _SMALL:
            # Scripts beyond Latin have no zero bytes that would tell where UTF-16 begins: try both ends, both phases.
            for name in ("utf-16-le", "utf-16-be"):
                yield name, data.decode(name, "replace")
                yield name, data[1:].decode(name, "replace")
    if b"\0" in data:
        for name, pattern in _UTF16:
            yield from ((name, text) for text in _utf16_runs(data, name, pattern))


def _utf16_runs(data: bytes, name: str, pattern: re.Pattern[bytes]) -> Iterator[str]:
    """Stretches of UTF-16 among other bytes; a few letters of other scripts do not end one."""
    start = end = -1
    for match in pattern.finditer(data):
        if start >= 0 and match.start() - end <= 16 and (match.start() - start) % 2 == 0:
            end = match.end()
            continue
        if start >= 0:
            yield data[start:end].decode(name, "replace")
        start, end = match.span()
    if start >= 0:
        yield data[start:end].decode(name, "replace")


@dataclass(frozen=True, slots=True)
class Runs:
    """Stretches of a text that may be encoded."""

    letters: str  #: the text without all that is no letter of base64
    each: frozenset[str]  #: those that are long enough
    go_on: bool  #: whether there may be some that go on over several lines


Coded = tuple[str, bytes]  #: how something was encoded, and what


def runs_in(text: str) -> Runs:
    letters = text.encode("ascii", "replace").translate(_RUNS, b"\r").decode("ascii")
    each = _long_ones(letters)
    return Runs(letters, each, max(map(len, each), default=0) >= LINE and _ends_in_one(letters))


def runs_of(text: str) -> frozenset[str]:
    """Those stretches of a text that are long enough, none of which goes on over several lines."""
    return _long_ones(text.encode("ascii", "replace").translate(_RUNS).decode("ascii"))


def _long_ones(letters: str) -> frozenset[str]:
    return frozenset(run for run in letters.split() if len(run) >= _SHORTEST)


def goes_on(text: str) -> bool:
    """Whether a line of a text ends in a run so long that it may go on in the next."""
    lines = text.replace(">\n", "> ").split("\n")  # most lines of HTML end so, and not in a run
    return any(len(line) >= LINE and _END.match(line, len(line) - LINE) for line in lines)


def _ends_in_one(letters: str) -> bool:
    return any(len(line) >= LINE and " " not in line[-LINE:] for line in letters.split("\n"))


def encoded_runs(text: str, dull: set[str]) -> Iterator[Coded]:
    """Runs of base64 and hex that decode to something readable; `dull` remembers those that do not."""
    return decoded(runs_in(text), dull)


def decoded(found: Runs, dull: set[str]) -> Iterator[Coded]:
    """What becomes of runs, where that is readable."""
    runs = [run for run in found.each if run not in dull]
    if found.go_on:
        runs += [run for run in _wrapped(found.letters) if run not in dull]
    for run in _promising(runs, dull):
        fruitless = True
        for part in (run,) if run.isalnum() else _parts(run):
            if len(part) < _SHORTEST or part in dull:
                continue
            barren = True
            for coding, data in _decoded(part):
                fruitless = barren = False
                yield coding, data
            if barren and part.isalnum():  # by itself it would have no other parts
                _note(part, dull)
        if fruitless:
            _note(run, dull)


def _promising(runs: list[str], dull: set[str]) -> list[str]:
    """The runs that something may come out of, few if any; to look at all parts at once is the soonest way to know."""
    parts = _parts_of_all(runs) - dull
    fruits = {part for part in _hopeful(list(parts)) for _ in _decoded(part)}
    found = runs if len(fruits) > _MANY else [run for run in runs if any(part in run for part in fruits)]
    for run in set(runs).difference(found):
        _note(run, dull)
    for part in filter(str.isalnum, parts - fruits):  # by itself it would have no other parts
        _note(part, dull)
    return found


def _parts_of_all(runs: list[str]) -> set[str]:
    """The `_parts` of all runs that are long enough."""
    tails = lines = "\n".join(runs)
    found = lines.split("\n") + _EACH.sub("\n", lines).split("\n")
    for _ in range(_TAILS):
        tails = _UP_TO.sub("", tails)
        found += tails.split("\n")
    return {part for part in found if len(part) >= _SHORTEST}


def _hopeful(parts: list[str]) -> list[str]:
    """Those that may become something readable, decoded in one go."""
    heads = [part[: min(len(part), _HEAD) & ~3] for part in parts]
    data = binascii.a2b_base64(_GAP.join(heads).encode().translate(_STANDARD))
    texts = data.decode("utf-8", "replace").split(_GAP_DECODED)
    if len(texts) != len(parts) or "\ufffd".encode() in data:  # one of them reads like what stands between them
        return parts
    return [
        part
        for part, text in zip(parts, texts, strict=True)
        # The last letter may be cut off.
        if "\ufffd" not in text[:-1] or "\0" in text or part[:2] in _FIRST or (len(part) >= 24 and _HEX.fullmatch(part))
    ]


def _parts(run: str) -> dict[str, None]:
    """A run, and what may be encoded in it: what stands before that may be of the same letters, `example.org/H4sI…`"""
    tails = [run[match.end() :] for match, _ in zip(_SPLIT.finditer(run), range(_TAILS), strict=False)]
    return dict.fromkeys([run, *tails, *_SPLIT.split(run)] if tails else [run])


def _note(run: str, dull: set[str]) -> None:
    if len(run) < 400 and len(dull) < 200_000:
        dull.add(run)


def _wrapped(letters: str) -> Iterator[str]:
    """Runs that go on over several lines, joined."""
    block: list[str] = []
    for line in letters.split("\n"):
        bare = line.strip(" ")
        last = bare.rpartition(" ")[2]
        if last == bare and len(bare) >= 4:
            block.append(bare)
            continue
        if len(block) > 1 and len(block[0]) >= LINE:
            yield "".join(block)
        block = [last] if len(last) >= LINE else []
    if len(block) > 1 and len(block[0]) >= LINE:
        yield "".join(block)


def _decoded(run: str) -> Iterator[Coded]:
    if (data := _from_base64(run)) is not None:
        yield "base64", data
    if len(run) >= 24 and _HEX.fullmatch(run) and _is_readable(plain := bytes.fromhex(run)):
        yield "hex", plain


def _from_base64(run: str) -> bytes | None:
    clean = run if run.isalnum() else run.replace("-", "+").replace("_", "/")
    clean = clean[: len(clean) - 1] if len(clean) % 4 == 1 else clean
    try:
        data = binascii.a2b_base64(clean + "=" * (-len(clean) % 4))
    except binascii.Error:
        return None
    return data if _is_readable(data) else None


def _is_readable(data: bytes) -> bool:
    """Whether bytes look like text or like a file that can be opened."""
    if data.startswith(_OPENED):
        return True
    head = data[:400]
    if b"\0" in head and head.count(b"\0") >= 0.35 * len(head):
        return True
    # Most are no text; to find out so is cheaper than to have the decoder raise an error.
    is_text = "\ufffd" not in head.decode("utf-8", "replace") or _is_text(head)
    return is_text and not _CONTROL.search(head)


def _is_text(head: bytes) -> bool:
    """Whether bytes are UTF-8, but for a character that is cut off at the end of four hundred."""
    if len(head) < 400 and b"\xef\xbf\xbd" not in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and len(head) == 400
    return True


def embedded(data: bytes) -> Iterator[bytes]:
    """Packed files and images that begin somewhere inside other bytes."""
    for number, match in enumerate(_EMBEDDED.finditer(data, 1)):
        if number >= 64:
            return
        yield data[match.start() :]


def is_noise(data: bytes) -> bool:
    """Whether bytes are so evenly spread that they must be packed or encrypted."""
    sample = data[:65_536]
    if len(sample) < 1024:
        return False
    counts = Counter(sample).values()
    bits = -sum(n / len(sample) * math.log2(n / len(sample)) for n in counts)
    return bits > (7.9 if len(sample) > 16_000 else 7.6)

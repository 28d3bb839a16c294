"""Bytes as text in every charset they may be in, and runs of text that are bytes written in base64 or hex."""

from __future__ import annotations

import binascii
import math
import re
from collections import Counter
from collections.abc import Iterator

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}(?:[ \t]*\r?\n[ \t]*[A-Za-z0-9+/_-]{4,})*")
_HEX = re.compile(r"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{2}){12,}(?![0-9a-fA-F])")
_SPLIT = re.compile(r"[\s/_-]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_UTF16 = (
    ("utf-16-le", re.compile(rb"(?:[\t\n\r\x20-\xff]\0){4,}")),
    ("utf-16-be", re.compile(rb"(?:\0[\t\n\r\x20-\xff]){4,}")),
)
_MAGIC = (
    b"\x1f\x8b", b"\x89PNG", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"%PDF", b"\xff\xd8\xff", b"GIF8",
    b"\xff\xfe", b"\xfe\xff",
)  # fmt: skip
_MARKS = (("utf-32", b"\xff\xfe\0\0"), ("utf-32", b"\0\0\xfe\xff"), ("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff"))


def decodings(data: bytes) -> Iterator[tuple[str, str]]:
    """The texts that bytes may be, each with its charset's name ("" for UTF-8)."""
    charset = next((name for name, mark in _MARKS if data.startswith(mark)), None)
    if charset:
        yield charset, data.decode(charset, "replace")
        return
    try:
        yield "", data.decode("utf-8")
    except UnicodeDecodeError:
        yield "", data.decode("utf-8", "replace")
        if len(_CONTROL.findall(data[:4096])) < 4:
            yield "cp1252", data.decode("cp1252", "replace")
        else:
            yield from _whole_utf16(data)
    if b"\0" in data:
        for name, pattern in _UTF16:
            yield from ((name, text) for text in _utf16_runs(data, name, pattern))


def _whole_utf16(data: bytes) -> Iterator[tuple[str, str]]:
    """All of it as UTF-16 without a mark, if that makes it look like words."""
    for name in ("utf-16-le", "utf-16-be"):
        sample = data[:2000].decode(name, "replace")
        if sum(c.isalpha() or c.isspace() for c in sample) > 0.85 * len(sample):
            yield name, data.decode(name, "replace")


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


def encoded_runs(text: str, dull: set[str]) -> Iterator[tuple[str, bytes]]:
    """Runs of base64 and hex that decode to something readable; `dull` remembers those that do not."""
    for match in _BASE64.finditer(text):
        run = match[0]
        if run in dull:
            continue
        fruitless = True
        for part in dict.fromkeys([run, *_SPLIT.split(run)]):
            if len(part) >= 16 and (data := _from_base64(part)) is not None:
                fruitless = False
                yield "base64", data
        if fruitless and len(run) < 400 and len(dull) < 200_000:
            dull.add(run)
    for match in _HEX.finditer(text):
        data = bytes.fromhex(match[0])
        if _is_readable(data):
            yield "hex", data


def _from_base64(run: str) -> bytes | None:
    clean = "".join(run.split()) if not run.isalnum() else run
    clean = clean.replace("-", "+").replace("_", "/")
    clean = clean[: len(clean) - 1] if len(clean) % 4 == 1 else clean
    try:
        data = binascii.a2b_base64(clean + "=" * (-len(clean) % 4))
    except binascii.Error:
        return None
    return data if _is_readable(data) else None


def _is_readable(data: bytes) -> bool:
    """Whether bytes look like text or like a file that can be opened."""
    if data.startswith(_MAGIC) or data[:2] in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"):
        return True
    if b"\0" in data and (data.count(b"\0", 0, 400) >= 0.35 * min(len(data), 400)):
        return True
    if _CONTROL.search(data[:400]):
        return False
    head = data[:400]
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and len(head) == 400
    return True


def is_noise(data: bytes) -> bool:
    """Whether bytes are so evenly spread that they must be packed or encrypted."""
    sample = data[:65_536]
    if len(sample) < 1024:
        return False
    counts = Counter(sample).values()
    bits = -sum(n / len(sample) * math.log2(n / len(sample)) for n in counts)
    return bits > (7.9 if len(sample) > 16_000 else 7.6)

"""Files made to keep a scanner busy or blind: it ends, and says what it could not read."""

from __future__ import annotations

import base64
import gzip
import io
import os
import zipfile
import zlib

import pytest

from kbtool.checks.audit.layers import PARTS
from tests.audit.conftest import Built

SECRET = b"night.desk@corp.example"


def nested(times: int) -> bytes:
    data = SECRET
    for _ in range(times):
        data = gzip.compress(data)
    return data


def zipped(*members: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return packed.getvalue()


def encrypted_zip() -> bytes:
    data = bytearray(zipped(("a.txt", b"x" * 100)))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + at] |= 1
    return bytes(data)


UNREADABLE = {
    "gzip bomb": lambda: gzip.compress(b"\0" * 5_000_000),
    "an archive of bombs": lambda: zipped(*[(f"{n}.txt", b"\0" * 5_000_000) for n in range(4)]),
    "too many members": lambda: zipped(*[(f"{n}.txt", b"") for n in range(PARTS + 1)]),
    "packed twenty times over": lambda: nested(20),
    "encrypted archive": encrypted_zip,
    "half a gzip file": lambda: gzip.compress(os.urandom(5000))[:-2000] + b"\0",
    "7z": lambda: b"7z\xbc\xaf\x27\x1c" + os.urandom(2000),
    "random bytes": lambda: os.urandom(40_000),
    "percent signs nine times over": lambda: b"%" + b"25" * 12 + b"41",
}
HARD = {
    "many tags that never end": lambda: b"<" * 300_000,
    "many ampersands": lambda: b"&" * 300_000 + b"&#" + b"9" * 5000 + b";",
    "many backslashes": lambda: b"\\" * 300_000,
    "many brackets": lambda: b"[" * 300_000 + b"(" * 300_000,
    "one long word": lambda: b"a" * 1_000_000,
    "base64 without sense": lambda: base64.b64encode(os.urandom(300_000)),
    "a broken picture": lambda: b"\x89PNG\r\n\x1a\n" + b"\xff" * 1000,
    "a broken PDF": lambda: b"%PDF-1.7\n" + b"stream\n" * 2000 + b"(" * 5000,
    "a broken zip": lambda: zipped(("a.txt", b"x"))[:-5] + b"PK\x05\x06" + b"\0" * 18,
    "lone surrogates": lambda: b'"\\ud800\\ud800" \xed\xa0\x80',
    "nothing": lambda: b"",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_a_finding(built: Built, name: str) -> None:
    kinds = [leak.kind for leak in built.scanner.scan("assets/x.bin", UNREADABLE[name]())]
    assert "unread" in kinds


@pytest.mark.parametrize("name", HARD)
def test_hard_to_read_is_read_all_the_same(built: Built, name: str) -> None:
    leaks = built.scanner.scan("assets/x.bin", HARD[name]() + b"\n" + SECRET)
    assert name == "nothing" or any(leak.kind == "canary" for leak in leaks)


@pytest.mark.parametrize("times", [1, 4, 7])
def test_layers_within_reason_are_opened(built: Built, times: int) -> None:
    assert [leak.kind for leak in built.scanner.scan("x.gz", nested(times))] == ["canary"]


def test_what_follows_a_picture_or_an_archive(built: Built) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0IEND\xaeB`\x82"
    for data in (
        picture + SECRET,
        gzip.compress(b"x") + SECRET,
        zipped(("a.txt", b"x")) + SECRET,
        zlib.compress(SECRET),
    ):
        assert "canary" in [leak.kind for leak in built.scanner.scan("assets/x.png", data)]


def test_utf16_in_any_order(built: Built) -> None:
    text = SECRET.decode()
    for charset in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"):
        assert "canary" in [leak.kind for leak in built.scanner.scan("a.txt", text.encode(charset))]

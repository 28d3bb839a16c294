"""Every text in a file: archives unpacked, images and PDFs opened, base64 and the like decoded, layer by layer."""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from kbtool.checks.audit.media import (
    JPEG,
    PNG,
    TooLarge,
    gif_comments,
    inflate,
    pdf_glyphs,
    pdf_packed,
    pdf_streams,
    pdf_texts,
    png_texts,
)
from kbtool.checks.audit.runs import decodings, embedded, encoded_runs, is_noise, is_utf8
from kbtool.checks.audit.words import disguises, peel

DEPTH = 8
LIMIT = 32_000_000  #: bytes that one layer may unpack to
TOTAL = 128_000_000  #: bytes that one file may unpack to, all layers together
PARTS = 4_000

_SEALED = {b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "RAR", b"\x28\xb5\x2f\xfd": "Zstandard", b"wOF2": "WOFF2"}
#: Formats without packing of their own: their texts can be read as they stand.
_RAW = (
    JPEG, b"GIF8", b"RIFF", b"BM", b"\0\0\1\0", b"II*\0", b"MM\0*", b"ID3", b"OggS", b"wOFF", b"\0\1\0\0", b"OTTO",
    b"\0asm", b"\xff\xfb", b"fLaC", b"\x1aE\xdf\xa3",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """A text found in a file: the layers it lay under, and the text, peeled."""

    trail: tuple[str, ...]
    text: str
    raw: str = ""  #: as it stands in the file, where that is the outermost layer


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes found in a file, as a whole."""

    trail: tuple[str, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Unread:
    """A layer that could not be read; what it holds nobody knows."""

    trail: tuple[str, ...]
    why: str


Found = Text | Blob | Unread
_BROKEN = (
    OSError, EOFError, ValueError, RuntimeError, NotImplementedError, KeyError,
    zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError,
)  # fmt: skip


def text_alone(data: bytes) -> str | None:
    """The text that bytes are, if they are one text and nothing besides: no container, in no other charset."""
    if not data or data.startswith(_CONTAINERS) or b"\0" in data or data[257:262] == b"ustar":
        return None
    if b"PK\x05\x06" in data[-70_000:]:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def unpacked(data: bytes) -> bytes | None:
    """What is in a gzip file, if it can be opened."""
    if not data.startswith(b"\x1f\x8b"):
        return None
    try:
        return _gunzip(data)
    except (TooLarge, zlib.error):
        return None


@dataclass(slots=True)
class Opener:
    """Opens one file; counts what it unpacked, so that a small file cannot keep us for ever."""

    dull: set[str] = field(default_factory=set)  #: runs that looked encoded and were not; shared between files
    total: int = 0
    parts: int = 0

    def open(self, data: bytes, trail: tuple[str, ...] = ()) -> Iterator[Found]:
        """All blobs, texts and closed doors in `data`, the outermost first."""
        self.parts += 1
        self.total += len(data) if trail else 0
        if len(trail) > DEPTH or self.parts > PARTS or self.total > TOTAL:
            yield Unread(trail, "it is packed too deep or unpacks to too much")
            return
        yield Blob(trail, data)
        if not data:
            return
        try:
            whole = yield from self._unpacked(data, trail)
        except TooLarge:
            yield Unread(trail, f"it unpacks to more than {LIMIT // 1_000_000} MB")
            whole = False
        except _BROKEN as error:
            yield Unread(trail, f"it cannot be unpacked: {error}"[:120])
            whole = False
        if not whole:
            yield from self._read(data, trail)

    def _unpacked(self, data: bytes, trail: tuple[str, ...]) -> Generator[Found, None, bool]:
        """The contents of a container; gives True if there is nothing else in it to read."""
        for magic, name, unpack in _PACKED:
            if data.startswith(magic):
                yield from self.open(unpack(data), (*trail, name))
                return True
        if data[:2] in _ZLIB:
            try:
                plain = inflate(data, LIMIT)
            except zlib.error:
                return False
            yield from self.open(plain, (*trail, "zlib"))
            return True
        if data.startswith(PNG):
            for name, body in png_texts(data, LIMIT):
                yield from self.open(body, (*trail, name))
            return True
        if data[257:262] == b"ustar":
            yield from self._tar(data, trail)
        elif data.startswith(b"%PDF"):
            yield from self._pdf(data, trail)
        elif data.startswith(b"GIF8"):
            yield from self.open(gif_comments(data), (*trail, "gif comments"))
        elif b"PK\x05\x06" in data[-70_000:] and zipfile.is_zipfile(io.BytesIO(data)):
            yield from self._zip(data, trail)
        return False

    def _zip(self, data: bytes, trail: tuple[str, ...]) -> Iterator[Found]:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                inner = (*trail, f"zip:{_short(member.filename)}")
                yield from self.open_text(member.filename, inner)
                if member.flag_bits & 1 or member.file_size > min(LIMIT, 1_000_000 + 300 * member.compress_size):
                    yield Unread(inner, "it is encrypted or too large")
                elif not member.is_dir():
                    yield from self.open(archive.read(member), inner)

    def _tar(self, data: bytes, trail: tuple[str, ...]) -> Iterator[Found]:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for member in archive:
                inner = (*trail, f"tar:{_short(member.name)}")
                yield from self.open_text(member.name, inner)
                if member.isfile() and (body := archive.extractfile(member)):
                    yield from self.open(body.read(LIMIT), inner)

    def _pdf(self, data: bytes, trail: tuple[str, ...]) -> Iterator[Found]:
        streams = list(pdf_streams(data, LIMIT))
        glyphs = pdf_glyphs([body for _, body in streams])
        for name, body in [*streams, ("pdf", data)]:
            if name.endswith("!"):
                yield Unread((*trail, name), "a stream cannot be unpacked")
                continue
            for text in pdf_texts(body, glyphs):
                yield from self.open_text(text, (*trail, name))
            for packed in pdf_packed(body):
                yield from self.open(packed, (*trail, name, "string"))
            if name != "pdf":
                yield from self.open(body, (*trail, name))

    def _read(self, data: bytes, trail: tuple[str, ...]) -> Iterator[Found]:
        if not is_utf8(data):
            yield from self._closed(data, trail)
            for part in embedded(data):
                yield from self._embedded(part, trail)
        for name, text in decodings(data):
            yield from self.open_text(text, (*trail, name) if name else trail)

    def _closed(self, data: bytes, trail: tuple[str, ...]) -> Iterator[Found]:
        sealed = next((name for magic, name in _SEALED.items() if data.startswith(magic)), None)
        if sealed:
            yield Unread(trail, f"{sealed} cannot be opened")
        elif not data.startswith(_RAW) and data[4:8] != b"ftyp" and is_noise(data):
            yield Unread(trail, "its format is unknown, and it is packed or encrypted")

    def _embedded(self, data: bytes, trail: tuple[str, ...]) -> Iterator[Found]:
        for magic, name, unpack in _PACKED:
            if data.startswith(magic):
                try:
                    yield from self.open(unpack(data), (*trail, f"embedded {name}"))
                except _BROKEN:
                    return  # a few bytes that only look like the start of one
                return
        yield from self.open(data, (*trail, "embedded"))

    def open_text(self, text: str, trail: tuple[str, ...] = ()) -> Iterator[Found]:
        """The readings of a text, peeled, and what is encoded in it."""
        readings = [("", text), *disguises(text)]
        for name, reading in readings:
            inner = (*trail, name) if name else trail
            peeled, bare = peel(reading)
            if not bare:
                yield Unread(inner, "it is encoded too many times over")
            yield Text(inner, peeled, text if not inner else "")
            for coding, data in encoded_runs(peeled, self.dull):
                yield from self.open(data, (*inner, coding))


def _short(name: str) -> str:
    return name if len(name) <= 60 else name[:57] + "…"


def _bunzip(data: bytes) -> bytes:
    return _capped(bz2.BZ2Decompressor(), data)


def _unxz(data: bytes) -> bytes:
    return _capped(lzma.LZMADecompressor(), data)


def _capped(reader: bz2.BZ2Decompressor | lzma.LZMADecompressor, data: bytes) -> bytes:
    plain = reader.decompress(data, LIMIT)
    if not reader.eof and len(plain) >= LIMIT:
        raise TooLarge
    return plain + reader.unused_data


def _gunzip(data: bytes) -> bytes:
    return inflate(data, LIMIT)


_PACKED = (
    (b"\x1f\x8b", "gzip", _gunzip),
    (b"BZh", "bzip2", _bunzip),
    (b"\xfd7zXZ\0", "xz", _unxz),
)
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
#: whatever begins so is opened, even where it is text as well
_CONTAINERS = (*(magic for magic, _, _ in _PACKED), *_ZLIB, PNG, b"%PDF", b"GIF8")

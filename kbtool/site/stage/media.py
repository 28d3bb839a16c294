"""Images without what their makers' programs left in them: comments, camera data, places, thumbnails."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_NOTES = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"dSIG"}
_WEBP_NOTES = {b"EXIF", b"XMP "}
#: JFIF, colour profile, Adobe's colour transform: what a decoder needs
_JPEG_KEPT = {0xE0, 0xE2, 0xEE}
_SVG_NOTES = re.compile(
    rb"<!--.*?-->|<metadata\b.*?</metadata\s*>|<sodipodi:namedview\b.*?(?:/>|</sodipodi:namedview\s*>)"
    rb"|\s(?:inkscape|sodipodi):[\w-]+=(?:\"[^\"]*\"|'[^']*')",
    re.S,
)


def without_metadata(name: str, data: bytes) -> bytes:
    """The same picture with its metadata cut out; other files, and pictures that cannot be read, as they are."""
    try:
        if data.startswith(_PNG):
            return _PNG + b"".join(chunk for kind, chunk in _png_chunks(data) if kind not in _PNG_NOTES)
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return _webp(data)
    except (struct.error, IndexError):
        return data
    if name.lower().endswith(".svg"):
        return _SVG_NOTES.sub(b"", data)
    return data


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at + 12 <= len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        kind = data[at + 4 : at + 8]
        yield kind, data[at : at + 12 + size]
        at += 12 + size
        if kind == b"IEND":
            return


def _jpeg(data: bytes) -> bytes:
    out = [data[:2]]
    at = 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        marker = data[at + 1]
        (size,) = struct.unpack(">H", data[at + 2 : at + 4])
        segment = data[at : at + 2 + size]
        if marker == 0xE1 and (turned := _orientation(segment[4:])):
            out.append(_orientation_only(turned))
        elif marker != 0xFE and (not 0xE0 <= marker <= 0xEF or marker in _JPEG_KEPT):
            out.append(segment)
        at += 2 + size
    end = data.rfind(b"\xff\xd9")
    out.append(data[at : end + 2] if end > at else data[at:])
    return b"".join(out)


def _orientation(exif: bytes) -> int:
    """How a camera was held (2–8), 0 where it does not matter: without it pictures would lie on their side."""
    if not exif.startswith(b"Exif\0\0"):
        return 0
    body = exif[6:]
    order = "<" if body[:2] == b"II" else ">"
    (first,) = struct.unpack(f"{order}I", body[4:8])
    (count,) = struct.unpack(f"{order}H", body[first : first + 2])
    for number in range(count):
        at = first + 2 + 12 * number
        entry, _, _, value = struct.unpack(f"{order}HHIH", body[at : at + 10])
        if entry == 0x0112:
            return int(value) if 2 <= value <= 8 else 0
    return 0


def _orientation_only(value: int) -> bytes:
    body = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, value, 0, 0)
    payload = b"Exif\0\0" + body
    return b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload


def _webp(data: bytes) -> bytes:
    out: list[bytes] = []
    at = 12
    while at + 8 <= len(data):
        kind = data[at : at + 4]
        (size,) = struct.unpack("<I", data[at + 4 : at + 8])
        padded = size + size % 2
        chunk = data[at : at + 8 + padded]
        if kind == b"VP8X":
            # the flags that announce EXIF (8) and XMP (4) go with them
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]
        if kind not in _WEBP_NOTES:
            out.append(chunk)
        at += 8 + padded
    body = b"WEBP" + b"".join(out)
    return b"RIFF" + struct.pack("<I", len(body)) + body

"""Texts that images and PDFs carry, and what stays the same of an image when its metadata is taken away."""

from __future__ import annotations

import base64
import hashlib
import re
import struct
import zlib
from collections.abc import Iterator

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_PDF_TOKEN = re.compile(rb"\\.|[()]|<([0-9A-Fa-f\s]+)>|(T[dDm*]|'|\"|ET)(?=[\s\]])|(-\d{3,})", re.DOTALL)
_PDF_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|.))", re.S)
_BFCHAR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>(?!\s*<)")
_BFRANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


class TooLarge(Exception):
    """Unpacked it is larger than we read."""


def inflate(data: bytes, limit: int, wbits: int = 47) -> bytes:
    """What zlib or gzip packed; all members of a gzip file.

    Raises TooLarge beyond `limit` bytes, or where so much comes out of so little that it can only be a trap, and
    zlib.error where it is not packed so.
    """
    limit = min(limit, 1_000_000 + 300 * len(data))
    out = b""
    while data:
        reader = zlib.decompressobj(wbits)
        try:
            plain = reader.decompress(data, max(limit - len(out), 1))
            if not reader.eof and not reader.unconsumed_tail:
                raise zlib.error("it is cut off")
        except zlib.error:
            if out:  # something else follows the last member
                return out + data
            raise
        out += plain
        if reader.unconsumed_tail or len(out) > limit:
            raise TooLarge
        data = reader.unused_data
    return out


def png_texts(data: bytes, limit: int) -> Iterator[tuple[str, bytes]]:
    """The chunks of a PNG that are not pixels, unpacked, and what follows its end."""
    at = 8
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        at += 12 + length
        name = kind.decode("latin-1")
        if kind in (b"zTXt", b"iCCP"):
            key, _, packed = body.partition(b"\0")
            yield f"png {name}", key + b"\n" + _inflated(packed[1:], limit)
        elif kind == b"iTXt":
            key, _, rest = body.partition(b"\0")
            packed_flag, rest = rest[:1], rest[2:]
            head, text = b"\n".join(rest.split(b"\0")[:2]), b"\0".join(rest.split(b"\0")[2:])
            yield f"png {name}", key + b"\n" + head + b"\n" + (_inflated(text, limit) if packed_flag == b"\1" else text)
        elif kind not in (b"IDAT", b"IHDR", b"PLTE", b"fdAT"):
            yield f"png {name}", body
        if kind == b"IEND":
            break
    if data[at:]:
        yield "png end", data[at:]


def _inflated(data: bytes, limit: int) -> bytes:
    try:
        return inflate(data, limit)
    except zlib.error:
        return data


def gif_comments(data: bytes) -> bytes:
    """The comment and application blocks of a GIF, joined: their texts are cut every 255 bytes."""
    found = []
    for match in re.finditer(rb"\x21[\xfe\xff\x01]", data):
        at, text = match.end(), b""
        while at < len(data) and data[at]:
            text += data[at + 1 : at + 1 + data[at]]
            at += 1 + data[at]
        found.append(text)
    return b"\n".join(found)


def pdf_streams(data: bytes, limit: int) -> Iterator[tuple[str, bytes]]:
    """The streams of a PDF, unpacked where they are deflated; images left out."""
    at = number = 0
    while match := _STREAM.search(data, at):
        number += 1
        end = data.find(b"endstream", match.end())
        at = end if end >= 0 else len(data)
        body = data[match.end() : at]
        head = data[max(0, match.start() - 400) : match.start()].rpartition(b"obj")[2]
        if b"/DCTDecode" in head or b"/JPXDecode" in head:
            continue
        if b"/ASCIIHexDecode" in head:
            digits = re.sub(rb"[^0-9A-Fa-f]", b"", body)
            body = bytes.fromhex(digits[: len(digits) // 2 * 2].decode())
        if b"/ASCII85Decode" in head:
            body = _ascii85(body)
        try:
            body = inflate(body, limit)
        except zlib.error:
            if b"/FlateDecode" in head:
                yield f"pdf stream {number} !", b""
                continue
        if b"/Image" not in head:
            yield f"pdf stream {number}", body


def _ascii85(body: bytes) -> bytes:
    try:
        return base64.a85decode(body.strip().removesuffix(b"~>").removeprefix(b"<~"))
    except ValueError:
        return body


def pdf_texts(content: bytes, glyphs: dict[int, str]) -> tuple[str, str]:
    """The strings of a PDF content stream, joined (text is often cut for kerning) and with gaps between."""
    tight: list[str] = []
    wide: list[str] = []
    for raw in _pdf_strings(content):
        text = " " if raw is None else _pdf_string(raw, glyphs)
        tight.append(text)
        wide.append(text)
    return "".join(tight), " ".join(wide)


def _pdf_strings(content: bytes) -> Iterator[bytes | None]:
    """The strings in a content stream, and None where the pen moves."""
    depth = start = 0
    for match in _PDF_TOKEN.finditer(content):
        token = match[0]
        if token == b"(":
            start = match.end() if not depth else start
            depth += 1
        elif token == b")" and depth:
            depth -= 1
            if not depth:
                yield _literal(content[start : match.start()])
        elif not depth and match[1] is not None:
            yield bytes.fromhex(_even(match[1]))
        elif not depth and (match[2] or match[3]):
            yield None


def pdf_packed(content: bytes) -> Iterator[bytes]:
    """Strings of a content stream that are themselves packed."""
    return (raw for raw in _pdf_strings(content) if raw is not None and raw.startswith(b"\x1f\x8b"))


def _even(digits: bytes) -> str:
    clean = b"".join(digits.split()).decode("ascii")
    return clean if len(clean) % 2 == 0 else clean + "0"


def _literal(body: bytes) -> bytes:
    def plain(match: re.Match[bytes]) -> bytes:
        if match[1]:
            return bytes([int(match[1], 8) & 255])
        return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"", b"f": b""}.get(match[2], match[2].strip(b"\r\n"))

    return _PDF_ESCAPE.sub(plain, body)


def _pdf_string(raw: bytes, glyphs: dict[int, str]) -> str:
    if raw[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return raw.decode("utf-16", "replace")
    codes = [int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw) - 1, 2)]
    if glyphs and codes and all(code in glyphs for code in codes):
        return "".join(glyphs[code] for code in codes)
    return raw.decode("cp1252", "replace")


def pdf_glyphs(streams: list[bytes]) -> dict[int, str]:
    """What two-byte glyph numbers mean, by the ToUnicode maps of all fonts together."""
    glyphs: dict[int, str] = {}
    for body in streams:
        if b"begincmap" not in body:
            continue
        for low, high, start in _BFRANGE.findall(body):
            first, last, code = int(low, 16), int(high, 16), int(start[-8:], 16)
            for number in range(first, min(last, first + 0xFFFF) + 1):
                if code + number - first < 0x110000:
                    glyphs[number] = chr(code + number - first)
        for code_hex, text in _BFCHAR.findall(body):
            glyphs.setdefault(int(code_hex, 16), bytes.fromhex(_even(text)).decode("utf-16-be", "replace"))
    return glyphs


def essence(data: bytes) -> bytes:
    """The pixels of a PNG or JPEG, the whole of anything else, as a hash."""
    body = data
    if data.startswith(PNG):
        body = b"".join(_pixel_chunks(data)) or data
    elif data.startswith(JPEG) and (start := data.find(b"\xff\xda")) > 0:
        end = data.rfind(b"\xff\xd9")
        body = data[start : end if end > start else None]
    return hashlib.blake2b(body, digest_size=16).digest()


def _pixel_chunks(data: bytes) -> Iterator[bytes]:
    at = 8
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind in (b"IDAT", b"fdAT"):
            yield data[at + 8 : at + 8 + length]
        at += 12 + length


_PRINTABLE = re.compile(rb"[\x20-\x7e\xa0-\xff]{6,}")
_SVG_HIDDEN = re.compile(r"<!--(.*?)-->|<metadata\b[^>]*>(.*?)</metadata>", re.S | re.I)


def hidden_texts(data: bytes) -> Iterator[str]:
    """What an image says that nobody sees: author, place, comments."""
    if data.startswith(PNG):
        for name, body in png_texts(data, 4_000_000):
            if name in ("png tEXt", "png zTXt", "png iTXt", "png eXIf", "png end"):
                yield from (run.decode("utf-8", "replace") for run in _PRINTABLE.findall(body))
    elif data.startswith(JPEG):
        for body in _jpeg_segments(data):
            yield from (run.decode("utf-8", "replace") for run in _PRINTABLE.findall(body))
    elif b"<svg" in data[:1000]:
        for comment, metadata in _SVG_HIDDEN.findall(data.decode("utf-8", "replace")):
            yield re.sub(r"<[^<>]*>", " ", comment or metadata)


def _jpeg_segments(data: bytes) -> Iterator[bytes]:
    """The application and comment segments of a JPEG, without colour profiles and the JFIF head."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        if data[at + 1] in (0xE1, 0xED, 0xFE) and not body.startswith(b"ICC_PROFILE"):
            yield body
        at += 2 + max(length, 2)

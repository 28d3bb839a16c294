"""Plants internal text in a built site: 28 channels, 20 encodings. Shared with benchmarks/leaks.py.

A channel takes the site's files and an encoded text and gives the one file it changes or adds; an encoding takes the
plain text and gives what would stand in the file, as text or as bytes.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import quopri
import re
import struct
import unicodedata
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Mapping

Site = Mapping[str, bytes]
Planted = tuple[str, bytes]


def _named(text: str) -> str:
    names = {"@": "&commat;", ".": "&period;", " ": "&nbsp;", ",": "&comma;", "+": "&plus;", "_": "&lowbar;"}
    return "".join(names.get(c, c) for c in text)


def _split_over_tags(text: str) -> str:
    return re.sub(r"(\w{2})(\w+)", r"\1<b>\2</b>", text)


def _every_word_marked(text: str) -> str:
    return " ".join(f'<span class="w">{word}</span>' for word in text.split())


ENCODINGS: dict[str, Callable[[str], str | bytes]] = {
    "plain": lambda t: t,
    "html entities, named": _named,
    "html entities, decimal": lambda t: "".join(f"&#{ord(c)};" for c in t),
    "html entities, hex": lambda t: "".join(f"&#x{ord(c):x};" for c in t),
    "js unicode": lambda t: "".join(f"\\u{ord(c):04x}" for c in t),
    "js hex": lambda t: "".join(f"\\x{ord(c):02x}" if c < "\xff" else f"\\u{ord(c):04x}" for c in t),
    "json": lambda t: json.dumps(f'<p>"{t}"</p>')[1:-1].replace("/", "\\/"),
    "percent": lambda t: "".join(f"%{b:02X}" for b in t.encode()),
    "percent twice": lambda t: urllib.parse.quote(urllib.parse.quote(t, safe=""), safe=""),
    "base64": lambda t: base64.b64encode(t.encode()).decode(),
    "base64url": lambda t: base64.urlsafe_b64encode(t.encode()).decode().rstrip("="),
    "base64, wrapped": lambda t: base64.encodebytes(t.encode() + b" " + t.encode()).decode(),
    "gzip": lambda t: gzip.compress(t.encode()),
    "gzip, base64": lambda t: base64.b64encode(gzip.compress(t.encode())).decode(),
    "utf-16-le": lambda t: t.encode("utf-16-le"),
    "utf-16-be": lambda t: t.encode("utf-16-be"),
    "nfd": lambda t: unicodedata.normalize("NFD", t),
    "upper case": lambda t: t.upper(),
    "soft hyphens": lambda t: re.sub(r"(\w\w)(?=\w)", "\\1\u00ad", t).replace(" ", " \u200b"),
    "split over tags": _split_over_tags,
    "every word marked": _every_word_marked,
    "quoted-printable": lambda t: quopri.encodestring(t.encode()).decode(),
}


def _bytes(leak: str | bytes) -> bytes:
    return leak if isinstance(leak, bytes) else leak.encode("utf-8")


def _into(name: str, before: str, after: str = "", *, at: str) -> Callable[[Site, str | bytes], Planted]:
    """Put it into an existing file, before `at`."""

    def plant(site: Site, leak: str | bytes) -> Planted:
        assert at.encode() in site[name], f"{name} has no {at}"
        return name, site[name].replace(at.encode(), before.encode() + _bytes(leak) + after.encode() + at.encode(), 1)

    return plant


def _file(name: str, before: str = "", after: str = "") -> Callable[[Site, str | bytes], Planted]:
    """Put it into a file of its own."""
    return lambda site, leak: (name, before.encode() + _bytes(leak) + after.encode())


def _png(site: Site, leak: str | bytes) -> Planted:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    pixels = chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    text = chunk(b"tEXt", b"Comment\0" + _bytes(leak))
    return "assets/pixel.png", b"\x89PNG\r\n\x1a\n" + head + text + pixels + chunk(b"IEND", b"")


def _png_packed(site: Site, leak: str | bytes) -> Planted:
    name, data = _png(site, b"")
    body = b"Comment\0\0" + zlib.compress(_bytes(leak))
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    return name, data[:33] + chunk + data[33:]


def _jpeg(site: Site, leak: str | bytes) -> Planted:
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x0e\0\x02" + struct.pack(">II", len(_bytes(leak)), 26) + b"\0\0\0\0"
    body = exif + _bytes(leak)
    return "assets/photo.jpg", b"\xff\xd8\xff\xe1" + struct.pack(">H", len(body) + 2) + body + b"\xff\xda\0\2\xff\xd9"


def _pdf(site: Site, leak: str | bytes) -> Planted:
    text = _bytes(leak).replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    stream = zlib.compress(b"BT /F1 12 Tf 72 720 Td (" + text + b") Tj ET")
    head = b"%PDF-1.4\n1 0 obj\n<< /Length " + str(len(stream)).encode() + b" /Filter /FlateDecode >>\nstream\n"
    return "assets/manual.pdf", head + stream + b"\nendstream\nendobj\ntrailer\n<< >>\n%%EOF\n"


def _zip(site: Site, leak: str | bytes) -> Planted:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("notes/readme.txt", _bytes(leak))
    return "assets/archive.zip", packed.getvalue()


def _file_name(site: Site, leak: str | bytes) -> Planted:
    text = leak.decode("latin-1") if isinstance(leak, bytes) else leak
    return re.sub(r"[\s/]+", "-", text) + ".html", b"<p>Nothing.</p>"


def _folder_name(site: Site, leak: str | bytes) -> Planted:
    return _file_name(site, leak)[0].removesuffix(".html") + "/index.html", b"<p>Nothing.</p>"


def _search_entry(field: str) -> Callable[[Site, str | bytes], Planted]:
    def plant(site: Site, leak: str | bytes) -> Planted:
        name = next(name for name in site if name.startswith("search/") and site[name].startswith(b"{"))
        return name, site[name].replace(b"{", b'{"' + field.encode() + b'": "' + _bytes(leak) + b'",', 1)

    return plant


PAGE = "index.html"
CHANNELS: dict[str, Callable[[Site, str | bytes], Planted]] = {
    "page body": _into(PAGE, "<p>", "</p>", at="</article>"),
    "page title": _into(PAGE, " – ", at="</title>"),
    "meta description": _into(PAGE, '<meta name="description" content="', '">', at="</head>"),
    "menu": _into(PAGE, '<li class="md-nav__item"><a href="x/">', "</a></li>", at="</ul>"),
    "table of contents": _into(PAGE, '<nav class="md-nav"><a href="#x">', "</a></nav>", at="</main>"),
    "alternative text": _into(PAGE, '<img src="x.png" alt="', '">', at="</article>"),
    "tooltip": _into(PAGE, '<a href="x" title="', '">x</a>', at="</article>"),
    "html comment": _into(PAGE, "<!-- ", " -->", at="</body>"),
    "structured data": _into(PAGE, '<script type="application/ld+json">{"about": "', '"}</script>', at="</head>"),
    "inline script": _into(PAGE, "<script>var note = '", "';</script>", at="</body>"),
    "link address": _into(PAGE, '<a href="/search?q=', '">x</a>', at="</article>"),
    "search text": _search_entry("text"),
    "search title": _search_entry("title"),
    "search location": _search_entry("location"),
    "sitemap": _file("sitemap.xml", "<urlset><url><loc>https://help.example.org/", "</loc></url></urlset>"),
    "feed": _file("feed.xml", "<rss><channel><item><title>", "</title></item></channel></rss>"),
    "not found page": _into("404.html", "<p>", "</p>", at="</article>"),
    "redirect": _file("old/index.html", '<meta http-equiv="refresh" content="0; url=../?', '">'),
    "stylesheet": _file("assets/extra.css", '.a::before { content: "', '"; }'),
    "drawing": _file("assets/flow.svg", '<svg xmlns="http://www.w3.org/2000/svg"><text>', "</text></svg>"),
    "drawing's metadata": _file("assets/map.svg", "<svg><metadata><dc:title>", "</dc:title></metadata></svg>"),
    "png text": _png,
    "png packed text": _png_packed,
    "jpeg exif": _jpeg,
    "pdf": _pdf,
    "file name": _file_name,
    "folder name": _folder_name,
    "source map": _file("assets/extra.js.map", '{"version": 3, "sourcesContent": ["// ', '"]}'),
    "gzip file": lambda site, leak: ("sitemap.xml.gz", gzip.compress(_bytes(leak))),
    "archive": _zip,
    "data address": _into(
        PAGE, '<img src="data:image/svg+xml,%3Csvg%3E%3Ctext%3E', '%3C/text%3E%3C/svg%3E">', at="</article>"
    ),
    "backup file": _file("guide.md~", "# Guide\n\n"),
    "markdown copy": _file("guide/index.md", "# Guide\n\n", "\n"),
    "tag": _into("tags/index.html", '<h2 id="tag-x">', "</h2>", at="</article>"),
    "page of changes": _into("changes/index.html", '<li><a href="../x/">', "</a></li>", at="</article>"),
    "kind of a feed's entry": _into("feed.xml", '<category term="new" label="', '"/>', at="</feed>"),
    "manifest": _file("manifest.webmanifest", '{"name": "Help", "description": "', '"}'),
}

#: a file's name cannot hold these: no text that a file system would take, or no longer the name of one file
NOT_AS_NAMES = {"gzip", "utf-16-le", "utf-16-be", "base64", "gzip, base64", "base64, wrapped"}


def possible(channel: str, encoding: str) -> bool:
    return not (channel in ("file name", "folder name") and encoding in NOT_AS_NAMES)


def plant(site: Site, channel: str, encoding: str, text: str) -> Planted:
    """The name and the new content of the one file in which `text` now stands."""
    name, data = CHANNELS[channel](site, ENCODINGS[encoding](text))
    assert data != site.get(name), f"nothing was planted in {name}"
    return name, data

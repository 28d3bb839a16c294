"""Text and addresses of strangers, so that no Markdown renderer takes them for more than they are."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"[\s\x00-\x20]*([a-z][a-z0-9+.-]*)\s*:", re.I)
_SAFE = ("http", "https", "mailto", "tel", "ftp")
_ANYWHERE = re.compile(r"([\\`*_\[\]{}])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
#: what begins a block at the start of a line
_STARTS = re.compile(
    r"^([ \t]*)(?:(#{1,6}|[-+>]|={3,}|=+(?=[ \t]*$)|~{3,}|!{3}|\?{3}|/{3,}|:{1,3}|\|)(?=\S*(?:\s|$|[!?=/:+-]))"
    r"|(\d{1,9})([.)])(?=\s|$))",
    re.M,
)
_INNER = re.compile(r"~|\^|=(?==)|\+(?=\+)|:(?=[:\w+-]*:)|-(?=-+8)")
#: stands before a list inside a list item while a page is made
INSIDE = "\ue000"


def safe(address: str) -> str:
    """An address that only leads somewhere; empty for one that could run or carry something."""
    address = re.sub(
        r"[\x00-\x20\x7f]+", lambda m: "%20" if " " in m[0] and not _SCHEME.match(m.string) else "", address.strip()
    )
    scheme = _SCHEME.match(address)
    if (scheme and scheme[1].lower() not in _SAFE) or address.startswith("\\"):
        return ""
    return re.sub(r"[<>()\[\]{}\"'`\\|^ ]", lambda m: f"%{ord(m[0]):02X}", address)


def escaped(text: str) -> str:
    """Text that any Markdown renderer shows as it is."""
    text = _ENTITY.sub("&amp;", text)
    text = _ANYWHERE.sub(r"\\\1", text)
    text = text.replace("<", "&lt;")
    return _INNER.sub(lambda m: f"&#{ord(m[0])};", text)


def started(text: str) -> str:
    """A paragraph none of whose lines begins a list, a heading or a block."""

    def mark(found: re.Match[str]) -> str:
        if found[3]:
            return f"{found[1]}{found[3]}\\{found[4]}"
        sign = found[2]
        return f"{found[1]}&#{ord(sign[0])};{sign[1:]}" if sign[0] in "=~?/:|" else f"{found[1]}\\{sign}"

    end = re.search(rf"\n\n|{INSIDE}|\Z", text)  # what follows is a block of its own, and was looked at already
    at = end.start() if end else len(text)
    return _STARTS.sub(mark, text[:at]) + text[at:] if not text.startswith(("![", "```")) else text

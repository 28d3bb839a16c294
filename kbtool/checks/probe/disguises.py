"""The ways in which somebody asks for an address who should not have it; the list itself is disguises.txt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from kbtool.checks.probe.wire import AGENT, request

_BYTE = re.compile(rb"\\(x([0-9a-f]{2})|\\)")


@dataclass(frozen=True, slots=True)
class Disguise:
    """One way to ask."""

    name: str
    line: str  #: the request line, with places for the address
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def method(self) -> str:
        return self.line.split(" ")[0]

    @property
    def names_the_host(self) -> bool:
        """Whether it names the host as it is; for another one, another site may answer with what is its own."""
        return "://" not in self.line and not any(name.lower() == "host" for name, _ in self.headers)

    def request(self, path: str, host: str) -> bytes:
        """The bytes that ask for a path (with its slash, percent-encoded) at a host."""
        places = _places(path, host)
        line = _BYTE.sub(lambda m: bytes([int(m[2], 16)]) if m[2] else b"\\", _filled(self.line, places).encode())
        said = [(name, _filled(value, places)) for name, value in self.headers]
        named = {name.lower() for name, _ in said}
        usual = [("Host", host), ("User-Agent", AGENT), ("Accept", "*/*"), ("Connection", "close")]
        return request(line, [*(u for u in usual if u[0].lower() not in named), *(h for h in said if h[1] != "-")])


def _places(path: str, host: str) -> dict[str, str]:
    rest = path.lstrip("/")
    first, _, below = rest.partition("/")
    letters = re.sub(r"%[0-9A-Fa-f]{2}|[\w.-]", lambda m: m[0] if len(m[0]) > 1 else f"%{ord(m[0]):02x}", rest)
    return {
        "path": path, "rest": rest, "bare": path.rstrip("/") or "/", "first": first, "below": below,
        "upper": path.upper(), "letters": letters, "twice": letters.replace("%", "%25"), "host": host,
    }  # fmt: skip


def _filled(template: str, places: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda m: places[m[1]], template)


def read(text: str) -> Iterator[Disguise]:
    """The disguises of a list."""
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        name, asked, *said = (part.strip() for part in line.split("|"))
        pairs = (header.partition(":") for header in (said[0] if said else "").split(";;") if header.strip())
        yield Disguise(name, asked, tuple((key.strip(), value.strip()) for key, _, value in pairs))


def disguises() -> tuple[Disguise, ...]:
    """All ways that kbtool knows."""
    return tuple(read((files("kbtool.checks.probe") / "disguises.txt").read_text("utf-8")))

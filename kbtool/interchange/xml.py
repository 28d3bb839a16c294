"""XML as far as XLIFF and TMX need it: elements with mixed content, read safely and written the same every time.

Read by Python's own expat, with line numbers. Entities cannot be declared (no bombs, no local files), external
document types are not fetched, and a file has limits: bytes, depth, elements.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from kbtool.core.errors import Refused

LARGEST = 64_000_000  #: bytes; a help centre of 2,000 articles makes about 20 million
_DEEPEST = 100
_ELEMENTS = 1_500_000
_PACKED = {b"PK\x03\x04": "a zip package", b"\x1f\x8b": "compressed (gzip)", b"%PDF": "a PDF"}


@dataclass(slots=True)
class Node:
    """An element; names are local names, without a namespace's prefix when read."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)
    line: int = 0
    space: str = ""  #: the namespace, when read

    def nodes(self, *tags: str) -> Iterator[Node]:
        """The elements right inside this one, with these names or all."""
        for child in self.children:
            if isinstance(child, Node) and (not tags or child.tag in tags):
                yield child

    def first(self, tag: str) -> Node | None:
        return next(self.nodes(tag), None)

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def words(self) -> str:
        """All text inside, at any depth."""
        return "".join(child if isinstance(child, str) else child.words() for child in self.children)


def read(content: bytes, root: str) -> Node:
    """The root element of a file, which must be called `root`.

    Raises Refused with the line where the file is not well-formed, too large, or tries something.
    """
    if len(content) > LARGEST:
        raise Refused(f"larger than {LARGEST:,} bytes", where="line 1", hint="split the file")
    for start, what in _PACKED.items():
        if content.startswith(start):
            raise Refused(f"the file is {what}, not XML", where="line 1", hint="unpack it and import what is inside")
    found = _Reader().read(content)
    if found.tag != root:
        raise Refused(f"expected <{root}>, found <{found.tag}>", where=f"line {found.line}")
    return found


class _Reader:
    """What expat reports, made into nodes."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.words
        self.parser.EntityDeclHandler = self.entity
        self.parser.SkippedEntityHandler = self.skipped
        self.open: list[Node] = []
        self.root: Node | None = None
        self.count = 0

    def read(self, content: bytes) -> Node:
        try:
            self.parser.Parse(content, True)
        except expat.ExpatError as error:
            raise Refused(
                f"not well-formed XML: {expat.ErrorString(error.code)}",
                where=f"line {error.lineno}",
                hint="was the file cut short, or saved in another encoding than it says?",
            ) from None
        except (UnicodeDecodeError, LookupError, ValueError) as error:
            raise Refused(f"cannot be decoded: {error}", where="line 1", hint="save the file as UTF-8") from None
        assert self.root is not None
        return self.root

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > _ELEMENTS:
            raise self.refused(f"more than {_ELEMENTS:,} elements", "split the file")
        if len(self.open) >= _DEEPEST:
            raise self.refused(f"elements nested more than {_DEEPEST} levels deep")
        space, _, tag = name.rpartition(" ")
        local = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        node = Node(tag, local, line=self.parser.CurrentLineNumber, space=space)
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def end(self, name: str) -> None:
        self.open.pop()

    def words(self, text: str) -> None:
        children = self.open[-1].children
        if children and isinstance(children[-1], str):
            children[-1] += text
        else:
            children.append(text)

    def entity(self, name: str, *rest: object) -> None:
        raise self.refused(f"the file declares the entity {name!r}", "entities are not taken: write the text itself")

    def skipped(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            raise self.refused(f"the entity {name!r} is not known", "write the text itself")

    def refused(self, what: str, hint: str | None = None) -> Refused:
        return Refused(what, where=f"line {self.parser.CurrentLineNumber}", hint=hint)


# -- writing

_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_VALUE = {**_TEXT, '"': "&quot;", "\t": "&#9;", "\n": "&#10;"}
#: What XML cannot carry, in notes and in what codes stand for, becomes the sign for a lost character.
_LOST = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_IN_TEXT, _IN_VALUE = re.compile(f"[&<>\r{_LOST}]"), re.compile(f'[&<>\r"\t\n{_LOST}]')


def write(root: Node, *, inline: Collection[str], doctype: str = "") -> str:
    """The file of a tree, indented; inside elements named in `inline` not a space is added."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', *([doctype] if doctype else [])]
    lines += _lines(root, 0, inline)
    return "\n".join(lines) + "\n"


def _lines(node: Node, depth: int, inline: Collection[str]) -> Iterator[str]:
    pad = "  " * depth
    nested = [child for child in node.children if isinstance(child, Node)]
    if node.tag in inline or len(nested) < len(node.children) or not nested:
        yield pad + _flat(node)
        return
    yield f"{pad}<{_head(node)}>"
    for child in nested:
        yield from _lines(child, depth + 1, inline)
    yield f"{pad}</{node.tag}>"


def _flat(node: Node) -> str:
    if not node.children:
        return f"<{_head(node)}/>"
    inside = (
        _IN_TEXT.sub(lambda m: _TEXT.get(m[0], "\ufffd"), child) if isinstance(child, str) else _flat(child)
        for child in node.children
    )
    return f"<{_head(node)}>{''.join(inside)}</{node.tag}>"


def _value(found: re.Match[str]) -> str:
    return _VALUE.get(found[0], "\ufffd")


def _head(node: Node) -> str:
    values = (f'{key}="{_IN_VALUE.sub(_value, value)}"' for key, value in node.attributes.items())
    return " ".join([node.tag, *values])

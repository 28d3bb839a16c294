"""XLIFF 2.1, which 2.0 tools read as well; what a proposal says stands in the module for matches."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from kbtool.core.model import State
from kbtool.interchange import inline
from kbtool.interchange.codes import Code, Mark, tree
from kbtool.interchange.units import Bundle, Reading, Returned, Unit, language_tag, pages_of
from kbtool.interchange.xml import Node
from kbtool.interchange.xml import write as write_xml

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
_MATCHES, _META = "urn:oasis:names:tc:xliff:matches:2.0", "urn:oasis:names:tc:xliff:metadata:2.0"
_INLINE = frozenset(("source", "target", "note", "data", "mda:meta"))
_STATES = {
    State.APPROVED: "final",
    State.NEEDS_REVIEW: "translated",
    State.MACHINE: "translated",
    State.STALE: "initial",
    State.CONFLICT: "initial",
    State.MISSING: "initial",
}
_APPROVED = frozenset(("reviewed", "final"))
_TYPES = {
    "strong": ("fmt", "xlf:b"), "emphasis": ("fmt", "xlf:i"), "break": ("fmt", "xlf:lb"), "link": ("link", ""),
    "url": ("link", ""), "image": ("image", ""), "code": ("other", "kbtool:code"),
}  # fmt: skip

_CODES: inline.Kinds = {
    "ph": ("single", ()), "pc": ("pair", ()), "sc": ("open", ()), "ec": ("close", ("startRef",)),
    "mrk": ("through", ()), "sm": ("nothing", ()), "em": ("nothing", ()), "cp": ("character", ()),
}  # fmt: skip
#: what says of a code what it stands for
_FIXED = ("type", "subType", "dataRef", "dataRefStart", "dataRefEnd")


def write(bundle: Bundle) -> str:
    """A file with one <file> for each article."""
    files = []
    for article, units in groupby(bundle.units, key=lambda unit: unit.article):
        mine = [*units]
        file = Node("file", {"id": f"f{_short(article)}", "original": f"docs/{article}", "canResegment": "no"})
        if pages := pages_of(mine):
            file.children.append(Node("notes", {}, [Node("note", {"category": "kbtool"}, [page]) for page in pages]))
        file.children += [_unit(unit) for unit in mine]
        files.append(file)
    root = Node("xliff", {
        "version": "2.1", "xmlns": NAMESPACE, "xmlns:mda": _META, "xmlns:mtc": _MATCHES,
        "srcLang": language_tag(bundle.source), "trgLang": language_tag(bundle.target),
    }, [*files])  # fmt: skip
    return write_xml(root, inline=_INLINE)


def _short(article: str) -> str:
    """An identifier of a file that stays when others come and go."""
    return hashlib.blake2b(article.encode(), digest_size=4).hexdigest()


def _unit(unit: Unit) -> Node:
    data = _Data({code.number: code for code in unit.codes})
    source, target = data.inline(unit.source), data.inline(unit.target)
    segment = Node("segment", {"id": "segment", "state": _STATES[unit.state], "subState": f"kbtool:{unit.state}"})
    segment.children.append(Node("source", {"xml:space": "preserve"}, source))
    if unit.target:
        segment.children.append(Node("target", {"xml:space": "preserve"}, target))
    about: dict[str, str] = {"id": unit.key, "name": unit.name, "type": f"kbtool:{unit.kind}", "canResegment": "no"}
    node = Node("unit", about)
    meta = Node("mda:meta", {"type": "target"}, [unit.base or "-"])
    node.children.append(Node("mda:metadata", {}, [Node("mda:metaGroup", {"category": "kbtool"}, [meta])]))
    if unit.proposal:
        node.children.append(_match(unit))
    notes = [f"docs/{unit.article}:{unit.line}", *unit.told()]
    node.children.append(Node("notes", {}, [Node("note", {"category": "kbtool"}, [said]) for said in notes]))
    if data.entries:
        node.children.append(Node("originalData", {}, [*data.entries.values()]))
    node.children.append(segment)
    return node


def _match(unit: Unit) -> Node:
    bare = _Data({})
    kind = "mt" if unit.proposal_by.startswith("mt:") else "tm"
    sides: list[Node | str] = [
        Node("source", {"xml:space": "preserve"}, bare.inline(unit.source)),
        Node("target", {"xml:space": "preserve"}, bare.inline(unit.proposal)),
    ]
    match = Node("mtc:match", {"ref": "#segment", "type": kind, "origin": unit.proposal_by or "kbtool"}, sides)
    return Node("mtc:matches", {}, [match])


@dataclass(slots=True)
class _Data:
    """The inline codes of one unit, and what they stand for, said once."""

    known: dict[int, Code]
    entries: dict[str, Node] = field(default_factory=dict)

    def inline(self, masked: str) -> list[Node | str]:
        return [self.code(part) if isinstance(part, Mark) else part for part in tree(masked)]

    def code(self, mark: Mark) -> Node:
        code = self.known.get(mark.number)
        kind, subtype = _TYPES.get(code.name, ("other", f"kbtool:{code.name}")) if code else ("", "")
        fixed = {"type": kind} if kind else {}
        if subtype:
            fixed["subType"] = subtype
        fixed |= {"canCopy": "no", "canDelete": "no"}
        id_ = {"id": str(mark.number)}
        if mark.half == "close":
            return Node("ec", {"startRef": str(mark.number), **self.ref("dataRef", code, "e"), **fixed})
        if mark.half == "open":
            return Node("sc", {**id_, **self.ref("dataRef", code, "s"), **fixed})
        if mark.inside is None:
            return Node("ph", {**id_, **self.ref("dataRef", code, "s"), **fixed})
        refs = {**self.ref("dataRefStart", code, "s"), **self.ref("dataRefEnd", code, "e")}
        inside = [self.code(part) if isinstance(part, Mark) else part for part in mark.inside]
        return Node("pc", {**id_, **refs, **fixed}, inside)

    def ref(self, name: str, code: Code | None, end: str) -> dict[str, str]:
        """The reference to what stands at one end of a code; none where that is not shown."""
        said = (code.close if end == "e" else code.open) if code else ""
        if not said or code is None:
            return {}
        entry = f"{end}{code.number}"
        self.entries.setdefault(entry, Node("data", {"id": entry}, [said]))
        return {name: entry}


# -- reading


def read(root: Node) -> list[Reading]:
    """One reading: the languages stand at the top of the file."""
    units = tuple(_returned(unit, file) for file in root.nodes("file") for unit in _units(file))
    return [Reading(root.get("srcLang"), root.get("trgLang"), root.line, units)]


def _units(node: Node) -> Iterator[Node]:
    for child in node.nodes("group", "unit"):
        if child.tag == "unit":
            yield child
        else:
            yield from _units(child)


def _returned(unit: Node, file: Node) -> Returned:
    """A unit whose segments are joined again: some tools part sentences although they are asked not to."""
    parts = [*unit.nodes("segment", "ignorable")]
    segments = [part for part in parts if part.tag == "segment"]
    texts, fault = ("", ""), ""
    try:
        source = "".join(inline.read(part.first("source"), _CODES) for part in parts)
        target = "".join(inline.read(part.first("target") or _between(part), _CODES) for part in parts)
        texts = (source, target if any(part.first("target") for part in segments) else "")
    except ValueError as error:
        fault = str(error)
    changed = (inline.changed(part.first("source"), part.first("target"), *_FIXED) for part in segments)
    base = _base(unit)
    return Returned(
        file.get("original").removeprefix("docs/"),
        unit.get("id"),
        *texts,
        next((t for part in segments if (t := part.first("target"))), unit).line,
        base="" if base == "-" else base,
        approved=bool(segments) and all(part.get("state") in _APPROVED for part in segments),
        fault=fault or next(filter(None, changed), ""),
    )


def _between(part: Node) -> Node | None:
    """What stands for the target of a part that has none: the white space of an <ignorable> is the source's."""
    return part.first("source") if part.tag == "ignorable" else None


def _base(unit: Node) -> str | None:
    for metadata in unit.nodes("metadata"):
        for group in metadata.nodes("metaGroup"):
            for meta in group.nodes("meta"):
                if group.get("category") == "kbtool" and meta.get("type") == "target":
                    return meta.words().strip()
    return None

"""XLIFF 1.2: what Trados, memoQ, OmegaT, Phrase and most others exchange."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from kbtool.core.model import State
from kbtool.interchange import inline
from kbtool.interchange.codes import Code, Mark, tree
from kbtool.interchange.units import Bundle, Reading, Returned, Unit, language_tag, pages_of
from kbtool.interchange.xml import Node
from kbtool.interchange.xml import write as write_xml

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
_INLINE = frozenset(("source", "target", "note"))
#: our state → the target's state and state-qualifier
_STATES = {
    State.APPROVED: ("final", ""),
    State.NEEDS_REVIEW: ("translated", ""),
    State.MACHINE: ("needs-review-translation", "leveraged-mt"),
    State.STALE: ("needs-translation", "fuzzy-match"),
    State.CONFLICT: ("needs-review-translation", "fuzzy-match"),
    State.MISSING: ("needs-translation", ""),
}
_APPROVED = frozenset(("final", "signed-off"))
_PAIRED = {"strong": "bold", "emphasis": "italic", "link": "link"}
_SINGLE = {"image": "image", "break": "lb"}
#: <g> and <x> are ours; the others are what tools make of them
_CODES: inline.Kinds = {
    "g": ("pair", ()), "x": ("single", ()), "ph": ("single", ()), "mrk": ("through", ()), "sub": ("through", ()),
    "bx": ("open", ("rid",)), "bpt": ("open", ("rid",)), "ex": ("close", ("rid",)), "ept": ("close", ("rid",)),
}  # fmt: skip


def write(bundle: Bundle) -> str:
    """A file with one <file> for each article."""
    languages = {"source-language": language_tag(bundle.source), "target-language": language_tag(bundle.target)}
    files = []
    for article, units in groupby(bundle.units, key=lambda unit: unit.article):
        mine = [*units]
        about = {"original": f"docs/{article}", **languages, "datatype": "x-markdown"}
        head = Node("header", {}, [Node("note", {"from": "kbtool"}, [page]) for page in pages_of(mine)])
        files.append(Node("file", about, [head, Node("body", {}, [_unit(unit, bundle) for unit in mine])]))
    root = Node("xliff", {"version": "1.2", "xmlns": NAMESPACE}, [*files])
    return write_xml(root, inline=_INLINE)


def _unit(unit: Unit, bundle: Bundle) -> Node:
    state, qualifier = _STATES[unit.state]
    target = {"xml:lang": language_tag(bundle.target), "state": state}
    if qualifier:
        target["state-qualifier"] = qualifier
    about = {"id": unit.key, "resname": unit.name, "restype": f"x-{unit.kind}", "xml:space": "preserve"}
    if unit.state is State.APPROVED:
        about["approved"] = "yes"
    about["extradata"] = unit.base or "-"
    node = Node("trans-unit", about)
    node.children.append(Node("source", {"xml:lang": language_tag(bundle.source)}, _inline(unit.source, unit.codes)))
    node.children.append(Node("target", target, _inline(unit.target, unit.codes)))
    if unit.proposal:
        kind = {"alttranstype": "proposal", "origin": unit.proposal_by}
        inside = Node("target", {"xml:lang": target["xml:lang"]}, _inline(unit.proposal, unit.codes))
        node.children.append(Node("alt-trans", kind, [inside]))
    node.children += [Node("note", {"from": "kbtool"}, [said]) for said in _notes(unit)]
    return node


def _notes(unit: Unit) -> Iterator[str]:
    yield f"docs/{unit.article}:{unit.line}"
    yield from unit.told()


def _inline(masked: str, codes: tuple[Code, ...]) -> list[Node | str]:
    known = {code.number: code for code in codes}
    return [_code(part, known) if isinstance(part, Mark) else part for part in tree(masked)]


def _code(mark: Mark, known: dict[int, Code]) -> Node:
    code = known.get(mark.number, Code(mark.number, "code"))
    number = str(mark.number)
    paired, single = (table.get(code.name, f"x-{code.name}") for table in (_PAIRED, _SINGLE))
    if mark.half == "close":
        return Node("ex", {"id": number, "rid": number})
    if mark.half == "open":
        return Node("bx", {"id": number, "rid": number, "ctype": paired})
    if mark.inside is None:
        return Node("x", {"id": number, "ctype": single, "equiv-text": code.open})
    inside = [_code(part, known) if isinstance(part, Mark) else part for part in mark.inside]
    return Node("g", {"id": number, "ctype": paired, "equiv-text": f"{code.open}…{code.close}"}, inside)


# -- reading


def read(root: Node) -> list[Reading]:
    """One reading for each <file>."""
    return [_reading(file) for file in root.nodes("file")]


def _reading(file: Node) -> Reading:
    article = file.get("original").removeprefix("docs/")
    units = tuple(_returned(unit, article) for unit in _trans_units(file))
    return Reading(file.get("source-language"), file.get("target-language"), file.line, units)


def _trans_units(node: Node) -> Iterator[Node]:
    for child in node.nodes("body", "group", "trans-unit"):
        if child.tag == "trans-unit":
            yield child
        else:
            yield from _trans_units(child)


def _returned(unit: Node, article: str) -> Returned:
    source, target = unit.first("source"), unit.first("target")
    texts, fault = ("", ""), inline.changed(source, target, "equiv-text", "ctype")
    try:
        texts = (inline.read(source, _CODES), inline.read(target, _CODES))
    except ValueError as error:
        fault = str(error)
    return Returned(
        article,
        unit.get("id"),
        *texts,
        (target or unit).line,
        base={"": None, "-": ""}.get(unit.get("extradata"), unit.get("extradata")),
        approved=unit.get("approved") == "yes" or bool(target and target.get("state") in _APPROVED),
        fault=fault,
    )

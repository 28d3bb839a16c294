"""TMX 1.4: translation memories, pairs of texts that need no file to belong to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version

from kbtool.core.audience import PUBLIC
from kbtool.core.model import Finding, State
from kbtool.interchange.codes import Code, Mark, renumbered, text, tree
from kbtool.interchange.units import Bundle, Pair, Reading, Returned, Unit, language_tag, name_parts
from kbtool.interchange.xml import Node
from kbtool.interchange.xml import write as write_xml

_INLINE = frozenset(("seg", "note", "prop"))
_BASE, _AUDIENCE = "x-kbtool-target", "x-kbtool-audience"
_TYPES = {"strong": "bold", "emphasis": "italic", "image": "image", "break": "lb", "link": "link"}


def write(bundle: Bundle, memory: Sequence[Pair] = ()) -> str:
    """The pairs of a bundle, and then those of a memory."""
    header = Node("header", {
        "creationtool": "kbtool", "creationtoolversion": version("kbtool"), "segtype": "paragraph", "o-tmf": "kbtool",
        "adminlang": "en", "srclang": language_tag(bundle.source), "datatype": "x-markdown",
    })  # fmt: skip
    units = [_unit(unit, bundle) for unit in bundle.units if unit.target]
    units += [_pair(pair, bundle) for pair in memory]
    root = Node("tmx", {"version": "1.4"}, [header, Node("body", {}, [*units])])
    return write_xml(root, inline=_INLINE, doctype='<!DOCTYPE tmx SYSTEM "tmx14.dtd">')


def _unit(unit: Unit, bundle: Bundle) -> Node:
    node = Node("tu", {"tuid": unit.name, **_stamp(unit)})
    node.children += [Node("note", {}, [said]) for said in unit.told()]
    node.children.append(Node("prop", {"type": _BASE}, [unit.base]))
    node.children.append(_variant(bundle.source, unit.source, unit.codes))
    node.children.append(_variant(bundle.target, unit.target, unit.codes))
    return node


def _stamp(unit: Unit) -> dict[str, str]:
    """Who made the text, and who approved it when, as far as the ledger knows."""
    found = {"creationid": unit.by} if unit.by else {}
    if unit.ok and unit.state is State.APPROVED:
        found |= {"changedate": f"{unit.ok.on:%Y%m%d}T000000Z", "changeid": unit.ok.by}
    return found


def _pair(pair: Pair, bundle: Bundle) -> Node:
    about = {"creationdate": f"{pair.on.replace('-', '')}T000000Z"} if pair.on else {}
    node = Node("tu", about | ({"creationid": pair.by} if pair.by else {}))
    if pair.audience != PUBLIC:
        node.children.append(Node("prop", {"type": _AUDIENCE}, [pair.audience]))
    node.children += [_variant(bundle.source, pair.source, ()), _variant(bundle.target, pair.target, ())]
    return node


def _variant(locale: str, masked: str, codes: tuple[Code, ...]) -> Node:
    known = {code.number: code for code in codes}
    parts = [child for part in tree(masked) for child in _codes(part, known)]
    return Node("tuv", {"xml:lang": language_tag(locale)}, [Node("seg", {}, parts)])


def _codes(part: str | Mark, known: dict[int, Code]) -> Iterator[Node | str]:
    if isinstance(part, str):
        yield part
        return
    code = known.get(part.number, Code(part.number, "code"))
    number = str(part.number)
    kind = {"type": _TYPES.get(code.name, f"x-{code.name}")} if part.number in known else {}
    if part.inside is None and not part.half:
        yield Node("ph", {"x": number, **kind}, [code.open] if code.open else [])
        return
    if part.half != "close":
        yield Node("bpt", {"i": number, "x": number, **kind}, [code.open] if code.open else [])
    for inner in part.inside or ():
        yield from _codes(inner, known)
    if part.half != "open":
        yield Node("ept", {"i": number}, [code.close] if code.close else [])


# -- reading


def read(root: Node) -> list[Reading]:
    """One reading for each language besides the source's; what a unit without a source says is a fault."""
    header, body = root.first("header"), root.first("body")
    said = (header.get("srclang") if header else "") or "*all*"
    found: dict[str, list[Returned]] = {}
    faults: list[Finding] = []
    source_tag = ""
    for unit in body.nodes("tu") if body else ():
        variants = [*unit.nodes("tuv")]
        source_tag = unit.get("srclang") or said
        if source_tag == "*all*" and variants:
            source_tag = variants[0].get("lang")
        source = next((v for v in variants if _same(v.get("lang"), source_tag)), None)
        if source is None:
            faults.append(Finding("source", f"no text in {source_tag}, the source language", line=unit.line))
            continue
        for variant in variants:
            if variant is not source:
                found.setdefault(variant.get("lang"), []).append(_returned(unit, source, variant))
    first = "" if said == "*all*" else said
    readings = [Reading(first or source_tag, tag, root.line, tuple(units)) for tag, units in found.items()]
    if faults:
        readings.append(Reading("", "", root.line, (), tuple(faults)))
    return readings


def _same(one: str, other: str) -> bool:
    return one.replace("_", "-").casefold() == other.replace("_", "-").casefold()


def _returned(unit: Node, source: Node, target: Node) -> Returned:
    article, key = name_parts(unit.get("tuid"))
    said = {prop.get("type"): prop.words().strip() for prop in unit.nodes("prop")}
    texts, fault = ("", ""), ""
    try:
        texts = (_text(source), _text(target))
    except ValueError as error:
        fault = str(error)
    if not key and not fault:
        texts = renumbered(*texts)
    return Returned(article, key, *texts, line=target.line, base=said.get(_BASE), fault=fault,
                    audience=said.get(_AUDIENCE, PUBLIC))  # fmt: skip


def _text(variant: Node) -> str:
    segment = variant.first("seg")
    return text(_Numbers().parts(segment)) if segment else ""


class _Numbers:
    """The codes of one variant; an <ept> says only which <bpt> it ends, and some tools number nothing else."""

    def __init__(self) -> None:
        self.pairs: dict[str, int] = {}
        self.last = 0

    def parts(self, node: Node) -> list[str | Mark]:
        found: list[str | Mark] = []
        for child in node.children:
            found += [child] if isinstance(child, str) else self.code(child)
        return found

    def code(self, node: Node) -> list[str | Mark]:
        match node.tag:
            case "hi":
                return self.parts(node)
            case "ph" | "ut":
                return [Mark(self.number(node.get("x")))]
            case "it":
                return [Mark(self.number(node.get("x")), half="close" if node.get("pos") == "end" else "open")]
            case "bpt":
                number = self.pairs[node.get("i")] = self.number(node.get("x") or node.get("i"))
                return [Mark(number, half="open")]
            case "ept":
                if node.get("i") not in self.pairs:
                    raise ValueError(f"<ept i={node.get('i')!r}> ends what no <bpt> begins")
                return [Mark(self.pairs[node.get("i")], half="close")]
        raise ValueError(f"<{node.tag}> is no code of TMX")

    def number(self, said: str) -> int:
        """The number that a code has, or the next one where it has none."""
        if said and not (said.isascii() and said.isdigit() and len(said) < 7):
            raise ValueError(f"the code has no number: {said!r}")
        self.last = int(said) if said else self.last + 1
        return self.last

"""The inline codes of both XLIFFs, read: elements back to placeholders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kbtool.interchange.codes import Mark, text
from kbtool.interchange.xml import Node

#: element → what it is, and the attributes that may say its number (`id` is asked last)
Kinds = Mapping[str, tuple[str, tuple[str, ...]]]


def read(side: Node | None, kinds: Kinds) -> str:
    """The masked text of a <source> or <target>; ValueError, with words for a person, for what is no code of ours."""
    return text([part for child in side.children for part in _parts(child, kinds)]) if side else ""


def _parts(child: Node | str, kinds: Kinds) -> list[str | Mark]:
    if isinstance(child, str):
        return [child]
    kind, names = kinds.get(child.tag, ("", ()))
    if kind == "character":
        return [_character(child)]
    if kind == "nothing":
        return []
    if kind in ("single", "open", "close"):
        return [Mark(_number(child, names), half=kind if kind != "single" else "")]
    inside = [part for inner in child.children for part in _parts(inner, kinds)]
    if kind == "through":
        return inside
    if kind == "pair":
        return [Mark(_number(child, names), inside)]
    raise ValueError(f"<{child.tag}> is no code of this segment")


def _number(node: Node, names: tuple[str, ...]) -> int:
    """The placeholder that a code stands for."""
    said = next((node.get(name) for name in (*names, "id") if node.get(name)), "")
    if not said.isascii() or not said.isdigit() or len(said) > 6:
        raise ValueError(f"the code <{node.tag}> has no number of ours: {said!r}")
    return int(said)


def _character(node: Node) -> str:
    try:
        return chr(int(node.get("hex"), 16))
    except (ValueError, OverflowError):
        raise ValueError(f"<cp hex={node.get('hex')!r}> is no character") from None


def changed(source: Node | None, target: Node | None, *names: str) -> str:
    """Which code of the target says that it stands for something else than in the source; empty where none does."""
    if source is None or target is None:
        return ""
    ours = {(code.tag, code.get("id")): code for code in _codes(source)}
    for code in _codes(target):
        mine = ours.get((code.tag, code.get("id")))
        for name in names:
            if mine is not None and code.get(name) and code.get(name) != mine.get(name):
                return f"code {code.get('id')} was changed: it stands for {mine.get(name)!r}, not {code.get(name)!r}"
    return ""


def _codes(node: Node) -> Iterator[Node]:
    for child in node.nodes():
        yield child
        yield from _codes(child)

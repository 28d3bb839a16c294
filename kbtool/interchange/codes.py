"""Placeholders of masked text ↔ inline codes: what each format writes as tags stands here as a small tree.

tree("Open ⟦1⟧the page⟦/1⟧⟦2⟧") == ["Open ", Mark(1, ["the page"]), Mark(2)]
text(tree(x)) == x
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kbtool.core.model import PLACEHOLDER, Segment, Slot

#: Slots whose Markdown a translator may see; of the others (comments, macros) only that something stands there.
_SHOWN = frozenset(
    ("code", "link", "image", "emphasis", "strong", "sub", "del", "sup", "ins", "mark", "break", "icon", "keys", "url",
     "math", "escape", "entity", "abbreviation", "annotation", "footnote", "literal")
)  # fmt: skip
_TAG = re.compile(r"</?[A-Za-z][\w-]*")


@dataclass(frozen=True, slots=True)
class Code:
    """What a placeholder stands for, as a translator is told."""

    number: int
    name: str  #: link, code, strong …
    open: str = ""
    close: str = ""


@dataclass(slots=True)
class Mark:
    """A placeholder in a tree; a pair has what it encloses, a half of a pair that does not nest says which one."""

    number: int
    inside: list[str | Mark] | None = None
    half: str = ""  #: "open" or "close"


Tree = list["str | Mark"]


@dataclass(slots=True)
class _Open:
    number: int
    inside: Tree = field(default_factory=list)


def codes_of(segment: Segment, hidden: Callable[[str], bool]) -> tuple[Code, ...]:
    """What a translator is told of the placeholders of a segment; `hidden` says of a target that it is internal."""
    return tuple(_code(number, slot, hidden) for number, slot in enumerate(segment.slots, 1))


def _code(number: int, slot: Slot, hidden: Callable[[str], bool]) -> Code:
    opening, closing = slot.open, slot.close or ""
    if slot.name == "html":
        found = _TAG.match(opening), _TAG.match(closing)
        opening, closing = (f"{each[0]}>" if each else "" for each in found)
    elif slot.name not in _SHOWN or opening.startswith(("{", "<!")):
        opening = closing = ""
    elif hidden(opening + closing):
        opening, closing = ("[", "](…)") if slot.paired else ("…", "")
    return Code(number, slot.name, " ".join(opening.split()), " ".join(closing.split()))


def tree(masked: str) -> Tree:
    """A masked text as a tree; where its pairs do not nest, their halves stand in it one by one."""
    closing = {int(m[2]) for m in PLACEHOLDER.finditer(masked) if m[1]}
    stack = [_Open(0)]
    position = 0
    for found in PLACEHOLDER.finditer(masked):
        if found.start() > position:
            stack[-1].inside.append(masked[position : found.start()])
        position, number = found.end(), int(found[2])
        if found[1]:
            if len(stack) == 1 or stack[-1].number != number:
                return _halves(masked, closing)
            done = stack.pop()
            stack[-1].inside.append(Mark(number, done.inside))
        elif number in closing:
            stack.append(_Open(number))
        else:
            stack[-1].inside.append(Mark(number))
    if len(stack) > 1:
        return _halves(masked, closing)
    if position < len(masked):
        stack[0].inside.append(masked[position:])
    return stack[0].inside


def _halves(masked: str, closing: set[int]) -> Tree:
    found: Tree = []
    position = 0
    for match in PLACEHOLDER.finditer(masked):
        if match.start() > position:
            found.append(masked[position : match.start()])
        number = int(match[2])
        found.append(Mark(number, half="close" if match[1] else "open" if number in closing else ""))
        position = match.end()
    if position < len(masked):
        found.append(masked[position:])
    return found


def text(nodes: Sequence[str | Mark]) -> str:
    """The masked text of a tree."""
    return "".join(node if isinstance(node, str) else _placeholder(node) for node in nodes)


def _placeholder(node: Mark) -> str:
    if node.half == "close":
        return f"⟦/{node.number}⟧"
    if node.inside is None:
        return f"⟦{node.number}⟧"
    return f"⟦{node.number}⟧{text(node.inside)}⟦/{node.number}⟧"


def spoken(code: Code) -> str:
    """A code as a note says it: what stands before and after the words it encloses."""
    what = f"{code.open}…{code.close}" if code.close else code.open
    return f"⟦{code.number}⟧ {code.name}" + (f": {what}" if what else "")


def renumbered(source: str, target: str) -> tuple[str, str]:
    """Both texts with the placeholders numbered from 1 as they appear in the source: another tool counts otherwise."""
    order: dict[str, int] = {}
    for found in PLACEHOLDER.finditer(source):
        order.setdefault(found[2], len(order) + 1)
    for found in PLACEHOLDER.finditer(target):
        order.setdefault(found[2], len(order) + 1)

    def again(found: re.Match[str]) -> str:
        return f"⟦{found[1]}{order[found[2]]}⟧"

    return PLACEHOLDER.sub(again, source), PLACEHOLDER.sub(again, target)

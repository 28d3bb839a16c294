"""Slots compared and filled: what two segments have in common, and new texts inside a slot."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbtool.core.brackets import LABEL
from kbtool.core.cutter import normal_label
from kbtool.core.model import PLACEHOLDER, Kind, Segment, Slot

MARKS = {"emphasis": 1, "strong": 2}


def same_slots(source: Segment, target: Segment) -> bool:
    """Whether both have the same slots in any order, so that the target's Markdown holds beside the new source."""
    if len(source.slots) != len(target.slots):
        return False
    every = range(1, len(source.slots) + 1)
    return sorted(essence(source, n) for n in every) == sorted(essence(target, n) for n in every)


def carry(source: Segment, target: Segment) -> str | None:
    """The target's masked text with the source's numbers: equal slots first, then those of one name in order.

    None if the slots do not correspond one to one.
    """
    if len(source.slots) != len(target.slots):
        return None
    every = range(1, len(source.slots) + 1)
    numbers: dict[int, int] = {}
    free = list(every)
    for rank in (essence, _sort):
        waiting: dict[tuple[str, ...], list[int]] = {}
        for n in free:
            waiting.setdefault(rank(source, n), []).append(n)
        for n in every:
            if n not in numbers and (mine := waiting.get(rank(target, n))):
                numbers[n] = mine.pop(0)
        taken = set(numbers.values())
        free = [n for n in every if n not in taken]
    if free:
        return None
    return PLACEHOLDER.sub(lambda found: f"⟦{found[1]}{numbers[int(found[2])]}⟧", target.text)


def _sort(segment: Segment, n: int) -> tuple[str, ...]:
    slot = segment.slots[n - 1]
    return (slot.name, "paired" if slot.paired else "single")


def essence(segment: Segment, n: int) -> tuple[str, ...]:
    """What slot n does, however it is written: equal for `_x_` and `*x*`, and for `[x]` and `[y][x]`."""
    slot = segment.slots[n - 1]
    if slot.close is not None and slot.name in MARKS:
        return (slot.name, slot.close.lstrip("*_"))
    if slot.name == "link" and slot.close is not None and not slot.close.startswith("]("):
        if is_shortcut(slot):
            return ("reference", normal_label(label_of(segment, n)), slot.close.removeprefix("][").removeprefix("]"))
        label, _, tail = slot.close[1:].lstrip(" \n")[1:].partition("]")
        return ("reference", normal_label(label), tail)
    if not slot.inner:
        return (slot.name, slot.open, slot.close or "")
    blanks = [f"][{own_label(inner)}" if inner.key == LABEL else "" for inner in slot.inner]
    blank = filled((slot,), blanks)[0]
    return (slot.name, blank.open, blank.close or "")


def own_label(segment: Segment) -> str:
    """The label of an image that is found by its alternative text."""
    return segment.raw.removesuffix("][")


def is_shortcut(slot: Slot) -> bool:
    """Whether a link finds its target by its own text: `[text]` or `[text][]`."""
    close = slot.close or ""
    return close.startswith("][]") or not close.startswith(("](", "][", "] [", "]\n["))


def inside(text: str, n: int) -> str:
    """The masked text between the two placeholders of a pair."""
    opening, closing = f"⟦{n}⟧", f"⟦/{n}⟧"
    return text[text.index(opening) + len(opening) : text.index(closing)]


def label_of(segment: Segment, n: int) -> str:
    """The label by which a shortcut reference finds its target: its own Markdown."""

    def unmask(found: re.Match[str]) -> str:
        slot = segment.slots[int(found[2]) - 1]
        return (slot.close or "") if found[1] else slot.open

    return PLACEHOLDER.sub(unmask, inside(segment.text, n))


def filled(slots: Sequence[Slot], inner: Sequence[str | None]) -> tuple[Slot, ...]:
    """The slots with new Markdown for the segments inside them, in order; None keeps the source's."""
    made: list[Slot] = []
    position = 0
    for slot in slots:
        mine = inner[position : position + len(slot.inner)]
        position += len(slot.inner)
        made.append(slot if all(text is None for text in mine) else _filled(slot, mine))
    return tuple(made)


def _filled(slot: Slot, texts: Sequence[str | None]) -> Slot:
    """One slot with new texts; a link has its title behind its prose, everything else holds its texts in `open`."""
    behind = slot.name == "link"
    whole = (slot.close or "") if behind else slot.open
    position, parts = 0, list[str]()
    for segment, text in zip(slot.inner, texts, strict=True):
        at = _place(whole, segment, position)
        parts += [whole[position:at], segment.raw if text is None else text]
        position = at + len(segment.raw)
    new = "".join([*parts, whole[position:]])
    return Slot(slot.name, slot.open, new, slot.inner) if behind else Slot(slot.name, new, slot.close, slot.inner)


def _place(whole: str, segment: Segment, start: int) -> int:
    """Where an inner segment's Markdown stands in its slot."""
    if whole.startswith("!["):
        return 2 if segment.kind is Kind.ALT else whole.rindex(segment.raw)
    if whole.startswith("]"):
        return whole.rindex(segment.raw)
    found = re.compile(r"""=\s*["'](?=""" + re.escape(segment.raw) + r"""["'])""").search(whole, start)
    return found.end() if found else whole.index(segment.raw, start)

"""Masked text back to Markdown, and a translation's placeholders tied to its source's.

    restore(segment, segment.text) == segment.raw

Any other text must have every placeholder of the segment exactly once and well nested; it is written so that nothing
in it is taken for markup that was not there before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbtool.core import escape
from kbtool.core.errors import MaskError
from kbtool.core.inline import LABEL, normal_label
from kbtool.core.model import PLACEHOLDER, Kind, Segment, Slot

_MARKS = {"emphasis": 1, "strong": 2}


def check(segment: Segment, text: str) -> None:
    """Raise MaskError unless every placeholder stands in `text` exactly once, and pairs nest."""
    if text == segment.text:
        return
    slots, seen, opened = segment.slots, set[tuple[str, int]](), list[int]()
    for closing, digits in PLACEHOLDER.findall(text):
        number = int(digits) if len(digits) < 7 else 0
        if not 0 < number <= len(slots) or (closing and not slots[number - 1].paired):
            raise MaskError(f"⟦{closing}{digits}⟧ stands for nothing in this segment")
        if (closing, number) in seen:
            raise MaskError(f"⟦{closing}{number}⟧ stands there twice")
        seen.add((closing, number))
        if closing:
            if not opened or opened.pop() != number:
                raise MaskError(f"⟦/{number}⟧ does not close what was opened last")
        elif slots[number - 1].paired:
            opened.append(number)
    if opened:
        raise MaskError(f"⟦{opened[-1]}⟧ is not closed")
    missing = [n for n in range(1, len(slots) + 1) if ("", n) not in seen]
    if missing:
        raise MaskError(f"⟦{missing[0]}⟧ is missing")


def restore(segment: Segment, text: str, inner: Sequence[str | None] = ()) -> str:
    """The Markdown of a masked text.

    `inner` are the masked texts' Markdown for the segments inside the slots, in order; None keeps the source's.
    """
    changed = any(raw is not None for raw in inner)
    if text == segment.text and not changed:
        return segment.raw
    check(segment, text)
    slots = _filled(segment.slots, inner) if changed else segment.slots
    if segment.kind is Kind.META:
        return escape.meta(_plain(slots, text), segment.raw)
    if text == segment.text:
        return _same_text(segment, slots)
    if segment.kind in (Kind.ALT, Kind.TOOLTIP, Kind.EXPANSION):
        written = escape.attribute(_plain(slots, text), segment)
        return f"{written}][{_own_label(segment)}" if segment.key == LABEL else written
    return _Writer(segment, slots, text.strip()).write()


def _plain(slots: Sequence[Slot], text: str) -> str:
    return PLACEHOLDER.sub(lambda found: slots[int(found[2]) - 1].open, text)


def _same_text(segment: Segment, slots: Sequence[Slot]) -> str:
    """Only inner texts changed: put the slots into the raw text, whose line breaks stay."""
    raw, parts, position = segment.raw, [], 0
    for closing, digits in PLACEHOLDER.findall(segment.text):
        old, new = segment.slots[int(digits) - 1], slots[int(digits) - 1]
        before, after = (old.close or "", new.close or "") if closing else (old.open, new.open)
        at = raw.index(before, position)
        parts += [raw[position:at], after]
        position = at + len(before)
    return "".join([*parts, raw[position:]])


def _filled(slots: Sequence[Slot], inner: Sequence[str | None]) -> tuple[Slot, ...]:
    """The slots with new texts in the places of their inner segments."""
    made: list[Slot] = []
    texts = list(inner)
    for slot in slots:
        mine, texts = texts[: len(slot.inner)], texts[len(slot.inner) :]
        if any(text is not None for text in mine):
            whole, position, parts = slot.open if slot.close is None or slot.name == "html" else slot.close, 0, []
            for segment, text in zip(slot.inner, mine, strict=False):
                at = _place(whole, segment, position)
                parts += [whole[position:at], segment.raw if text is None else text]
                position = at + len(segment.raw)
            filled = "".join([*parts, whole[position:]])
            in_open = slot.close is None or slot.name == "html"
            slot = Slot(slot.name, filled, slot.close, slot.inner) if in_open else Slot(slot.name, slot.open, filled, slot.inner)
        made.append(slot)
    return tuple(made)


def _place(whole: str, segment: Segment, start: int) -> int:
    """Where an inner segment's raw text stands."""
    if segment.kind is Kind.ALT and whole.startswith("!["):
        return 2
    if whole.startswith(("![", "]")):
        return whole.rindex(segment.raw)
    found = re.compile(r"""=\s*["']""" + re.escape(segment.raw) + r"""["']""").search(whole, start)
    return whole.index(segment.raw, found.start()) if found else whole.index(segment.raw, start)


class _Writer:
    """Writes one changed segment as Markdown."""

    def __init__(self, segment: Segment, slots: Sequence[Slot], text: str) -> None:
        self.segment = segment
        self.slots = slots
        self.text = text

    def write(self) -> str:
        segment = self.segment
        tokens = _tidy(_cut(self.text), self.slots)
        raw = self.joined(tokens, escape.Literal(segment))
        if raw.count("$") > max(1, segment.raw.count("$")):  # two of them are mathematics
            raw = self.joined(tokens, escape.Literal(segment, but="$"))
        return raw

    def joined(self, tokens: list[_Token], literal: escape.Literal) -> str:
        parts: list[str] = []
        for token in tokens:
            if isinstance(token, str):
                words = literal.write(token)
                if not parts or parts[-1].endswith("\n"):
                    words = escape.line_start(words, self.segment, first=not parts)
                parts.append(words)
            else:
                number, closing = token
                parts.append(self.closing(number) if closing else self.slots[number - 1].open)
        self.switch_marks(tokens, parts)
        return "".join(parts)

    def closing(self, number: int) -> str:
        """What closes a paired slot; a shortcut reference gets the label that its own text no longer is."""
        slot = self.slots[number - 1]
        close = slot.close or ""
        if slot.name != "link" or not is_shortcut(slot):
            return close
        old, new = inside(self.segment.text, number), inside(self.text, number)
        label = label_of(self.segment, number)
        if new == old:
            return close
        tail = close[3:] if close.startswith("][]") else close[1:]
        return f"][{label}]{tail}"

    def switch_marks(self, tokens: list[_Token], parts: list[str]) -> None:
        """`_` does not open or close beside a letter: there, `*` stands for it."""
        for place, token in enumerate(tokens):
            if isinstance(token, str) or token[1]:
                continue
            number = token[0]
            slot = self.slots[number - 1]
            if slot.name not in _MARKS or not slot.open.startswith("_"):
                continue
            end = tokens.index((number, True), place)
            before = parts[place - 1][-1:] if place else ""
            after = parts[end + 1][:1] if end + 1 < len(parts) else ""
            if before.isalnum() or after.isalnum():
                count = _MARKS[slot.name]
                parts[place] = "*" * count
                parts[end] = "*" * count + parts[end][count:]


_Token = str | tuple[int, bool]


def _cut(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    for found in PLACEHOLDER.finditer(text):
        if found.start() > position:
            tokens.append(text[position : found.start()])
        tokens.append((int(found[2]), bool(found[1])))
        position = found.end()
    if position < len(text):
        tokens.append(text[position:])
    return tokens


def _tidy(tokens: list[_Token], slots: Sequence[Slot]) -> list[_Token]:
    """Engines put spaces where Markdown allows none: inside emphasis, and around a line break."""
    tidy: list[_Token] = []
    carried = ""
    for place, token in enumerate(tokens):
        if isinstance(token, str):
            text = carried + token
            carried = ""
            following = tokens[place + 1] if place + 1 < len(tokens) else None
            before = tidy[-1] if tidy else None
            if _opens_marks(before, slots):
                bare = text.lstrip()
                if len(bare) < len(text) and bare:
                    tidy.insert(len(tidy) - 1, " ")
                text = bare or text
            if isinstance(following, tuple) and following[1] and _is_marks(following, slots):
                bare = text.rstrip()
                if bare and len(bare) < len(text):
                    carried = " "
                    text = bare
            if isinstance(before, tuple) and slots[before[0] - 1].name == "break":
                text = text.lstrip()
            if isinstance(following, tuple) and slots[following[0] - 1].name == "break":
                text = text.rstrip()
            tidy.append(text)
        else:
            tidy.append(token)
            if carried and token[1]:
                tidy.append(carried)
                carried = ""
    return [token for token in tidy if token != ""]


def _is_marks(token: _Token | None, slots: Sequence[Slot]) -> bool:
    return isinstance(token, tuple) and slots[token[0] - 1].name in ("emphasis", "strong", "del", "mark", "ins")


def _opens_marks(token: _Token | None, slots: Sequence[Slot]) -> bool:
    return isinstance(token, tuple) and not token[1] and _is_marks(token, slots)


# -------------------------------------------------------------------- slots of two segments


def is_shortcut(slot: Slot) -> bool:
    """Whether a link finds its target by its own text: `[text]` or `[text][]`."""
    close = slot.close or ""
    return slot.name == "link" and not close.startswith(("](", "][", "] [")) or close.startswith("][]")


def inside(text: str, number: int) -> str:
    """The masked text between the two placeholders of a pair."""
    opening, closing = f"⟦{number}⟧", f"⟦/{number}⟧"
    return text[text.index(opening) + len(opening) : text.index(closing)]


def label_of(segment: Segment, number: int) -> str:
    """The label by which a shortcut reference finds its target: its own Markdown."""
    return PLACEHOLDER.sub(
        lambda found: (segment.slots[int(found[2]) - 1].close or "") if found[1] else segment.slots[int(found[2]) - 1].open,
        inside(segment.text, number),
    )


def essence(segment: Segment, number: int) -> tuple[str, ...]:
    """What a slot does, however it is written: equal for `_x_` and `*x*`, and for `[x]` and `[y][x]`."""
    slot = segment.slots[number - 1]
    if slot.name in _MARKS and slot.close is not None:
        return (slot.name, slot.close.lstrip("*_"))
    if slot.name == "link" and slot.close is not None and not slot.close.startswith("]("):
        if is_shortcut(slot):
            tail = slot.close[3:] if slot.close.startswith("][]") else slot.close[1:]
            return ("reference", normal_label(label_of(segment, number)), tail)
        label, _, tail = slot.close[1:].lstrip(" ")[1:].partition("]")
        return ("reference", normal_label(label), tail)
    if not slot.inner:
        return (slot.name, slot.open, slot.close or "")
    blank = _filled((slot,), [f"][{_own_label(inner)}" if inner.key == LABEL else "" for inner in slot.inner])[0]
    return (slot.name, blank.open, blank.close or "")


def _own_label(segment: Segment) -> str:
    return segment.raw.removesuffix("][")


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
    for rank in (essence, lambda segment, n: (segment.slots[n - 1].name, str(segment.slots[n - 1].paired))):
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

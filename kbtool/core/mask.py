"""Masked text back to Markdown.

    restore(segment, segment.text) == segment.raw

Any other text must have every placeholder of the segment exactly once and well nested; it is written so that nothing
in it is taken for markup that was not there before.
"""

from __future__ import annotations

from collections.abc import Sequence

from kbtool.core import escape
from kbtool.core.brackets import LABEL
from kbtool.core.errors import MaskError
from kbtool.core.model import PLACEHOLDER, Kind, Segment, Slot
from kbtool.core.slots import MARKS, carry, filled, inside, is_shortcut, label_of, own_label, same_slots

__all__ = ["carry", "check", "restore", "same_slots"]

_CLOSING = frozenset({"emphasis", "strong", "del", "mark", "ins"})  # what white space inside would keep from closing

_TIDIED = _CLOSING | {"break"}

#: words, or a placeholder: its number, negative where it closes
_Token = str | int


def check(segment: Segment, text: str) -> None:
    """Raise MaskError unless every placeholder stands in `text` exactly once, and pairs nest."""
    if text != segment.text:
        _tokens(segment, text)


def restore(segment: Segment, text: str, inner: Sequence[str | None] = ()) -> str:
    """The Markdown of a masked text.

    `inner` is the Markdown of the segments inside the slots, in order; None, or none at all, keeps the source's.
    """
    renewed = bool(inner) and any(raw is not None for raw in inner)
    if text == segment.text and not renewed:
        return segment.raw
    slots = filled(segment.slots, inner) if renewed else segment.slots
    if text == segment.text:
        return _refilled(segment, slots)
    tokens = _tokens(segment, text.strip())
    if segment.kind is Kind.META:
        return escape.meta(_joined(tokens, slots), segment.raw)
    if segment.kind in _ATTRIBUTES:
        written = escape.attribute(_joined(tokens, slots), segment)
        return f"{written}][{own_label(segment)}" if segment.key == LABEL else written
    return _prose(segment, slots, tokens, text)


_ATTRIBUTES = (Kind.ALT, Kind.TOOLTIP, Kind.EXPANSION)


def _tokens(segment: Segment, text: str) -> list[_Token]:
    """A text cut at its placeholders; raises MaskError where they are not those of the segment."""
    parts = PLACEHOLDER.split(text)
    slots = segment.slots
    if len(parts) == 1 and not slots:
        return [text] if text else []
    tokens: list[_Token] = [parts[0]] if parts[0] else []
    seen, opened = set[int](), list[int]()
    for closing, digits, words in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        number = int(digits) if len(digits) < 7 else 0
        if not 0 < number <= len(slots) or (closing and slots[number - 1].close is None):
            raise MaskError(f"⟦{closing}{digits}⟧ stands for nothing in this segment")
        token = -number if closing else number
        if token in seen:
            raise MaskError(f"⟦{closing}{number}⟧ stands there twice")
        seen.add(token)
        if closing:
            if not opened or opened.pop() != number:
                raise MaskError(f"⟦/{number}⟧ does not close what was opened last")
        elif slots[number - 1].close is not None:
            opened.append(number)
        tokens.append(token)
        if words:
            tokens.append(words)
    if opened:
        raise MaskError(f"⟦{opened[-1]}⟧ is not closed")
    for number in range(1, len(slots) + 1):
        if number not in seen:
            raise MaskError(f"⟦{number}⟧ is missing")
    return tokens


def _joined(tokens: Sequence[_Token], slots: Sequence[Slot]) -> str:
    return "".join(token if isinstance(token, str) else slots[token - 1].open for token in tokens)


def _refilled(segment: Segment, slots: Sequence[Slot]) -> str:
    """Only texts inside slots changed: put the slots into the Markdown as it stands, whose line breaks stay."""
    raw, parts, position = segment.raw, list[str](), 0
    for token in _tokens(segment, segment.text):
        if isinstance(token, str):
            continue
        old, new = segment.slots[abs(token) - 1], slots[abs(token) - 1]
        before, after = (old.open, new.open) if token > 0 else (old.close or "", new.close or "")
        at = raw.index(before, position)
        parts += [raw[position:at], after]
        position = at + len(before)
    return "".join([*parts, raw[position:]])


def _prose(segment: Segment, slots: Sequence[Slot], tokens: list[_Token], text: str) -> str:
    if slots and not _TIDIED.isdisjoint([slot.name for slot in slots]):
        tokens = _tidy(tokens, slots)
    raw = _written(segment, slots, tokens, text, escape.Literal(segment))
    if "$" in raw and raw.count("$") > max(1, segment.raw.count("$")):  # two of them are mathematics
        raw = _written(segment, slots, tokens, text, escape.Literal(segment, but="$"))
    return raw


def _written(
    segment: Segment, slots: Sequence[Slot], tokens: Sequence[_Token], text: str, literal: escape.Literal
) -> str:
    parts: list[str] = []
    for token in tokens:
        if isinstance(token, str):
            words = literal.write(token)
            if not parts or parts[-1].endswith("\n"):
                words = escape.line_start(words, segment, first=not parts)
            parts.append(words)
        else:
            parts.append(slots[token - 1].open if token > 0 else _closing(segment, slots[-token - 1], -token, text))
    if "_" in segment.raw:
        _switch_marks(slots, tokens, parts)
    return "".join(parts)


def _closing(segment: Segment, slot: Slot, number: int, text: str) -> str:
    """What closes a pair; a shortcut reference gets the label that its own text no longer is."""
    close = slot.close or ""
    if slot.name != "link" or not is_shortcut(slot) or inside(text, number) == inside(segment.text, number):
        return close
    tail = close[3:] if close.startswith("][]") else close[1:]
    return f"][{label_of(segment, number)}]{tail}"


def _switch_marks(slots: Sequence[Slot], tokens: Sequence[_Token], parts: list[str]) -> None:
    """`_` does not open or close beside a letter: there, `*` stands for it."""
    for place, token in enumerate(tokens):
        if isinstance(token, str) or token < 0:
            continue
        slot = slots[token - 1]
        if slot.close is None or slot.name not in MARKS or not slot.open.startswith("_"):
            continue
        end = tokens.index(-token, place)
        before = parts[place - 1][-1:] if place else ""
        after = parts[end + 1][:1] if end + 1 < len(parts) else ""
        if before.isalnum() or after.isalnum():
            count = MARKS[slot.name]
            parts[place] = "*" * count
            parts[end] = "*" * count + parts[end][count:]


def _tidy(tokens: Sequence[_Token], slots: Sequence[Slot]) -> list[_Token]:
    """Engines put spaces where Markdown allows none: inside emphasis, and around a line break."""
    tidy: list[_Token] = []
    for place, token in enumerate(tokens):
        if isinstance(token, int):
            tidy.append(token)
            continue
        before = _name(tokens[place - 1], slots) if place else ""
        after = _name(tokens[place + 1], slots) if place + 1 < len(tokens) else ""
        words = token
        if before == "break" or (before in _CLOSING and _opens(tokens[place - 1])):
            words = words.lstrip()
            if words and words != token and before != "break":
                tidy.insert(len(tidy) - 1, " ")
        if after == "break" or (after in _CLOSING and not _opens(tokens[place + 1])):
            words = words.rstrip()
        if words:
            tidy.append(words)
        moved = len(token.rstrip()) < len(token)
        if words and moved and after in _CLOSING and not _opens(tokens[place + 1]):
            tidy.append(_Outside)
    return _put_outside(tidy)


_Outside = 0  # white space that stood before a closing mark and belongs behind it


def _put_outside(tokens: Sequence[_Token]) -> list[_Token]:
    placed: list[_Token] = []
    pending = False
    for token in tokens:
        if token == _Outside:
            pending = True
            continue
        placed.append(token)
        if pending:
            placed.append(" ")
            pending = False
    return placed


def _name(token: _Token, slots: Sequence[Slot]) -> str:
    return "" if isinstance(token, str) else slots[abs(token) - 1].name


def _opens(token: _Token) -> bool:
    return isinstance(token, int) and token > 0

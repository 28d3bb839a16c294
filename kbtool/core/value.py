"""Values of which there are thousands: frozen to the type checker, and at run time as cheap as any object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

Kind = TypeVar("Kind")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(kind: type[Kind]) -> type[Kind]:
    """A dataclass with slots that can be hashed, and that nobody changes.

    `dataclass(frozen=True)` says the same, but then Python sets each field of each value through a method, which costs
    more than all else that is done with most of them.
    """
    return dataclass(slots=True, unsafe_hash=True)(kind)

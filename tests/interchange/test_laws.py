"""Laws for any text: what is written is read again as it was, and no file does harm."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.core.errors import Refused
from kbtool.core.model import State
from kbtool.core.segments import parse
from kbtool.interchange.codes import codes_of, text, tree
from kbtool.interchange.formats import read, write
from kbtool.interchange.units import Bundle, Unit, is_sayable, keys_of
from tests.interchange.tools import FORMS

_SCRAPS = """
# * - 1. > | ** __ _ ~~ ` `` [a](b.md) [a](b.md "T") ![i](j.png) [r][] [^1] <b> </b> <br> <!-- x --> {{ m }} {.c} $
⟦1⟧ ⟦/1⟧ ⟦ &amp; & < > " ' \\ ]]> <?x?> %s %(a)s \\n #, #: msgid word два 三字 é 42 \\u0041 :icon: ++ctrl++
"""
_SPACES = ["\n", "\n\n", " ", "  ", "\t", "\r\n", "\r", "\u00a0", "\u2028", "\u200f", "\x07", "\x0b", "\ufffe"]
_MARKDOWN = st.lists(st.one_of(st.sampled_from([*_SCRAPS.split(), *_SPACES]), st.text(max_size=4)), max_size=30).map(
    " ".join
)
every_form = pytest.mark.parametrize("form", FORMS)


def bundle(markdown: str, form: str) -> Bundle:
    """Every segment of a page as a unit whose translation is its original in brackets."""
    segments = parse(markdown).segments
    units = (
        Unit("a b/ü.md", key, segment.kind, segment.text, State.APPROVED, f"„{segment.text}“",
             codes=codes_of(segment, lambda markdown: False), notes=(segment.words,))
        for segment, key in zip(segments, keys_of(segments), strict=True)
    )  # fmt: skip
    return Bundle("en", "pt-BR", tuple(u for u in units if is_sayable(u.source, form) and is_sayable(u.target, form)))


def written(form: str, given: Bundle) -> bytes:
    name, _, version = form.partition("-")
    return write(name, given, version=version or "1.2").encode("utf-8")


@every_form
@settings(max_examples=60)
@given(markdown=_MARKDOWN)
def test_what_is_written_is_read_again(form: str, markdown: str) -> None:
    given = bundle(markdown, form)
    found = [unit for reading in read(form.partition("-")[0], written(form, given)) for unit in reading.units]
    assert [(u.article, u.key, u.source, u.target, u.base) for u in found] == [
        (u.article, u.key, u.source, u.target, u.base) for u in given.units
    ]
    assert not any(unit.fault for unit in found)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(["⟦1⟧", "⟦/1⟧", "⟦2⟧", "⟦/2⟧", "⟦3⟧", "a", " "])).map("".join))
def test_placeholders_in_any_order_survive_the_tree(masked: str) -> None:
    assert text(tree(masked)) == masked


@every_form
@settings(max_examples=40)
@given(st.binary(max_size=60), st.integers(0, 2000), st.integers(0, 40))
def test_a_damaged_file_is_read_or_refused(form: str, damage: bytes, at: int, lost: int) -> None:
    whole = written(form, bundle("# Title\n\nSome **bold** `code` and [a link](b.md).\n", form))
    at = min(at, len(whole))
    with contextlib.suppress(Refused):
        read(form.partition("-")[0], whole[:at] + damage + whole[at + lost :])

"""Pages made to hurt are answered: handled, or refused with the line at fault. The run's time limit is the clock."""

from __future__ import annotations

import pytest

from kbtool.core.compose import compose
from kbtool.core.errors import Refused
from kbtool.core.segments import LARGEST, parse

HANDLED = {
    "opening brackets": "[" * 50_000,
    "nested brackets": "[" * 20_000 + "]" * 20_000,
    "unfinished links": '[a](b "' * 5_000,
    "a table of 10,000 cells": "| a | b |\n|---|---|\n" + "| x | y |\n" * 5_000,
    "stars": "*a" * 20_000,
    "backticks of many lengths": "".join("`" * (n % 50 + 1) + " " for n in range(20_000)),
    "unfinished tags": '<a "' * 20_000,
    "tags that never close": "<b>" * 10_000 + "</i>" * 10_000,
    "unfinished comments": "<!-- \n" * 10_000,
    "unfinished macros": "{{ {% \n" * 10_000,
    "fences that never close": "```x\n" * 20_000,
    "spaces in a heading": "# a" + " " * 100_000 + "b",
    "spaces in a title": "/// a | b" + " " * 100_000 + "c",
    "dashes": "a | b\n" + "-" * 100_000 + "x",
    "a YAML alias bomb": "---\na: &a [x, x]\nb: &b [*a, *a]\ntitle: *b\n---\nText\n",
    "NUL": "a\0b\n\n\0\n",
    "lone surrogates": "a \ud800 b\n",
}


@pytest.mark.parametrize("text", HANDLED.values(), ids=HANDLED.keys())
def test_is_cut_and_put_together_again(text: str) -> None:
    page = parse(text)
    assert str(page) == text
    compose(page, [f"{segment.text} and more" for segment in page.segments])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("".join("    " * n + "- a\n" for n in range(200)), "line 101"),
        ("".join("    " * n + "!!! note\n\n" for n in range(200)), "line 201"),
        ("Text\n\n" + "> " * 200 + "a", "line 3"),
        ("a" * (LARGEST + 1), "line 1"),
    ],
    ids=["lists", "admonitions", "quotes", "too large"],
)
def test_is_refused_with_the_line_at_fault(text: str, line: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(text)
    assert refusal.value.where == line

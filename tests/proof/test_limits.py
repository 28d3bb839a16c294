"""Hostile pages are refused at once, with the line; real ones, large tables and long histories are taken."""

from __future__ import annotations

import pytest

from kbtool.core.errors import Refused
from kbtool.core.limits import Limits, admit, decode
from kbtool.core.render import Renderer
from kbtool.core.skeleton import skeleton

BOMB = "---\na: &a [x, x]\nb: &b [*a, *a]\ntitle: *b\n---\nText.\n"

REFUSED = {
    "50,000 brackets": ("Text.\n\n" + "[" * 50_000, 3, "brackets without an end"),
    "50,000 images": ("![" * 50_000, 1, "brackets without an end"),
    "links without an end": ("[a](" * 20_000, 1, "brackets without an end"),
    "tags without an end": ("<a " * 50_000, 1, "HTML tags without an end"),
    "CDATA without an end": ("<![CDATA[" * 5_000, 1, "HTML tags without an end"),
    "five million characters": ("word " * 1_000_000, 1, "characters; at most"),
    "200 nested quotes": ("Text.\n\n" + ">" * 200 + " a", 3, "nested 200 levels deep"),
    "200 nested lists": ("\n".join("    " * n + "- a" for n in range(200)), 101, "nested 101 levels deep"),
    "200 nested markers": ("- " * 200 + "a", 1, "nested 200 levels deep"),
    "200 nested admonitions": ("\n".join("    " * n + "!!! note\n" for n in range(200)), 201, "nested 101 levels"),
    "a NUL byte": ("One.\n\nTwo\0.\n", 3, "a NUL byte"),
    "an alias bomb": (BOMB, 3, "YAML aliases are not allowed in front matter: *a"),
    "300,000 backslashes": ("\\" * 300_000, 1, "markup in one paragraph"),
    "5,000 abbreviations": ("".join(f"*[a{n}]: b\n" for n in range(5_000)), 1, "5,000 abbreviations"),
    "100,000 headings": ("# a\n\n" * 100_000, 1, "very much markup"),
}


@pytest.mark.parametrize(("text", "line", "what"), REFUSED.values(), ids=REFUSED)
def test_what_would_render_for_ever_is_refused_with_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(Refused) as refusal:
        admit(text)
    assert what in refusal.value.what
    assert refusal.value.where == f"line {line}"
    assert refusal.value.hint


TAKEN = {
    "10,000 cells": "|" + " a |" * 10 + "\n|" + " - |" * 10 + "\n" + ("|" + " x `y` |" * 10 + "\n") * 1_000,
    "a long history": "".join(
        f"## 0.{n}.0 (2026-01-01)\n\n### Fixes\n\n" + "* 🐛 Fix `x`. PR [#1](https://example.org) by [@ana](a).\n" * 20
        for n in range(400)
    ),
    "an image inside the page": f"![a](data:image/png;base64,{'QUJD' * 50_000})\n",
    "nesting as people do it": "\n".join("    " * n + "- a" for n in range(12)),
    "code far to the right": "```\n" + " " * 600 + "- x\n```\n",
    "a long table of contents": "- [one](a.md#b)\n" * 5_000,
    "front matter with stars": "---\ntitle: 'a * b'\ntext: a *b* c & d\n---\nText.\n",
    "nothing": "",
}


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN)
def test_what_people_write_is_taken(text: str) -> None:
    admit(text)


@pytest.mark.parametrize("name", ["10,000 cells", "an image inside the page", "nesting as people do it"])
def test_what_is_taken_renders(name: str) -> None:
    assert len(skeleton(Renderer().html(TAKEN[name]))) > 1


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1_500,
        "<a " * 1_500,
        '<a "' * 500,
        "<script>" * 500,
        "</p>" * 2_000,
        "<div>" * 2_000,
        "<!--" * 500,
        "\x02\x03",
    ],
)
def test_hostile_pages_below_the_limits_are_rendered(text: str) -> None:
    admit(text)
    skeleton(Renderer().html(text))


def test_limits_can_be_set() -> None:
    with pytest.raises(Refused, match="5 characters; at most 4"):
        admit("12345", Limits(characters=4))


def test_bytes_that_are_no_utf_8_are_named_by_line() -> None:
    assert decode("\ufeffä\r\n".encode()) == "\ufeffä\r\n"
    with pytest.raises(Refused) as refusal:
        decode(b"one\ntwo\nth\xff")
    assert refusal.value.where == "line 3"
    assert "0xff" in refusal.value.what

"""One page, as an edition's readers may have it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.core.errors import KbError
from kbtool.core.render import Renderer
from kbtool.site.stage.clean import for_readers

CASES = Path(__file__).parent / "cases" / "clean.txt"
EXTENSIONS = ["admonition", "footnotes", "pymdownx.superfences", "pymdownx.details", "kbtool.site.blocks"]
RENDERER = Renderer(EXTENSIONS, {"kbtool.site.blocks": {"reader": "public"}})


def cases() -> list[tuple[str, str, str]]:
    found = []
    for case in ("\n" + CASES.read_text("utf-8")).split("\n.\n\n"):
        title, text, wanted = case.removesuffix("\n.\n").strip("\n").split("\n.\n", 2) if case.strip() else ("", "", "")
        found.append((title, text, wanted))
    return [c for c in found if c[0]]


@pytest.mark.parametrize(("title", "text", "wanted"), cases(), ids=[c[0] for c in cases()])
def test_customers_get_the_page_without_what_is_not_for_them(title: str, text: str, wanted: str) -> None:
    assert for_readers(text + "\n", "public").rstrip("\n") == wanted.rstrip("\n")


def test_agents_keep_their_blocks_and_lose_those_for_seniors() -> None:
    page = for_readers("/// agent\nFor agents.\n///\n\n/// senior\nFor seniors.\n///\n", "agent")
    assert "For agents." in page
    assert "For seniors." not in page


@pytest.mark.parametrize("reader", ["public", "agent", "senior"])
def test_an_unclosed_block_stops_every_edition_with_its_line(reader: str) -> None:
    with pytest.raises(KbError, match="never closed") as stopped:
        for_readers("Text.\n\n/// agent\nInside.\n", reader, where="docs/x.md")
    assert stopped.value.where == "docs/x.md:3"


def test_a_misspelt_audience_stops_with_the_name_that_was_meant() -> None:
    with pytest.raises(KbError) as stopped:
        for_readers("/// agnet\nInside.\n///\n", "public", where="docs/x.md")
    assert "/// agent" in (stopped.value.hint or "")


prose = st.sampled_from(
    ["Words.", "- item", "1. item", "> quote", "```", "~~~", "`code`", "    indented", "", "", "# Heading", "!!! note",
     "    inside", "<!-- c -->", "<div>", "</div>", "/// note", "///", "[x]: y.md", "??? tip", "****", "| a | b |"]
)  # fmt: skip
inner = prose.filter(lambda line: line != "///")
SECRET = "zebrafinch"


@settings(max_examples=600, derandomize=True)
@given(st.lists(prose, max_size=8), st.lists(inner, max_size=4), st.lists(prose, max_size=8), st.integers(0, 2))
def test_no_reader_of_the_rendered_page_sees_a_block_that_was_not_for_them(
    before: list[str], inside: list[str], after: list[str], depth: int
) -> None:
    """Whatever stands around a block: it is gone, or the build has stopped, or the renderer shows it as code."""
    pad = "    " * depth
    lines = [*before, "", f"{pad}/// agent", *(pad + i for i in inside), f"{pad}{SECRET}", f"{pad}///", "", *after]
    text = "\n".join(lines) + "\n"
    try:
        page = for_readers(text, "public")
    except KbError:
        return
    if SECRET in page:
        assert "/// agent" in page, "half a block was left"
        assert SECRET not in _outside_code(RENDERER.html(page))


def _outside_code(html: str) -> str:
    import re

    return re.sub(r"<(pre|code)\b.*?</\1>", "", html, flags=re.S)


@settings(max_examples=200)
@given(st.lists(prose, max_size=14))
def test_cleaning_twice_is_cleaning_once(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        once = for_readers(text, "public")
    except KbError:
        return
    assert for_readers(once, "public") == once

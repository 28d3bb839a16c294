"""The cases beside this file: a name, a page, and its segments; a new construct is a new file."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtool.core.compose import compose
from kbtool.core.segments import parse

CASES = sorted((Path(__file__).parent / "cases").glob("*.md"))


def sections(path: Path) -> tuple[str, str, str]:
    name, page, segments, _ = (path.read_bytes().decode() + "\n").split("\n.\n", 3)
    return name, page + "\n", segments


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_page_has_these_segments(path: Path) -> None:
    name, text, expected = sections(path)
    page = parse(text)
    assert "\n".join(f"{segment.kind}: {segment.text}" for segment in page.segments) == expected, name
    assert str(page) == text
    assert compose(page, [segment.text for segment in page.segments]) == text

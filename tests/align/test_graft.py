"""Changes to a page that a person restructured: what they wrote stays, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtool.core.align import tie
from kbtool.core.graft import Edit, graft
from kbtool.core.segments import parse
from tests.cases import cases

CASES = list(cases(Path(__file__).parent / "grafts", 4))


def edits(source: str, target: str, wanted: str) -> list[Edit]:
    """`original | translation | new text`, each named by its first words; nothing for none."""
    ours, theirs = parse(source).segments, parse(target).segments
    found = []
    for line in wanted.splitlines():
        here, there, raw = (part.strip() for part in line.split("|"))
        number = next((n for n, each in enumerate(ours) if here and each.raw.startswith(here)), None)
        place = next((n for n, each in enumerate(theirs) if there and each.raw.startswith(there)), None)
        assert (number is not None) == bool(here), f"no '{here}' in the original"
        assert (place is not None) == bool(there), f"no '{there}' in the translation"
        found.append(Edit(number, place, raw.replace("\\n", "\n") or None))
    return found


@pytest.mark.parametrize(("source", "target", "wanted", "expected"), [c[1] for c in CASES], ids=[c[0] for c in CASES])
def test_changes_are_made_in_place(source: str, target: str, wanted: str, expected: str) -> None:
    assert graft(parse(source), parse(target), edits(source, target, wanted)) == expected


@pytest.mark.parametrize(("source", "target", "wanted", "expected"), [c[1] for c in CASES], ids=[c[0] for c in CASES])
def test_line_ends_stay_those_of_the_page(source: str, target: str, wanted: str, expected: str) -> None:
    windows = target.replace("\n", "\r\n")
    assert graft(parse(source), parse(windows), edits(source, windows, wanted)) == expected.replace("\n", "\r\n")


def test_nothing_to_do_changes_no_byte() -> None:
    page = "\ufeff# Eins\r\n\tZwei \r\n\n* drei"
    source = parse("# One\n")
    assert graft(source, parse(page), [], tie(source, parse(page))) == page

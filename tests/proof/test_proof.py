"""What a proof finds, case by case, and how one bad segment is kept from spoiling a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.core import quick, render
from kbtool.core.compose import compose
from kbtool.core.errors import KbError
from kbtool.core.proof import Fault, Proof, culprits, settle
from kbtool.core.render import Renderer
from kbtool.core.segments import parse
from tests.cases import cases

CASES = list(cases(Path(__file__).parent / "cases", 3))
RENDERER = Renderer()


def prove(original: str, composed: str) -> list[Fault]:
    return Proof(original, RENDERER).check(composed)


@pytest.mark.parametrize(("original", "composed", "expected"), [c[1] for c in CASES], ids=[c[0] for c in CASES])
def test_a_proof_finds_what_differs_apart_from_text(original: str, composed: str, expected: str) -> None:
    found = prove(original, composed)
    assert [" ".join(f"{f.line}: {f.message}".split()) for f in found] == [
        " ".join(line.split()) for line in expected.splitlines()
    ]


@pytest.mark.parametrize("original", [c[1][0] for c in CASES], ids=[c[0] for c in CASES])
def test_every_page_is_proved_against_itself(original: str) -> None:
    assert prove(original, original) == []
    assert Proof(original, RENDERER).check(original + "\n") == []


def test_faults_name_the_segments_that_can_be_at_fault() -> None:
    page = "# One\n\nTwo `a`.\n\n| x | y |\n|---|---|\n| `b` | see `c` |\n"
    document = parse(page)
    faults = prove(page, page.replace("`a`", "a").replace("`c`", "c"))
    assert [document.segments[n].raw for n in sorted(culprits(faults, document))] == ["Two `a`.", "see `c`"]


def test_one_bad_segment_stands_in_the_source_language_and_the_rest_is_published() -> None:
    page = "# One\n\nTwo `a`.\n\n- three *b*\n- four\n"
    document = parse(page)
    texts = [segment.text.upper() for segment in document.segments]

    def write(kept: frozenset[int]) -> str:
        page = compose(document, [None if n in kept else text for n, text in enumerate(texts)])
        return page.replace("- FOUR", "- - FOUR")

    settled = settle(Proof(page, RENDERER), document, write)
    assert settled.faults == []
    assert settled.kept == {3}
    assert settled.page == "# ONE\n\nTWO `a`.\n\n- THREE *B*\n- four\n"


def test_a_page_that_cannot_be_mended_keeps_its_faults() -> None:
    page = "One `a`.\n"
    settled = settle(Proof(page, RENDERER), parse(page), lambda kept: "Nothing of it.\n")
    assert [fault.message for fault in settled.faults] == ["code `a` lost"]


def test_what_would_not_render_in_time_is_a_fault() -> None:
    faults = prove("Text.\n", "[" * 50_000)
    assert len(faults) == 1
    assert "brackets without an end" in faults[0].message


def test_extensions_that_do_not_exist_are_named() -> None:
    with pytest.raises(KbError, match="no_such_extension"):
        Renderer(["no_such_extension"]).html("x")


def test_mkdocs_front_matter_is_cut_off() -> None:
    assert RENDERER.html("---\ntitle: x\n---\n# A\n") == RENDERER.html("# A\n")
    assert RENDERER.html("\ufeff---\r\ntitle: x\r\n---\r\n# A\r\n") == RENDERER.html("# A\n")
    assert "<hr" in RENDERER.html("---\nno mapping\n---\n# A\n")
    assert RENDERER.html("Note: this is eaten by MkDocs\n\n# A\n") == RENDERER.html("# A\n")


MARKS = st.text(alphabet="ab *_`[]()!<>&:#|\\$+=~^{}\n-1.", max_size=60)


@given(MARKS)
@settings(max_examples=150)
def test_quick_rendering_gives_the_same_html(text: str) -> None:
    assert RENDERER.html(text) == PLAIN.html(text)


def _plain() -> Renderer:
    """A renderer with Python-Markdown's own inline processor."""
    install, quick.install = quick.install, lambda markdown: None
    try:
        renderer = render.Renderer()
        renderer.html("")
    finally:
        quick.install = install
    return renderer


PLAIN = _plain()

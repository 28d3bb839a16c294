"""MDX becomes Markdown: what is known is turned, what is not keeps its words, and code is never touched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.core.render import Renderer
from kbtool.foreign import front
from kbtool.foreign.mdx import convert
from tests.cases import cases

CASES = list(cases(Path(__file__).parent / "cases", 3))


def converted(text: str) -> tuple[str, str]:
    found, left = convert(text, "a.mdx", 0, lambda path: None)
    return found, "".join(f"{each.line}: {each.why}\n" for each in left)


@pytest.mark.parametrize(("text", "wanted", "left"), [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_a_page_is_converted(text: str, wanted: str, left: str) -> None:
    found, listed = converted(text)
    assert found == wanted
    assert listed == left


LINES = st.sampled_from(
    [
        ":::note Title",
        ":::",
        "::::tip",
        "::::",
        "<Tabs>",
        "</Tabs>",
        '  <TabItem value="a">',
        "  </TabItem>",
        "<Foo>",
        "</Foo>",
        "<Foo a={1} />",
        "- item",
        "  - inner",
        "    deeper",
        "1) one",
        "word",
        "  word",
        "",
        "",
        "# Head {#id}",
        "{/* hi */}",
        "<details>",
        "<summary>S</summary>",
        "</details>",
        "import A from './a'",
        "export const b = {",
        "}",
        "> quote",
        "| a | b |",
        "|---|---|",
        "```",
        "~~~",
        "```js {1}",
        "<div>",
        "</div>",
        "{expression}",
        "text <b>bold</b> `code <X/>`",
        "<img src={x} />",
        "<script>",
        "</script>",
        "<a href='javascript:x'>x</a>",
        "\tword",
        "<Foo",
        "a={",
    ]
)


@given(st.lists(LINES, max_size=25))
@settings(max_examples=80)
def test_no_word_is_lost_and_no_page_breaks_the_converter(lines: list[str]) -> None:
    text = "\n".join(lines)
    found, left = converted(text)
    for word in ("item", "inner", "deeper", "word", "Head", "quote", "bold"):
        assert found.count(word) >= text.count(word), f"{word!r} is lost:\n{text}\n=>\n{found}\n{left}"


CODE = st.text(
    st.characters(codec="utf-8", exclude_characters="`~\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), max_size=30
)


@given(st.lists(CODE, min_size=1, max_size=5), st.sampled_from(["", ":::note\n", "<Foo>\n", "- item\n\n"]))
@settings(max_examples=40)
def test_code_is_never_touched(code: list[str], before: str) -> None:
    lead = "  " if before.startswith("-") else ""
    fenced = "\n".join(f"{lead}{line}" for line in ["```js", *code, "```"])
    after = {":::note\n": "\n:::", "<Foo>\n": "\n</Foo>"}.get(before, "")
    found, _ = converted(f"{before}{fenced}{after}\n")
    indent = "    " if before.startswith((":", "-")) else ""
    wanted = "\n".join(f"{indent}{line}" if line.strip() else line for line in ["```js", *code, "```"])
    shown = "\n".join(line if line.strip() else "" for line in found.split("\n"))
    assert "\n".join(line if line.strip() else "" for line in wanted.split("\n")) in shown


def test_the_converted_page_renders_as_it_was_meant() -> None:
    text = "Steps:\n- one\n  - two\n\n    more of two\n\n:::note Hi\n- in it\n:::\n"
    html = Renderer().html(front.join("", converted(text)[0]))
    assert re.sub(r"\s+", "", html) == re.sub(
        r"\s+",
        "",
        "<p>Steps:</p><ul><li>one<ul><li><p>two</p><p>more of two</p></li></ul></li></ul>"
        '<div class="admonition note"><p class="admonition-title">Hi</p><ul><li>in it</li></ul></div>',
    )

"""Quick rendering gives what Python-Markdown gives, with the extensions that sites have, page after page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.core import colours, quick, quick_tree
from kbtool.core.render import SUPERSET, SUPERSET_CONFIGS

#: by the kind of site: extensions, and their options
SITES: dict[str, tuple[Sequence[str], dict[str, dict[str, Any]]]] = {
    "bare": ((), {}),
    "ours": (
        (
            "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc",
            "pymdownx.details", "pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.superfences",
            "pymdownx.tabbed", "kbtool.site.blocks",
        ),
        {"toc": {"permalink": True}, "pymdownx.tabbed": {"alternate_style": True}},
    ),
    "superset": (SUPERSET, SUPERSET_CONFIGS),
    "numbered": (
        ("toc", "nl2br", "pymdownx.highlight", "pymdownx.superfences", "pymdownx.betterem", "pymdownx.tasklist"),
        {"pymdownx.highlight": {"linenums": True, "line_spans": "__span"}, "toc": {"anchorlink": True}},
    ),
    "extra": (("extra", "smarty", "sane_lists", "codehilite", "toc"), {"toc": {"title": "Contents"}}),
}  # fmt: skip
LINES = (
    "Words", "*some*", "__more__ words_", "# One", "## One { #one .two }", "Two", "===", "---", "- item", "* * *",
    "1. item", "2. {: #x }", "> said", "", "", "", "    in", "        deeper", "`a < b`", "`#!sh ls`", "```sh",
    "```", "``` {.py #c}", '```py hl_lines="1" linenums="2" title="T"', "x = 1", "ls -l | tee 'x'", "~~~",
    "!!! note", '??? tip "Title"', '=== "Tab"', "/// agent", "///", "[a](b.md#c)", "![i](../i.png){ width=3 }",
    "[r]", "[r]: http://x.example/ 'T'", "[^1]", "[^1]: Note", "Term", ":   what it is", "| a | b |", "|---|:-:|",
    "| 1 | `x|y` {: .c } |", "*[W]: Words", "<b>raw</b>", "<div markdown>", "</div>", "<!-- no -->",
    "&amp; & &#8594;", "a\\*b\\_", "two  ", "[TOC]", "<http://x.example/?a=b&c>", "a {", "\t- tab", "- [x] done",
    "https://x.example/", "<div", "\\[TOC\\]", "# a # b ##", "####### seven", "#tag", "## *One* & two", "Words. More",
    "[a [b] c](d.md)", "[x](<y z> 't')", "[q](r 's') [t](u_(v).md)", "`` a ` b ``", "\\`no` \\\\`yes`", "![a](b)[c]",
    "| `a` | b\\| |", "| c | d `e|` | f", "words {#e}", "- - -", "_ _ _", "    !!! tip", "    === \"Two\"", "~~~py",
    "Go to `kb-1`, **at once**: [a way](../b.md#c) *on*", "`a``b` ``c`", "**x** **y**.", "*a **b* c**",
    "1*2*3 *4* (*5*)", "![a *b*](c.png) ![d](e_f.png)", "[x `y`](z) `[x](y)`", "[a](b)[c](d) \\`e`",
    "`f` `#!py g` `:x`", "`&amp;`, `a b`",
    "<br>", "two<br>  \nlines", "\x02wzxhzdk:7\x03", "# `x` {: data-toc-label='Y' }", "## \u00e4 \\# {#a-b }",
)  # fmt: skip
PAGES = st.lists(st.sampled_from(LINES), max_size=14).map("\n".join)
ANYTHING = st.text(alphabet="ab *_`[]()!<>&:#|\\$+=~^{}\n-1./\"'?\t\u00e4", max_size=70)


def made(site: str) -> markdown.Markdown:
    extensions, options = SITES[site]
    return markdown.Markdown(extensions=[*extensions], extension_configs={n: {**o} for n, o in options.items()})


def converted(md: markdown.Markdown, text: str) -> tuple[str, object]:
    return md.reset().convert(text), getattr(md, "toc_tokens", None)


QUICK = {site: made(site) for site in SITES}
for each in QUICK.values():
    quick.install(each)


@pytest.mark.parametrize("site", SITES)
@given(page=PAGES | ANYTHING)
@settings(max_examples=60)
def test_quick_rendering_is_the_same_for_every_kind_of_site(site: str, page: str) -> None:
    slow = converted(made(site), page)
    assert converted(QUICK[site], page) == slow
    assert converted(QUICK[site], page) == slow, "the second time"


@pytest.mark.parametrize("site", SITES)
def test_a_page_of_everything_is_the_same(site: str) -> None:
    for page in ("\n".join(LINES), "\n\n".join(LINES), "\n".join(reversed(LINES))):
        assert converted(QUICK[site], page) == converted(made(site), page)


def test_the_version_of_markdown_that_is_here_is_known() -> None:
    assert markdown.__version__.startswith(quick.TRIED), "try the quick ways with it, then write it into quick.TRIED"


@pytest.mark.parametrize("site", SITES)
def test_another_version_of_markdown_goes_the_slow_way(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "__version__", "4.0")
    md = made(site)
    quick.install(md)
    assert md.serializer is not quick_tree.serialized
    page = "\n".join(LINES)
    assert converted(md, page) == converted(made(site), page)


def test_code_is_coloured_once_and_numbered_where_it_stands() -> None:
    page = "```py\nseen = 'once'\n```\n\n```py\nseen = 'once'\n```\n"
    before = len(colours._REMEMBERED.html)
    first, _ = converted(QUICK["ours"], page)
    assert len(colours._REMEMBERED.html) == before + 1
    assert first.count("seen") == 2
    html, _ = converted(QUICK["numbered"], page)
    assert "__span-0-1" in html
    assert "__span-1-1" in html

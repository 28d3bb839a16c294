"""HTML of help desks: the words and their order stay, and nothing of it can run, whatever it holds."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.core.errors import Refused
from kbtool.core.render import Renderer
from kbtool.foreign import front
from kbtool.foreign.html import markdown
from kbtool.foreign.tags import Page
from kbtool.site.config import EXTENSIONS, renderer

#: what a fresh help centre has, what comes with one that moved in, and what would read files
SITE = renderer({"markdown_extensions": [*EXTENSIONS, "pymdownx.tasklist", "pymdownx.tilde", "pymdownx.snippets"]})
ACTIVE = {"script", "style", "iframe", "object", "embed", "form", "svg", "base", "meta", "link", "template", "math"}


class Reader(HTMLParser):
    """What a browser would act upon, and the text it would show."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults += [tag] * (tag in ACTIVE)
        for name, value in attrs:
            scheme = (
                urlsplit((value or "").strip().replace("\t", "").replace("\n", "")).scheme
                if name in ("href", "src")
                else ""
            )
            if name.startswith("on") or name == "style" or scheme in ("javascript", "vbscript", "data"):
                self.faults.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        self.text += data


def page() -> Page:
    return Page(link=lambda address: address, image=lambda address: address)


def shown(html: str, site: Renderer = SITE) -> Reader:
    reader = Reader()
    reader.feed(site.html(front.join("title: T", markdown(html, page()))))
    return reader


HOSTILE = [
    "<b><pre>```\n&lt;script&gt;x&lt;/script&gt;</pre></b>",
    "<ul><li><pre>&lt;script&gt;x&lt;/script&gt;</pre></li></ul>",
    "<dl><dt>a</dt><dd><pre>&lt;script&gt;x&lt;/script&gt;</pre></dd></dl>",
    "<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<p>&amp;lt;script&amp;gt;x</p>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="jAva\tscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<img src="data:text/html,<script>1</script>">',
    '<img alt="](javascript:alert(1))" src="a.png">',
    "<p>text {: onclick=alert(1) }</p>",
    '<p>*x*{ onclick="a()" }</p>',
    '<a href="x) [y](javascript:alert(1)">x</a>',
    "<p>[x](javascript:alert(1))</p>",
    "<p>[x]: javascript:alert(1)</p>",
    '<a title="a&quot; onclick=&quot;b" href="x">y</a>',
    "<p>`&lt;b onclick=x&gt;</p>",
    "<h2 id='a onclick=x'>T { onclick=x }</h2>",
    '<pre><code class="x&quot; onload=&quot;y">```\n&lt;script&gt;</code></pre>',
    "<svg><script>1</script></svg>",
    "<style>*{}</style>",
    '<div class="note" onclick="x">&lt;img src=x onerror=y&gt;</div>',
    '<p>--8&lt;-- "mkdocs.yml"</p>',
    "<p>/// html | script</p>",
    '<pre>--8&lt;-- "mkdocs.yml"</pre>',
    '<a href="x"><img src="javascript:1" alt="&lt;script&gt;"></a>',
    "<!--><script>1</script>-->",
    "<table><tr><td>a | b</td><td>&lt;i onclick=x&gt;</td></tr></table>",
    "<p>&lt;a href='javascript:1'&gt;x&lt;/a&gt;</p>",
    "<details><summary>a&quot; b</summary>c</details>",
    "<form action=x><input onfocus=y autofocus></form>",
    "<math><mi xlink:href='data:x'>",
    "<p>&amp;#60;script&amp;#62;</p>",
    "<p>]]&gt;&lt;![CDATA[</p>",
    "<p>\\&lt;script&gt;</p>",
    "<iframe srcdoc='<script>1</script>'></iframe>",
    '<iframe src="javascript:alert(1)"></iframe>',
    '<video src="https://x.example/a.mp4" onplay=x></video>',
]


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_runs(html: str) -> None:
    assert shown(html).faults == []


PIECES = st.sampled_from(
    [
        *HOSTILE,
        "<p>word</p>",
        "<ul><li>word",
        "<ol><li>",
        "</li></ul>",
        "<b>",
        "</b>",
        "<div class='warning'>",
        "</div>",
        "<table><tr><td>",
        "</td></tr></table>",
        "<pre>",
        "</pre>",
        "<code>",
        "</code>",
        "\n",
        " ",
        "`",
        "*",
        "_",
        "<blockquote>",
        "# ",
        "<br>",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
@settings(max_examples=60)
def test_nothing_runs_however_it_is_mixed(html: str) -> None:
    try:
        assert shown(html).faults == []
    except Refused as refused:
        assert "would run" in refused.what


@given(st.lists(st.text("ab*_`#<>&[](){}!|\\~=+-.:/?1$^ \n\"'", max_size=20), min_size=1, max_size=4))
@settings(max_examples=100)
def test_a_text_is_shown_as_it_is(paragraphs: list[str]) -> None:
    from html import escape

    found = shown("".join(f"<p>{escape(text)}</p>" for text in paragraphs)).text
    assert "".join(found.split()) == "".join("".join(paragraphs).split())


@pytest.mark.parametrize("text", ["1\n=", "a\n ==", "a\n---", "1. b", "a\n# b", "a\n: b", "!!! x\n    y", "~~~\nb"])
def test_what_looks_like_a_block_is_shown_as_it_is(text: str) -> None:
    from html import escape

    assert shown(f"<p>{escape(text)}</p>").text.split() == text.split()


def test_what_is_nested_too_deeply_is_refused() -> None:
    with pytest.raises(Refused):
        markdown("<div>" * 5000, page())

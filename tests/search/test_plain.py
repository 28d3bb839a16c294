"""The quick reader of plain pages sees what the reader of any HTML sees, or says that it cannot tell."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbtool.search import plain
from kbtool.search.markup import Seen
from kbtool.search.reader import read_any

_TEXT = st.text(alphabet="ab é<>&;\"'=/-!\n\u00a0#¶x", max_size=8)
_NAMES = st.sampled_from([
    "p", "div", "span", "em", "code", "pre", "a", "h1", "h2", "h3", "ul", "li", "svg", "path", "form", "nav", "br",
    "img", "input", "button", "noscript", "template", "article", "script", "title", "table", "details", "Custom-tag",
    "span", "td", "tr", "tbody", "p",
])  # fmt: skip
_ATTRIBUTES = st.dictionaries(
    st.sampled_from(["class", "id", "href", "lang", "data-search-exclude", "title", "viewBox", "checked"]),
    st.one_of(
        st.none(), st.sampled_from(["headerlink", "md-tags x", "../c/#d", "de", "a b", "s2"]), _TEXT.map(escape), _TEXT
    ),
    max_size=2,
)


def _tag(name: str, attributes: dict[str, str | None], ending: str) -> str:
    said = "".join(f" {key}" if value is None else f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{said}{ending}"


def _element(name: str, attributes: dict[str, str | None], inside: list[str], ending: str) -> str:
    return _tag(name, attributes, ending) + "".join(inside) + (f"</{name}>" if ending == ">" else "")


_ENDINGS = st.sampled_from([">", ">", ">", ">", ">", " />", "/>", " >x", "\n>"])
_PLAIN = st.recursive(
    st.one_of(_TEXT.map(escape), st.sampled_from(["&para;", "&nbsp;&lt;", "<br>", '<img src="x">'])),
    lambda inner: st.builds(_element, _NAMES, _ATTRIBUTES, st.lists(inner, max_size=4), _ENDINGS),
    max_leaves=12,
)
_ANY = st.one_of(
    _PLAIN, _TEXT, _NAMES.map(lambda name: f"<{name}>"), _NAMES.map(lambda name: f"</{name}>"), st.just("<!-- x -->")
)
_HEADS = st.lists(
    st.one_of(
        st.builds(lambda text: f"<title>{text}</title>", _TEXT),
        st.builds(
            lambda name, text: f'<meta name="kbtool:{name}" content="{text}">',
            st.sampled_from(["category", "description", "exclude"]),
            st.one_of(_TEXT.map(escape), _TEXT),
        ),
        _ANY,
    ),
    max_size=3,
)


def _page(head: str, article: dict[str, str | None], body: str) -> str:
    start = _tag("article", article, ">")
    return (
        f'<html lang="en"><head>{head}</head><body><p>menu</p>{start}{body}</article><footer>x</footer></body></html>'
    )


@settings(max_examples=300)
@given(_HEADS, _ATTRIBUTES, st.lists(_ANY, max_size=5))
@example([], {}, ["<h2>a<svg><h2>b</h2></svg>c</h2>"])
@example([], {}, ["<pre>a<div data-search-exclude><pre>b</pre></div>c</pre>d"])
@example([], {}, ["<h1>a</h1>b<h1>c</h1>d<h2>e<h3>f</h3>g</h2>h"])
@example([], {}, ["a &am<span>p; b</span> c", "<p>&#3<p>8;</p>&lt</p>;"])
@example([], {}, ["<em <p>a</p> b>c</em>", "<em title=' <p>a</p>'>b</em>", "d<span"])
@example([], {}, ["<pre><span class='k'>a</span> <span class=\"k\">b</span></pre><table><tr><td>1</td></tr></table>"])
@example([], {}, ["<p>a</article><article lang='de'>b</p>"])
def test_no_page_is_seen_in_two_ways(head: list[str], article: dict[str, str | None], body: list[str]) -> None:
    page = _page("".join(head), article, "".join(body))
    if (seen := plain.read(page)) is not None:
        assert _told(seen) == _told(read_any(page))


def _told(seen: Seen | None) -> object:
    """All but where texts were cut."""
    assert seen is not None
    return list(seen.sections()), seen.links, seen.meta, seen.language, seen.title, seen.excluded


@pytest.mark.parametrize(
    "body",
    [
        '<h1 id="a">A<a class="headerlink" href="#a" title="Link">&para;</a></h1>\n<p>One <em>two</em>.<br>Three</p>',
        '<div class="highlight"><pre><span></span><code><span class="k">if</span> a &lt; b:</code></pre></div>',
        '<span class="twemoji"><svg viewBox="0 0 24 24"><path d="M1"/></svg></span>',
        '<details class="note" open><summary>S</summary><input checked id="x" type="radio" /></details>',
        "<noscript><p>no</p></noscript>",
    ],
)
def test_what_writers_write_is_plain(body: str) -> None:
    assert plain.read(_page("<title>A &amp; B</title>", {"lang": "de"}, body)) is not None

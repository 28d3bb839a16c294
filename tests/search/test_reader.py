"""What of a built page goes into the index: what its readers can see of the article, in their language."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtool.search.reader import pages_of, read_page

_PAGE = """<!doctype html><html lang="{html_lang}"><head><title>Tab</title>{head}</head>
<body><nav>Menu <a href="x">Elsewhere</a></nav><article class="md-content__inner"{article}>{body}</article>
<footer>Footer</footer></body></html>"""


def page(body: str, *, head: str = "", article: str = "", html_lang: str = "en", locale: str = "en", url: str = "a/b/"):
    return read_page(_PAGE.format(body=body, head=head, article=article, html_lang=html_lang), url, locale)


def test_a_page_is_cut_at_its_headings() -> None:
    found = page(
        '<h1 id="top">Refunds<a class="headerlink" href="#top">¶</a></h1><p>We <em>pay</em> you&nbsp;back.</p>'
        '<h2 id="time">How long<a class="headerlink">¶</a></h2><ul><li>One</li><li>Two</li></ul>'
        "<pre><code>GET /refunds</code></pre><h3>Deep</h3><p>end"
    )
    assert found is not None
    assert found.title == "Refunds"
    assert [(s.anchor, s.heading, s.text, s.code) for s in found.sections] == [
        ("", "Refunds", "We pay you back.", ""),
        ("time", "How long", "One Two", "GET /refunds"),
        ("", "Deep", "end", ""),
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<div data-search-exclude>gone <b>too</b></div>",
        "<p data-search-exclude>gone",
        "<script>gone</script>",
        "<style>.gone{}</style>",
        "<aside class='md-source-file'>gone</aside>",
        "<form>gone</form>",
        "<template>gone</template>",
        "<!-- gone -->",
        '<p title="gone" data-x="gone">',
    ],
)
def test_what_is_no_part_of_the_article_is_left_out(hidden: str) -> None:
    found = page(f"<h1>Title</h1>{hidden}")
    assert found is not None
    assert "gone" not in repr(found)
    assert "Menu" not in repr(found) and "Footer" not in repr(found)


def test_text_after_something_hidden_is_back_in() -> None:
    found = page("<h1>T</h1><div data-search-exclude><img src=x><br>gone</div><p>here</p>")
    assert found is not None
    assert found.sections[0].text == "here"


@pytest.mark.parametrize(
    ("html_lang", "article", "locale", "indexed"),
    [
        ("de", "", "de", True),
        ("de", ' lang="en" dir="ltr"', "de", False),
        ("de", ' lang="en"', "en", True),  # in de/, which the source locale's reading skips
        ("pt-BR", "", "pt_BR", True),
        ("de", "", "de-AT", True),
        ("zh-Hans", "", "zh-Hant", False),
        ("de", " data-search-exclude", "de", False),
    ],
)
def test_only_the_locales_own_language_is_indexed(html_lang: str, article: str, locale: str, indexed: bool) -> None:
    assert (page("<h1>T</h1>", html_lang=html_lang, article=article, locale=locale) is not None) is indexed


def test_the_head_says_what_the_index_may_know() -> None:
    head = '<meta name="kbtool:category" content="A &amp; B"><meta name="description" content="site"><title>x</title>'
    found = page("<h1>T</h1>", head=head)
    assert found is not None
    assert (found.facets, found.description) == ({"category": "A & B"}, "")
    assert page("<h1>T</h1>", head='<meta name="kbtool:exclude" content="1">') is None


def test_links_between_articles_are_known_by_address() -> None:
    found = page(
        '<p><a href="../c/#x">c</a><a href="https://b.example/">b</a><a href="#y">y</a><a href="../../">home</a>'
    )
    assert found is not None
    assert found.links == {"a/c/", ""}


def test_a_locale_is_read_from_its_own_folder(tmp_path: Path) -> None:
    for name, lang in {"index.html": "en", "de/index.html": "de", "de/x/index.html": "de", "404.html": "en"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(_PAGE.format(html_lang=lang, head="", article="", body=f"<h1>{name}</h1>"))
    assert [p.url for p in pages_of(tmp_path, "en", skip=["de"])] == [""]
    assert [p.url for p in pages_of(tmp_path, "de", root="de/")] == ["", "x/"]

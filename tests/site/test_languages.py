"""Languages on the site: who is offered what, and what a page says about itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kbtool.site import locales
from tests.site.conftest import Base, run, write


def offered(page: str) -> dict[str, str]:
    """The language switcher: tag → address."""
    return {tag: href for href, tag in re.findall(r'<a href="([^"]*)" hreflang="([^"]*)" lang="\2"', page)}


def article(page: str) -> str:
    found = re.search(r"<article[^>]*>", page)
    assert found
    return found[0]


def test_the_switcher_stays_on_the_page_and_offers_only_what_exists(base: Base) -> None:
    assert offered(base.read("it/guide/index.html")) == {
        "en": "./", "ar": "../../ar/it/guide/", "es-419": "../../es-419/it/guide/", "pt-BR": "../../pt_BR/it/guide/"
    }  # fmt: skip
    assert offered(base.read("billing/refunds/index.html")) == {"en": "./", "de": "../../de/billing/refunds/"}
    assert offered(base.read("index.html")) == {}


def test_a_missing_translation_is_the_original_in_its_own_language_with_a_notice(base: Base) -> None:
    page = base.read("ar/billing/refunds/index.html")
    assert '<html lang="ar"' in page
    assert 'lang="en" dir="ltr"' in article(page)
    assert "هذه الصفحة غير متاحة بالعربية بعد" in page
    assert "The shop pays within five days." in page
    assert offered(page) == {"en": "../../../billing/refunds/", "de": "../../../de/billing/refunds/"}


def test_a_translation_says_that_a_machine_made_it_and_what_has_changed_since(base: Base) -> None:
    page = base.read("de/billing/refunds/index.html")
    assert "maschinell übersetzt und noch nicht geprüft" in page
    assert "Das Original dieser Seite wurde seit der Übersetzung geändert." in page
    assert "Geändert wurde: Wer zahlt" in page
    assert re.search(r'<a href="../../../billing/refunds/" hreflang="en">Original lesen</a>', page)
    assert article(page) == '<article class="md-content__inner md-typeset">'


def test_what_is_no_translation_is_not_called_one(base: Base) -> None:
    page = base.read("es-419/it/guide/index.html")
    assert "Esta página es una prueba técnica, no una traducción." in page
    assert "aún no se ha revisado" not in page


def test_nothing_is_said_about_a_page_that_needs_nothing_said(base: Base) -> None:
    assert "kb-notice" not in base.read("index.html")
    assert "kb-notice" not in base.read("ar/it/guide/index.html")


@pytest.mark.parametrize(
    ("locale", "tag", "direction"),
    [("de", "de", "ltr"), ("ar", "ar", "rtl"), ("es-419", "es-419", "ltr"), ("zh-Hans", "zh-Hans", "ltr"),
     ("pt_BR", "pt-BR", "ltr"), ("en-GB", "en-GB", "ltr")],
)  # fmt: skip
def test_pages_and_404_have_the_tag_and_direction_of_their_locale(
    base: Base, locale: str, tag: str, direction: str
) -> None:
    for name in ("index.html", "404.html", "it/guide/index.html"):
        page = base.read(f"{locale}/{name}")
        assert f'<html lang="{tag}"' in page
        assert f'<body dir="{direction}"' in page


def test_search_engines_learn_of_translations_that_exist_and_of_no_others(base: Base) -> None:
    page = base.read("de/billing/refunds/index.html")
    found = dict(re.findall(r'<link rel="alternate " hreflang="([^"]+)" href="([^"]+)">', page))
    assert found == {
        "en": "https://help.example.com/kb/billing/refunds/",
        "de": "https://help.example.com/kb/de/billing/refunds/",
        "x-default": "https://help.example.com/kb/billing/refunds/",
    }
    fallback = base.read("ar/billing/refunds/index.html")
    assert 'hreflang="ar"' not in fallback.split("</head>")[0]
    assert '<link rel="canonical" href="https://help.example.com/kb/billing/refunds/">' in fallback
    assert 'name="robots" content="noindex' in base.read("index.html", "agents")


@pytest.mark.parametrize(
    ("locale", "tag", "theme", "direction", "name"),
    [
        ("pt_BR", "pt-BR", "pt-BR", "ltr", "Português (Brasil)"),
        ("es-419", "es-419", "es", "ltr", "Español (Latinoamérica)"),
        ("fil", "fil", "tl", "ltr", "Filipino"),
        ("zh-Hans", "zh-Hans", "zh", "ltr", "简体中文"),
        ("no", "no", "nb", "ltr", "Norsk"),
        ("ar-EG", "ar-EG", "ar", "rtl", "العربية (EG)"),
        ("az-Arab", "az-Arab", "az", "rtl", "Azərbaycanca (Arab)"),
        ("en-GB", "en-GB", "en", "ltr", "English (UK)"),
        ("sw", "sw", "en", "ltr", "Kiswahili"),
        ("he", "he", "he", "rtl", "עברית"),
    ],
)
def test_any_locale_has_a_tag_a_theme_language_a_direction_and_a_name(
    locale: str, tag: str, theme: str, direction: str, name: str
) -> None:
    assert locales.tag(locale) == tag
    assert locales.theme_language(locale) == theme
    assert locales.direction(locale) == direction
    assert locales.name(locale) == name


def test_agents_see_how_fresh_a_page_is_in_words(base: Base) -> None:
    def fresh(page: str) -> str:
        found = re.search(r'<p class="kb-fresh".*?</p>', base.read(page, "agents"), re.S)
        assert found
        return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())

    assert fresh("it/guide/index.html") == (
        "Freshness: Review is due Last reviewed: January 10, 2026 Review was due : April 10, 2026"
    )
    assert fresh("index.html") == "Freshness: Not reviewed yet"
    assert fresh("de/billing/refunds/index.html") == "Aktualität: Veraltet Maschinell übersetzt"
    assert fresh("ar/billing/refunds/index.html") == "الحداثة: غير مترجم"
    assert "kb-fresh" not in base.read("it/guide/index.html")
    assert not base.has("kb/agents.js")


def test_addresses_in_writers_own_html_lead_there_in_every_language(base: Base) -> None:
    for page, up in (("index.html", ""), ("de/index.html", "../"), ("ar/index.html", "../")):
        assert f'<img src="{up}img/form.png" alt="The form">' in base.read(page)
        assert '<a href="it/guide/">The guide again</a>' in base.read(page)


def test_locales_that_static_i18n_or_the_theme_refuse_are_built_with_folders_of_two_letters(tmp_path: Path) -> None:
    found = ("fil", "no", "he", "sr-Latn", "zh-Hant")
    write(
        tmp_path,
        {
            "kbtool.toml": f"locales = {list(found)}\n",
            "docs/index.md": "# Start\n",
            "docs/id/index.md": "# A folder of two letters\n",
            "docs/id/one.md": "# One\n",
            "docs/id/two.md": "# Two\n",
            **{f"translations/{locale}/id/two.md": "# 2\n" for locale in found},
        },
    )
    run(tmp_path, "build", "--edition", "customers")
    for locale in found:
        page = (tmp_path / f"site/customers/{locale}/id/one/index.html").read_text("utf-8")
        assert f'<html lang="{locale}"' in page
        menu = re.findall(r'class="md-nav__link[^"]*">\s*(?:<span[^>]*>\s*)?([^<>\s][^<>]*?)\s*<', page)
        assert [title for title in dict.fromkeys(menu) if title in ("One", "2", "Two")] == ["One", "2"], "each once"

"""Links to headings lead to the same heading after the move, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtool.core.model import Locale
from kbtool.foreign import Article, Found, anchors
from kbtool.foreign.names import github_slug
from kbtool.foreign.tree import Tree
from tests.cases import cases

CASES = list(cases(Path(__file__).parent / "anchors", 4))
OTHER = {"en": "## About us\n", "de": "## Über uns\n"}


def page(path: str, locale: Locale, text: str) -> Article:
    return Article(path, locale, text, f"{locale}/{path}")


@pytest.mark.parametrize(
    ("original", "translation", "wanted", "lost"), [case for _, case in CASES], ids=[name for name, _ in CASES]
)
def test_links_follow_headings(original: str, translation: str, wanted: str, lost: str, tmp_path: Path) -> None:
    pages = [page("a.md", "en", original), page("a.md", "de", translation)]
    pages += [page("other.md", locale, text) for locale, text in OTHER.items()]
    found = Found(kind="docusaurus", locale="en", articles=tuple(pages), slugify=github_slug)
    followed = {(a.locale, a.path): (a.text, left) for a, left in anchors.follow(pages, found, {}, Tree(tmp_path))}
    text, left = followed["de", "a.md"]
    assert text == wanted
    assert "".join(f"{each.why.partition(': ')[2]}\n" for each in left) == lost


def test_a_site_with_anchors_of_its_own_making(tmp_path: Path) -> None:
    pages = [page("a.md", "en", "# One\n"), page("a.md", "de", "# Größe\n\n[x](#große) [y](#groe)\n")]
    found = Found(kind="mkdocs", locale="en", articles=tuple(pages))
    followed = [(a.text, [str(each) for each in left]) for a, left in anchors.follow(pages, found, {}, Tree(tmp_path))]
    listed = "de/a.md: no heading has this address: #große"
    assert followed[1] == ("# Größe\n\n[x](#große) [y](#one)\n", [listed])

"""What locales have built is moved into one site: whole folders where that can be, and never one file over another."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtool.core.errors import KbError
from kbtool.site.tree import Tree
from tests.site.conftest import write


def test_folders_that_the_site_has_not_and_those_it_has_are_moved_in(tmp_path: Path) -> None:
    built = {name: tmp_path / "built" / name for name in ("en", "de")}
    names = ("index.html", "404.html", "a/index.html", "de/extra.html", "sitemap.xml")
    write(built["en"], {name: name for name in names})
    write(built["de"], {name: name for name in ("404.html", "de/a/index.html", "de/b/index.html", "a/index.html")})
    tree = Tree(tmp_path / "site")
    first = tree.add(built["en"], "en", first=True)
    assert sorted(first) == ["404.html", "a/index.html", "de/extra.html", "index.html"]
    second = tree.add(built["de"], "de", first=False)
    assert sorted(second) == ["a/index.html", "de/404.html", "de/a/index.html", "de/b/index.html"]
    there = {file.relative_to(tree.folder).as_posix() for file in tree.folder.rglob("*") if file.is_file()}
    assert there == tree.fresh == {*first, *second}
    assert (tree.folder / "de/404.html").read_text("utf-8") == "404.html"


def test_two_locales_do_not_write_one_file(tmp_path: Path) -> None:
    write(tmp_path, {"en/a/index.html": "one", "de/a/index.html": "other"})
    tree = Tree(tmp_path / "site")
    tree.add(tmp_path / "en", "en", first=True)
    with pytest.raises(KbError, match=r"two locales write a/index\.html"):
        tree.add(tmp_path / "de", "de", first=False)

"""The menu cut down to what stands near a few pages: these pages show the same as with all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page

from kbtool.site.mkdocs.menukeys import MenuKeys
from kbtool.site.mkdocs.nearby import nearby

SMALL = ["index.md", {"Billing": ["billing/index.md", "billing/a.md", "billing/b.md", "billing/c.md"]}, "z.md"]
LEAVES = st.sampled_from(["page", "start", "titled", "address"])
MENUS = st.lists(st.recursive(LEAVES, lambda inner: st.lists(inner, min_size=1, max_size=5), max_leaves=25), min_size=1)


@given(MENUS, st.data())
def test_pages_show_the_same(menu: list[Any], data: st.DataObject) -> None:
    nav = [*(["index.md"] if data.draw(st.booleans()) else []), *_laid_out(menu, count())]
    pages = [target for target in _targets(nav) if ":" not in target]
    paths = {*pages, "apart.md", "index.md"}
    wanted = data.draw(st.sets(st.sampled_from(sorted(paths)), max_size=3))
    near = nearby(nav, paths, wanted)
    assert near
    assert wanted <= set(near.paths) <= paths
    whole, part = _shown(nav, sorted(paths)), _shown(near.nav, near.paths)
    for path in wanted:
        assert part[path] == whole[path]


def test_far_from_changes_nothing_is_looked_at() -> None:
    paths = set(_targets(SMALL))
    near = nearby(SMALL, paths, {"z.md"})
    assert near
    assert near.nav == ["index.md", {"Billing": ["billing/index.md", "billing/a.md", "billing/c.md"]}, "z.md"]
    assert near.paths == ["index.md", "billing/index.md", "billing/a.md", "billing/c.md", "z.md"]


@pytest.mark.parametrize("odd", ["billing/a.md", "nowhere.md", "/index.md"])
def test_menus_are_not_cut_that_name_pages_twice_or_in_a_way_of_their_own(odd: str) -> None:
    assert nearby([*SMALL, odd], set(_targets(SMALL)), {"z.md"}) is None


def _laid_out(menu: Sequence[Any], number: Iterator[int]) -> list[Any]:
    found: list[Any] = []
    for item in menu:
        n = next(number)
        if isinstance(item, list):
            found.append({f"Section {n}": _laid_out(item, number)})
        elif item == "titled":
            found.append({f"Page {n}": f"page-{n}.md"})
        else:
            found.append(
                {"page": f"page-{n}.md", "start": f"{n}/index.md", "address": {"Us": f"https://{n}.test"}}[item]
            )
    return found


def _targets(nav: Sequence[Any]) -> list[str]:
    found: list[str] = []
    for item in nav:
        target = next(iter(item.values())) if isinstance(item, dict) else item
        found += _targets(target) if isinstance(target, list) else [target]
    return found


def _shown(nav: list[Any], paths: Sequence[str]) -> dict[str, str]:
    """What the menu shows on each page, as a key."""
    config = _config()
    config.nav = nav
    files = Files([File(path, "docs", "site", True) for path in paths])
    menu: Navigation = get_navigation(files, config)
    pages = [file.page for file in files if isinstance(file.page, Page)]
    for page in pages:
        page.markdown, page.meta = "", {"subtitle": page.file.src_uri}
    keys = MenuKeys(config, menu)
    return {page.file.src_uri: keys.of(page) for page in pages}


@cache
def _config() -> MkDocsConfig:
    config = MkDocsConfig()
    theme = {"name": "material", "features": ["navigation.prune"]}
    config.load_dict({"site_name": "Trial", "theme": theme, "plugins": []})
    assert config.validate() == ([], [])
    return config

"""What pages have in common is rendered once, and no page can be told from one that the theme rendered by itself.

With a hook of somebody else's, builds remember nothing, so that both ways can be compared.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import material
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.utils import get_relative_url

from kbtool.site.mkdocs.alike import Place
from kbtool.site.mkdocs.configure import HERE
from kbtool.site.mkdocs.templates import BLOCKS, KNOWN, PARTS
from tests.site import builds
from tests.site.conftest import write
from tests.site.small_site import MKDOCS, SETTINGS, lay_out

THEME = Path(material.__file__).parent / "templates"
_HEAD = """\
site_name: Trial & Error
site_url: https://help.example.com/kb/
repo_url: https://git.example.com/kb
edit_uri: edit/main/docs/
copyright: All of us
extra_css: [css/own.css, https://styles.example.com/x.css]
extra_javascript: [js/own.js, {path: js/other.mjs, type: module}]
markdown_extensions: [admonition, attr_list, footnotes, tables, toc: {title: On this page}, pymdownx.superfences]
"""
TABS = f"""{_HEAD}
theme:
  name: material
  custom_dir: overrides
  logo: img/form.png
  icon: {{repo: fontawesome/brands/git-alt, next: material/arrow-left, admonition: {{tip: material/school}}}}
  palette:
    - {{media: "(prefers-color-scheme: light)", scheme: default, toggle: {{icon: material/weather-sunny, name: Dark}}}}
    - {{media: "(prefers-color-scheme: dark)", scheme: slate, toggle: {{icon: material/weather-night, name: Light}}}}
  features: [navigation.tabs, navigation.tabs.sticky, navigation.sections, navigation.indexes, navigation.footer,
    navigation.path, navigation.top, navigation.expand, toc.integrate, announce.dismiss, content.tabs.link,
    content.action.edit, content.action.view]
extra:
  homepage: https://www.example.com/
  analytics: {{provider: google, property: G-1}}
  consent: {{title: Cookies, description: "Yes?"}}
  social: [{{icon: fontawesome/brands/mastodon, link: https://social.example.com/@kb}}]
  status: {{new: Just in}}
"""
FILES = f"""{_HEAD}
use_directory_urls: false
theme:
  name: material
  palette: {{primary: teal}}
  features: [navigation.prune, navigation.indexes, navigation.footer]
nav:
  - index.md
  - Money: [billing/index.md, billing/refunds.md, {{Invoices: billing/invoices.md}}, {{Bank: https://bank.example.com}}]
  - Things:
      - devices/reset.md
      - Deeper: [devices/wifi.md, deep/er/one.md, {{Again: billing/refunds.md}}]
      - billing/refunds.md
  - assets/about.md
  - search/index.md
"""
ALONE = f"""{_HEAD}
theme:
  name: material
  features: [navigation.instant, navigation.instant.progress, navigation.prune, navigation.tabs, navigation.path]
nav:
  - index.md
  - Money: [billing/index.md, billing/refunds.md, billing/invoices.md, {{Twice: billing/refunds.md}}]
  - Things: [devices/reset.md, {{Deeper: [deep/er/one.md, deep/er/two.md, {{Deepest: [devices/wifi.md]}}]}}]
  - assets/about.md
"""
#: articles with all that front matter can say to the theme, and in folders that the site has uses for
MORE: dict[str, str | bytes] = {
    "docs/js/own.js": "1\n",
    "docs/js/other.mjs": "1\n",
    "docs/assets/about.md": (
        "---\ntitle: About <i>us</i>\nhide: [navigation, toc, footer, path]\n---\nText.\n\n## More\n"
    ),
    "docs/assets/images.md": "---\nicon: material/school\nstatus: new\nsubtitle: Not all\n---\n# Images\n",
    "docs/kb.md": "---\ntitle: 2026-01-01\n---\nA date for a title.\n",
    "docs/search/index.md": "# Searching\n\n## How\n\n## Why\n\n### Why not\n",
    "docs/deep/er/one.md": "---\ntemplate: wide.html\nhide: toc\n---\n# One\n\n## Part\n",
    "docs/deep/er/two.md": "---\ntemplate: main.html\nstatus: deprecated\n---\n# Two\n\n# Two again\n",
    "docs/deep/de/three.md": "---\nfeatures: [none]\nauthor: ana\nsearch: {exclude: true}\n---\nNo heading, `code`.\n",
    "docs/billing/fees.md": "---\nnav: {a: 1}\nlang: none\npage: 1\ntitle: '{{ page }} \\0'\n---\n## Fees\n",
}
OWN: dict[str, str | bytes] = {
    "overrides/main.html": (
        '{% extends "base.html" %}{% block announce %}Read {{ page.title }}{% endblock %}'
        "{% block styles %}{{ super() }}<!-- {{ page.url }} -->{% endblock %}"
        '{% block site_nav %}{% if page and page.meta.status %}{% set features = ["navigation.tabs"] %}'
        '{% include "partials/nav.html" %}{% else %}{{ super() }}{% endif %}{% endblock %}'
        "{% block scripts %}{% set config = {'extra_javascript': [page.title]} %}{{ super() }}{% endblock %}"
    ),
    "overrides/wide.html": '{% extends "main.html" %}{% set provider = page.title %}{% block footer %}{% endblock %}',
    "overrides/partials/logo.html": "<b>{{ page.title }}</b>",
    "overrides/partials/toc-item.html": "<li>{{ toc_item.title }} of {{ page.title }}</li>",
    "overrides/partials/top.html": "<a href='{{ page.url | url }}'>{{ nav.items | length }}</a>",
    "overrides/.icons/material/school.svg": "<svg>{% if page %}{{ page.title }}{% endif %}</svg>",
}


@pytest.mark.parametrize(
    ("mkdocs", "settings"),
    [(TABS, SETTINGS), (FILES, SETTINGS), (ALONE, SETTINGS.replace('["de", "ar"]', "[]")), (MKDOCS, SETTINGS)],
    ids=["tabs, own templates", "files, pruned", "one language, pruned tabs", "sections"],
)
def test_pages_look_as_the_theme_renders_them(tmp_path: Path, mkdocs: str, settings: str) -> None:
    root = tmp_path / "kb"
    lay_out(root, mkdocs)
    write(root, {**MORE, **(OWN if "Trial &" in mkdocs and "custom_dir" in mkdocs else {}), "kbtool.toml": settings})
    quick = builds.build(root, audit=False)
    found = builds.sites(root)
    hook = "def on_page_context(context, **others):\n    return context\n"
    write(root, {"hook.py": hook, "mkdocs.yml": f"{mkdocs}hooks: [hook.py]\n"})
    slow = builds.build(root, audit=False)
    wanted = builds.sites(root)
    assert quick and slow and quick == slow and not quick.refused
    assert len(found["agents"]) > 40
    for edition in builds.EDITIONS:
        assert not builds.unlike(found[edition], wanted[edition])


_SEGMENTS = st.lists(st.sampled_from(["a", "b", "assets", "v1.2", "de"]), max_size=4)
_PAGES = st.one_of(
    _SEGMENTS.map(lambda found: "".join(f"{segment}/" for segment in found)),
    _SEGMENTS.map(lambda found: "/".join([*found, "index.html"])),
)
_LINKS = st.tuples(_SEGMENTS, st.sampled_from(["", "/", "/x.css"])).map(lambda found: "/".join(found[0]) + found[1])


@given(_PAGES, _PAGES, _LINKS)
def test_from_one_place_all_links_are_the_same(here: str, there: str, link: str) -> None:
    one, other = Place.of(here), Place.of(there)
    if one.key == other.key and not {one.name, other.name} & one.below([link]):
        assert get_relative_url(link, here) == get_relative_url(link, there)


@given(_PAGES, _PAGES, _LINKS)
def test_links_that_share_as_much_with_folders_as_deep_are_the_same(here: str, there: str, link: str) -> None:
    one, other = Place.of(here), Place.of(there)
    alike = (len(one.folder), one.name is None) == (len(other.folder), other.name is None)
    apart = one.name not in one.below([link]) and other.name not in other.below([link])
    if alike and apart and one.shared([link]) == other.shared([link]):
        assert get_relative_url(link, here) == get_relative_url(link, there)


def test_the_theme_is_one_that_kbtool_knows() -> None:
    """If it is not, the menu is slow: read what has changed, and whether what `site/menu.py` says still holds."""
    for name, digests in KNOWN.items():
        assert hashlib.sha256((THEME / name).read_bytes()).hexdigest()[:16] in digests, name


def test_no_part_that_is_remembered_asks_for_the_languages_of_a_page() -> None:
    """They stand in the configuration, which is one and the same object on all pages."""
    folders = (THEME, HERE / "overrides")
    theirs = [(folder / name).read_text("utf-8") for folder in folders for name in PARTS if (folder / name).is_file()]
    base = (THEME / "base.html").read_text("utf-8")
    blocks = [base.split(f"{{% block {name} %}}")[1].split("{% endblock %}")[0] for name in BLOCKS]
    assert not [text for text in (*theirs, *blocks) if "alternate" in text]


def test_a_hook_has_all_pages_until_mkdocs_shuts_down(tmp_path: Path) -> None:
    root, said = tmp_path / "kb", tmp_path / "said"
    lay_out(root)
    hook = f"""\
from pathlib import Path
seen = {{}}
def on_env(env, config, files):
    seen.update(env=env, files=files)
def on_shutdown():
    pages = [file.page for file in seen["files"].documentation_pages() if seen["env"].loader]
    found = [(page.title, bool(page.markdown), bool(page.content)) for page in pages]
    Path({str(said)!r}).write_text(str(found), "utf-8")
"""
    write(root, {"hook.py": hook, "mkdocs.yml": f"{MKDOCS}hooks: [hook.py]\n"})
    built = builds.build(root, editions=["customers"])
    assert built and not built.refused
    assert "('Refunds', True, True)" in said.read_text("utf-8")

"""Help centres of other tools move in: articles, translations, images, menu and addresses; the rest is listed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.core.model import Locale
from kbtool.foreign import kinds
from kbtool.foreign.settle import settle
from kbtool.foreign.tree import Tree
from tests.foreign.conftest import HERE, SOURCES, Move, lay_out, png

KINDS = [*SOURCES, "zendesk"]


def reasons(said: Any) -> dict[str, str]:
    return {f"{each['path']}:{each['line']}" if each["line"] else each["path"]: each["why"] for each in said["left"]}


@pytest.mark.parametrize("kind", KINDS)
def test_what_moved_in_passes_the_check_and_a_second_run_adds_nothing(move: Move, kind: str) -> None:
    before = move.lay(kind).files(move.source)
    said = move.adopt()
    assert move.files(move.source) == before, "the source is never written"
    after = move.files()
    assert set(said["written"]) == set(after)
    again = move.adopt()
    assert again["written"] == [] and again["kept"] == []
    assert move.files() == after
    move.kbtool("-C", str(move.target), "check")
    for path in ("docs/", "translations/"):
        assert any(name.startswith(path) and name.endswith(".md") for name in after)
    assert "ok:" not in "".join(after[name].decode() for name in after if name.endswith(".ledger.yml"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_dry_run_says_the_same_and_writes_nothing(move: Move, kind: str) -> None:
    tried = move.lay(kind).adopt("--dry-run")
    assert not move.target.exists()
    done = move.adopt()
    assert {k: v for k, v in tried.items() if k not in ("dry_run", "record", "written")} == {
        k: v for k, v in done.items() if k not in ("dry_run", "record", "written")
    }
    assert {*tried["written"], "adoption.md"} == set(done["written"])


def test_static_i18n_in_folders(move: Move) -> None:
    said = move.lay("mkdocs-folder").adopt()
    assert move.read("docs/index.md") == "# Help\n\nSee [refunds](billing/refunds.md).\n"
    assert "](../img/page.png) ![Shared](../assets/s.png)" in move.read("docs/billing/refunds.md")
    assert "](../img/page.png) ![Alle](../assets/s.png)" in move.read("translations/de/billing/refunds.md")
    assert (move.target / "translations/de/img/page.png").read_bytes() == png(1)
    assert yaml.safe_load(move.read("translations/de/nav.yml")) == {"Home": "Start", "Billing": "Abrechnung"}
    assert "money.md: " in move.read("docs/_data/redirects.yml").replace('"', "")
    config = move.read("mkdocs.yml")
    assert (
        "site_name: Old help # with a comment" in config and "primary: teal" in config and "permalink: true" in config
    )
    assert "macros" not in config and "hooks" not in config and "custom_dir" not in config and "kbtool" in config
    why = reasons(said)
    assert why["docs/de/only-here.md"] == "a translation whose original is not there"
    assert why["mkdocs.yml:21"] == "the plugin macros is not carried over"
    assert why["README.md"] == "a text outside the articles"
    assert said["locales"]["de"]["tied"] == 6 and said["locales"]["de"]["untied"] == 0


def test_static_i18n_by_suffix(move: Move) -> None:
    said = move.lay("mkdocs-suffix").adopt()
    assert move.read("docs/index.md") == "# Help\n\n![Page](img/page.png), [this in French](index.md).\n"
    assert move.read("translations/fr/index.md") == "# Aide\n\n![Page](img/page.png)\n"
    assert (move.target / "translations/fr/img/page.png").read_bytes() == png(2)
    assert move.read("docs/v1.2.md") == "# A dot in the name\n"
    assert said["source_locale"] == "en" and list(said["locales"]) == ["fr"]


def test_docusaurus(move: Move) -> None:
    said = move.lay("docusaurus").adopt()
    intro = move.read("docs/intro.md")
    assert intro.startswith("---\ntitle: Introduction\n---\n")
    assert "[the guide](guides/01-first.md), or [by file](guides/01-first.md#more)" in intro
    assert "A note for [all](guides/01-first.md)." in intro
    assert "![A](img/a.png) ![B](img/b.png)" in intro
    assert "    - b\n\n!!! tip\n    Bien.\n" in move.read("translations/fr/guides/01-first.md")
    assert "audience: agent" in move.read("docs/guides/02-draft.md")
    assert yaml.safe_load(move.read("translations/fr/nav.yml")) == {"Guides": "Manuels"}
    assert yaml.safe_load(move.read("docs/_data/redirects.yml")) == {
        "docs.md": "intro.md",
        "docs/guides/draft.md": "guides/02-draft.md",
        "docs/guides/first-steps.md": "guides/01-first.md",
    }
    config = yaml.safe_load(move.read("mkdocs.yml"))
    assert config["site_name"] == "Old help"
    assert config["nav"] == [{"Start": "intro.md"}, {"Guides": ["guides/01-first.md", "guides/02-draft.md"]}]
    why = reasons(said)
    assert why["website/docs/intro.mdx:1"] == "the field hide_title means nothing to kbtool"
    assert why["website/static/img/unused.png"] == "no article shows it"
    assert why["website/versioned_docs/version-1.0/intro.md"] == "an older version of the articles"
    assert why["website/node_modules/"] == "made by a tool, or its own records"
    assert said["files"]["source"] == len(SOURCES["docusaurus"])


def test_starlight(move: Move) -> None:
    move.lay("starlight").adopt()
    assert (
        move.read("docs/index.md")
        == "---\ntitle: Help\n---\n\nFast answers.\n\n- [Go](guides/a.md)\n\n**One**\n\nText.\n"
    )
    assert '!!! note "Hinweis"\n    X.\n\n![A](../assets/a.png)' not in move.read("translations/de/intro.md")
    assert '!!! note "Hinweis"\n    X.\n\n![A](assets/a.png)' in move.read("translations/de/intro.md")
    assert "Siehe [B](b.md)." in move.read("translations/de/guides/a.md")
    config = yaml.safe_load(move.read("mkdocs.yml"))
    assert config["nav"] == ["index.md", {"Start": ["intro.md"]}, {"Guides": [{"First": "guides/a.md"}, "guides/b.md"]}]
    assert yaml.safe_load(move.read("translations/de/nav.yml")) == {"Start": "Beginn"}


def test_zendesk(move: Move) -> None:
    said = move.lay("zendesk").adopt()
    wanted = (HERE / "wanted/get-a-refund.md").read_text("utf-8")
    assert move.read("docs/billing/refunds-returns/get-a-refund.md") == wanted
    assert move.read("docs/_data/redirects.yml") == (HERE / "wanted/zendesk-redirects.yml").read_text("utf-8")
    for path in ("refunds-returns/refund-playbook", "invoices/new-prices", "invoices/who-may-read-this"):
        assert "audience: agent" in move.read(f"docs/billing/{path}.md"), "what is not provably public is for agents"
    assert "audience" not in move.read("docs/billing/invoices/your-invoices.md")
    assert not (move.target / "translations/de/billing/invoices").exists(), "a draft of a translation"
    assert reasons(said)["translations.json#360000102/de"] == "a draft of a translation"
    assert yaml.safe_load(move.read("translations/de/nav.yml")) == {"Refunds & returns": "Erstattungen"}


def test_help_centres_of_every_kind_make_one_site(move: Move, tmp_path: Path) -> None:
    move.lay("zendesk").adopt()
    for kind in SOURCES:
        move.kbtool("-C", str(move.target), "adopt", str(lay_out(tmp_path / kind, SOURCES[kind])))
    move.kbtool("-C", str(move.target), "build", "--edition", "customers")
    site = move.target / "site/customers"

    def page(path: str) -> str:
        return (site / path / "index.html").read_text("utf-8")

    assert "de/billing/refunds-returns/get-a-refund/" in page("hc/de/articles/360000101"), "an old address"
    assert (site / "hc/en-us/articles/360000101-Get-a-refund/index.html").is_file()
    assert not list(site.rglob("*360000103*")) and not list(site.rglob("*playbook*")), "internal articles"
    assert 'href="../guides/01-first/#more"' in page("intro"), "Docusaurus"
    assert "Siehe <a href" in page("de/guides/a"), "Starlight"
    assert 'src="../../img/page.png"' in page("de/billing/refunds"), "MkDocs, in folders"
    assert "A dot in the name" in page("v1.2"), "MkDocs, by suffix"


def test_it_comes_into_a_help_centre_that_exists(move: Move) -> None:
    move.lay("docusaurus")
    lay_out(
        move.target,
        {
            "kbtool.toml": 'source = "en"\nlocales = ["de"]\n',
            "mkdocs.yml": "site_name: Ours\n",
            "docs/intro.md": "# Our own introduction\n",
        },
    )
    move.kbtool("-C", str(move.target), "adopt", str(move.source))
    assert "not overwritten: docs/intro.md" in move.said
    assert move.read("docs/intro.md") == "# Our own introduction\n"
    assert move.read("mkdocs.yml") == "site_name: Ours\n"
    assert move.read("translations/fr/guides/01-first.ledger.yml")
    record = move.read("adoption.md")
    assert "the settings lack the languages fr" in record and "- Start: intro.md" in record
    move.kbtool("-C", str(move.target), "adopt", str(move.source), "--to", "de")
    assert "in fr, which was not asked for" in move.read("adoption-2.md")


def test_where_nothing_can_move_in(move: Move, tmp_path: Path) -> None:
    move.lay("starlight")
    for source, out, said in [
        (move.source, move.source / "new", "Hint"),
        (move.source / "src", move.source, "Hint"),
        (tmp_path / "none", tmp_path / "x", "no such folder"),
    ]:
        move.kbtool("adopt", str(source), "--out", str(out), code=2)
        assert said in move.said
    lay_out(tmp_path / "empty", {"README.md": "# Hello\n"})
    move.kbtool("adopt", str(tmp_path / "empty"), "--out", str(tmp_path / "x"), code=2)
    assert "no help centre that kbtool knows" in move.said
    lay_out(tmp_path / "kb", {"kbtool.toml": 'source = "de"\n'})
    move.kbtool("-C", str(tmp_path / "kb"), "adopt", str(move.source), code=2)
    assert "the originals are in en" in move.said
    assert not (tmp_path / "x").exists() and not (move.source / "new").exists()


def test_links_odd_names_and_unreadable_files_are_listed(move: Move, tmp_path: Path) -> None:
    lay_out(
        move.source,
        {
            "mkdocs.yml": "site_name: Old\n"
            "plugins:\n  - i18n:\n      languages:\n        - {locale: en, default: true}\n        - {locale: de}\n",
            "docs/index.md": "# Help\n",
            "docs/Index.md": "# Help twice\n",
            "docs/caf\u00e9.md": "# A\n",
            "docs/cafe\u0301.md": "# B\n",
            "docs/a.md": "# A\n",
            "docs/a/index.md": "# A again\n",
            "docs/what?.md": "# W\n",
            "docs/latin.md": b"# caf\xe9\n",
            "docs/broken.md": "---\ntitle: [\n---\n# B\n",
            "docs/open.md": "# O\n\n/// agent\nsecret\n",
            "docs/fr/x.md": "# X\n",
            "secret.txt": "secret",
        },
    )
    (move.source / "docs/link.md").symlink_to(move.source / "secret.txt")
    (move.source / "docs/folder").symlink_to("/etc")
    said = move.adopt(code=1)
    missing = {each["path"] for each in said["left"] if each["missing"]}
    assert missing == {
        "docs/a/index.md",
        "docs/broken.md",
        "docs/index.md",
        "docs/caf\u00e9.md",
        "docs/latin.md",
        "docs/open.md",
        "docs/what?.md",
    }
    why = reasons(said)
    assert "symbolic link" in why["docs/link.md"] and "symbolic link" in why["docs/folder"]
    assert not (move.target / "docs/folder").exists() and not (move.target / "docs/link.md").exists()
    assert not any(file.is_symlink() for file in move.target.rglob("*"))
    assert sum("the same place as" in each for each in why.values()) == 3, why
    assert (move.target / "docs/caf\u00e9.md").is_file()
    move.kbtool("-C", str(move.target), "check")


def test_nothing_is_written_through_a_link_or_over_a_folder(move: Move, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    move.lay("mkdocs-suffix").target.mkdir()
    (move.target / "docs").symlink_to(outside)
    (move.target / "translations/fr/index.md").mkdir(parents=True)
    move.adopt(code=1)
    assert list(outside.iterdir()) == []
    assert "a file or a link stands in the way" in move.read("adoption.md")


# -- the law: every file has come along, or is listed

NAMES = st.sampled_from(
    [
        "index.md",
        "a.md",
        "a.de.md",
        "A.md",
        "b.mdx",
        "_part.mdx",
        "x.png",
        "x.de.png",
        "notes.txt",
        ".hidden",
        "data.json",
        "c.md",
        "README.md",
        "_category_.json",
        "style.css",
        "what?.md",
        "sidebars.js",
    ]
)
FOLDERS = st.sampled_from(
    [
        "",
        "docs/",
        "docs/de/",
        "docs/en/",
        "docs/sub/",
        "i18n/de/docusaurus-plugin-content-docs/current/",
        "static/",
        "src/content/docs/",
        "src/content/docs/de/",
        "src/assets/",
        "public/",
        "blog/",
        "node_modules/x/",
        "versioned_docs/version-1/",
    ]
)
CONTENTS = st.sampled_from(
    [
        "# A\n",
        "![x](x.png)\n",
        "---\ntitle: T\ndraft: true\n---\n[a](a.md)\n",
        "---\n: [\n---\n",
        "\xff",
        "import P from './_part.mdx'\n\n<P />\n",
        ":::note\nA\n:::\n",
        "{}",
        '{"articles": [{"id": 1, "title": "T", "body": "<p>x</p>", "locale": "en-us", "draft": false}]}',
        "/// agent\n",
    ]
)
CONFIGS = {
    "mkdocs": {"mkdocs.yml": "plugins:\n  - i18n:\n      languages: [{locale: en, default: true}, {locale: de}]\n"},
    "docusaurus": {"docusaurus.config.js": "module.exports = {i18n: {defaultLocale: 'en', locales: ['en', 'de']}};"},
    "starlight": {"astro.config.mjs": "export default {locales: {root: {lang: 'en'}, de: {lang: 'de'}}}"},
    "zendesk": {},
}


@pytest.mark.parametrize("kind", CONFIGS)
@given(
    files=st.dictionaries(st.tuples(FOLDERS, NAMES).map("".join), CONTENTS, max_size=14),
    only=st.sampled_from([(), ("fr",)]),
)
@settings(max_examples=15)
def test_no_file_is_lost(kind: str, files: dict[str, str], only: tuple[Locale, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lay_out(Path(folder), {**{k: v.encode("latin-1") for k, v in files.items()}, **CONFIGS[kind]})
        tree = Tree(Path(folder))
        settled = settle(kinds.read(tree, kind), tree, only)
        came = {each.source for each in (*settled.articles, *settled.assets)}
        heeded = settled.found.read | settled.found.parts
        left = {each.path for each in settled.left if each.files}
        folded = [each for each in left if each.endswith("/")]
        for file in (*files, *CONFIGS[kind]):
            assert file in came | heeded | left or any(file.startswith(each) for each in folded), f"{file} is lost"
        assert not came & left, "what came along is not listed as a file that did not"
        assert (
            len({*came, *heeded} - {s for s in came if "#" in s}) + sum(e.files for e in settled.left) == settled.files
        )
        assert all(each.why for each in settled.left)

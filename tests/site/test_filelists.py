"""Files sorted by language, and found, with texts alone: the same as static-i18n does it with objects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.structure.files import Files

from kbtool.core.audience import PUBLIC
from kbtool.project import Project
from kbtool.site.mkdocs import filelists
from kbtool.site.mkdocs.configure import Job, load
from kbtool.site.mkdocs.patches import files_of
from kbtool.site.mkdocs.plugin import assets
from kbtool.site.stage.stage import compose
from tests.site.conftest import write
from tests.site.small_site import MKDOCS, lay_out

LINKS = (
    "billing/refunds.md", "en/billing/refunds.md", "de/billing/refunds.md", "./billing/refunds.md", "index.md", ".", "",
    "de", "en", "en/", "billing//refunds.md", "../index.md", "billing/../index.md", "billing/./refunds.md", "/index.md",
    "nowhere.md", "de/nowhere.md", "files/prices.txt", "img/plan.png", "billing/refunds.md/", "fr/index.md", ".hidden",
)  # fmt: skip


@pytest.mark.parametrize("folders", ["true", "false"])
@pytest.mark.parametrize("locale", ["en", "de", "ar"])
def test_all_files_are_alike(locale: str, folders: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "kb"
    lay_out(root, f"{MKDOCS}use_directory_urls: {folders}\n")
    write(root, {"docs/templates/one.md": "# One\n", "docs/img/plan.png": "1", "docs/img.md": "![](img/plan.png)\n"})
    write(root, {"translations/de/img/plan.png": "2", "docs/bïg/a b.md": "[B](b.html)\n", "docs/bïg/b.html": "<b>"})
    write(root, {"docs/.well/known.md": "# Known\n", "docs/index/index.md": "# Index\n"})
    stage = compose(Project.at(root), "customers", ["de", "ar"])
    names = [name.removeprefix("docs/") for name in stage.digests if name.startswith("docs/")]

    def configured() -> Any:
        config = load(Job(stage, locale, tmp_path / "site"))
        config.plugins.on_startup(command="build", dirty=False)
        return config.plugins.on_config(config)

    def files() -> Any:
        config = configured()
        found = files_of(config, ("en", locale))
        if locale == "en":
            found.add_files_from_theme(config.theme.get_env(), config)
        return config.plugins.on_files(found, config=config)

    def from_names() -> Any:
        config, others = configured(), Files([])
        if locale == "en":
            others.add_files_from_theme(config.theme.get_env(), config)
        return filelists.listed(config, names, [*others, *(assets(config, PUBLIC) if locale == "en" else ())])

    quick, quickest = files(), from_names()
    found = [_uri(quick.get_file_from_path(link)) for link in LINKS]
    from mkdocs_static_i18n import folder

    monkeypatch.setattr(folder, "create_i18n_file", filelists.slow["file_in"])
    monkeypatch.setattr(folder.I18nFiles, "get_file_from_path", filelists.slow["found"])
    slow = files()
    assert [_facts(file) for file in quickest] == [_facts(file) for file in slow]
    assert [_facts(file) for file in quick] == [_facts(file) for file in slow]
    assert found == [_uri(slow.get_file_from_path(link)) for link in LINKS]
    assert any(found)


def _uri(file: Any) -> str:
    return file.src_uri if file else ""


def _facts(file: Any) -> dict[str, Any]:
    names = (
        "src_uri", "src_dir", "dest_uri", "dest_path", "dest_dir", "url", "name", "abs_src_path", "abs_dest_path",
        "inclusion", "edit_uri", "use_directory_urls", "generated_by", "locale", "locale_alternate_of", "localization",
        "norm_src_uri",
    )  # fmt: skip
    return {name: getattr(file, name, None) for name in names} | {"alternates": list(getattr(file, "alternates", ()))}


names = st.from_regex(r"(\w{1,5}/){0,2}(index|README|readme|[\w.-]{1,6})(\.md|\.MD|\.txt|)", fullmatch=True)


@given(names)
def test_what_mkdocs_makes_of_a_name(inner: str) -> None:
    for folders in (True, False):
        assert filelists.shape(inner, folders) == filelists.asked_for(inner, folders)

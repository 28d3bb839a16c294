"""Articles whose names have spaces, umlauts and signs: the files of a site have these names, its links are quoted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site.conftest import run, write

NAME = "Über uns & mehr #1"
LINK = "%C3%9Cber%20uns%20%26%20mehr%20%231"


@pytest.fixture(params=[True, False], ids=["folders", "files"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A site with such an article, which others have moved away from and to."""
    folders = str(request.param).lower()
    write(
        tmp_path,
        {
            "kbtool.toml": 'locales = ["de"]\n[site.urls]\ncustomers = "https://help.example.com/kb/"\n',
            "mkdocs.yml": f"site_name: Trial\nuse_directory_urls: {folders}\n",
            "docs/index.md": f"# Start\n\nSee [us](<{NAME}.md>).\n",
            f"docs/{NAME}.md": "# About us\n\nWho we are.\n",
            f"translations/de/{NAME}.md": "# Über uns\n\nWer wir sind.\n",
            "docs/_data/redirects.yml": f'"Alt & krumm.md": index.md\nold.md: "{NAME}.md"\n',
        },
    )
    run(tmp_path, "build", "--edition", "customers")
    return tmp_path / "site" / "customers"


def test_pages_markdown_and_old_addresses_are_where_links_lead(root: Path) -> None:
    files = {file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file()}
    assert not [file for file in files if "%" in file]
    end = "/index" if f"{NAME}/index.html" in files else ""
    assert {f"{below}{name}{end}.html" for below in ("", "de/") for name in (NAME, "Alt & krumm", "old")} <= files
    assert (root / f"{NAME}{end}.md").read_text("utf-8").startswith("# About us")
    assert f"(https://help.example.com/kb/{LINK}{end}.md)" in (root / "llms.txt").read_text("utf-8")
    assert f'/{LINK}{end}.md"' in (root / f"{NAME}{end}.html").read_text("utf-8")
    assert LINK in (root / f"old{end}.html").read_text("utf-8")

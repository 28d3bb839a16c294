"""Old addresses of moved articles lead on, in every locale, and tell nothing internal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kbtool.core.errors import Refused
from kbtool.site.redirects import read_redirects
from tests.site.conftest import Base, write


def test_an_old_address_leads_to_the_new_one_in_every_locale(base: Base) -> None:
    page = base.read("money/old/index.html")
    assert 'http-equiv="refresh" content="0; url=../../billing/refunds/"' in page
    assert 'href="https://help.example.com/kb/billing/refunds/"' in page and "<script" not in page
    german = base.read("de/money/old/index.html")
    assert "url=../../billing/refunds/" in german and 'lang="de"' in german and "Eine Erstattung anfordern" in german


def test_an_address_that_a_page_has_stays_with_that_page(base: Base) -> None:
    assert 'http-equiv="refresh"' not in base.read("index.html")


def test_old_and_new_places_that_are_internal_stay_in_the_agents_edition(base: Base) -> None:
    assert not base.has("plan/index.html") and base.has("plan/index.html", "agents")
    assert not base.has("internal/pelikan/index.html") and base.has("internal/pelikan/index.html", "agents")


def test_a_list_that_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, {"docs/_data/redirects.yml": "old.md: new.md\nolder.md: [\n"})
    with pytest.raises(Refused, match="not YAML") as told:
        read_redirects(tmp_path)
    assert told.value.where == "docs/_data/redirects.yml:3"


def test_plain_mkdocs_build_leads_on_too(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "mkdocs.yml": "site_name: T\nplugins: [kbtool]\ntheme: material\n",
            "kbtool.toml": 'locales = ["de"]\n',
            "docs/index.md": "# Start\n",
            "docs/new.md": "# New\n",
            "docs/_data/redirects.yml": "old.md: new.md\n",
        },
    )
    command = [sys.executable, "-m", "mkdocs", "build", "-q"]
    subprocess.run(command, cwd=tmp_path, check=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    for locale in ("", "de/"):
        assert "url=../new/" in (tmp_path / f"site/{locale}old/index.html").read_text("utf-8")

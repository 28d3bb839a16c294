"""What a build reads beside articles and settings: whatever of it changes, the next build shows it."""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from kbtool.core.errors import UsageError
from kbtool.project import Project
from kbtool.site.config import read_config
from kbtool.site.inputs import inputs_of, packages_key
from kbtool.site.lastsite import LastSite
from kbtool.site.reuse import stage_key
from tests.site import builds
from tests.site.conftest import run, write
from tests.site.small_site import MKDOCS, git, lay_out

ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M{0} {0}h2v2z"/></svg>\n'
EMOJI = """\
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
      emoji_generator: !!python/name:material.extensions.emoji.to_svg
      options: {custom_icons: [brand/icons]}
"""


def test_what_the_settings_of_mkdocs_lead_to_counts_in_whatever_way_they_say_it(tmp_path: Path) -> None:
    """A theme's folder that the environment may name, a template behind a link, a parent in quotes, own icons."""
    root, page = tmp_path / "kb", tmp_path / "kb/site/customers/billing/refunds/index.html"
    mkdocs = MKDOCS.replace("custom_dir: overrides", "custom_dir: !ENV [KB_NO_SUCH_THEME, overrides]")
    lay_out(root, f'"INHERIT": base.yml\n{mkdocs}{EMOJI}')
    parts = tmp_path / "parts"
    write(parts, {"after.html": "<p>first part</p>\n"})
    (root / "overrides/linked").symlink_to(parts)
    block = '{% block footer %}first block{% include "linked/after.html" %}{{ super() }}{% endblock %}'
    write(root, {"overrides/main.html": f'{{% extends "base.html" %}}{block}', "base.yml": "copyright: first parent\n"})
    article = (root / "docs/billing/refunds.md").read_text("utf-8")
    write(root, {"brand/icons/acme/logo.svg": ICON.format(3), "docs/billing/refunds.md": f"{article}\n:acme-logo:\n"})
    builds.build(root, editions=["customers"])
    for file, old, new in (
        (parts / "after.html", "first part", "second part"),
        (root / "overrides/main.html", "first block", "second block"),
        (root / "base.yml", "first parent", "second parent"),
        (root / "brand/icons/acme/logo.svg", "M3 3h2v2z", "M5 5h2v2z"),
    ):
        assert old in page.read_text("utf-8")
        file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
        builds.build(root, editions=["customers"])
        assert new in page.read_text("utf-8")


@pytest.mark.parametrize("parent", ["!ENV [KB_NO_SUCH_PARENT, evil.yml]", '"evil.yml"', "sub/../evil.yml"])
def test_a_file_that_mkdocs_yml_inherits_from_cannot_run_code(tmp_path: Path, parent: str) -> None:
    write(tmp_path, {"evil.yml": "extra: {x: !!python/name:os.system}\n", "mkdocs.yml": f"INHERIT: {parent}\n"})
    with pytest.raises(UsageError, match=r"evil\.yml:1"):
        read_config(tmp_path)


@pytest.mark.parametrize("parent", ["[base.yml]", "", "mkdocs.yml"])
def test_what_names_no_file_to_inherit_from_is_refused(tmp_path: Path, parent: str) -> None:
    write(tmp_path, {"mkdocs.yml": f"site_name: T\nINHERIT: {parent}\n"})
    with pytest.raises(UsageError, match=r"INHERIT names no file|inherits from too many files"):
        read_config(tmp_path)


def test_variables_of_the_environment_are_settings_like_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"mkdocs.yml": "site_name: !ENV [KB_NAME, Nobody]\nsite_url: !ENV KB_URL\n"})
    assert read_config(tmp_path) == {"site_name": "Nobody", "site_url": None}
    monkeypatch.setenv("KB_NAME", "Somebody")
    assert read_config(tmp_path)["site_name"] == "Somebody"


def test_the_audit_looks_for_secrets_of_git_as_soon_as_there_are_any(tmp_path: Path) -> None:
    root, said = tmp_path / "kb", "zebra9-quagga7-okapi5-tapir3-dugong1"
    lay_out(root)
    template = f'{{% extends "base.html" %}}{{% block footer %}}<p>{said}</p>{{% endblock %}}\n'
    write(root, {"overrides/main.html": template})
    first = builds.build(root, editions=["customers"])
    assert first and not first.refused
    git(root, "config", "http.extraHeader", said)
    second = builds.build(root, editions=["customers"])
    assert second and "an internal token from .git/config" in second.refused


def test_a_file_from_the_future_is_not_waited_for(tmp_path: Path) -> None:
    write(tmp_path, {"docs/index.md": "# Start\n"})
    there = inputs_of(tmp_path, ()).key
    os.utime(tmp_path / "docs/index.md", (time.time(), datetime(2126, 1, 1).timestamp()))
    start = time.monotonic()
    assert inputs_of(tmp_path, ()).key != there
    assert time.monotonic() - start < 30  # it was for ever


def test_settings_that_change_while_a_build_begins_are_not_taken_for_those_it_has_read(tmp_path: Path) -> None:
    write(tmp_path, {"kbtool.toml": 'source = "en"\n', "docs/index.md": "# Start\n"})
    read = Project.at(tmp_path)
    write(tmp_path, {"kbtool.toml": 'source = "en"\n[audience]\n"*" = "agent"\n'})
    keys = []
    for project in (read, Project.at(tmp_path)):
        last = LastSite()
        last.unless_touched(project, ())
        assert last.inputs_now
        keys.append(last.inputs_now.key)
    assert keys[0] != keys[1]


def test_headings_are_rendered_again_when_there_is_an_mkdocs_yml(tmp_path: Path) -> None:
    """Without one, pages are rendered with more extensions than with an empty one."""
    files = {
        "kbtool.toml": 'source = "en"\nlocales = ["de"]\n',
        "docs/index.md": "# Start\n\n## One {#first}\n",
        "translations/de/index.md": "# Anfang\n\n## Eins\n",
    }
    write(tmp_path / "kb", files)
    for mkdocs in ("", "site_name: T\n"):
        if mkdocs:
            write(tmp_path / "kb", {"mkdocs.yml": mkdocs})
        builds.build(tmp_path / "kb", editions=["customers"])
    found = builds.site(tmp_path / "kb/site/customers")
    assert not builds.unlike(found, builds.clean(tmp_path / "kb", editions=["customers"])[1]["customers"])


def test_what_is_known_of_the_stage_is_known_in_other_processes(tmp_path: Path) -> None:
    """Functions that mkdocs.yml names have another address in each."""
    write(tmp_path, {"mkdocs.yml": f"site_name: T\nmarkdown_extensions:\n{EMOJI}", "docs/index.md": "# Start\n"})
    project = Project.at(tmp_path)
    assert " at 0x" in repr(read_config(tmp_path))
    run(tmp_path, "build", "--edition", "customers", "--executor", "inline")
    known = [file.read_bytes() for file in (tmp_path / ".kbtool/cache/customers").iterdir() if file.is_file()]
    assert any(stage_key(project, read_config(tmp_path), "customers").encode() in each for each in known)


@pytest.mark.parametrize("name", ["mkdocs.yml", "mkdocs.yaml"])
def test_what_the_theme_shows_is_public_in_whichever_file_it_is_named(tmp_path: Path, name: str) -> None:
    files = {
        "kbtool.toml": "",
        name: "site_name: T\nINHERIT: base.yml\nextra_css: [css/own.css]\n",
        "base.yml": "theme: {name: material, logo: img/logo.svg}\n",
        "docs/index.md": "# Start\n",
        "docs/css/own.css": "body { color: black; }\n",
        "docs/img/logo.svg": ICON.format(3),
    }
    write(tmp_path, files)
    run(tmp_path, "build", "--edition", "customers", "--executor", "inline")
    assert (tmp_path / "site/customers/img/logo.svg").is_file()


def test_the_time_that_mkdocs_is_told_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"kbtool.toml": "", "docs/index.md": "# Start\n"})
    write(tmp_path, {"mkdocs.yml": "site_name: T\ntheme: {name: material, custom_dir: overrides}\n"})
    write(tmp_path, {"overrides/partials/copyright.html": "Built in {{ build_date_utc.year }}."})
    for time_, year in (("1000000000", "2001"), ("1300000000", "2011")):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", time_)
        run(tmp_path, "build", "--edition", "customers", "--executor", "inline")
        assert f"Built in {year}." in (tmp_path / "site/customers/index.html").read_text("utf-8")


def test_another_python_makes_pages_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its HTML parser, which says what a block of HTML is, changes from one release to the next."""
    before = packages_key()
    packages_key.cache_clear()
    monkeypatch.setattr(sys, "version", "3.99.0")
    assert packages_key() != before
    packages_key.cache_clear()


@pytest.mark.parametrize("name", ["locales", "memory", "old"])
def test_an_edition_may_have_any_name(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"kbtool.toml": f'[editions.{name}]\naudience = "public"\n', "docs/index.md": "# Start\n"})
    for _ in range(2):
        write(tmp_path, {"docs/new.md": "# New\n"})
        run(tmp_path, "build", "--executor", "inline")
    assert (tmp_path / f"site/{name}/new/index.html").is_file()

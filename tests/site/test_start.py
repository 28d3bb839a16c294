"""`kbtool init`, `kbtool new`, and knowledge bases that nobody prepared for kbtool."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site.conftest import run, write


def test_a_fresh_knowledge_base_builds_at_once(tmp_path: Path) -> None:
    run(tmp_path, "init", "my-help-centre")
    root = tmp_path / "my-help-centre"
    run(root, "build")
    customers = (root / "site/customers/billing/refunds/index.html").read_text("utf-8")
    agents = (root / "site/agents/billing/refunds/index.html").read_text("utf-8")
    assert "Before you promise anything" in agents
    assert "Before you promise anything" not in customers
    assert "My help centre" in customers
    assert not (root / "site/customers/internal").exists()
    assert (root / ".gitattributes").read_text("utf-8").count("merge=kbtool-ledger") == 1
    assert ".kbtool/" in (root / ".gitignore").read_text("utf-8")


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"mine/letter.txt": "Dear Ben"})
    assert "not empty" in run(tmp_path, "init", "mine", code=2).stderr
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("kind", "title", "file"),
    [
        ("how-to", "Change your address", "docs/change-your-address.md"),
        ("troubleshooting", "Error: “card refused”", "docs/error-card-refused.md"),
        ("faq", "Über Gebühren & mehr", "docs/uber-gebuhren-mehr.md"),
        ("reference", "返金について", "docs/返金について.md"),
        ("playbook", "no", "docs/internal/no.md"),
    ],
)
def test_new_articles_have_their_title_and_build(tmp_path: Path, kind: str, title: str, file: str) -> None:
    from kbtool.core.meta import front_matter

    write(tmp_path, {"kbtool.toml": "", "docs/index.md": "# Start\n"})
    assert run(tmp_path, "new", kind, title).stdout.strip() == file
    values = front_matter((tmp_path / file).read_text("utf-8"))
    assert values["title"] == title
    assert values.get("audience") == ("agent" if kind == "playbook" else None)
    assert None not in values.values(), "check warns about fields with nothing behind them"
    assert "exists already" in run(tmp_path, "new", kind, title, code=2).stderr


def test_new_names_the_types_there_are(tmp_path: Path) -> None:
    write(tmp_path, {"kbtool.toml": "", "docs/index.md": "# Start\n"})
    assert "faq, how-to, playbook, reference, troubleshooting" in run(tmp_path, "new", "poem", "Ode", code=2).stderr


def test_a_folder_of_markdown_with_only_mkdocs_yml_gives_both_editions(tmp_path: Path) -> None:
    write(tmp_path, {"mkdocs.yml": "site_name: Plain\n", "docs/a/one.md": "# One\n\nWords.\n", "docs/two.md": "Two\n"})
    run(tmp_path, "build")
    for edition in ("customers", "agents"):
        start = (tmp_path / f"site/{edition}/index.html").read_text("utf-8")
        assert 'href="a/one/"' in start
        assert 'href="two/"' in start


def test_without_mkdocs_yml_the_site_is_named_after_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "shop-help"
    write(root, {"kbtool.toml": "", "docs/index.md": "# Start\n\nWords.\n"})
    run(root, "build", "--edition", "customers")
    assert "shop-help" in (root / "site/customers/index.html").read_text("utf-8")


def test_a_page_that_asks_for_a_missing_template_is_shown_all_the_same(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"mkdocs.yml": "site_name: x\n", "docs/index.md": "---\ntemplate: home.html\n---\n# Start\n\nWords.\n"},
    )
    said = run(tmp_path, "build", "--edition", "customers").stderr
    assert "home.html" in said
    assert "Words." in (tmp_path / "site/customers/index.html").read_text("utf-8")


def test_plain_mkdocs_gives_the_same_customers_edition(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "kbtool.toml": 'source = "en"\nlocales = ["de"]\n[audience]\n"internal/**" = "agent"\n',
        "mkdocs.yml": "site_name: Trial\nsite_dir: site/plain\ntheme: {name: material}\nplugins: [search, kbtool]\n",
        "docs/index.md": "# Start\n\nWords.\n\n/// agent\nHidden words.\n///\n",
        "docs/more.md": "# More\n\nWords.\n",
        "docs/internal/x.md": "# X\n\nHidden words.\n",
        "translations/de/more.md": "# Mehr\n\nWörter.\n",
    }
    write(tmp_path, files)
    run(tmp_path, "build", "--edition", "customers")
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q"], cwd=tmp_path, env=env, check=True)
    ours, plain = tree(tmp_path / "site/customers"), tree(tmp_path / "site/plain")
    assert ours.keys() == plain.keys()
    assert {name for name in ours if ours[name] != plain[name]} == set()
    assert not [name for name, data in plain.items() if b"Hidden words" in data]


def tree(site: Path) -> dict[str, bytes]:
    return {f.relative_to(site).as_posix(): f.read_bytes() for f in site.rglob("*") if f.is_file()}

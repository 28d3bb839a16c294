"""Each rule of the stage matters: with any one of them switched off, the audit stops the build."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kbtool.checks.audit import audit
from tests.audit.base import RULES as FOLDERS
from tests.audit.base import lay_out
from tests.audit.test_sites import PIXELS, png

ORDERS = """---
title: Orders
author: Night shift Lisbon
tags: [parcels]
reviewed: 2026-09-01
---
# Orders

Every order has a number of eight digits.

/// agent
Look the number up in the ledger of the warehouse before you promise anybody a date.
///

<!-- The carrier changes in March and we have not told anybody outside yet. -->

![A map](map.png)

[^old]: The warehouse in Porto answers only to the night manager, whose name is Almeida.
"""
#: a rule, and the Python that switches it off
RULES = {
    "internal blocks": "clean.without_internal_blocks = lambda text, *a, **k: text",
    "front matter": "clean.with_reader_keys = lambda text, *a, **k: text",
    "comments": "clean.without_comments = lambda text: text",
    "definitions": "clean.without_unused_definitions = lambda text: text",
    "metadata of pictures": "media.without_metadata = lambda name, data: data",
    "tags of articles that may be seen": """
from kbtool.core.meta import front_matter
from kbtool.site.stage import tags
tags.shown = lambda desk, pages: [
    ("orders.md", name)
    for path in desk.audiences for name in front_matter(desk.project.original(path)).get("tags", [])
]
""",
    "changes of articles that may be seen": """
from datetime import date
from kbtool.site.stage import lists
from kbtool.site.stage import titles
listed = lambda shelf: [(date(2026, 9, 1), "new", path) for path in shelf.desk.audiences]
lists.changes = lambda shelf: {locale: listed(shelf) for locale in shelf.desk.locales}
lists.Shelf.title = lambda shelf, path, locale: titles.title_of(shelf.desk.project.original(path), path)
""",
    "internal pages": "audience.may_read = lambda reader, audience: True",
}
BUILD = """
import sys
from kbtool.core import audience
from kbtool.site.stage import clean
from kbtool.site.stage import media
{off}
from kbtool.cli import main
sys.argv = ["kbtool", "-C", {root!r}, "build", "--edition", "customers", "--executor", "inline"]
main()
"""


def build(root: Path, off: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", BUILD.format(off=off, root=str(root))]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = lay_out(tmp_path)
    (root / "docs" / "orders.md").write_text(ORDERS, "utf-8")
    (root / "docs" / "map.png").write_bytes(png((b"tEXt", b"Author\0Carla of the warehouse team"), PIXELS))
    with (root / "mkdocs.yml").open("a") as settings:
        settings.write("markdown_extensions: [footnotes, tables]\n")
    return root


def test_with_all_rules_on_the_build_is_fine(root: Path) -> None:
    done = build(root, "")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (root / "site" / "customers" / "orders" / "index.html").is_file()


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "internal pages"])
def test_with_one_rule_off_the_audit_stops_the_build(root: Path, rule: str) -> None:
    done = build(root, RULES[rule])
    assert done.returncode == 1, done.stdout + done.stderr
    assert "leak scanner" in done.stderr
    assert not (root / "site" / "customers").exists()


def test_with_internal_pages_let_through_the_audit_fails(root: Path) -> None:
    """A build that takes everything for public may not even ask for an audit; asked, the audit says no."""
    build(root, RULES["internal pages"])
    site = root / "site" / "customers"
    if site.exists():
        rules = {finding.rule for finding in audit(site, root=root, rules=FOLDERS, locales=("de",))}
        assert {"unexplained-file", "leaked-text", "leaked-name", "leaked-token"} <= rules

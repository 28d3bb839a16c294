"""The stager and the leak scanner are two locks: with any single rule of the first one off, the second one holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kbtool.commands.audit import audit
from kbtool.pool import Inline
from kbtool.project import Project
from kbtool.site.builder import build_edition
from kbtool.site.stage import clean, stage, uses
from kbtool.site.stage.desk import Desk
from tests.site.conftest import png, write

BLOCK = "The night desk in Reykjavik decides about refunds above nine hundred crowns without asking."
COMMENT = "Remember to ask the warehouse in Tromso whether the broken parcels were counted twice."
ARTICLE = "Wake the duty lead in Bergen when more than forty customers report the same failure."
SNIPPET = "Partners in Aarhus get their money back on the same day if they ring the second number."
FILES: dict[str, str | bytes] = {
    "kbtool.toml": '[audience]\n"internal/**" = "agent"\n',
    "mkdocs.yml": (
        "site_name: Trial\ntheme: {name: material}\nmarkdown_extensions: [pymdownx.snippets]\n"
        "nav:\n  - index.md\n  - Night shift handbook Bergen:\n      - Duty lead of the night: internal/lead.md\n"
    ),
    "docs/index.md": (
        f"# Start\n\n![Form](form.png) Everybody reads this sentence about the shop.\n\n/// agent\n{BLOCK}\n///\n\n"
        f'<!-- {COMMENT} -->\n\n--8<-- "note.md"\n\n[unused]: https://tromso-internal.example.com/rota "{COMMENT}"\n'
    ),
    "docs/form.png": png(BLOCK),
    "docs/internal/lead.md": f"# Duty lead Bergen\n\n{ARTICLE}\n",
    "docs/_snippets/note.md": f"A note for all.\n\n<!-- {SNIPPET} -->\n",
}


def leaks(root: Path) -> list[str]:
    """What the scanner says of the customers' edition as it is built now."""
    out = root / "site"
    project = Project.at(root)
    built = build_edition(project, "customers", out, root / "work", Inline())
    return [str(finding) for finding in audit(project, built.folder, "customers").findings]


def same(text: Any, *_: Any, **__: Any) -> Any:
    return text


def raw_menu(nav: Any, *_: Any) -> Any:
    return nav


RULES: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "audiences": (Desk, "may_show", lambda self, audience: True),
    "blocks": (clean, "without_internal_blocks", same),
    "comments": (clean, "without_comments", same),
    "unused definitions": (clean, "without_unused_definitions", same),
    "the menu": (stage, "edition_nav", raw_menu),
    "snippets": (uses, "for_readers", same),
    "metadata of pictures": (uses, "without_metadata", lambda name, data: data),
}


def test_with_all_rules_on_the_scanner_finds_nothing(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    assert leaks(tmp_path) == []


@pytest.mark.parametrize("rule", RULES)
def test_with_one_rule_off_the_scanner_finds_what_it_held_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: str
) -> None:
    write(tmp_path, FILES)
    where, name, off = RULES[rule]
    monkeypatch.setattr(where, name, off)
    assert leaks(tmp_path) != []

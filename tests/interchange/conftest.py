"""A knowledge base with every kind of segment, translated into German."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workflow.small_base import Base, as_ana

SETTINGS = """\
source = "en"
locales = ["de", "es"]
engine = "pseudo"

[audience]
"internal/**" = "agent"
"""

KINDS = """\
---
title: Refunds & returns
keywords: [refund, money back]
---

# Refunds {#refunds}

Refunds take **three *working* days** to arrive, see [the bank](bank.md "About the bank") and `kbtool status`.

Ask <b title="A hint">us</b><br>now, look at ![A screenshot](shot.png "Shot"), or [ask agents](internal/desk.md).

!!! note "Good to know"
    Money goes *back* to the card.

    - a nested list
        - a deeper item with a footnote[^1]

| Method | Days |
|--------|------|
| **Card** | one to *two* |

=== "First tab"

    Text in the first tab, 3 < 4 & "quoted".

Term
:   What it means.

/// agent
Secret: escalate to the owl desk.
///

See <https://example.com/a?b=1&c=2> and press ++ctrl+c++, then ⟦1⟧ is no placeholder.

The same words again.

The same words again.

[^1]: What the footnote says.

*[API]: Application programming interface
"""

MKDOCS = """\
site_name: Help
site_url: https://help.example.com/
markdown_extensions: [abbr, admonition, attr_list, def_list, footnotes, md_in_html, tables, pymdownx.keys,
  pymdownx.superfences, {pymdownx.tabbed: {alternate_style: true}}]
"""


@pytest.fixture(autouse=True)
def ana(monkeypatch: pytest.MonkeyPatch) -> None:
    as_ana(monkeypatch)


@pytest.fixture
def base(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Base]:
    """Originals with every kind of segment; German by the pseudo engine, the card's paragraph approved by ana."""
    found = Base(tmp_path / "kb", capsys.readouterr)
    found.write("kbtool.toml", SETTINGS)
    found.write("mkdocs.yml", MKDOCS)
    found.write(".gitignore", ".kbtool/\nexport/\n")
    found.write("docs/refunds.md", KINDS)
    found.write("docs/bank.md", "# The bank\n\nIt is open.\n")
    found.write("docs/internal/desk.md", "# The owl desk\n\nFor agents only.\n")
    found.begin()
    found.kbtool("translate", "--to", "de")
    found.kbtool("approve", "de", "refunds.md", "--segment", "4")
    found.commit("a knowledge base")
    yield found

"""A small knowledge base in which everything depends on something else."""

from __future__ import annotations

import subprocess
from pathlib import Path

from kbtool.core.segments import parse
from tests.site.conftest import ledger, png, write

SETTINGS = """\
source = "en"
locales = ["de", "ar"]
engine = "pseudo"
[audience]
"internal/**" = "agent"
[review]
every = "180d"
[site.contact]
mail = "help@example.com"
"""
MKDOCS = """\
site_name: Trial
site_url: https://help.example.com/kb/
theme:
  name: material
  font: false
  custom_dir: overrides
  features: [navigation.sections, navigation.indexes, navigation.footer]
extra_css: [css/own.css]
markdown_extensions:
  - admonition
  - attr_list
  - footnotes
  - tables
  - toc: {permalink: true}
  - pymdownx.details
  - pymdownx.snippets
  - pymdownx.superfences
  - pymdownx.tabbed: {alternate_style: true}
"""
#: as a large help centre has it, whose menu shows one section at a time; and no templates of its own
PRUNED = MKDOCS.replace("  custom_dir: overrides\n", "").replace("navigation.sections", "navigation.prune")
ARTICLES = {
    "index.md": """---
description: Where to start.
---
# Help centre

Start with [refunds](billing/refunds.md#who-pays), or [reset](devices/reset.md) a device.

/// agent
Then see the [escalation](internal/escalation.md).
///

--8<-- "note.md"
""",
    "billing/index.md": "# Billing\n\nAll about money.\n\n- [Refunds](refunds.md)\n- [Invoices](invoices.md)\n",
    "billing/refunds.md": """---
title: Refunds
keywords: money back
related: [billing/invoices.md]
reviewed: 2026-09-01 ana
---
# Refunds

![The form](../img/form.png)

Refunds take **three** days.

## Who pays

The shop pays, see [invoices](invoices.md).

/// agent
Below 50 nobody asks.
///

## How long

!!! tip "Hurry"

    Write before noon.
""",
    "billing/invoices.md": (
        "---\nnext: billing/refunds.md\n---\n# Invoices\n\nAn invoice comes by mail.[^1]\n\n[^1]: Or not.\n"
    ),
    "devices/reset.md": """# Reset a device

=== "Phone"

    Press the [button](wifi.md#the-button).

=== "Router"

    Pull the plug.

| Light | Meaning |
| --- | --- |
| red | wait |
""",
    "devices/wifi.md": (
        "# Wireless network\n\nIt has a name.\n\n## The button\n\n```bash\nping router\n```\n\nAnd more words.\n"
    ),
    "internal/escalation.md": "# Escalation\n\nWake the lead. ![map](../img/map.png)\n",
}
GERMAN = {
    "index.md": """---
description: Wo man anfängt.
---
# Hilfe

Beginnen Sie mit [Erstattungen](billing/refunds.md#who-pays), oder [setzen](devices/reset.md) Sie ein Gerät zurück.

/// agent
Dann sehen Sie die [Eskalation](internal/escalation.md).
///

--8<-- "note.md"
""",
    "billing/refunds.md": """---
title: Erstattungen
keywords: Geld zurück
related: [billing/invoices.md]
---
# Erstattungen

![Das Formular](../img/form.png)

Erstattungen dauern **drei** Tage.

## Wer zahlt

Der Laden zahlt, siehe [Rechnungen](invoices.md).

/// agent
Unter 50 fragt niemand.
///

## Wie lange

!!! tip "Eile"

    Schreiben Sie vor Mittag.
""",
    "billing/invoices.md": "# Rechnungen\n\nEine Rechnung kommt mit der Post.[^1]\n\n[^1]: Oder nicht.\n",
    "devices/wifi.md": (
        "# Drahtloses Netz\n\nEs hat einen Namen.\n\n## Der Knopf\n\n```bash\nping router\n```\n\nUnd mehr Wörter.\n"
    ),
    "internal/escalation.md": "# Eskalation\n\nWecken Sie die Leitung. ![Karte](../img/map.png)\n",
}
ARABIC = {
    "devices/wifi.md": "# شبكة\n\nلها اسم.\n\n## الزر\n\n```bash\nping router\n```\n\nوالمزيد.\n",
}


def lay_out(root: Path, mkdocs: str = MKDOCS) -> None:
    """Write it, in git."""
    root.mkdir(parents=True, exist_ok=True)
    files: dict[str, str | bytes] = {
        ".gitignore": "/.kbtool/\n/site/\n",
        "kbtool.toml": SETTINGS,
        "mkdocs.yml": mkdocs,
        "overrides/main.html": '{% extends "base.html" %}\n',
        "docs/css/own.css": "body { color: black; }\n",
        "docs/img/form.png": png("form"),
        "docs/img/map.png": png("map"),
        "docs/_snippets/note.md": "A note for **everybody**.\n",
        "docs/_data/redirects.yml": "money.md: billing/refunds.md\n",
        "docs/_data/synonyms.txt": "refund, money back\n",
        "docs/_data/most-read.txt": "billing/refunds.md\n",
        "translations/de/nav.yml": "Billing: Abrechnung\nDevices: Geräte\n",
    }
    files |= {f"docs/{path}": text for path, text in ARTICLES.items()}
    for locale, pages, by in (("de", GERMAN, "hand"), ("ar", ARABIC, "mt:apertium")):
        for path, text in pages.items():
            files[f"translations/{locale}/{path}"] = text
            if len(parse(text).segments) == len(parse(ARTICLES[path]).segments):
                name = f"translations/{locale}/{path.removesuffix('.md')}.ledger.yml"
                files[name] = ledger(ARTICLES[path], text, by, stale=1 if by.startswith("mt:") else None)
    write(root, files)
    git(root, "init", "-q", "-b", "main")
    commit(root, "2026-08-01T12:00:00Z")


def git(root: Path, *args: str, day: str = "2026-08-01T12:00:00Z") -> None:
    identity = ("-c", "user.name=ana", "-c", "user.email=ana@example.com", "-c", "gc.auto=0")
    dates = {
        "GIT_AUTHOR_DATE": day,
        "GIT_COMMITTER_DATE": day,
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "PATH": "/usr/bin:/bin",
    }
    subprocess.run(["git", *identity, *args], cwd=root, env=dates, check=True)


def commit(root: Path, day: str) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "change", day=day)

"""A small knowledge base with every trap in it, built once for all tests that look at the result."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from kbtool.core.ledger import dump_ledger
from kbtool.core.model import Entry, Ledger
from kbtool.core.segments import parse

#: stands in everything that no customer may see, so that one search of the output finds any leak
SECRET = "pelikan"


def run(root: Path, *args: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run kbtool as a person does; on an unexpected exit code its output is the failure."""
    found = subprocess.run(
        [sys.executable, "-m", "kbtool", "-C", str(root), *args],
        capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"}, check=False,
    )  # fmt: skip
    assert found.returncode == code, found.stdout + found.stderr
    return found


def write(root: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)


def png(note: str) -> bytes:
    """A picture of one pixel with a text inside that no viewer shows; `note` also tells pictures apart."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixel = zlib.compress(b"\0" + zlib.crc32(note.encode()).to_bytes(4, "big")[:3])
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + chunk(b"tEXt", b"Comment\0" + note.encode()) + chunk(b"IDAT", pixel)
        + chunk(b"IEND", b"")
    )  # fmt: skip


def ledger(original: str, translation: str, by: str, *, stale: int | None = None) -> str:
    """A ledger as kbtool writes it, all segments by one hand; segment `stale` was made from an older text."""
    pairs = list(zip(parse(original).segments, parse(translation).segments, strict=True))
    old = parse("Something else entirely.\n").segments[0].digest
    entries = [Entry(old if n == stale else s.digest, t.digest, by) for n, (s, t) in enumerate(pairs)]
    return dump_ledger(Ledger(tuple(entries)), name="x")


INDEX = f"""---
title: Help centre
description: Where to start.
owner: {SECRET}-team
tags: [Getting started, money]
---

Start with [refunds](billing/refunds.md#who-pays) or the [Italian guide](it/guide.md).
<!-- {SECRET} comment -->

/// agent | Before you answer
The {SECRET} desk decides, see [escalation](internal/escalation.md) and ![plan](img/plan.png).
///

Everybody reads this sentence about porcupines.

<p><img src="img/form.png" alt="The form"> <a href="it/guide.md">The guide again</a></p>

[hidden]: https://{SECRET}.example.com
"""
REFUNDS = f"""# Ask for a refund

![The form](../img/form.png)

1. Open **Orders**.

    /// agent
    Only below 500, says {SECRET}.
    ///

2. Press the button.

## Who pays

The shop pays within five days.

```markdown
/// agent
How a block for agents is written.
///
```
"""
REFUNDS_DE = """# Eine Erstattung anfordern

![Das Formular](../img/form.png)

1. Öffnen Sie **Bestellungen**.

2. Drücken Sie den Knopf.

## Wer zahlt

Der Laden zahlt innerhalb von fünf Tagen, ohne Stachelschweine.

```markdown
/// agent
How a block for agents is written.
///
```
"""
GUIDE_HEAD = "---\ntags: [Money, C++]\nreviewed: 2026-01-10 ana\nreview_every: 90d\n---\n"
GUIDE = "# Italian guide\n\nHow the department in Italy works with hedgehogs.\n"
GUIDE_AR = "# الدليل الإيطالي\n\nكيف يعمل القسم في إيطاليا مع القنافذ.\n"
GUIDE_ES = "# Guía italiana\n\nCómo trabaja el departamento de Italia con los erizos.\n"
PUBLIC_REFUNDS = REFUNDS.replace(f"    /// agent\n    Only below 500, says {SECRET}.\n    ///\n\n", "")

FILES: dict[str, str | bytes] = {
    "kbtool.toml": """
source = "en"
locales = ["de", "ar", "es-419", "zh-Hans", "pt_BR", "en-GB"]
[audience]
"internal/**" = "agent"
[site.feedback]
endpoint = "/feedback"
[site.contact]
mail = "help@example.com"
hours = "Mo-Fr 09:00-17:00"
zone = "Europe/Berlin"
""",
    "mkdocs.yml": """
site_name: Trial
site_url: https://help.example.com/kb/
theme: {name: material, features: [navigation.sections, navigation.instant]}
nav:
  - index.md
  - Money: [billing/refunds.md]
  - it/guide.md
  - For agents:
      - internal/escalation.md
      - Wiki: https://pelikan.example.com/wiki
markdown_extensions: [admonition, attr_list, tables, footnotes, pymdownx.superfences, pymdownx.snippets]
""",
    "docs/index.md": INDEX,
    "docs/billing/refunds.md": REFUNDS,
    "docs/it/guide.md": GUIDE_HEAD + GUIDE,
    "docs/internal/escalation.md": (
        f"---\ntags: [money, {SECRET} desk]\n---\n# Escalation\n\nWake the {SECRET} lead. ![map](../img/map.png)\n\n"
        "> Hello,\n>\n> the lead is awake.\n"
    ),
    "docs/lost.md": f"---\naudience: agent\n---\n# Lost\n\nThe {SECRET} article whose translation lost its audience.\n",
    "docs/odd.md": f"---\naudience: agnet\n---\n# Odd\n\nA misspelt audience is not public: {SECRET}.\n",
    "docs/_snippets/note.md": f"A snippet.\n<!-- {SECRET} -->\n\n/// agent\n{SECRET}\n///\n",
    "docs/_data/contacts.yml": f"lead: {SECRET}\n",
    "docs/_data/redirects.yml": (
        "money/old.md: billing/refunds.md\ninternal/pelikan.md: billing/refunds.md\nplan.md: internal/escalation.md\n"
        "index.md: billing/refunds.md\n"
    ),
    "docs/img/form.png": png(f"form {SECRET}"),
    "docs/img/plan.png": png("plan"),
    "docs/img/map.png": png("map"),
    "docs/img/unused.png": png("unused"),
    "translations/de/nav.yml": "Money: Geld\nFor agents: Für Mitarbeitende\n",
    "translations/de/tags.yml": f"money: Geld\nGetting started: Erste Schritte\n{SECRET} desk: {SECRET.title()}tisch\n",
    "translations/de/billing/refunds.md": REFUNDS_DE,
    "translations/de/billing/refunds.ledger.yml": ledger(PUBLIC_REFUNDS, REFUNDS_DE, "mt:apertium", stale=5),
    "translations/de/lost.md": f"# Verloren\n\nDer {SECRET}-Artikel ohne Angabe.\n",
    "translations/de/internal/escalation.md": (
        f"# Eskalation\n\nWecken Sie die {SECRET}-Leitung. ![Karte](../img/map.png)\n\n"
        "> Guten Tag,\n>\n> die Leitung ist wach.\n"
    ),
    "translations/ar/it/guide.md": GUIDE_AR,
    "translations/es-419/it/guide.md": GUIDE_ES,
    "translations/pt_BR/it/guide.md": "# Guia italiano\n\nComo o departamento da Itália trabalha com ouriços.\n",
    "translations/es-419/it/guide.ledger.yml": ledger(GUIDE, GUIDE_ES, "mt:pseudo"),
}


@dataclass(frozen=True)
class Base:
    """The knowledge base and what one build of it said."""

    root: Path
    said: dict[str, list[dict[str, object]]]

    def read(self, path: str, edition: str = "customers") -> str:
        return (self.root / "site" / edition / path).read_text("utf-8")

    def has(self, path: str, edition: str = "customers") -> bool:
        return (self.root / "site" / edition / path).is_file()

    def files(self, edition: str = "customers") -> dict[str, bytes]:
        site = self.root / "site" / edition
        return {f.relative_to(site).as_posix(): f.read_bytes() for f in site.rglob("*") if f.is_file()}


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    root = tmp_path_factory.mktemp("base")
    write(root, FILES)
    return Base(root, json.loads(run(root, "build", "--json").stdout))

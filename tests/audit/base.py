"""A small knowledge base with internal text in every corner, and its customers' edition, built."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from kbtool.checks.audit import Audiences
from kbtool.checks.audit.common import tool_texts
from kbtool.checks.audit.scan import Scanner
from kbtool.checks.audit.stock import Reader
from kbtool.checks.audit.stocktaking import take_stock

RULES = Audiences(rules=(("internal/**", "agent"),))

FILES = {
    "mkdocs.yml": "site_name: Help\nsite_url: https://help.example.org/\ntheme:\n  name: material\n  font: false\n",
    "kbtool.toml": 'source = "en"\nlocales = ["de"]\n[audience]\n"internal/**" = "agent"\n',
    "docs/index.md": "# Help\n\nAnswers to what our customers ask most. Start with [orders](orders.md).\n",
    "docs/orders.md": """---
title: Orders
owner: Night shift Lisbon
---
# Orders

Every order has a number of eight digits; you find it in the mail that we sent when you paid.

/// agent
Look the number up in the ledger of the warehouse before you promise anybody a date.

- Nested notes stand
  /// senior
  The warehouse in Porto answers only to the night manager, whose name is Almeida.
  ///
///

- Open your account

    /// agent
    Accounts that begin with a seven belong to resellers and are handled by another team.
    ///

<!-- The carrier changes in March and we have not told anybody outside yet. -->

[old]: https://wiki.corp.example/orders "Where the wiki page about parcels used to be"

See the [terms][terms].

![From order to parcel](orders.svg)

[terms]: https://example.org/terms
""",
    "docs/orders.svg": "<svg xmlns='http://www.w3.org/2000/svg'><text>From order to parcel</text></svg>\n",
    "docs/parcels.md": """---
tags: [Parcels, orders]
reviewed: 2026-09-01 ana
---
# Parcels

A parcel is on its way for two days; we tell you when it has left us.
""",
    "docs/internal/second-parcels.md": """---
tags: [parcels, Golden handshakes]
reviewed: 2026-10-01 ben
---
# Second parcels

Nobody gets a third one without a word from the shift lead.
""",
    "docs/internal/escalation-matrix.md": """---
title: Escalation matrix
description: Whom to wake at night when payments fail, and in which order.
---
# Escalation matrix

When the payment provider fails at night, call its night desk and write down the incident number.

Write to night.desk@corp.example or ring +49 30 9018 2231; the queue is OPS-4711.

| Priority | Answer |
|---|---|
| Payments down | within fifteen minutes |

## Golden parachute

Wenn die Rückerstattung größer als hundert Euro ist, fragen Sie immer zuerst die Schichtleitung.

返金の金額が一万円を超える場合は必ず責任者の承認を得てから処理してください。
""",
    "docs/_data/escalation.yml": "- name: Night desk of the provider\n  note: Call twice, then wake somebody.\n",
    "translations/de/tags.yml": "Parcels: Pakete\norders: Bestellungen\nGolden handshakes: Abfindungsfälle\n",
    "translations/de/orders.md": "# Bestellungen\n\nJede Bestellung hat eine Nummer mit acht Ziffern.\n",
    "translations/de/internal/escalation-matrix.md": """# Eskalationsplan

Wenn der Zahlungsanbieter nachts ausfällt, rufen Sie dort an und notieren Sie die Nummer des Vorfalls.
""",
}

#: internal texts of the base above, one of every sort: sentence, canaries, other scripts, short ones
SENTENCES = (
    "When the payment provider fails at night, call its night desk and write down the incident number.",
    "The warehouse in Porto answers only to the night manager, whose name is Almeida.",
    "Accounts that begin with a seven belong to resellers and are handled by another team.",
    "Wenn die Rückerstattung größer als hundert Euro ist, fragen Sie immer zuerst die Schichtleitung.",
    "返金の金額が一万円を超える場合は必ず責任者の承認を得てから処理してください。",
)
CANARIES = ("night.desk@corp.example", "+49 30 9018 2231", "OPS-4711")


def lay_out(root: Path) -> Path:
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def build_editions(root: Path) -> tuple[Path, Path]:
    """The customers' and the agents' edition of the knowledge base at `root`, by kbtool itself."""
    command = [sys.executable, "-m", "kbtool", "-C", str(root), "build", "--executor", "inline"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "site" / "customers", root / "site" / "agents"


def read_site(site: Path) -> dict[str, bytes]:
    return {f.relative_to(site).as_posix(): f.read_bytes() for f in sorted(site.rglob("*")) if f.is_file()}


def scanner(root: Path, reader: str = "public") -> Scanner:
    return Scanner.of(take_stock(root, Reader(reader, RULES)), tool_texts())

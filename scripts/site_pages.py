"""Make docs/assets/agents-page.png and changes-page.png from real pages: `python -m scripts.site_pages`.

A fresh knowledge base with a German translation and some past is built; Chromium looks at it on a set day.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from tests.browser import chromium, serving

ROOT = Path(__file__).parent.parent
TODAY = datetime(2026, 11, 20, 12)
HEAD = """---
title: Ask for a refund
description: Get your money back within 30 days of buying.
tags: [orders, money]
reviewed: 2026-08-20 ana
---
"""
GERMAN = """---
title: Eine Erstattung anfordern
description: Ihr Geld zurück innerhalb von 30 Tagen nach dem Kauf.
---

Sie können innerhalb von 30 Tagen nach dem Kauf eine Erstattung anfordern.
"""
REPLY = """
> Hello NAME,
>
> we have sent your money back today. It is on your card in three to five working days.
"""
#: picture → page, height
PICTURES = {
    "agents-page.png": ("agents/billing/refunds/", 560),
    "changes-page.png": ("customers/changes/", 440),
}


def kbtool(root: Path, *args: str) -> None:
    subprocess.run([sys.executable, "-m", "kbtool", "-C", str(root), *args], check=True, stdout=subprocess.DEVNULL)


def commit(root: Path, day: str) -> None:
    environment = {**os.environ, "GIT_COMMITTER_DATE": f"{day}T12:00:00"}
    git = ["git", "-c", "user.name=Ana", "-c", "user.email=ana@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", day]):
        subprocess.run([*git, *command], cwd=root, check=True, env=environment)


def lay_out(root: Path) -> None:
    """A fresh knowledge base, some weeks old."""
    kbtool(root.parent, "init", root.name)
    for file, old, new in (
        ("kbtool.toml", "locales = []", 'locales = ["de"]'),
        ("mkdocs.yml", "# site_url", "site_url"),
        ("docs/questions.md", "---\n", "---\ntags: [orders]\n"),
    ):
        text = (root / file).read_text("utf-8")
        (root / file).write_text(text.replace(old, new, 1), "utf-8")
    commit(root, "2026-09-01")
    refunds = root / "docs/billing/refunds.md"
    refunds.write_text(HEAD + refunds.read_text("utf-8").partition("---\n\n")[2] + REPLY, "utf-8")
    commit(root, "2026-10-12")
    kbtool(root, "new", "faq", "Gift cards")
    german = root / "translations/de/billing/refunds.md"
    german.parent.mkdir(parents=True)
    german.write_text(GERMAN, "utf-8")
    commit(root, "2026-11-03")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "help"
        lay_out(root)
        kbtool(root, "build")
        with serving(root / "site") as address, chromium() as browser:
            for name, (page, height) in PICTURES.items():
                tab = browser.new_page(viewport={"width": 720, "height": height}, locale="en-GB")
                tab.clock.set_fixed_time(TODAY)
                tab.goto(address + page)
                tab.wait_for_timeout(300)
                tab.screenshot(path=str(ROOT / "docs/assets" / name))


if __name__ == "__main__":
    main()

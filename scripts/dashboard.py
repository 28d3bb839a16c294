"""Make docs/assets/dashboard.png: the dashboard of a small help centre, translated and approved in parts.

Run from the top folder, with Chromium installed: .venv/bin/python -m scripts.dashboard
"""

from __future__ import annotations

import contextlib
import io
import tempfile
from datetime import date, timedelta
from pathlib import Path

from kbtool.cli.roof import run
from tests.browser import chromium

TODAY = date(2026, 11, 20)
PICTURE = Path(__file__).parent.parent / "docs/assets/dashboard.png"
SETTINGS = """
source = "en"
locales = ["de", "es", "ja"]
engine = "pseudo"
[audience]
"internal/**" = "agent"
[owners]
"billing/**" = "billing-team"
"account/**" = "identity-team"
"devices/**" = "hardware-team"
"internal/**" = "support-leads"
[review]
every = "120d"
start = 2026-10-20
[engines.llm]
url = "http://127.0.0.1:9/v1"
model = "example"
price = 25.0
"""
TITLES = {
    "account": ["Change your password", "Sign in with a code", "Close your account", "Add a colleague"],
    "billing": ["Ask for a refund", "Download an invoice", "Change your card", "Prices and taxes", "Why a card fails"],
    "devices": ["Set up your device", "Update the firmware", "Reset to factory settings", "Battery and charging"],
    "internal": ["Escalation", "Priorities"],
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        root = Path(folder)
        lay_out(root)
        translate(root)
        kbtool(root, "report", "--on", TODAY.isoformat())
        shoot(root / "report.html")
    print(f"{PICTURE.name}: {PICTURE.stat().st_size / 1000:.0f} kB")


def kbtool(root: Path, *args: str) -> None:
    assert run(["-C", str(root), *args]) == 0, args


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, "utf-8")


def lay_out(root: Path) -> None:
    """Articles with owners, reviews and page views."""
    write(root, "kbtool.toml", SETTINGS)
    write(root, "mkdocs.yml", "site_name: Example help centre\n")
    views = ["path,views"]
    for section, titles in TITLES.items():
        for number, title in enumerate(titles):
            day = TODAY - timedelta(days=23 * (number + 1) * len(section) // 4)
            lines = "\n\n".join(f"Step {n} of this article says what to do next." for n in range(1, 6 + number))
            name = f"{section}/{title.lower().replace(' ', '-')}.md"
            write(root, f"docs/{name}", f"---\ntitle: {title}\nreviewed: {day} ana\n---\n\n{lines}\n")
            views.append(f"{name},{4200 // (number + 1) // (2 if section == 'internal' else 1)}")
    write(root, "docs/_data/views.csv", "\n".join(views) + "\n")


def translate(root: Path) -> None:
    """German nearly complete, Spanish on its way, Japanese begun; then some originals change."""
    kbtool(root, "translate", "--to", "de")
    kbtool(root, "translate", "--to", "es", "account", "billing")
    kbtool(root, "translate", "--to", "ja", "billing/ask-for-a-refund.md", "account/change-your-password.md")
    kbtool(root, "approve", "de", "account", "billing", "devices", "--by", "ben")
    kbtool(root, "approve", "es", "billing", "--by", "ben")
    for name in ("billing/prices-and-taxes", "account/close-your-account"):
        file = root / f"docs/{name}.md"
        file.write_text(file.read_text("utf-8").replace("Step 2 of this article", "The second step"), "utf-8")
    write(root, "kbtool.toml", SETTINGS.replace("pseudo", "llm"))  # what is counted costs something


def shoot(page: Path) -> None:
    """The top of the page, as it looks on a laptop."""
    with chromium() as browser:
        shown = browser.new_page(viewport={"width": 1000, "height": 620})
        shown.goto(page.as_uri())
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        shown.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()

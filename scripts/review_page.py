"""Make docs/assets/review-page.png and review-editor.png: the reviewer's page with a small help centre.

Run from the top folder, with Chromium and Apertium (English to Spanish) installed:
.venv/bin/python -m scripts.review_page
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from kbtool.cli.roof import run
from tests.browser import chromium
from tests.web.conftest import opened
from tests.workflow.small_base import Base

PICTURES = Path(__file__).parent.parent / "docs/assets"
SETTINGS = """
source = "en"
locales = ["es"]
engine = "apertium"
[review]
views = "views.csv"
"""
REFUND = """\
---
title: Ask for a refund
---

You can ask for a refund within 30 days.

Open **Settings**, choose **Orders** and select *Refund*.

The money is in your account after three days.
"""
SPANISH = """\
---
title: Pedir un reembolso
---

Puede pedir un reembolso en un plazo de 30 días.

Abra **Ajustes**, elija **Pedidos** y seleccione *Reembolso*.

El dinero está en su cuenta después de tres días.
"""
OTHERS = {
    "billing/invoices.md": "---\ntitle: Download an invoice\n---\n\nYour invoices are in the settings.\n",
    "account/password.md": "---\ntitle: Change your password\n---\n\nOpen the settings and choose a new password.\n",
}
GLOSSARY = "term,translation,never-translate,forbidden,note\naccount,cuenta,,,\nrefund,reembolso,,devolución,\n"
VIEWS = "path,views\nbilling/refunds.md,4200\naccount/password.md,2100\nbilling/invoices.md,900\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        base = Base(Path(folder) / "help-centre", lambda: ("", ""))
        lay_out(base)
        shoot(base)
    for name in ("review-page", "review-editor"):
        print(f"{name}.png: {(PICTURES / name).with_suffix('.png').stat().st_size / 1000:.0f} kB")


def lay_out(base: Base) -> None:
    """Spanish is approved; then two sentences of the original change."""
    base.write("kbtool.toml", SETTINGS)
    base.write("mkdocs.yml", "site_name: Example help centre\n")
    base.write("views.csv", VIEWS)
    base.write("translations/es/glossary.csv", GLOSSARY)
    base.write("docs/billing/refunds.md", REFUND)
    base.write("translations/es/billing/refunds.md", SPANISH)
    for name, text in OTHERS.items():
        base.write(f"docs/{name}", text)
    base.git("init", "-q")
    for setting in (("user.name", "ben"), ("user.email", "ben@example.org")):
        base.git("config", *setting)
    kbtool(base, "approve", "es", "billing/refunds.md", "--by", "ben")
    base.commit("Spanish")
    base.edit("docs/billing/refunds.md", "three days", "two working days")
    base.edit("docs/billing/refunds.md", "within 30 days", "within 60 days")
    kbtool(base, "translate")


def kbtool(base: Base, *args: str) -> None:
    assert run(["-C", str(base.root), *args]) == 0, args


def shoot(base: Base) -> None:
    with opened(base.root) as web, chromium() as browser:
        page = browser.new_page(viewport={"width": 1180, "height": 570}, device_scale_factor=0.7, locale="en")
        page.goto(web.address)
        page.locator(".card").first.wait_for()
        page.screenshot(path=PICTURES / "review-page.png")
        page.keyboard.press("e")
        page.keyboard.press("Control+a")
        page.keyboard.type("Puede pedir una devolución en un plazo de 30 días.")
        page.locator("#checks li", has_text="forbids").wait_for()
        page.locator("#s2").screenshot(path=PICTURES / "review-editor.png")


if __name__ == "__main__":
    main()

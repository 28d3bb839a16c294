"""What is remembered of folders comes to the same stock as all their files."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.checks.audit.memory import Memory
from kbtool.checks.audit.stock import Reader, Stock
from kbtool.checks.audit.stocktaking import take_stock
from tests.audit.base import RULES, lay_out

TEXTS = (
    "# Orders\n\nEvery order has a number.\n",
    "---\naudience: agent\n---\n# Orders\n\nLook the number up in the ledger before you promise a date.\n",
    "---\ntags: [orders, parcels]\n---\n# Orders\n\n![A map](map.png) Ask [the desk](internal/desk.md).\n",
    "# Orders\n\n/// agent\nThe carrier changes in March.\n///\n",
    "# Orders\n\n/// senior\nThe warehouse in Porto answers only to the night manager.\n///\n\n<!-- soon -->\n",
)
NAMES = ("orders.md", "parcels.md", "billing/refunds.md", "billing/late/fees.md", "internal/desk.md", "_data/a.md")
LEDGERS = ("segments: []\n", "segments:\n- src: 3f9c1a2b7d10\n  proposal: Die Lieferung wechselt im März.\n")


def said(stock: Stock) -> tuple[object, ...]:
    articles = [(source.shown, source.key, source.audience, source.follows) for source in stock.sources]
    return (
        stock.internal, stock.public, stock.pages, stock.locales, stock.assets, stock.internal_assets,
        stock.internal_paths, stock.closed, articles,
    )  # fmt: skip


def change(root: Path, dice: random.Random, step: int) -> None:
    folder = dice.choice(["docs", "docs", "translations/de", "translations/es"])
    file = root / folder / dice.choice(NAMES)
    if dice.random() < 0.2:
        file.unlink(missing_ok=True)
        return
    text = f"{dice.choice(TEXTS)}{'x' * step}\n"  # of another size each time, as times may not be
    if folder != "docs" and dice.random() < 0.3:
        file, text = file.with_suffix(".ledger.yml"), f"{dice.choice(LEDGERS)}#{'x' * step}\n"
    elif dice.random() < 0.2:
        file = file.with_suffix(".png")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


@given(st.integers(0, 10**9))
@settings(max_examples=40)
def test_the_stock_is_the_same(seed: int) -> None:
    dice = random.Random(seed)
    with TemporaryDirectory() as name:
        root, file = lay_out(Path(name) / "kb"), Path(name) / "memory"
        for step in range(6):
            reader = Reader(dice.choice(["public", "public", "public", "agent"]), RULES)
            memory = Memory(file)
            assert said(take_stock(root, reader, memory, dice.choice([-1, 100]))) == said(take_stock(root, reader))
            memory.save()
            for _ in range(dice.randint(0, 2)):
                change(root, dice, step)

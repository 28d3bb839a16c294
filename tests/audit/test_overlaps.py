"""What internal and public texts have in common is nobody's secret, whenever the audit gets to know of it."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.checks.audit import run
from kbtool.checks.audit.memory import Memory
from kbtool.checks.audit.run import Report
from tests.audit.base import CANARIES, RULES, SENTENCES

TEXTS = (
    *SENTENCES, *CANARIES, "Golden handshakes", "Overview", "See also", "Whom to wake", "Bereitschaft",
    "Every order has a number of eight digits; you find it in the mail that we sent when you paid.",
    "Almeida wakes the <b>warehouse</b>men, resellers, carriers and providers before midnight.",
    "warehouse reseller provider incident manager promise ledger Almeida escalation handshake parachute",
    "[Orders](orders.md) and [rules](internal/rules.md)", "<!-- Nobody has been told outside yet of it -->",
)  # fmt: skip
NAMES = ("docs/index.md", "docs/orders.md", "docs/internal/rules.md", "translations/de/orders.md")
PAGES = ("index.html", "orders/index.html", "de/orders/index.html", "search/index.json", "assets/x.js")


def some(dice: random.Random, most: int) -> list[str]:
    return dice.choices(TEXTS, k=dice.randint(0, most))


def article(dice: random.Random, name: str) -> str:
    block = ["/// agent", *some(dice, 2), "///"] if "internal" not in name and dice.random() < 0.4 else []
    field = f"---\nowner: {dice.choice(CANARIES)}\n---\n" if dice.random() < 0.2 else ""
    return field + "\n\n".join(["# Orders", *some(dice, 4), *block, *some(dice, 3)]) + "\n"


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, "utf-8")


def lay_out(folder: Path, dice: random.Random) -> None:
    for name in NAMES:
        write(folder / "kb", name, article(dice, name))
    for name in PAGES:
        write(folder / "site", name, "<p>" + "</p>\n<p>".join(["Orders", *some(dice, 2)]) + "</p>\n")


def thorough(folder: Path) -> Report:
    """By an audit that hears what the public is told before it looks at anything, as one does that did so before."""
    return run(folder / "site", root=folder / "kb", rules=RULES, looked_for="anything")


@given(st.integers(0, 10**9))
@settings(max_examples=80)
def test_the_findings_are_the_same(seed: int) -> None:
    dice = random.Random(seed)
    with TemporaryDirectory() as name:
        folder = Path(name)
        lay_out(folder, dice)
        memory = folder / "memory"
        found, known = run(folder / "site", root=folder / "kb", rules=RULES, memory=Memory(memory)), thorough(folder)
        assert (found.findings, found.files, found.bytes) == (known.findings, known.files, known.bytes)
        if not found.findings:
            seen = set(PAGES)
            for _ in range(dice.randint(1, 3)):
                if dice.random() < 0.5:
                    write(folder / "kb", edited := dice.choice(NAMES), article(dice, edited))
                else:
                    seen.discard(page := dice.choice(PAGES))
                    write(folder / "site", page, f"<p>Orders</p>\n<p>{dice.choice(TEXTS)}</p>\n")
            again = run(
                folder / "site", root=folder / "kb", rules=RULES, memory=Memory(memory), seen=seen,
                looked_for=found.looked_for,
            )  # fmt: skip
            assert again.findings == thorough(folder).findings


def test_public_articles_are_listened_to_where_something_is_found(tmp_path: Path) -> None:
    for name in NAMES:
        write(tmp_path / "kb", name, f"# Orders\n\n{SENTENCES[0]}\n")
    write(tmp_path / "site", "index.html", "<p>Orders</p>\n")
    first = run(tmp_path / "site", root=tmp_path / "kb", rules=RULES)
    write(tmp_path / "site", "orders/index.html", f"<p>{SENTENCES[0]}</p>\n")
    second = run(tmp_path / "site", root=tmp_path / "kb", rules=RULES, seen=["index.html"], looked_for=first.looked_for)
    third = run(tmp_path / "site", root=tmp_path / "kb", rules=RULES, seen=PAGES, looked_for=second.looked_for)
    assert first.findings == second.findings == third.findings == ()
    assert (second.bytes, third.bytes) == (len(f"<p>{SENTENCES[0]}</p>\n".encode()), 0)
    for name in ("docs/index.md", "docs/orders.md", "translations/de/orders.md"):
        write(tmp_path / "kb", name, "# Orders\n")
    last = run(tmp_path / "site", root=tmp_path / "kb", rules=RULES, seen=PAGES, looked_for=third.looked_for)
    assert [finding.path for finding in last.findings] == ["orders/index.html"]

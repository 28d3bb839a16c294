"""The leak campaign: `python benchmarks/leaks.py [CORPORA]`.

Part one builds a small customers' edition, plants internal text in it – every channel times every encoding, sentences
of eight words and more as well as tokens that give a text away – and counts what the audit finds.
Part two builds FastAPI's documentation from CORPORA with invented internal pages beside it and counts false alarms,
which must be none, and megabytes per second.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from kbtool.checks.audit import run
from tests.audit.base import RULES, build_editions, lay_out, read_site, scanner
from tests.audit.plants import CHANNELS, ENCODINGS, plant, possible

_WORDS = (
    "account address agent answer bank before bill call card carrier cancel charge check claim close code contact "
    "contract country credit customer date delay desk device error escalate fraud gift hold hour invoice item label "
    "ledger letter limit mail manager money month name never night note number offer open order override parcel "
    "partner pay phone policy price promise queue reason refund region reject release repair reply report return "
    "review rule safe send shift ship stock supplier tax team ticket tonight track transfer trial until voucher wait "
    "wake warehouse warn week without write"
)
VOCABULARY = _WORDS.split()
GERMAN = (
    "Wenn die Rückerstattung größer als hundert Euro ist, fragen Sie zuerst die Schichtleitung.",
    "Für Händler gilt außerhalb der Öffnungszeiten ausschließlich die zweite Bereitschaft in Köln.",
)
JAPANESE = ("返金の金額が一万円を超える場合は必ず責任者の承認を得てから処理してください。",)


def sentences(number: int, seed: int = 7) -> list[str]:
    """Invented internal sentences of 8 to 16 words, some in other scripts."""
    dice = random.Random(seed)
    found = [*GERMAN, *JAPANESE]
    while len(found) < number:
        words = dice.choices(VOCABULARY, k=dice.randint(8, 16))
        found.append(" ".join(words).capitalize() + ".")
    return found


def canaries(number: int, seed: int = 11) -> list[str]:
    dice = random.Random(seed)
    kinds = (
        lambda n: f"{dice.choice(VOCABULARY)}.{n:03}@desk.example.net",
        lambda n: f"{dice.choice(VOCABULARY)}-{n}.prod.example.internal",
        lambda n: f"+49 {dice.randint(30, 99)} {dice.randint(1000, 9999)} {dice.randint(1000, 9999)}",
        lambda n: f"OPS-{1000 + n}",
        lambda n: f"{dice.choice(VOCABULARY)}_{dice.choice(VOCABULARY)}_override_{n}",
    )
    return [kinds[n % len(kinds)](n) for n in range(number)]


def campaign(folder: Path) -> int:
    """Plant and look; gives how many were missed."""
    texts, tokens = sentences(60), canaries(60)
    root = lay_out(folder / "kb")
    page = "\n\n".join(f"{text}\n\nAsk {token}, please." for text, token in zip(texts, tokens, strict=True))
    (root / "docs" / "internal" / "campaign.md").write_text(f"# Campaign\n\n{page}\n", "utf-8")
    customers, _ = build_editions(root)
    clean = run(customers, root=root, rules=RULES)
    print(f"clean site: {clean.files} files, {len(clean.findings)} findings")
    site, scan = read_site(customers), scanner(root)
    planted, missed = Counter[str](), Counter[str]()
    start = time.perf_counter()
    for channel in CHANNELS:
        for encoding in ENCODINGS:
            if not possible(channel, encoding):
                continue
            for kind, pool in (("sentences", texts), ("tokens", tokens)):
                text = pool[planted.total() // 2 % len(pool)]
                planted[kind] += 1
                leaks = scan.scan(*plant(site, channel, encoding, text))
                if not any(leak.passage and text in leak.passage.text for leak in leaks):
                    missed[kind] += 1
                    print(f"  missed: {channel}, {encoding}: {text}")
    seconds = time.perf_counter() - start
    for kind, number in planted.items():
        print(f"{kind}: {number - missed[kind]} of {number} found")
    print(f"{len(CHANNELS)} channels × {len(ENCODINGS)} encodings, {planted.total()} leaks, {seconds:.0f} s")
    return missed.total() + len(clean.findings)


def false_alarms(folder: Path, corpora: Path) -> int:
    """Findings in a site that holds nothing internal; also how fast it is read."""
    docs = folder / "docs"
    shutil.copytree(corpora / "fastapi" / "en", docs)
    for file in [*docs.rglob("_*.md"), *docs.rglob("*.md")]:
        if not file.exists() or file.name.startswith("_"):
            file.unlink(missing_ok=True)
            continue
        # Comments are internal to us and public to MkDocs, which is what builds here.
        file.write_text(re.sub(r"<!--.*?-->", "", file.read_text("utf-8"), flags=re.DOTALL), "utf-8")
    settings = "site_name: Docs\ntheme: {name: material, font: false}\nplugins: [search]\n"
    extensions = "[admonition, attr_list, tables, toc, pymdownx.superfences, pymdownx.blocks.admonition, "
    extensions += "pymdownx.blocks.details, pymdownx.blocks.tab, pymdownx.highlight]"
    (folder / "mkdocs.yml").write_text(f"{settings}markdown_extensions: {extensions}\n")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-d", "site"],
        cwd=folder,
        check=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    # The site is built by plain MkDocs, so the internal pages come after it.
    (docs / "internal").mkdir()
    for number, text in enumerate(sentences(200)):
        body = f"# {' '.join(text.split()[:2])}\n\n{text}\n\nAsk desk{number}@example.net.\n"
        (docs / "internal" / f"rule-{number}.md").write_text(body, "utf-8")
    wall, cpu = time.perf_counter(), time.process_time()
    report = run(folder / "site", root=folder, rules=RULES)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    for finding in report.findings:
        print(f"  false alarm: {finding}")
    print(f"{len(report.findings)} false alarms in {report.files} files, {report.passages} internal passages known")
    size = report.bytes / 1e6
    print(f"{size:.1f} MB, {wall:.1f} s, {cpu:.1f} s of CPU: {size / cpu:.1f} MB/s per core, all in")
    return len(report.findings)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="?", type=Path, default=Path("../shared/corpora"))
    corpora = parser.parse_args().corpora
    with tempfile.TemporaryDirectory() as folder:
        bad = campaign(Path(folder))
    if corpora.is_dir():
        with tempfile.TemporaryDirectory() as folder:
            bad += false_alarms(Path(folder), corpora)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())

"""Markdown in, the same Markdown out: how faithful, how complete, how fast.

    python benchmarks/pages [CORPUS…] [--peers] [--cli]

An engine that gives text back must leave every page as it was, byte for byte (*identity*). One that changes every
letter must change nothing but words: *clean* pages render to the same elements with the same attributes, code, links
and front matter. *Coverage* is the share of visible words outside code that changed, in the whole pages and in
admonitions and tabs. `--peers` puts other tools beside it, on every tenth page (installed into .kbtool/bench by
pip), `--cli` runs the real command line on a knowledge base made for the occasion.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from peers import ENGINES
from rendered import Rendered, clean, read, unchanged

from kbtool.core.compose import compose
from kbtool.core.errors import KbError
from kbtool.core.proof import Proof
from kbtool.core.render import Renderer
from kbtool.core.segments import parse

BENCH = Path(".kbtool/bench")
EVERY = 10  # mdpo needs seconds for a page, and is ended where it needs more than two
PEERS = ("mdpo", "translate-toolkit", "mistletoe")
MKDOCS = """\
site_name: Benchmark
theme: {name: material}
markdown_extensions: [abbr, admonition, attr_list, def_list, footnotes, md_in_html, tables, toc, pymdownx.arithmatex,
  pymdownx.betterem, pymdownx.blocks.admonition, pymdownx.blocks.caption, pymdownx.blocks.details, pymdownx.blocks.html,
  pymdownx.blocks.tab: {alternate_style: true}, pymdownx.caret, pymdownx.details, pymdownx.keys, pymdownx.mark,
  pymdownx.superfences, pymdownx.tabbed: {alternate_style: true}, pymdownx.tasklist, pymdownx.tilde]
"""


@dataclass
class Score:
    """What one tool did to all pages."""

    tool: str
    pages: int = 0
    identical: int = 0
    clean: int = 0
    refused: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    words: dict[str, Counter[str]] = field(
        default_factory=lambda: {n: Counter() for n in ("all", "admonitions", "tabs")}
    )
    code: Counter[str] = field(default_factory=Counter)
    unclean: list[str] = field(default_factory=list)

    def judge(self, name: str, original: str, page: str | None, ours: Rendered, renderer: Renderer) -> None:
        """Count one page that an engine has changed every letter of."""
        if page is None:
            self.refused += 1
            return
        theirs = read(renderer.html(page))
        if clean(original, page, ours, theirs):
            self.clean += 1
        else:
            self.unclean.append(name)
        for place in self.words:
            kept, total = unchanged(ours, theirs, place)
            self.words[place].update(kept=kept, total=total)
        before = Counter(ours.code + ours.links)
        self.code.update(kept=(before & Counter(theirs.code + theirs.links)).total(), total=before.total())

    def time(self, what: str, start: float) -> None:
        """Note CPU seconds since `start`, if they are the least so far."""
        self.seconds[what] = min(time.process_time() - start, self.seconds.get(what, math.inf))

    def coverage(self, place: str) -> float:
        count = self.words[place]
        return 100 * (1 - count["kept"] / count["total"]) if count["total"] else 100.0

    def __str__(self) -> str:
        def share(n: int) -> float:
            return 100 * n / max(self.pages, 1)

        code = 100 * self.code["kept"] / max(self.code["total"], 1)
        speed = "  ".join(f"{self.pages / max(s, 1e-9):7.1f} {what}" for what, s in self.seconds.items())
        return (
            f"{self.tool:20} {share(self.identical):7.2f} {share(self.clean):7.2f} {self.coverage('all'):8.2f} "
            f"{self.coverage('admonitions'):7.2f} {self.coverage('tabs'):7.2f} {code:7.2f} {self.refused:7}  {speed}"
        )


HEADER = "                     identity  clean coverage  admon.    tabs    code refused  pages/CPU s"


def ours(texts: Sequence[tuple[str, str]], rendered: Sequence[Rendered], renderer: Renderer, rounds: int) -> Score:
    """kbtool's own score; of several rounds the fastest, since other work on the machine only slows a round down."""
    score = Score("kbtool", len(texts))
    for _ in range(rounds):
        start = time.process_time()
        same = [_composed(text, "identity") for _, text in texts]
        score.time("identity", start)
        start = time.process_time()
        composed = [_composed(text, "pseudo") for _, text in texts]
        score.time("pseudo", start)
        start = time.process_time()
        proved = [_proved(text, page, renderer) for (_, text), page in zip(texts, composed, strict=True)]
        score.time("proof", start)
    score.identical = sum(page == text for page, (_, text) in zip(same, texts, strict=True))
    score.seconds["with proof"] = score.seconds["pseudo"] + score.seconds.pop("proof")
    for (name, text), page, good, original in zip(texts, composed, proved, rendered, strict=True):
        score.judge(name, text, page if good else None, original, renderer)
    return score


def _composed(text: str, engine: str) -> str:
    page = parse(text)
    return compose(page, [ENGINES[engine](segment.text) for segment in page.segments])


def _proved(text: str, page: str, renderer: Renderer) -> bool:
    try:
        return not Proof(text, renderer).check(page)
    except KbError:
        return False


def theirs(
    files: Sequence[Path], texts: Sequence[tuple[str, str]], rendered: Sequence[Rendered], renderer: Renderer
) -> Iterator[Score]:
    """The same for other tools, in an environment of their own."""
    python = BENCH / "bin" / "python"
    if not python.exists():
        venv.create(BENCH, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
    with tempfile.TemporaryDirectory() as scratch:
        order = json.dumps({"files": [str(file.resolve()) for file in files], "scratch": scratch})
        run = subprocess.run(
            [python, Path(__file__).with_name("peers.py")],
            input=order,
            capture_output=True,
            text=True,
            check=True,
        )
    scores: dict[str, Score] = {}
    for line in run.stdout.splitlines():
        result = json.loads(line)
        score = scores.setdefault(result["tool"], Score(result["tool"], len(files)))
        score.seconds[result["engine"]] = result["seconds"]
        for (name, text), page, original in zip(texts, result["pages"], rendered, strict=True):
            if result["engine"] == "identity":
                score.identical += page == text
            else:
                score.judge(name, text, page, original, renderer)
    yield from scores.values()


def command_line(roots: Sequence[Path], renderer: Renderer) -> Score:
    """The same through `kbtool translate` on a temporary knowledge base."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        for number, root in enumerate(roots):
            shutil.copytree(root, base / "docs" / f"{number}-{root.name}")
        (base / "mkdocs.yml").write_text(MKDOCS, encoding="utf-8")
        (base / "kbtool.toml").write_text('source = "en"\nlocales = ["de", "fr"]\n', encoding="utf-8")
        files = sorted((base / "docs").rglob("*.md"))
        score = Score("kbtool translate", len(files))
        for engine, locale in (("identity", "fr"), ("pseudo", "de")):
            start = time.monotonic()
            subprocess.run(
                [sys.executable, "-m", "kbtool", "-C", base, "translate", "--engine", engine, "--to", locale],
                stdout=subprocess.DEVNULL, check=False,
            )  # fmt: skip
            score.seconds[f"{engine} (wall clock)"] = time.monotonic() - start
        for file in files:
            name = file.relative_to(base / "docs")
            same, changed = (base / "translations" / locale / name for locale in ("fr", "de"))
            score.identical += same.is_file() and same.read_bytes() == file.read_bytes()
            text = _text(file)
            page = _text(changed) if changed.is_file() else None
            score.judge(str(name), text, page, read(renderer.html(text)), renderer)
        return score


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("corpora", nargs="*", type=Path, metavar="CORPUS")
    arguments.add_argument("--peers", action="store_true", help="other tools beside it")
    arguments.add_argument("--cli", action="store_true", help="through the real command line as well")
    arguments.add_argument("--rounds", type=int, default=3, help="the fastest of so many counts")
    given = arguments.parse_args()
    roots = given.corpora or [Path("../shared/corpora/fastapi/en"), Path("../shared/corpora/material")]
    files = sorted(file for root in roots for file in root.rglob("*.md"))
    texts = [(str(file), _text(file)) for file in files]
    renderer = Renderer()
    rendered = [read(renderer.html(text)) for _, text in texts]
    print(f"{len(files)} pages, {sum(len(text) for _, text in texts):,} characters; load {os.getloadavg()[0]:.1f}")
    print(HEADER)
    scores = [ours(texts, rendered, renderer, given.rounds)]
    print(scores[0], flush=True)
    if given.cli:
        scores.append(command_line(roots, renderer))
        print(scores[-1], flush=True)
    if given.peers:
        print(f"other tools, on every {EVERY}th page:")
        for score in theirs(files[::EVERY], texts[::EVERY], rendered[::EVERY], renderer):
            print(score, flush=True)
    for score in scores:
        for name in score.unclean:
            print(f"unclean: {score.tool}: {name}")


if __name__ == "__main__":
    main()

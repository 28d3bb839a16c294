"""`kbtool status` on a large knowledge base, warm, beside `git status` on the same tree.

    python -P benchmarks/status.py                    # 2,000 articles in 10 locales, made in a temporary folder

Prints the median of several runs of both, their ratio, and the most memory that kbtool took.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kbtool.core.ledger import dump_ledger
from kbtool.core.model import Entry, Ledger, Stamp
from kbtool.core.segments import parse

LOCALES = ["de", "es", "fr", "it", "ja", "ar", "nl", "pl", "pt-BR", "sv"]
PARAGRAPHS = 12


def article(number: int, word: str) -> str:
    lines = [f"---\ntitle: {word} article {number}\n---\n", f"# {word} article {number}\n"]
    lines += [f"Paragraph {n} of {word} {number} says **something** about `code-{n}` and [a link](x{n}.md).\n"
              for n in range(PARAGRAPHS)]  # fmt: skip
    return "\n".join(lines)


def build(root: Path, articles: int, locales: int) -> None:
    """A knowledge base with every article translated, a tenth of them stale, in git."""
    import datetime

    chosen = LOCALES[:locales]
    write(root / "kbtool.toml", f'source = "en"\nlocales = {chosen!r}\n'.replace("'", '"'))
    write(root / ".gitignore", ".kbtool/\n")
    on = datetime.date(2026, 9, 1)
    for number in range(articles):
        path = f"section-{number % 40}/article-{number}.md"
        old = article(number, "Help")
        source = parse(old)
        write(root / "docs" / path, old.replace("Paragraph 3", "Section 3") if number % 10 == 0 else old)
        for locale in chosen:
            text = article(number, f"Hilfe-{locale}")
            pairs = zip(source.segments, parse(text).segments, strict=True)
            ledger = Ledger(tuple(Entry(s.digest, t.digest, "hand") for s, t in pairs), (Stamp("ana", on),))
            write(root / "translations" / locale / path, text)
            name = f"translations/{locale}/{path[:-3]}.ledger.yml"
            write(root / name, dump_ledger(ledger, name=name))
    git = ["git", "-C", str(root), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "all"], check=True)


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def timed(command: list[str], repeat: int) -> list[float]:
    found = []
    for _ in range(repeat):
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        found.append(time.perf_counter() - started)
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=2000)
    options.add_argument("--locales", type=int, default=10)
    options.add_argument("--repeat", type=int, default=7)
    options.add_argument("--folder", type=Path, help="keep the knowledge base here, and use it again")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = given.folder or Path(temporary)
        if not (root / "kbtool.toml").exists():
            build(root, given.articles, given.locales)
        git = ["git", "-C", str(root), "status", "--porcelain"]
        kbtool = [sys.executable, "-m", "kbtool", "-C", str(root), "status"]
        cold = timed([*kbtool, "--json"], 1)
        timed(git, 2)
        time.sleep(0.3)
        results = {"git status": [], "kbtool status": [], "kbtool status --json": []}  # type: dict[str, list[float]]
        for _ in range(given.repeat):  # in turn, so that a busy moment hits all of them
            results["git status"] += timed(git, 1)
            results["kbtool status"] += timed(kbtool, 1)
            results["kbtool status --json"] += timed([*kbtool, "--json"], 1)
        peak = memory([*kbtool, "--json"])
    print(f"{given.articles} articles, {given.locales} locales; cold run {cold[0]:.1f} s")
    base = statistics.median(results["git status"])
    for name, seconds in results.items():
        middle = statistics.median(seconds)
        print(f"{name:22} {middle:6.3f} s   {middle / base:4.1f} × git status   (best {min(seconds):.3f})")
    print(f"most memory of a warm run: {peak:.0f} MB")


def memory(command: list[str]) -> float:
    """The most memory that a command takes, in a process whose only child it is."""
    child = os.fork()
    if child == 0:
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        os._exit(min(255, peak // 1024 // 4))
    _, code = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(code) * 4


if __name__ == "__main__":
    main()

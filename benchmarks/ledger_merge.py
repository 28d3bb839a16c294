"""Concurrent branches on one article and locale: how often their ledgers conflict where their Markdown merges cleanly.

    python -P benchmarks/ledger_merge.py [CORPORA] [--pairs 400] [--mix pull-requests|anything]

Each branch does what one person does in a pull request: edit the original, translate and approve what is new, or edit
the translation by hand; with --mix anything also approve and waive at random. Files are merged as git merges them
(git merge-file), ledgers also by `kbtool merge-ledger`. Afterwards every state is looked at: no segment may be
approved that nobody approved as it is.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

from kbtool.commands.ledgers import merge_files
from kbtool.commands.pages import settled
from kbtool.commands.translate import translate
from kbtool.commands.verdicts import Judge, judge
from kbtool.core.model import Kind, Ledger, State
from kbtool.core.states import past_of
from kbtool.project import Project

LOCALE, PAGE = "de", "page.md"
FILES = [f"docs/{PAGE}", f"translations/{LOCALE}/{PAGE}", f"translations/{LOCALE}/page.ledger.yml"]


def start(folder: Path, page: Path) -> None:
    (folder / "docs").mkdir(parents=True)
    (folder / "kbtool.toml").write_text(f'source = "en"\nlocales = ["{LOCALE}"]\nengine = "pseudo"\n')
    shutil.copyfile(page, folder / FILES[0])
    project = Project.at(folder)
    translate(project)
    numbers = segments(project, State.MACHINE)
    judge(project, "approve", LOCALE, (PAGE,), Judge("cara", date(2026, 8, 1)), segments=numbers[::3])


def segments(project: Project, *states: State) -> list[int]:
    found = settled(project, PAGE, LOCALE)
    rows = zip(found.rows, found.tie.rows, strict=True)
    return [tied.source + 1 for row, tied in rows if tied.source is not None and row.target and row.state in states]


def prose(project: Project) -> list[str]:
    """Paragraphs that stand in the page on one line, once."""
    rows = settled(project, PAGE, LOCALE).rows
    text = project.original(PAGE)
    every = [r.source.raw for r in rows if r.source and r.source.kind in (Kind.PARAGRAPH, Kind.ITEM)]
    return [raw for raw in every if "\n" not in raw and len(raw) > 30 and text.count(raw) == 1]


def edit_original(project: Project, who: Judge, luck: random.Random) -> None:
    file = project.original_file(PAGE)
    for raw in luck.sample(known := prose(project), min(len(known), luck.randint(1, 3))):
        text = file.read_text("utf-8")
        how = luck.random()
        new = f"{raw} {who.by.title()} adds {luck.randint(1, 999)} words."
        if how > 0.7:
            new = f"{raw}\n\nA new paragraph by {who.by} about {luck.randint(1, 999)} things.\n"
        file.write_text(text.replace(raw, new if how > 0.15 else f"Gone, says {who.by}."), "utf-8")
    translate(project, replace=luck.random() < 0.5)


def edit_translation(project: Project, who: Judge, luck: random.Random) -> None:
    file = project.translation_file(PAGE, LOCALE)
    rows = settled(project, PAGE, LOCALE).rows
    text = file.read_text("utf-8")
    known = [r.target.raw for r in rows if r.target and len(r.target.raw) > 30 and text.count(r.target.raw) == 1]
    for raw in luck.sample(known, min(len(known), luck.randint(1, 3))):
        file.write_text(file.read_text("utf-8").replace(raw, f"{raw} Und {luck.randint(1, 999)}."), "utf-8")
    translate(project)


def approve(project: Project, who: Judge, luck: random.Random) -> None:
    known = segments(project, State.MACHINE, State.NEEDS_REVIEW)
    if known:
        some = luck.sample(known, min(len(known), luck.randint(1, 12)))
        judge(project, "approve", LOCALE, (PAGE,), who, segments=some)


def waive(project: Project, who: Judge, luck: random.Random) -> None:
    file = project.original_file(PAGE)
    known = prose(project)
    if known:
        raw = luck.choice(known)
        file.write_text(file.read_text("utf-8").replace(raw, f"{raw} Typo {who.by}{luck.randint(1, 999)}."), "utf-8")
    if stale := segments(project, State.STALE):
        judge(project, "waive", LOCALE, (PAGE,), who, segments=stale)


Action = Callable[[Project, Judge, random.Random], None]


def pull_request(project: Project, who: Judge, luck: random.Random) -> None:
    """Edit 1 to 3 paragraphs of the original, translate, and have a reviewer approve what is new."""
    before = {r.target.digest for r in settled(project, PAGE, LOCALE).rows if r.target}
    edit_original(project, who, luck)
    found = settled(project, PAGE, LOCALE)
    rows = zip(found.rows, found.tie.rows, strict=True)
    new = [t.source + 1 for r, t in rows if t.source is not None and r.target and r.target.digest not in before]
    if new and luck.random() < 0.5:
        judge(project, "approve", LOCALE, (PAGE,), who, segments=new)


#: what people put into one branch; `anything` also has reviewers approve and waive at random, both at once
MIXES: dict[str, list[Action]] = {
    "pull-requests": [pull_request, pull_request, edit_translation],
    "anything": [pull_request, edit_original, edit_translation, approve, approve, waive],
}


def branch(base: Path, folder: Path, name: str, luck: random.Random, mix: str) -> str:
    shutil.copytree(base, folder)
    action = luck.choice(MIXES[mix])
    action(Project.at(folder), Judge(name, date(2026, 9, 1)), luck)
    return action.__name__


def merge_text(base: Path, ours: Path, theirs: Path, out: Path, file: str) -> bool:
    """Merge a file as git does; gives whether it merged cleanly."""
    command = ["git", "merge-file", "-p", str(ours / file), str(base / file), str(theirs / file)]
    done = subprocess.run(command, capture_output=True, check=False)
    (out / file).parent.mkdir(parents=True, exist_ok=True)
    (out / file).write_bytes(done.stdout)
    return done.returncode == 0


def wrongly_approved(out: Path, *sides: Path) -> list[str]:
    """Segments that count as approved after the merge although nobody approved this pair of texts."""
    known = {("copy", "copy")}
    for side in sides:
        ledger = Project.at(side).ledger(PAGE, LOCALE) or Ledger()
        known |= {pair[:2] for entry in ledger.entries for pair in past_of(entry)}
        known |= {(w.src, e.tgt) for e in ledger.entries if e.ok and (w := e.waived)}
        known |= {(e.src, e.tgt) for e in ledger.entries if e.by == "copy"}
    rows = settled(Project.at(out), PAGE, LOCALE).rows
    return [
        r.source.text for r in rows
        if r.state is State.APPROVED and r.source and r.target and (r.source.digest, r.target.digest) not in known
    ]  # fmt: skip


def pair(page: Path, luck: random.Random, tally: Counter[str], mix: str) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        base, ours, theirs, out = (Path(temporary) / name for name in ("base", "ours", "theirs", "out"))
        start(base, page)
        kinds = sorted((branch(base, ours, "ana", luck, mix), branch(base, theirs, "ben", luck, mix)))
        out.mkdir()
        shutil.copyfile(base / "kbtool.toml", out / "kbtool.toml")
        merged = [merge_text(base, ours, theirs, out, file) for file in FILES[:2]]
        if not all(merged):
            tally["Markdown conflicts, not counted"] += 1
            return
        tally["pairs"] += 1
        if not merge_text(base, ours, theirs, out, FILES[2]):
            tally["conflicts"] += 1
            tally[f"conflict of {' and '.join(kinds)}"] += 1
        else:
            tally["wrongly approved by git"] += len(wrongly_approved(out, base, ours, theirs))
        shutil.copyfile(ours / FILES[2], out / FILES[2])
        try:
            merge_files(base / FILES[2], out / FILES[2], theirs / FILES[2], FILES[2])
        except Exception as error:
            tally[f"driver failed: {error}"] += 1
            return
        wrong = wrongly_approved(out, base, ours, theirs)
        tally["wrongly approved"] += len(wrong)
        states = Counter(str(r.state) for r in settled(Project.at(out), PAGE, LOCALE).rows)
        tally["segments"] += states.total()
        tally["segments in conflict after the driver"] += states["conflict"] + states["orphaned"]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("corpora", type=Path, nargs="?", default=Path("../shared/corpora"))
    options.add_argument("--pairs", type=int, default=400)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--mix", choices=MIXES, default="pull-requests")
    given = options.parse_args()
    files = sorted((given.corpora / "fastapi" / "en").rglob("*.md"))
    pages = [f for f in files if 4000 < f.stat().st_size < 16000]
    luck, tally = random.Random(given.seed), Counter[str]()
    while tally["pairs"] < given.pairs:
        pair(luck.choice(pages), luck, tally, given.mix)
    share = 100 * tally["conflicts"] / tally["pairs"]
    print(f"{tally['pairs']} pairs whose Markdown merges cleanly ({tally['Markdown conflicts, not counted']} others)")
    print(f"ledger conflicts with git alone: {tally['conflicts']} ({share:.2f} %)")
    failed = sum(n for name, n in tally.items() if name.startswith("driver"))
    print(f"ledger conflicts with the merge driver: {failed}")
    print(f"segments wrongly approved after git alone: {tally['wrongly approved by git']}")
    print(f"segments wrongly approved after the driver: {tally['wrongly approved']}")
    print(f"segments in conflict or orphaned after the driver: {tally['segments in conflict after the driver']} "
          f"of {tally['segments']}")  # fmt: skip
    for name, n in tally.items():
        if name.startswith(("conflict of", "driver")):
            print(f"  {name}: {n}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What real edits of originals cost and change in their translations.

    python -P benchmarks/replay.py [CORPORA] [--edits N]

Each edit of CORPORA/replay is played through the flows of kbtool in a knowledge base of its own: translate the old
page (with the pseudo engine, or take the translation that people made), approve it, edit the original, translate again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kbtool.commands.pages import settled
from kbtool.commands.translate import translate
from kbtool.commands.verdicts import Judge, judge
from kbtool.core.errors import KbError
from kbtool.core.model import State
from kbtool.project import Project

ANA = Judge("ana", date(2026, 9, 1))
PAGE = "page.md"


@dataclass
class Played:
    """One edit, measured."""

    name: str
    same_text: bool = False  #: no segment is new or gone
    whole: int = 0  #: characters of the new page, all of which whole-file retranslation sends
    sent: int = 0
    new: int = 0  #: characters of segments whose text the old original does not have
    lost: int = 0  #: approvals lost of segments whose original did not change
    altered: int = 0  #: translations altered whose original did not change
    source_blocks: int = 0
    target_blocks: int = 0
    problem: str = ""


def base(folder: Path, edit: Path, locale: str) -> Project:
    """A knowledge base with the old page, translated and, if asked for, approved."""
    (folder / "docs").mkdir(parents=True)
    (folder / "kbtool.toml").write_text(f'source = "en"\nlocales = ["{locale}"]\nengine = "pseudo"\n')
    copy(edit / "old.md", folder / "docs" / PAGE)
    people = edit / "old_translation.md"
    if people.exists():
        copy(people, folder / "translations" / locale / PAGE)
    project = Project.at(folder)
    translate(project)
    return project


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def approved(project: Project, locale: str) -> Counter[str]:
    rows = settled(project, PAGE, locale).rows
    return Counter(r.source.digest for r in rows if r.source and r.state is State.APPROVED)


def pairs(project: Project, locale: str) -> Counter[tuple[str, str]]:
    """Which words stand for which segment of the original; its links and code follow the original."""
    rows = settled(project, PAGE, locale).rows
    return Counter((r.source.digest, r.target.words) for r in rows if r.source and r.target)


def play(edit: Path, locale: str = "es") -> Played:
    found = Played(edit.name)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        try:
            project = base(root / "approved", edit, locale)
            measure(project, edit, locale, found)
            blocks(base(root / "machine", edit, locale), edit, locale, found)
        except KbError as error:
            found.problem = str(error)
    return found


def measure(project: Project, edit: Path, locale: str, found: Played) -> None:
    judge(project, "approve", locale, (PAGE,), ANA)
    ok, texts = approved(project, locale), pairs(project, locale)
    before = Counter(r.source.digest for r in settled(project, PAGE, locale).rows if r.source)
    copy(edit / "new.md", project.docs / PAGE)
    after = Counter(r.source.digest for r in settled(project, PAGE, locale).rows if r.source)
    found.same_text = before == after
    new = {r.source.digest: len(r.source.text) for r in settled(project, PAGE, locale).rows if r.source}
    found.new = sum(size for digest, size in new.items() if digest not in before)
    found.sent = translate(project, dry_run=True).characters
    run = translate(project)
    problems = [*run.failed, *run.refused]
    found.problem = "; ".join(map(str, problems[:2]))
    kept = before & after
    found.lost = ((ok & kept) - approved(project, locale)).total()
    now = pairs(project, locale)
    unchanged = Counter(
        {pair: n for pair, n in texts.items() if kept[pair[0]] >= n and before[pair[0]] <= kept[pair[0]]}
    )
    found.altered = (unchanged - now).total()
    found.whole = len((edit / "new.md").read_text("utf-8"))


def blocks(project: Project, edit: Path, locale: str, found: Played) -> None:
    """How many blocks change in the translation, where a machine may write, for those that change in the original."""
    file = project.translation_file(PAGE, locale)
    old = file.read_text("utf-8")
    copy(edit / "new.md", project.docs / PAGE)
    translate(project, replace=True)
    texts = ((edit / name).read_bytes().decode("utf-8") for name in ("old.md", "new.md"))
    found.source_blocks = changed(*texts)
    found.target_blocks = changed(old, file.read_text("utf-8"))


def changed(old: str, new: str) -> int:
    """Blocks that are new, or gone without a new one in their place."""
    before, after = (Counter(b.strip() for b in text.split("\n\n") if b.strip()) for text in (old, new))
    return max((after - before).total(), (before - after).total())


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("corpora", type=Path, nargs="?", default=Path("../shared/corpora"))
    options.add_argument("--edits", type=int)
    given = options.parse_args()
    edits = sorted(f for f in (given.corpora / "replay").iterdir() if (f / "new.md").exists())[: given.edits]
    if not edits:
        sys.exit(f"no edits in {given.corpora}/replay")
    played = [play(edit) for edit in edits]
    for each in played:
        if each.problem or each.lost or each.altered or (each.same_text and each.sent):
            print(f"{each.name}: lost {each.lost}, altered {each.altered}, sent {each.sent}, "
                  f"same text {each.same_text}: {each.problem}")  # fmt: skip
    same = [each for each in played if each.same_text]
    whole, sent = sum(e.whole for e in played), sum(e.sent for e in played)
    source, target = sum(e.source_blocks for e in played), sum(e.target_blocks for e in played)
    print(f"{len(played)} edits, {len(same)} of them without a change of text")
    lost = sum(e.lost for e in same)
    print(f"without a change of text: {sum(e.sent for e in same)} characters sent, {lost} approvals lost")
    print(f"characters sent: {sent} of {whole} ({100 * sent / max(whole, 1):.2f} %) of whole-file retranslation")
    print(f"characters of segments with new text: {sum(e.new for e in played)}")
    shares = sorted(100 * e.sent / max(e.whole, 1) for e in played)
    print(f"share of the median edit: {shares[len(shares) // 2]:.2f} %")
    print(f"approvals lost of unchanged segments: {sum(e.lost for e in played)}")
    print(f"translations altered whose original did not change: {sum(e.altered for e in played)}")
    print(f"blocks changed in translations per block changed in originals: {target}/{source} = {target / source:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

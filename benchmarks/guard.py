"""How many bad replies the guard catches, and how often it cries wolf.

    python benchmarks/guard.py [CORPORA] [--segments 100] [--good 1000] [--show]

Bad: every kind of tests/engines/bad_replies.py on so many real segments. Good: human translations of the same corpora,
and Apertium's where it is installed.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "engines"))

from bad_replies import KINDS

from kbtool.core.align import tie
from kbtool.core.errors import KbError
from kbtool.core.guard import examine, repair
from kbtool.core.model import PLACEHOLDER
from kbtool.core.segments import parse
from kbtool.engines import create
from kbtool.engines.detect import language

Good = tuple[str, str, str]  # target locale, source, reply


def people(corpora: Path) -> Iterator[Good]:
    """Segments that people translated, where the translation has the very placeholders of the original."""
    for locale in ("de", "es", "ja"):
        for file in sorted((corpora / "fastapi" / locale).rglob("*.md")):
            original = corpora / "fastapi" / "en" / file.relative_to(corpora / "fastapi" / locale)
            if original.exists():
                yield from _pairs(original, file, locale)
    for folder in sorted((corpora / "replay").glob("*-otel-es")):
        for age in ("old", "new"):
            yield from _pairs(folder / f"{age}.md", folder / f"{age}_translation.md", "es")


def _pairs(original: Path, translation: Path, locale: str) -> Iterator[Good]:
    try:
        left, right = parse(original.read_text("utf-8")), parse(translation.read_text("utf-8"))
        ties = tie(left, right).rows
    except (KbError, OSError):
        return
    for row in ties:
        if row.source is None or row.target is None:
            continue
        ours, theirs = left.segments[row.source], right.segments[row.target]
        code = [[slot.open for slot in side.slots if slot.name == "code"] for side in (ours, theirs)]
        marks = [Counter(PLACEHOLDER.findall(side.text)) for side in (ours, theirs)]
        if ours.text != theirs.text and code[0] == code[1] and marks[0] == marks[1]:
            yield locale, ours.text, theirs.text


def machine(texts: list[str]) -> Iterator[Good]:
    try:
        engine = create("apertium", {})
    except KbError as error:
        print(f"without Apertium: {error}")
        return
    for locale in ("es", "ca", "pt"):
        for text, reply in zip(texts, engine.translate(texts, "en", locale), strict=True):
            yield locale, text, repair(text, reply, locale)


def faults(locale: str, source: str, reply: object) -> list[str]:
    mended = repair(source, reply, locale) if isinstance(reply, str) else reply
    found = examine(source, mended, source_locale="en", target_locale=locale, detect=language)
    return [str(finding) for finding in found]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="?", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--segments", type=int, default=100)
    parser.add_argument("--good", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", action="store_true", help="print what was missed and the false alarms")
    options = parser.parse_args()
    chance = random.Random(options.seed)

    human = list(dict.fromkeys(people(options.corpora)))
    chance.shuffle(human)
    texts = [source for _, source, _ in human[:400]]
    good = human + list(machine(texts))
    print(f"{len(human)} human pairs, {len(good) - len(human)} by Apertium")

    caught, tried = Counter[str](), Counter[str]()
    missed = defaultdict(list)
    pool = [pair for pair in human if not faults(*pair)]
    for kind, spoil in KINDS.items():
        chance.shuffle(pool)
        for locale, source, reply in pool:
            if tried[kind] == options.segments:
                break
            other = next(r for at, _, r in iter(lambda: chance.choice(pool), None) if at == locale)
            bad = spoil(source, reply, other, chance)
            if bad is None or bad == reply:
                continue
            tried[kind] += 1
            mended = isinstance(bad, str) and repair(source, bad, locale) == repair(source, reply, locale)
            if mended or faults(locale, source, bad):
                caught[kind] += 1
            else:
                missed[kind].append((locale, source, bad))
    total = tried.total()
    share = 100 * caught.total() / total
    print(f"bad replies: {len(KINDS)} kinds, {total} tried, {caught.total()} caught = {share:.2f} %")
    for kind in KINDS:
        if caught[kind] < tried[kind] or tried[kind] < options.segments:
            print(f"  {kind}: {caught[kind]} of {tried[kind]}")

    chance.shuffle(human)
    groups = {"people": human[: options.good], "Apertium": good[len(human) :][: options.good]}
    for name, pairs in groups.items():
        began = time.perf_counter()
        alarms = [(pair, found) for pair in pairs if (found := faults(*pair))]
        each = (time.perf_counter() - began) / max(1, len(pairs))
        print(
            f"good ones by {name}: {len(pairs)}, alarms {len(alarms)} = {100 * len(alarms) / max(1, len(pairs)):.2f} %,"
            f" {1000 * each:.2f} ms each"
        )
        print("  by rule:", dict(Counter(found[0].rsplit("[")[-1] for _, found in alarms)))
        if options.show:
            for (locale, source, reply), found in alarms:
                print(f"  ! {found}\n    {source!r}\n    {locale}: {reply!r}")
    if options.show:
        for kind, examples in missed.items():
            for locale, source, bad in examples[:5]:
                print(f"  missed {kind}\n    {source!r}\n    {locale}: {bad!r}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""How long a site takes to build: from nothing, after an edit, with nothing changed; beside other tools.

    python benchmarks/build --articles 500 --locales 10 --peers mkdocs
    python benchmarks/build --articles 1000 --locales 1 --peers zensical
    python benchmarks/build --articles 500,1000,2000 --locales 10 --what nothing

Writes the same help centre for each tool, has each build it as its user would, and prints CPU seconds (user and
system, child processes included), wall clock and memory, then what the aims say. CPU seconds are for comparing;
the wall clock is right only on a machine that does nothing else. `--json FILE` keeps the figures, and `--against
FILE` compares with peers that were measured earlier.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import steps
from aims import Result, aims
from measure import Cost, weigh
from tools import TOOLS, Tool, versions

WHAT = ("inline", "edit", "nothing", "serve", "same")


def main() -> int:
    given = _options()
    results = [Result.read(each) for file in given.against for each in json.loads(file.read_text())["results"]]
    known = versions(given.peers)
    print(", ".join(f"{name} {version}" for name, version in known.items()), f"; load {os.getloadavg()[0]:.1f}")
    print(f"\n{'':18}{'CPU s':>10}{'wall s':>10}{'largest process':>18}{'all together':>15}")
    with _work(given.work) as work:
        for articles in given.articles:
            for locales in given.locales:
                for name in [*given.peers, *([] if given.only_peers else ["kbtool"])]:
                    tool = TOOLS[name](work, articles, locales)
                    results.append(_measured(tool, articles, locales, given, work / f"{name}.log"))
    if given.json:
        text = json.dumps({"schema": 1, "versions": known, "results": [each.as_json() for each in results]}, indent=2)
        given.json.write_text(text + "\n", "utf-8")
    return _judged(results)


def _options() -> argparse.Namespace:
    def numbers(text: str) -> list[int]:
        return [int(number) for number in text.split(",")]

    def names(known: tuple[str, ...]) -> Callable[[str], list[str]]:
        def read(text: str) -> list[str]:
            found = [name for name in text.split(",") if name]
            if unknown := set(found) - set(known):
                raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose from {', '.join(known)}")
            return found

        return read

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=numbers, default=[500], metavar="N,…", help="500 if not given")
    parser.add_argument("--locales", type=numbers, default=[10], metavar="N,…", help="the original's included; 10")
    parser.add_argument(
        "--peers",
        type=names(("mkdocs", "zensical")),
        default=[],
        metavar="NAME,…",
        help="mkdocs (with static-i18n), zensical (one locale; installed into a place of its own)",
    )
    parser.add_argument("--only-peers", action="store_true", help="leave kbtool out")
    parser.add_argument(
        "--what",
        type=names(WHAT),
        default=["edit", "nothing"],
        metavar="STEP,…",
        help="beside the cold build: inline (the same in one process, as MkDocs works), edit, nothing, serve (the "
        "preview), same (as a clean build?)",
    )
    parser.add_argument("--rounds", type=int, default=3, help="of everything but cold builds, the best of so many: 3")
    parser.add_argument("--cold-rounds", type=int, default=1, help="the same for cold builds: 1")
    parser.add_argument("--against", type=Path, action="append", default=[], metavar="FILE", help="figures of --json")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures")
    parser.add_argument("--work", type=Path, metavar="DIR", help="keep the trees and sites here")
    return parser.parse_args()


@contextmanager
def _work(chosen: Path | None) -> Iterator[Path]:
    if chosen:
        chosen.mkdir(parents=True, exist_ok=True)
        yield chosen.resolve()
    else:
        with tempfile.TemporaryDirectory(prefix="kbtool-benchmark-") as folder:
            yield Path(folder)


def _measured(tool: Tool, articles: int, locales: int, given: argparse.Namespace, log: Path) -> Result:
    print(f"{tool.name}, {articles} articles × {locales} locales", flush=True)
    result = Result(tool.name, articles, locales)

    def note(step: str, cost: Cost) -> None:
        result.steps[step] = cost
        memory = f"{cost.peak:15.0f} MB{cost.together:12.0f} MB" if cost.peak else ""
        print(f"  {step:16}{cost.cpu:10.2f}{cost.wall:10.2f}{memory}", flush=True)

    if tool.name == "kbtool" and "inline" in given.what:
        note("cold inline", steps.cold(tool, log, given.cold_rounds, "--executor", "inline"))
    note("cold", steps.cold(tool, log, given.cold_rounds))
    result.weight = weigh(tool.site)
    print(
        f"  {result.weight.pages} pages, {result.weight.size:.1f} MB; a page as HTML, compressed: median "
        f"{result.weight.median:.1f} KB, heaviest {result.weight.heaviest:.1f} KB",
        flush=True,
    )
    if not tool.remembers:
        print("  after an edit: as cold, it remembers nothing")
        return result
    if "nothing" in given.what:
        note("nothing", steps.nothing(tool, log, given.rounds))
    if "edit" in given.what:
        for kind in steps.kinds(locales):
            note(f"edit {kind}", steps.edited(tool, kind, articles, log, given.rounds))
    if tool.name == "kbtool":
        if "same" in given.what:
            result.same = _same(tool, log)
        if "serve" in given.what:
            for step, cost in steps.served(tool, locales, articles, log, given.rounds).items():
                note(step, cost)
    return result


def _same(tool: Tool, log: Path) -> str:
    files, differing = steps.same_as_clean(tool, log)
    for name in differing[:10]:
        print(f"  not as a clean build makes it: {name}")
    return f"{len(differing)} of {files} files differ" if differing else "the same"


def _judged(results: list[Result]) -> int:
    """Every aim with what was found; 1 if one of them is missed."""
    lines = list(aims(results))
    width = max((len(line.what) for line in lines), default=0)
    print()
    for line in lines:
        judged = "" if not line.aim else "reached" if line.good else "MISSED"
        print(f"{judged:9}{line.what:{width}}{line.found:>12}{line.aim:>12}")
    return 0 if all(line.good for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())

"""How well, and how cheaply, readers find what they look for: kbtool's search, Pagefind and MiniSearch side by side.

    python benchmarks/search --corpus ../shared/corpora

Builds FastAPI's pages in four languages, makes some 3,500 queries whose answers are known, asks all three searches,
and prints for each kind of query and locale how often the right page came first / among the first five, in per cent;
then what search costs the reader's browser. Node and Chromium must be there; npm packages go into --work.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import browser
import corpus
import engines
from corpus import LOCALES
from queries import KINDS, Query, queries
from server import serve

Answers = Mapping[str, Sequence[Sequence[str]]]


def main() -> int:
    options = _options()
    work = options.work.resolve()
    site = work / "site"
    work.mkdir(parents=True, exist_ok=True)
    engines.install(work)
    corpus.build(options.corpus, site, work)
    asked = [query for locale in LOCALES for query in queries(corpus.articles(site, locale), locale)]
    pages = engines.index_ours(site)
    engines.index_pagefind(site, work)
    with serve(site) as server, browser.chromium(options.chromium) as chromium:
        answers = {
            "kbtool": engines.ask_ours(site, work, asked),
            "Pagefind": browser.pagefind_answers(chromium, server.address, asked),
            "MiniSearch": engines.ask_minisearch(site, work, asked),
        }
        found = _table(asked, answers)
        _languages(asked, answers, dict(engines.languages(site)))
        _sizes(pages)
        if options.runs:
            _costs(list(browser.costs(chromium, server, asked, options.runs)))
    return 0 if found else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--work", type=Path, default=Path(".kbtool/bench/search"))
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--runs", type=int, default=7, help="browser measurements per engine and locale; 0 for none")
    return parser.parse_args()


def _table(asked: Sequence[Query], answers: Answers) -> bool:
    """Recall at 1 and 5; true if kbtool is at 92/99 or better and ahead of the others."""
    print(f"{len(asked)} queries; right page first / among the first five, in %\n")
    print(f"{'':22}" + "".join(f"{locale:>14}" for locale in (*LOCALES, "all")))
    rates = {name: _rates(asked, found) for name, found in answers.items()}
    for kind in (*KINDS, "all"):
        for name, rate in rates.items():
            cells = (rate.get((kind, locale)) for locale in (*LOCALES, "all"))
            print(f"{kind:11}{name:11}" + "".join(f"{f'{c[0]:.1f} / {c[1]:.1f}' if c else '–':>14}" for c in cells))
        print()
    first, five = rates["kbtool"]["all", "all"]
    ahead = all(
        first > rate["all", "all"][0] and five > rate["all", "all"][1]
        for name, rate in rates.items()
        if name != "kbtool"
    )
    return first >= 92 and five >= 99 and ahead


def _rates(asked: Sequence[Query], found: Sequence[Sequence[str]]) -> dict[tuple[str, str], tuple[float, float]]:
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for query, urls in zip(asked, found, strict=True):
        for key in ((query.kind, query.locale), (query.kind, "all"), ("all", query.locale), ("all", "all")):
            count = counts[key]
            count[0] += 1
            count[1] += bool(set(urls[:1]) & set(query.accept))
            count[2] += bool(set(urls[:5]) & set(query.accept))
    return {key: (100 * first / n, 100 * five / n) for key, (n, first, five) in counts.items()}


def _languages(asked: Sequence[Query], answers: Answers, spoken: Mapping[str, str]) -> None:
    """Pages that stand in for missing translations are on the site; whoever shows one shows the wrong language."""
    print("queries with a page in another language among the first five:")
    for name, found in answers.items():
        wrong = sum(any(spoken[url] != query.locale for url in urls) for query, urls in zip(asked, found, strict=True))
        print(f"  {name:11}{wrong:6}" + ("  (not given such pages)" if name != "kbtool" else ""))


def _sizes(pages: Mapping[str, Sequence[engines.Page]]) -> None:
    print("\nkbtool's index, KB after gzip: as it is, and the same text cut into 500 articles")
    for locale, own in pages.items():
        cut = engines.articles(own, 500)
        now, then = engines.size(own, locale), engines.size(cut, locale)
        print(f"  {locale}  {len(own)} pages {now:6.0f}   {len(cut)} articles {then:6.0f}")


def _costs(costs: Sequence[browser.Cost]) -> None:
    print(
        "\nfrom an empty cache to the first result with its excerpt, medians in headless Chromium, server on loopback"
    )
    print(f"  {'':14}{'first, ms':>11}{'next, ms':>11}{'KB':>9}{'requests':>10}{'memory, MB':>12}")
    for cost in costs:
        print(
            f"  {cost.locale:4}{cost.engine:10}{cost.first:11.0f}{cost.next:11.1f}{cost.kilobytes:9.0f}"
            f"{cost.requests:10.0f}{cost.megabytes:12.1f}"
        )


if __name__ == "__main__":
    sys.exit(main())

"""What a reader's browser has to do: the answers of Pagefind, and the price of the first result for both of us."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from corpus import SOURCE
from playwright.sync_api import Browser, CDPSession, sync_playwright
from queries import Query
from server import Server

_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ENGINES = ("kbtool", "Pagefind")
#: From nothing to the first result as a reader sees it: address, title and an excerpt with the hit marked.
_START = {
    "kbtool": """async ([root, query]) => {
      const start = performance.now();
      const [{ load, search }, json] = await Promise.all([
        import("/kb/search-index.js"), fetch(`${root}search/index.json`).then((r) => r.json())]);
      window.ask = async (query) => {
        const { hits, weight } = search(window.index, query, { limit: 8 });
        const [url, title, name] = window.index.pages[hits[0].page];
        const { excerpt } = await import("/kb/search-text.js");
        const sections = await fetch(`${root}search/${name}.json`).then((r) => r.json());
        return [url, title, excerpt(sections, weight)];
      };
      window.index = load(json);
      await window.ask(query);
      return performance.now() - start;
    }""",
    "Pagefind": """async ([root, query]) => {
      const start = performance.now();
      const pagefind = await import("/pagefind/pagefind.js");
      window.ask = async (query) => {
        const { url, meta, excerpt } = await (await pagefind.search(query)).results[0].data();
        return [url, meta.title, excerpt];
      };
      await window.ask(query);
      return performance.now() - start;
    }""",
}
_NEXT = (
    "async (query) => { const start = performance.now(); await window.ask(query); return performance.now() - start; }"
)
_ANSWERS = """async (queries) => {
  const pagefind = await import("/pagefind/pagefind.js");
  const answers = [];
  for (const query of queries) {
    const { results } = await pagefind.search(query);
    answers.push(await Promise.all(results.slice(0, 5).map((result) => result.data().then(({ url }) => url))));
  }
  return answers;
}"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians over runs, each in a fresh profile."""

    engine: str
    locale: str
    first: float  #: ms from an empty cache to the first result with its excerpt
    next: float  #: ms to the first result of another query
    kilobytes: float  #: over the wire, until the first result
    requests: float
    megabytes: float  #: memory of the page's process that came with search


@contextmanager
def chromium(program: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_OPTIONS)
        yield browser
        browser.close()


def pagefind_answers(browser: Browser, address: str, queries: Sequence[Query]) -> list[list[str]]:
    """The addresses of Pagefind's first five results for each query."""
    answers: dict[int, list[str]] = {}
    for locale in dict.fromkeys(query.locale for query in queries):
        page = browser.new_page()
        page.goto(address + _root(locale))
        mine = [i for i, query in enumerate(queries) if query.locale == locale]
        found = page.evaluate(_ANSWERS, [queries[i].text for i in mine])
        answers |= dict(zip(mine, ([url.lstrip("/") for url in urls] for urls in found), strict=True))
        page.close()
    return [answers[i] for i in range(len(queries))]


def costs(browser: Browser, server: Server, queries: Sequence[Query], runs: int) -> Iterator[Cost]:
    """The price of search for both engines in each locale, measured in turns."""
    for locale in dict.fromkeys(query.locale for query in queries):
        asked = [query.text for query in queries if query.locale == locale and query.kind == "title"]
        taken: dict[str, list[tuple[float, ...]]] = {engine: [] for engine in ENGINES}
        for run in range(runs):
            for engine in ENGINES:
                taken[engine].append(_run(browser, server, engine, locale, asked[run], asked[-run - 1]))
        for engine, rows in taken.items():
            yield Cost(engine, locale, *(median(column) for column in zip(*rows, strict=True)))


def _run(browser: Browser, server: Server, engine: str, locale: str, query: str, other: str) -> tuple[float, ...]:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(server.address + _root(locale), wait_until="networkidle")
        session = context.new_cdp_session(page)
        before = _memory(browser, session)
        server.sizes.clear()
        first = page.evaluate(_START[engine], [f"/{_root(locale)}", query])
        kilobytes, requests = sum(server.sizes) / 1000, len(server.sizes)
        after = page.evaluate(_NEXT, other)
        return first, after, kilobytes, requests, _memory(browser, session) - before


def _memory(browser: Browser, session: CDPSession) -> float:
    """MB that the renderers have for themselves, garbage collected."""
    session.send("HeapProfiler.collectGarbage")
    processes: dict[str, Any] = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    total = 0
    for process in processes["processInfo"]:
        rollup = Path(f"/proc/{process['id']}/smaps_rollup")
        if process["type"] == "renderer" and rollup.exists():
            total += sum(int(kb) for kb in re.findall(r"Private_\w+: +(\d+) kB", rollup.read_text()))
    return total / 1000


def _root(locale: str) -> str:
    return "" if locale == SOURCE else f"{locale}/"

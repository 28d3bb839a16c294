"""The three searches, set up on one site and asked the same questions."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import corpus
from corpus import LOCALES, SOURCE
from queries import Query

from kbtool.search.index import build
from kbtool.search.page import Page, Section
from kbtool.search.reader import pages_of

HERE = Path(__file__).parent
ASSETS = HERE.parents[1] / "kbtool" / "site" / "assets"
PACKAGES = ("pagefind@1", "minisearch@7", "snowball-stemmers@0")


def install(work: Path) -> None:
    """Pagefind, MiniSearch and its stemmers, from npm, once."""
    node = work / "node"
    if not (node / "node_modules" / "pagefind").exists():
        node.mkdir(parents=True, exist_ok=True)
        (node / "package.json").write_text("{}", encoding="utf-8")
        subprocess.run(["npm", "install", "--silent", "--no-fund", "--no-audit", *PACKAGES], cwd=node, check=True)


def index_ours(site: Path) -> dict[str, list[Page]]:
    """Write kbtool's index and scripts into the site; gives the pages of each locale."""
    found = {}
    for locale in LOCALES:
        root = "" if locale == SOURCE else f"{locale}/"
        found[locale] = list(pages_of(site, locale, root=root, skip=LOCALES if locale == SOURCE else ()))
        folder = site / root / "search"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, content in build(found[locale], locale).items():
            (folder / name).write_bytes(content)
    shutil.copytree(ASSETS, site / "kb", dirs_exist_ok=True)
    return found


def index_pagefind(site: Path, work: Path) -> None:
    program = work / "node" / "node_modules" / ".bin" / "pagefind"
    subprocess.run([program, "--site", site, "--silent"], check=True)


def ask_ours(site: Path, work: Path, queries: Sequence[Query]) -> list[list[str]]:
    return _node("ours.mjs", work, queries, ASSETS, site)


def ask_minisearch(site: Path, work: Path, queries: Sequence[Query]) -> list[list[str]]:
    corpus.dump(site, work)
    return _node("minisearch.mjs", work, queries, work)


def _node(program: str, work: Path, queries: Sequence[Query], *folders: Path) -> list[list[str]]:
    asked, answered = work / "queries.json", work / "answers.json"
    asked.write_text(json.dumps([asdict(query) for query in queries], ensure_ascii=False), encoding="utf-8")
    subprocess.run(["node", HERE / program, *folders, asked, answered], check=True)
    found: list[list[str]] = json.loads(answered.read_text(encoding="utf-8"))
    return found


def size(pages: Sequence[Page], locale: str) -> float:
    """KB of index that a browser loads, compressed as a web server does."""
    return len(gzip.compress(build(pages, locale)["index.json"], 6)) / 1000


def articles(pages: Sequence[Page], count: int) -> list[Page]:
    """The same text as so many articles, cut between sections: how large a help centre of that size would be."""
    sections = [(page, section) for page in pages for section in page.sections]
    whole = sum(len(section.text) + len(section.code) for _, section in sections)
    found: list[list[tuple[Page, Section]]] = [[]]
    seen = 0
    for page, section in sections:
        if seen >= whole * len(found) / count:
            found.append([])
        found[-1].append((page, section))
        seen += len(section.text) + len(section.code)
    return [_article(number, group) for number, group in enumerate(found)]


def _article(number: int, group: Sequence[tuple[Page, Section]]) -> Page:
    page, first = group[0]
    title = first.heading or page.title
    return Page(f"{page.url}{number}/", title, tuple(section for _, section in group))


def languages(site: Path) -> Iterator[tuple[str, str]]:
    """Every page's address and the language its article is in."""
    for page in sorted(site.rglob("index.html")):
        html = page.read_text(encoding="utf-8")
        _, marked, rest = html.partition('<article lang="')
        lang = rest.partition('"')[0] if marked else html.partition('<html lang="')[2].partition('"')[0]
        address = page.parent.relative_to(site).as_posix()
        yield "" if address == "." else f"{address}/", lang

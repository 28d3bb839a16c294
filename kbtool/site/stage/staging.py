"""The articles' pages brought to the stage: as they stand there where nothing changed, composed anew where it did."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor

from kbtool.core.model import Finding, Locale
from kbtool.pool import Inline, each
from kbtool.site.config import renderer
from kbtool.site.stage.article import Article, Bench, Composed, compose_articles
from kbtool.site.stage.desk import Desk
from kbtool.site.stage.staged import Pages, Staged

#: so few pages are composed sooner in this process than others are started
_FEW = 60
#: articles of one job: enough that a job is worth its way, few enough that its pages need little memory
_GROUP = 20


def bring_pages(desk: Desk, articles: Sequence[str], pool: Executor) -> Pages:
    """Stage the clean text of every page; a translation is there only where its original is."""
    found: dict[tuple[Locale, str], Staged] = {}
    faults: dict[str, list[Finding]] = {}
    changed = []
    for path in articles:
        if locales := tuple(_changed(desk, path, found)):
            original = found.get((desk.source, path))
            changed.append(Article(path, locales, original.headings if original else None))
    for composed in _composed(desk, changed, pool):
        faults[composed.path] = composed.faults
        _put(desk, composed, found)
    desk.findings.extend(fault for path in articles for fault in faults.get(path, ()))
    keys = ((locale, path) for path in articles for locale in desk.locales)
    return {key: found[key] for key in keys if key in found}


def _changed(desk: Desk, path: str, found: dict[tuple[Locale, str], Staged]) -> Iterator[Locale]:
    """The locales in which an article's page has to be composed; what is known of the others goes to `found`."""
    recall, original, stem = desk.recall, "", path.removesuffix(".md")
    for locale in desk.locales:
        name = f"docs/{locale}/{path}"
        if not recall.has("page", name):
            if locale == desk.source or recall.may_exist(f"translations/{locale}/{path}"):
                yield locale
            continue
        parts = [original := original or recall.digest(f"docs/{path}")]
        if locale != desk.source:
            beside = f"translations/{locale}/{stem}"
            parts += recall.digest(f"{beside}.md"), recall.digest(f"{beside}.ledger.yml")
        row = recall.known("page", name, parts)
        if row is not None and desk.stage.holds(name, row[0]):
            found[locale, path] = Staged(*row)
            desk.digests[name] = row[0]
        elif parts[-2:-1] != [""]:
            yield locale


def _files(path: str, locale: Locale, source: Locale) -> tuple[str, ...]:
    """The files that a page follows from."""
    if locale == source:
        return (f"docs/{path}",)
    beside = f"translations/{locale}/{path.removesuffix('.md')}"
    return f"docs/{path}", f"{beside}.md", f"{beside}.ledger.yml"


def _composed(desk: Desk, articles: Sequence[Article], pool: Executor) -> Iterator[Composed]:
    if not articles:
        return
    bench = Bench(desk.project, desk.reader, desk.plain, desk.keys, pickle.dumps(renderer(desk.config)))
    jobs = [(bench, tuple(articles[n : n + _GROUP])) for n in range(0, len(articles), _GROUP)]
    few = sum(len(article.locales) for article in articles) <= _FEW
    for _, group in each(Inline() if few else pool, compose_articles, jobs):
        yield from group


def _put(desk: Desk, composed: Composed, found: dict[tuple[Locale, str], Staged]) -> None:
    """Write an article's pages, and note what is known of them."""
    path, recall = composed.path, desk.recall
    for page in composed.pages:
        desk.put(f"docs/{page.locale}/{path}", page.text)
        found[page.locale, path] = page.staged
        recall.note("page", f"docs/{page.locale}/{path}", page.parts, page.staged)
        for file, digest in zip(_files(path, page.locale, desk.source), page.parts, strict=True):
            recall.learn(file, None, digest)
    original = found.get((desk.source, path))
    if original and original.headings != composed.headings:
        found[desk.source, path] = original = original._replace(headings=composed.headings)
        recall.note("page", f"docs/{desk.source}/{path}", [composed.digest], original)

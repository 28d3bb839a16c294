"""The articles' pages brought to the stage: as they stand there where nothing changed, composed anew where it did."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor

from kbtool.core.model import Finding, Locale
from kbtool.pool import Inline, each
from kbtool.site.config import renderer
from kbtool.site.stage.article import Article, Bench, Composed, compose_articles
from kbtool.site.stage.desk import Desk
from kbtool.site.stage.staged import Pages, Staged

_Found = Mapping[Locale, dict[str, Staged]]

#: so few pages are composed sooner in this process than others are started
_FEW = 60
#: articles of one job: enough that a job is worth its way, few enough that its pages need little memory
_GROUP = 20


def bring_pages(desk: Desk, articles: Sequence[str], pool: Executor) -> Pages:
    """Stage the clean text of every page; a translation is there only where its original is."""
    touched = _touched(desk)
    tables = {locale: desk.recall.table(f"pages in {locale}") for locale in desk.locales}
    found: dict[Locale, dict[str, Staged]] = {}
    due: dict[str, list[Locale]] = {}
    for locale, (before, _) in tables.items():
        found[locale] = {}
        for path in articles:
            row = before.get(path)
            if row is not None and (path not in touched or _stands(desk, locale, path, row[0])):
                found[locale][path] = Staged(*row)
            elif locale == desk.source or desk.recall.may_exist(f"translations/{locale}/{path}"):
                due.setdefault(path, []).append(locale)
    _compose(desk, [path for path in articles if path in due], due, found, pool)
    pages = {locale: {path: there[path] for path in articles if path in there} for locale, there in found.items()}
    for locale, there in pages.items():
        desk.digests.update((f"docs/{locale}/{path}", staged.digest) for path, staged in there.items())
        tables[locale][1].update((path, tuple(staged)) for path, staged in there.items())
    return pages


def _touched(desk: Desk) -> set[str]:
    """The articles, and more, that have a file which may not hold what it did: pages of no others need a look."""
    names = (name.partition("/")[2] for name in (*desk.recall.touched, *desk.stage.touched))
    found = {f"{name.removesuffix('.ledger.yml')}.md" if name.endswith(".ledger.yml") else name for name in names}
    return found | {name.partition("/")[2] for name in found}


def _stands(desk: Desk, locale: Locale, path: str, digest: str) -> bool:
    """Whether a page's files hold what they did, and the stage holds what came of it."""
    files = _files(path, locale, desk.source)
    return all(map(desk.recall.is_same, files)) and desk.stage.holds(f"docs/{locale}/{path}", digest)


def _files(path: str, locale: Locale, source: Locale) -> tuple[str, ...]:
    """The files that a page follows from."""
    if locale == source:
        return (f"docs/{path}",)
    beside = f"translations/{locale}/{path.removesuffix('.md')}"
    return f"docs/{path}", f"{beside}.md", f"{beside}.ledger.yml"


def _compose(
    desk: Desk, paths: Sequence[str], due: Mapping[str, Sequence[Locale]], found: _Found, pool: Executor
) -> None:
    """Compose the pages that are due, article by article, and put them with the others."""
    faults: dict[str, list[Finding]] = {}
    originals = found[desk.source]
    known = {path: originals[path].headings for path in paths if path in originals}
    for composed in _composed(desk, [Article(path, tuple(due[path]), known.get(path)) for path in paths], pool):
        faults[composed.path] = composed.faults
        _put(desk, composed, found)
    desk.findings.extend(fault for path in paths for fault in faults[path])


def _composed(desk: Desk, articles: Sequence[Article], pool: Executor) -> Iterator[Composed]:
    if not articles:
        return
    bench = Bench(desk.project, desk.reader, desk.plain, desk.keys, pickle.dumps(renderer(desk.config)))
    jobs = [(bench, tuple(articles[n : n + _GROUP])) for n in range(0, len(articles), _GROUP)]
    few = sum(len(article.locales) for article in articles) <= _FEW
    for _, group in each(Inline() if few else pool, compose_articles, jobs):
        yield from group


def _put(desk: Desk, composed: Composed, found: _Found) -> None:
    """Write an article's pages, and note what is known of them."""
    path, originals = composed.path, found[desk.source]
    for page in composed.pages:
        desk.stage.put(f"docs/{page.locale}/{path}", page.text)
        original, staged = originals.get(path), page.staged
        if original and original.leads == staged.leads:
            staged = staged._replace(leads=original.leads)  # what is the same is kept once
        found[page.locale][path] = staged
        for file, digest in zip(_files(path, page.locale, desk.source), page.parts, strict=True):
            desk.recall.learn(file, digest)
    if path in originals and originals[path].headings != composed.headings:
        originals[path] = originals[path]._replace(headings=composed.headings)

"""The same help centre laid out twice: for kbtool, and for MkDocs with static-i18n or a successor of it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

from corpus import LOCALES, Article, articles, pictures

from kbtool.core.ledger import dump_ledger
from kbtool.core.model import Entry, Ledger, Stamp
from kbtool.core.segments import parse

SITE = """\
site_name: Benchmark
site_url: https://help.example.com/
theme:
  name: material
  font: false
  features: [navigation.indexes, navigation.sections, navigation.top, content.code.copy, search.highlight,
    search.suggest]
markdown_extensions:
  - abbr
  - admonition
  - attr_list
  - def_list
  - footnotes
  - md_in_html
  - tables
  - toc: {permalink: true}
  - pymdownx.details
  - pymdownx.highlight
  - pymdownx.inlinehilite
  - pymdownx.superfences
  - pymdownx.tabbed: {alternate_style: true}
"""
TODAY = date(2026, 9, 1)


def knowledge_base(root: Path, count: int, locales: int) -> None:
    """kbtool's: every translation is fresh, two thirds of them approved and the others a machine's, all in git."""
    targets = LOCALES[1:locales]
    _write(root / "mkdocs.yml", SITE + "plugins: [search, kbtool]\n")
    _write(root / "kbtool.toml", f'source = "en"\nlocales = {list(targets)}\n'.replace("'", '"'))
    _write(root / ".gitignore", "/.kbtool/\n/site/\n")
    for name, picture in pictures():
        _write(root / "docs" / name, picture)
    _each(partial(_article, root, targets), articles(count))
    git = ["git", "-C", str(root), "-c", "user.name=ana", "-c", "user.email=ana@example.com"]
    for step in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "All articles"]):
        subprocess.run([*git, *step], check=True)


def _article(root: Path, targets: Sequence[str], article: Article) -> None:
    original = article.text("en")
    _write(root / "docs" / article.path, original)
    source = parse(original).segments
    by, ok = ("mt:deepl", None) if article.number % 3 == 0 else ("hand", Stamp("ana", TODAY))
    for locale in targets:
        text = article.text(locale)
        pairs = zip(source, parse(text).segments, strict=True)
        ledger = Ledger(tuple(Entry(s.digest, t.digest, by, ok) for s, t in pairs))
        name = f"translations/{locale}/{article.path.removesuffix('.md')}.ledger.yml"
        _write(root / "translations" / locale / article.path, text)
        _write(root / name, dump_ledger(ledger, name=name))


def plain_site(root: Path, count: int, locales: int, *, i18n: bool) -> None:
    """Everybody else's: one folder per language below docs/, or docs/ alone."""
    chosen = LOCALES[:locales]
    plugins = "plugins:\n  - search\n"
    if i18n:
        plugins += "  - i18n:\n      docs_structure: folder\n      languages:\n"
        plugins += "".join(
            f"        - {{locale: {x}, name: {x}, build: true{', default: true' if x == 'en' else ''}}}\n"
            for x in chosen
        )
    _write(root / "mkdocs.yml", SITE + plugins)
    for name, picture in pictures():
        _write(root / "docs" / ("en" if i18n else "") / name, picture)
    _each(partial(_plain_article, root, chosen, i18n), articles(count))


def _plain_article(root: Path, locales: Iterable[str], i18n: bool, article: Article) -> None:
    for locale in locales:
        _write(root / "docs" / (locale if i18n else "") / article.path, article.text(locale))


def _each(make: Callable[[Article], None], found: Sequence[Article]) -> None:
    with ProcessPoolExecutor() as pool:
        for _ in pool.map(make, found, chunksize=20):
            pass


def _write(file: Path, content: str | bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)

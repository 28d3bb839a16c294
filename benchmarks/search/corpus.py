"""A real site to search: FastAPI's pages in four languages, built with MkDocs as an edition is laid out.

The source locale stands at the root, every other locale in its folder. A page without a translation is there in the
source language, its article marked with `lang`, as kbtool does it. Code includes of FastAPI's own dialect are dropped.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup

SOURCE = "en"
LOCALES = ("en", "de", "es", "ja")
_INCLUDE = re.compile(r"^\{\*.*\*\}\s*$", re.MULTILINE)
_ARTICLE = '<article class="md-content__inner md-typeset">'
_CONFIG = """\
site_name: FastAPI
use_directory_urls: true
plugins: []
theme: {{name: material, language: {locale}}}
docs_dir: {docs}
site_dir: {site}
validation:
  links: {{not_found: ignore, unrecognized_links: ignore, anchors: ignore}}
  nav: {{omitted_files: ignore}}
markdown_extensions:
- attr_list
- md_in_html
- tables
- footnotes
- pymdownx.superfences
- pymdownx.blocks.admonition: {{types: [note, tip, info, warning, danger, check]}}
- pymdownx.blocks.details
- pymdownx.blocks.tab
- toc: {{permalink: true}}
"""


@dataclass(frozen=True, slots=True)
class Article:
    """One page as a reader sees it: what queries are made from and what MiniSearch is given."""

    url: str  #: relative to the site's root
    title: str
    headings: tuple[str, ...]
    text: str  #: the prose, without code blocks and headings
    code: str


def build(corpus: Path, site: Path, work: Path) -> None:
    """Build all locales into `site`; a second call with the same folders does nothing."""
    if (site / "built").exists():
        return
    for locale in LOCALES:
        docs = work / "src" / locale
        fallback = _lay_out(corpus / "fastapi", locale, docs)
        target = site if locale == SOURCE else site / locale
        config = work / f"mkdocs-{locale}.yml"
        config.write_text(_CONFIG.format(locale=locale, docs=docs, site=target), encoding="utf-8")
        subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q", "-f", config], check=True)
        for page in sorted(target.rglob("index.html")):
            if locale == SOURCE or page.is_relative_to(target):
                _mark(page, SOURCE if str(page.parent.relative_to(target)) in fallback else None)
    (site / "built").write_text("", encoding="utf-8")


def articles(site: Path, locale: str) -> list[Article]:
    """The pages of one locale that are in its language, in the order of their addresses."""
    return list(_articles(site, locale))


def _lay_out(fastapi: Path, locale: str, docs: Path) -> set[str]:
    shutil.rmtree(docs, ignore_errors=True)
    fallback = set()
    for page in sorted((fastapi / SOURCE).rglob("*.md")):
        name = page.relative_to(fastapi / SOURCE)
        own = fastapi / locale / name
        if not own.exists() and (name.name == "release-notes.md"):
            continue  # half a megabyte, in no locale but the source
        if not own.exists():
            fallback.add(str(name.parent if name.stem == "index" else name.with_suffix("")))
        text = (own if own.exists() else page).read_text(encoding="utf-8")
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text(_INCLUDE.sub("", text), encoding="utf-8")
    return fallback


def _mark(page: Path, lang: str | None) -> None:
    """Say of a fallback page which language it is in; tell Pagefind that the others are worth indexing."""
    html = page.read_text(encoding="utf-8")
    mark = f'<article lang="{lang}"' if lang else "<article data-pagefind-body"
    page.write_text(html.replace(_ARTICLE, mark + _ARTICLE[8:], 1), encoding="utf-8")


def _articles(site: Path, locale: str) -> Iterator[Article]:
    root = site if locale == SOURCE else site / locale
    for page in sorted(root.rglob("index.html")):
        name = page.relative_to(root).parts
        if locale == SOURCE and name[0] in LOCALES:
            continue
        article = BeautifulSoup(page.read_bytes(), "html.parser").find("article")
        if article is None or article.get("lang"):
            continue
        for noise in article.select(".headerlink, style, script"):
            noise.decompose()
        title = article.find("h1")
        code = [block.extract().get_text(" ") for block in article.select("pre")]
        headings = [h.extract().get_text() for h in article.select("h2, h3, h4")]
        heading = title.extract().get_text() if title else ""
        url = str(page.parent.relative_to(site)) + "/"
        yield Article(
            "" if url == "./" else url,
            _flat(heading),
            tuple(map(_flat, headings)),
            _flat(article.get_text(" ")),
            _flat(" ".join(code)),
        )


def _flat(text: str) -> str:
    return " ".join(text.split())


def dump(site: Path, out: Path) -> None:
    """Write every locale's articles as JSON, for the programs that are not Python."""
    for locale in LOCALES:
        rows = [
            {"url": a.url, "title": a.title, "headings": " ".join(a.headings), "text": a.text + " " + a.code}
            for a in articles(site, locale)
        ]
        (out / f"articles-{locale}.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")

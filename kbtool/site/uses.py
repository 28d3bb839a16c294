"""The files that staged pages use: pictures, attachments, parts of articles. Nothing else is copied."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from functools import partial
from itertools import starmap
from typing import Any

from kbtool.core.audience import audience_of
from kbtool.core.model import Locale
from kbtool.site.clean import for_readers
from kbtool.site.config import options_of, theme_files
from kbtool.site.desk import Desk
from kbtool.site.links import Link, links, page_names, targets
from kbtool.site.media import without_metadata

Pages = Mapping[tuple[Locale, str], str]

_CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)")


def bring_used_files(desk: Desk, pages: Pages) -> None:
    """Stage what the pages and the theme use; a link to something internal is a fault with file and line."""
    articles = {name: path for path in desk.audiences for name in page_names(path)}
    for (locale, page), text in pages.items():
        known = desk.recall.value("links", (desk.digests[f"docs/{locale}/{page}"],), partial(_listed, text))
        for link in starmap(Link, known):
            _follow(desk, locale, page, link, articles)
    for name in theme_files(desk.config):
        _bring(desk, desk.source, posixpath.normpath(name))
    for name in [n for n in desk.files if n.endswith(".css")]:
        path = name.removeprefix(f"docs/{desk.source}/")
        for found in _CSS_URL.findall(desk.files[name].decode("utf-8", "replace")):
            for target in targets(found, path)[:1]:
                _bring(desk, desk.source, target)


def _listed(text: str) -> list[list[Any]]:
    return [[link.target, link.line] for link in links(text)]


def _follow(desk: Desk, locale: Locale, page: str, link: Link, articles: Mapping[str, str]) -> None:
    """A link may be read from the page's file or from its address; it must be harmless either way it exists."""
    for target in targets(link.target, page):
        article = articles.get(target)
        trouble = None
        if article is not None:
            if not desk.may_show(desk.audiences[article]):
                trouble = f"links to docs/{article}, which readers of this edition may not see"
        else:
            trouble = _bring(desk, locale, target)
        if trouble:
            desk.fault(
                "internal-link",
                trouble,
                desk.shown(page, locale),
                _line(desk, locale, page, link),
                hint="take it out, or put it into a block for agents (/// agent … ///)",
            )
        if article is not None and target.endswith(".md"):
            return


def _line(desk: Desk, locale: Locale, page: str, link: Link) -> int:
    """The line in the writer's file: the staged page may have lost lines before it, so it is there or further down."""
    written = desk.project.read(desk.file(page, locale)).splitlines()
    hits = [number for number, line in enumerate(written, 1) if link.target in line]
    return next((n for n in hits if n >= link.line), hits[0] if hits else link.line)


def _bring(desk: Desk, locale: Locale, path: str) -> str | None:
    """Stage a file if there is one, in the locale's own version too; gives what is wrong with using it."""
    if path.startswith(("../", "/")) or path in ("..", ".") or path.endswith(".md"):
        return None
    for at in dict.fromkeys((locale, desk.source)):
        file = desk.file(path, at)
        if not file.is_file() or file.is_symlink():
            continue
        if any(part.startswith((".", "_")) for part in path.split("/")):
            return f"uses {path}, which is not for publishing"
        audience = audience_of(path, None, desk.project.settings.audience)
        if not desk.may_show(audience):
            return f"uses docs/{path}, which readers of this edition may not see"
        name = f"docs/{at}/{path}"
        if name not in desk.files:
            desk.files[name] = without_metadata(path, file.read_bytes())
    return None


def bring_snippets(desk: Desk) -> None:
    """Parts of articles, from the folders meant for them, as clean as the articles."""
    if options_of(desk.config, "markdown_extensions", "pymdownx.snippets") is None:
        return
    for folder in desk.wishes.snippets:
        base = desk.project.root / folder
        for file in sorted(base.rglob("*")) if base.is_dir() and not base.is_symlink() else ():
            if not file.is_file() or file.is_symlink():
                continue
            text = desk.project.read(file)
            if file.suffix == ".md":
                text = for_readers(text, desk.reader, plain=desk.plain, where=desk.project.shown(file))
            desk.files[f"snippets/{file.relative_to(base).as_posix()}"] = text.encode("utf-8", "replace")

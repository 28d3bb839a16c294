"""The files that staged pages use: pictures, attachments, parts of articles. Nothing else is copied."""

from __future__ import annotations

# ruff: noqa: PTH113, PTH114 – of every target of every link; path objects are slow
import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from kbtool.core.audience import audience_of
from kbtool.core.model import Locale
from kbtool.site.config import options_of, theme_files
from kbtool.site.stage.clean import for_readers
from kbtool.site.stage.desk import Desk
from kbtool.site.stage.links import Link, links, page_names, targets
from kbtool.site.stage.media import without_metadata
from kbtool.site.stage.recall import digest
from kbtool.site.stage.staged import Pages, Staged

_CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)")


def bring_used_files(desk: Desk, pages: Pages) -> None:
    """Stage what the pages and the theme use; a link to something internal is a fault with file and line."""
    uses = _Uses(desk)
    astray = [
        (page, locale) for locale, there in pages.items() for page, staged in there.items()
        if uses.lead_astray(locale, staged)
    ]  # fmt: skip
    for page, locale in sorted(astray, key=lambda at: (at[0], desk.locales.index(at[1]))):
        uses.report(locale, page)
    for name in theme_files(desk.config):
        uses.bring(desk.source, posixpath.normpath(name))
    for name in [n for n in desk.digests if n.endswith(".css")]:
        path = name.removeprefix(f"docs/{desk.source}/")
        for found in _CSS_URL.findall(desk.stage.read(name).decode("utf-8", "replace")):
            for target in targets(found, path)[:1]:
                uses.bring(desk.source, target)


class _Uses:
    """What the links of an edition's pages may mean; the same target is looked for once in each locale."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.articles = {name: path for path in desk.audiences for name in page_names(path)}
        shown = {path for path, audience in desk.audiences.items() if desk.may_show(audience)}
        self.shown = {name for name, path in self.articles.items() if path in shown}
        self.pages = {name for name in self.shown if name.endswith(".md")}
        self.told: dict[tuple[Locale, str], str | None] = {}
        self.harmless: set[tuple[Locale, ...]] = set()  #: a locale, and what a link may mean there

    def lead_astray(self, locale: Locale, staged: Staged) -> bool:
        """Whether a page's links lead to anything that they must not; the files that they lead to are staged."""
        found = False
        for lead in staged.leads:
            if lead[0] in self.pages or (key := (locale, *lead)) in self.harmless:
                continue
            if any([*self.troubles(locale, lead)]):
                found = True
            else:
                self.harmless.add(key)
        return found

    def report(self, locale: Locale, page: str) -> None:
        """Note every fault of a page's links."""
        text = self.desk.stage.read(f"docs/{locale}/{page}").decode()
        for link in links(text):
            for trouble in self.troubles(locale, targets(link.target, page)):
                self.desk.fault(
                    "internal-link",
                    trouble,
                    self.desk.shown(page, locale),
                    _line(self.desk, locale, page, link),
                    hint="take it out, or put it into a block for agents (/// agent … ///)",
                )

    def troubles(self, locale: Locale, lead: Iterable[str]) -> Iterator[str]:
        """A link may be read from the page's file or from its address; it must be harmless either way it exists."""
        for target in lead:
            article = self.articles.get(target)
            if article is None:
                if trouble := self.bring(locale, target):
                    yield trouble
                continue
            if target not in self.shown:
                yield f"links to docs/{article}, which readers of this edition may not see"
            if target.endswith(".md"):
                return

    def bring(self, locale: Locale, path: str) -> str | None:
        """Stage a file if there is one, in the locale's own version too; gives what is wrong with using it."""
        for at in (locale, self.desk.source):
            if (at, path) not in self.told:
                self.told[at, path] = _bring(self.desk, at, path)
            if trouble := self.told[at, path]:
                return trouble
        return None


def _line(desk: Desk, locale: Locale, page: str, link: Link) -> int:
    """The line in the writer's file: the staged page may have lost lines before it, so it is there or further down."""
    written = desk.project.read(desk.file(page, locale)).splitlines()
    hits = [number for number, line in enumerate(written, 1) if link.target in line]
    return next((n for n in hits if n >= link.line), hits[0] if hits else link.line)


def _bring(desk: Desk, locale: Locale, path: str) -> str | None:
    """Stage a locale's own version of a file."""
    below = f"docs/{path}" if locale == desk.source else f"translations/{locale}/{path}"
    if not desk.recall.may_be(below) or path.startswith(("../", "/")) or path in ("..", ".") or path.endswith(".md"):
        return None
    file = f"{desk.project.root}/{below}"
    if not os.path.isfile(file) or os.path.islink(file):
        return None
    if any(part.startswith((".", "_")) for part in path.split("/")):
        return f"uses {path}, which is not for publishing"
    audience = audience_of(path, None, desk.project.settings.audience)
    if not desk.may_show(audience):
        return f"uses docs/{path}, which readers of this edition may not see"
    if f"docs/{locale}/{path}" not in desk.digests:
        _stage(desk, f"docs/{locale}/{path}", file)
    return None


def _stage(desk: Desk, name: str, file: str) -> None:
    """Stage a file, unless what stands there was made from it as it is."""
    made_from = [desk.recall.digest(file.removeprefix(f"{desk.project.root}/"))]
    if not desk.stands("file", name, made_from):
        data = Path(file).read_bytes()
        desk.put(name, without_metadata(name, data), "file", [digest(data)])


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
            desk.put(f"snippets/{file.relative_to(base).as_posix()}", text.encode("utf-8", "replace"))

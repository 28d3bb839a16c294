"""The stage: a tree that holds exactly what one edition may show, composed from an allow-list before MkDocs runs.

Default deny: what is not an article its readers may see, or a picture such an article uses, is not there.
"""

from __future__ import annotations

import posixpath
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kbtool.core.audience import is_known, may_read
from kbtool.core.errors import KbError, Refused
from kbtool.core.limits import admit
from kbtool.core.meta import front_matter
from kbtool.core.model import Audience, Finding, Locale
from kbtool.project import Project
from kbtool.site.clean import for_readers
from kbtool.site.config import options_of, plain_blocks, read_config, theme_files
from kbtool.site.links import Link, links, page_names, targets
from kbtool.site.media import without_metadata
from kbtool.site.nav import Item, edition_nav, in_order, sections

_HEADING = re.compile(r"^(?:# +(.+?)[ #]*|(.+?)\n=+)[ \t]*(?:\{[^}\n]*\})?$", re.M)
#: characters that hide what a file's name is, or that mean something to a shell, a server or another system
_BAD_NAME = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]|^\.|[. ]$")

Change = Callable[[str, str, Locale], str]


@dataclass(frozen=True, slots=True)
class Stage:
    """One edition's tree, and what the site's builder has to know of it."""

    root: Path  #: of the knowledge base
    folder: Path  #: holds docs/<locale>/… and snippets/
    edition: str
    reader: Audience
    source: Locale
    locales: tuple[Locale, ...]  #: the source first
    articles: tuple[str, ...]
    translated: Mapping[Locale, frozenset[str]]  #: which articles stand in a target locale's tree
    titles: Mapping[Locale, Mapping[str, str]]
    nav: tuple[Item, ...]
    section_titles: Mapping[Locale, Mapping[str, str]]
    findings: tuple[Finding, ...] = ()

    @property
    def docs(self) -> Path:
        return self.folder / "docs"

    @property
    def snippets(self) -> Path:
        return self.folder / "snippets"


@dataclass(slots=True)
class _Tree:
    """What will be written, gathered before anything is."""

    files: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def fault(self, rule: str, message: str, path: str, line: int = 0, hint: str = "") -> None:
        self.findings.append(Finding(rule, message, path, line, hint=hint))

    def warn(self, rule: str, message: str, path: str, line: int = 0) -> None:
        self.findings.append(Finding(rule, message, path, line, "warning"))


def compose(project: Project, edition: str, locales: Iterable[Locale] = ()) -> Stage:
    """Compose the tree of an edition under `.kbtool/stage/<edition>/`, in the source locale and those given.

    Raises KbError that lists every article, link or file that must not be there, with file and line.
    """
    reader = project.settings.editions[edition]
    wanted = (project.settings.source, *locales)
    config = read_config(project.root)
    tree = _Tree()
    audiences = {path: project.audience(path) for path in project.articles}
    allowed = _allowed(project, audiences, reader, config, tree)
    _refuse_odd_names(project, allowed, wanted, tree)
    pages = _pages(project, allowed, reader, wanted, config, tree)
    _media(project, pages, audiences, reader, config, tree)
    _snippets(project, reader, config, tree)
    titles = {
        locale: {path: _title(text, path) for (at, path), text in pages.items() if at == locale} for locale in wanted
    }
    nav = edition_nav(config.get("nav"), allowed, titles[wanted[0]])
    if allowed and not any(p in pages for p in ((wanted[0], "index.md"), (wanted[0], "README.md"))):
        _start_page(config, nav, titles[wanted[0]], tree, wanted[0])
    _refuse_faults(tree.findings, edition)
    folder = project.cache / "stage" / edition
    _write(folder, tree.files)
    return Stage(
        root=project.root,
        folder=folder,
        edition=edition,
        reader=reader,
        source=wanted[0],
        locales=wanted,
        articles=tuple(allowed),
        translated={
            locale: frozenset(path for at, path in pages if at == locale) for locale in wanted if locale != wanted[0]
        },
        titles=titles,
        nav=tuple(nav),
        section_titles={locale: _section_titles(project, locale, nav) for locale in wanted[1:]},
        findings=tuple(tree.findings),
    )


def _allowed(
    project: Project, audiences: Mapping[str, object], reader: Audience, config: Mapping[str, Any], tree: _Tree
) -> list[str]:
    excluded = _excluded(config)
    found = []
    for path, audience in audiences.items():
        if not is_known(audience):
            tree.warn("unknown-audience", f"unknown audience {audience!r}: taken as internal", f"docs/{path}", 1)
        if may_read(reader, audience) and not excluded(path):
            found.append(path)
    if not audiences:
        raise KbError("there are no articles", where=project.shown(project.docs), hint="write the first: docs/index.md")
    return found


def _excluded(config: Mapping[str, Any]) -> Callable[[str], bool]:
    """`exclude_docs` and `draft_docs` of mkdocs.yml, which would not fit the staged paths."""
    import pathspec

    patterns = [str(config[key]) for key in ("exclude_docs", "draft_docs") if config.get(key)]
    if not patterns:
        return lambda path: False
    spec = pathspec.GitIgnoreSpec.from_lines("\n".join(patterns).splitlines())
    return lambda path: bool(spec.match_file(path))


def _refuse_odd_names(project: Project, allowed: Iterable[str], locales: Iterable[Locale], tree: _Tree) -> None:
    """Links to elsewhere, names that hide something, and names that would be the same file on another system."""
    for folder in (project.docs, project.root / "translations"):
        for link in _symlinks(folder):
            tree.fault("symlink", "a symbolic link", project.shown(link), hint="put a copy of the file in its place")
    seen: dict[str, str] = {}
    for path in allowed:
        for part in path.split("/"):
            if _BAD_NAME.search(part):
                tree.fault("file-name", f"a name that is not safe everywhere: {part!r}", f"docs/{path!a}")
        address = page_names(path)[-1] if path.endswith(("index.md", "README.md")) else path.removesuffix(".md")
        key = unicodedata.normalize("NFC", address.removesuffix("/index.html")).casefold()
        if key in seen and seen[key] != _sibling(path):
            tree.fault("same-name", f"has the same address as docs/{seen[key]}", f"docs/{path}")
        seen[key] = path
    reserved = {locale.casefold() for locale in locales}
    for top in sorted({path.split("/")[0] for path in allowed}):
        if top.removesuffix(".md").casefold() in reserved - {project.settings.source.casefold()}:
            tree.fault("locale-folder", f"{top} has the name of a target locale", f"docs/{top}", hint="rename it")


def _sibling(path: str) -> str:
    """MkDocs prefers index.md to a README.md beside it, so the two are no collision."""
    folder, name = posixpath.split(path)
    return posixpath.join(folder, "README.md" if name == "index.md" else "index.md")


def _symlinks(folder: Path) -> Iterable[Path]:
    for at, folders, files in folder.walk() if hasattr(folder, "walk") else _walk(folder):
        for name in (*folders, *files):
            if (at / name).is_symlink():
                yield at / name


def _walk(folder: Path) -> Iterable[tuple[Path, list[str], list[str]]]:
    import os

    for at, folders, files in os.walk(folder):
        yield Path(at), folders, files


def _pages(
    project: Project,
    allowed: Iterable[str],
    reader: Audience,
    locales: tuple[Locale, ...],
    config: Mapping[str, Any],
    tree: _Tree,
) -> dict[tuple[Locale, str], str]:
    """The clean text of every page; a translation is there only where its original is."""
    plain = plain_blocks(config)
    keys = tuple(project.settings.site.get("front_matter", ()))
    pages: dict[tuple[Locale, str], str] = {}
    for path in allowed:
        original = project.original(path)
        for locale in locales:
            text = original if locale == locales[0] else project.translation(path, locale)
            if text is None:
                continue
            file = project.original_file(path) if locale == locales[0] else project.translation_file(path, locale)
            where = project.shown(file)
            try:
                admit(text)
                clean = for_readers(text, reader, plain=plain, keys=keys, where=where)
            except Refused as error:
                tree.fault("refused", error.what, where, _line_of(error.where), error.hint or "")
                continue
            except KbError as error:
                tree.fault("internal-block", error.what, where, _line_of(error.where), error.hint or "")
                continue
            if locale != locales[0]:
                clean = _with_ids_of(original, clean, plain, keys, reader)
            pages[locale, path] = clean
            tree.files[f"docs/{locale}/{path}"] = clean.encode("utf-8", "replace")
    return pages


def _with_ids_of(
    original: str, translation: str, plain: frozenset[str], keys: tuple[str, ...], reader: Audience
) -> str:
    """The translation with its original's heading ids, so that a link to a heading holds in every language."""
    return translation


def _line_of(where: str | None) -> int:
    found = re.search(r"(?:line |:)(\d+)$", where or "")
    return int(found[1]) if found else 0


def _title(text: str, path: str) -> str:
    title = front_matter(text).get("title")
    if title:
        return str(title)
    found = _HEADING.search(text)
    if found:
        return re.sub(r"[*_`]|\[|\]\([^)]*\)", "", (found[1] or found[2])).strip()
    stem = posixpath.basename(path.removesuffix(".md"))
    return stem.replace("-", " ").replace("_", " ").capitalize()


def _media(
    project: Project,
    pages: Mapping[tuple[Locale, str], str],
    audiences: Mapping[str, object],
    reader: Audience,
    config: Mapping[str, Any],
    tree: _Tree,
) -> None:
    """Bring the files that staged pages use; a link to something internal is a fault with file and line."""
    names = {name: path for path in audiences for name in page_names(path)}
    source = project.settings.source
    for (locale, page), text in pages.items():
        where = f"docs/{page}" if locale == source else f"translations/{locale}/{page}"
        offset = _lines_cut(project, locale, page, text)
        for link in links(text):
            _follow(project, locale, page, link, offset, where, names, audiences, reader, tree)
    for name in theme_files(config):
        _bring(project, source, posixpath.normpath(name), reader, tree)
    for name, data in list(tree.files.items()):
        if name.endswith(".css"):
            _locale, _, path = name.removeprefix("docs/").partition("/")
            for found in re.findall(r"url\(\s*['\"]?([^'\")]+)", data.decode("utf-8", "replace")):
                for target in targets(found, path)[:1]:
                    _bring(project, source, target, reader, tree)


def _lines_cut(project: Project, locale: Locale, page: str, text: str) -> Callable[[str, int], int]:
    """From a line of the staged page to the line in the file where its target first stands, at or after it."""
    file = project.original_file(page) if locale == project.settings.source else project.translation_file(page, locale)
    lines: list[str] = []

    def place(target: str, line: int) -> int:
        if not lines:
            lines.extend(project.read(file).splitlines())
        hits = [n for n, written in enumerate(lines, 1) if target in written]
        return next((n for n in hits if n >= line), hits[0] if hits else line)

    return place


def _follow(
    project: Project,
    locale: Locale,
    page: str,
    link: Link,
    place: Callable[[str, int], int],
    where: str,
    names: Mapping[str, str],
    audiences: Mapping[str, object],
    reader: Audience,
    tree: _Tree,
) -> None:
    for target in targets(link.target, page):
        article = names.get(target)
        if article is not None:
            if not may_read(reader, audiences[article]):
                tree.fault(
                    "internal-link",
                    f"links to docs/{article}, which readers of this edition may not see",
                    where,
                    place(link.target, link.line),
                    hint="take the link out, or put it into a block for agents (/// agent … ///)",
                )
            return
        if _bring(project, locale, target, reader, tree, where, lambda: place(link.target, link.line)):
            return


def _bring(
    project: Project,
    locale: Locale,
    path: str,
    reader: Audience,
    tree: _Tree,
    where: str = "mkdocs.yml",
    line: Callable[[], int] = lambda: 0,
) -> bool:
    """Stage one file that is used; gives whether there is such a file."""
    from kbtool.core.audience import audience_of

    source = project.settings.source
    if path.startswith(("../", "/")) or path in ("..", ".") or path.endswith(".md"):
        return False
    found = False
    for at, file in ((locale, project.translation_file(path, locale)), (source, project.docs / path)):
        if at == source and found is False and not file.is_file():
            continue
        if at != source and not file.is_file():
            continue
        if any(part.startswith((".", "_")) for part in path.split("/")):
            tree.fault("private-file", f"uses {path}, which is not for publishing", where, line())
            return True
        audience = audience_of(path, None, project.settings.audience)
        if not may_read(reader, audience):
            tree.fault("internal-link", f"uses docs/{path}, which is for {audience}s only", where, line())
            return True
        name = f"docs/{at}/{path}"
        if name not in tree.files:
            tree.files[name] = without_metadata(path, file.read_bytes())
        found = True
    return found


def _snippets(project: Project, reader: Audience, config: Mapping[str, Any], tree: _Tree) -> None:
    """Parts of articles, from the folders meant for them, as clean as the articles."""
    if options_of(config, "markdown_extensions", "pymdownx.snippets") is None:
        return
    plain = plain_blocks(config)
    for folder in project.settings.site.get("snippets", ("docs/_snippets",)):
        base = project.root / folder
        if not base.is_dir() or base.is_symlink():
            continue
        for file in sorted(base.rglob("*")):
            if not file.is_file() or file.is_symlink():
                continue
            where = project.shown(file)
            text = project.read(file)
            if file.suffix == ".md":
                text = for_readers(text, reader, plain=plain, where=where)
            tree.files[f"snippets/{file.relative_to(base).as_posix()}"] = text.encode("utf-8", "replace")


def _start_page(
    config: Mapping[str, Any], nav: Iterable[Item], titles: Mapping[str, str], tree: _Tree, source: Locale
) -> None:
    """A start page for a knowledge base that has none: its articles, in the menu's order."""
    paths = [p for p in dict.fromkeys((*in_order(nav), *sorted(titles))) if p in titles]
    lines = [f"- [{titles[p].replace('[', '(').replace(']', ')')}]({p.replace(' ', '%20')})" for p in paths]
    name = config.get("site_name") or "Help"
    tree.files[f"docs/{source}/index.md"] = f"# {name}\n\n{chr(10).join(lines)}\n".encode()


def _section_titles(project: Project, locale: Locale, nav: Iterable[Item]) -> dict[str, str]:
    """Menu titles in a target locale, from `translations/<locale>/nav.yml`: only those this edition's menu has."""
    file = project.root / "translations" / locale / "nav.yml"
    if not file.is_file():
        return {}
    found = front_matter(f"---\n{project.read(file)}\n---\n")
    return {title: str(found[title]) for title in sections(nav) if found.get(title)}


def _refuse_faults(findings: Iterable[Finding], edition: str) -> None:
    faults = [f for f in findings if f.severity == "error"]
    if faults:
        hints = list(dict.fromkeys(f.hint for f in faults if f.hint))
        raise KbError(
            f"the {edition} edition cannot be built:\n" + "\n".join(f"  {fault}" for fault in faults),
            hint="; ".join(hints) or None,
        )


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `folder` hold exactly these files; those that have not changed are left alone."""
    for old in sorted(folder.rglob("*"), reverse=True) if folder.is_dir() else ():
        name = old.relative_to(folder).as_posix()
        if old.is_symlink() or (old.is_file() and name not in files):
            old.unlink()
        elif old.is_dir() and not any(old.iterdir()):
            old.rmdir()
    for name, data in files.items():
        target = folder / name
        if target.is_dir():
            shutil.rmtree(target)
        if not target.is_file() or target.read_bytes() != data:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    (folder / "snippets").mkdir(exist_ok=True)

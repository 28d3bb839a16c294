"""The stage: a tree that holds exactly what one edition may show, composed from an allow-list before MkDocs runs.

Default deny: what is not an article its readers may see, or a picture such an article uses, is not there.
"""

from __future__ import annotations

import os
import posixpath
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from kbtool.core.anchors import headings, with_heading_ids
from kbtool.core.audience import is_known
from kbtool.core.errors import KbError, Refused
from kbtool.core.limits import admit
from kbtool.core.meta import front_matter
from kbtool.core.model import Audience, Finding, Locale
from kbtool.core.render import Heading
from kbtool.project import Project
from kbtool.site.about import About, about
from kbtool.site.clean import for_readers
from kbtool.site.config import read_config, renderer
from kbtool.site.desk import Desk, line_in
from kbtool.site.extras import bring_extras
from kbtool.site.filenames import refuse_odd_names
from kbtool.site.lists import Shelf, bring_lists
from kbtool.site.nav import Item, edition_nav, in_order, sections
from kbtool.site.notices import Notice, notices
from kbtool.site.recall import Recall, digest
from kbtool.site.tags import Tag, tags_of
from kbtool.site.uses import bring_snippets, bring_used_files
from kbtool.site.wishes import Wishes

#: headings with an id of their own need none from the original
_OWN_ID = re.compile(r"^#+ .*\{[^}\n]*#[^}\n]*\}[ \t]*$", re.M)
_HEADED = re.compile(r"^[ \t>]*#|^[ \t>]*(?:=+|-+)[ \t]*$", re.M)
_HEADING = re.compile(r"^(?:# +(.+?)[ #]*|(.+?)\n=+)[ \t]*(?:\{[^}\n]*\})?$", re.M)


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
    titles: Mapping[Locale, Mapping[str, str]]  #: of every article that stands in a locale's tree
    nav: tuple[Item, ...]
    section_titles: Mapping[Locale, Mapping[str, str]]
    notices: Mapping[tuple[Locale, str], tuple[Notice, ...]]  #: pages that need nothing said are left out
    about: Mapping[tuple[Locale, str], About]
    wishes: Wishes
    findings: tuple[Finding, ...] = ()
    audiences: Mapping[str, Audience] = field(default_factory=dict)  #: of the articles
    customers: str = ""  #: where the customers' edition stands on the web
    tags: tuple[Tag, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)  #: of the staged files, by name below the folder
    lists: tuple[str, ...] = ()  #: pages that kbtool wrote itself: they have titles, but are no articles
    extras: Mapping[str, str] = field(default_factory=dict)  #: files that are no pages, by what they are called

    @property
    def docs(self) -> Path:
        return self.folder / "docs"

    @property
    def snippets(self) -> Path:
        return self.folder / "snippets"

    def has(self, path: str, locale: Locale) -> bool:
        """Whether an article really exists in a locale, the original not standing in for it."""
        return path in self.titles.get(locale, ())


def compose(
    project: Project,
    edition: str,
    locales: Iterable[Locale] = (),
    *,
    today: date | None = None,
    recall: Recall | None = None,
) -> Stage:
    """Compose the tree of an edition under `.kbtool/stage/<edition>/`, in the source locale and those given.

    `today` decides what is overdue; `recall` knows what came of files that have not changed.
    Raises KbError that lists every article, link or file that must not be there, with file and line.
    """
    desk = Desk(
        project,
        edition,
        project.settings.editions[edition],
        (project.settings.source, *locales),
        read_config(project.root),
        {path: project.audience(path) for path in project.articles},
        recall=recall or Recall(),
    )
    folder = project.cache / "stage" / edition
    desk.recall.watch(folder, "stage")
    articles = _articles(desk)
    refuse_odd_names(desk, articles)
    pages = _pages(desk, articles)
    bring_used_files(desk, pages)
    bring_snippets(desk)
    titles: dict[Locale, dict[str, str]] = {locale: {} for locale in desk.locales}
    for (locale, path), text in pages.items():
        titles[locale][path] = desk.recall.value(
            "title", (desk.digests[f"docs/{locale}/{path}"], path), partial(_title, text, path)
        )
    nav = edition_nav(desk.config.get("nav"), articles, titles[desk.source])
    if not {"index.md", "README.md"} & titles[desk.source].keys():
        titles[desk.source]["index.md"] = _start_page(desk, nav, titles[desk.source])
    _refuse_faults(desk)
    today = today or date.today()
    extras = bring_extras(desk, articles, today)
    known = about(desk, pages)
    tags = tags_of(desk, pages)
    section_titles = {locale: _section_titles(desk, locale, nav) for locale in desk.locales[1:]}
    lists = bring_lists(Shelf(desk, titles, nav, section_titles, known), tags)
    for path, named in lists.items():
        for locale, title in named.items():
            titles[locale][path] = title
    desk.digests.update((name, digest(data)) for name, data in desk.files.items() if name not in desk.digests)
    _write(folder, desk)
    return Stage(
        root=project.root,
        folder=folder,
        edition=edition,
        reader=desk.reader,
        source=desk.source,
        locales=desk.locales,
        articles=tuple(articles),
        titles=titles,
        nav=tuple(nav),
        section_titles=section_titles,
        notices=_notices(desk, pages, known, today),
        about=known,
        wishes=desk.wishes,
        findings=tuple(desk.findings),
        audiences={path: str(desk.audiences[path]) for path in articles},
        customers=str(desk.config.get("site_url") or ""),
        tags=tags,
        digests=dict(desk.digests),
        lists=tuple(lists),
        extras=extras,
    )


def _notices(
    desk: Desk, pages: Mapping[tuple[Locale, str], str], known: Mapping[tuple[Locale, str], About], today: date
) -> dict[tuple[Locale, str], tuple[Notice, ...]]:
    """What to say above each page."""
    found = {}
    for path in [path for locale, path in pages if locale == desk.source]:
        for locale in desk.locales:
            original, text = pages[desk.source, path], pages.get((locale, path))
            due = known[locale, path].due if text is not None else None
            parts: tuple[str, ...] = ()
            if locale != desk.source and text is not None:
                texts = (desk.digests[f"docs/{at}/{path}"] for at in (desk.source, locale))
                parts = (*texts, desk.ledger_digest(path, locale))
            if said := notices(
                desk.project, path, locale, original, text, due, today=today, recall=desk.recall, parts=parts
            ):
                found[locale, path] = said
    return found


def _articles(desk: Desk) -> list[str]:
    """The articles that the edition's readers may see."""
    if not desk.audiences:
        shown = desk.project.shown(desk.project.docs)
        raise KbError("there are no articles", where=shown, hint="write the first: docs/index.md")
    excluded = _excluded(desk.config)
    found = []
    for path, audience in desk.audiences.items():
        if not is_known(audience):
            _explain(desk, path, audience)
        if desk.may_show(audience) and not excluded(path):
            found.append(path)
    return found


def _explain(desk: Desk, path: str, audience: object) -> None:
    """Why nobody knows for whom an article is: its front matter cannot be read, or names an audience there is not."""
    try:
        front_matter(desk.project.original(path))
    except Refused as error:
        desk.fault("refused", error.what, f"docs/{path}", line_in(error.where), error.hint or "")
    else:
        desk.warn("unknown-audience", f"unknown audience {audience!r}: taken as internal", f"docs/{path}", 1)


def _excluded(config: Mapping[str, Any]) -> Callable[[str], bool]:
    """`exclude_docs` and `draft_docs` of mkdocs.yml, whose paths would not fit the staged ones."""
    import pathspec

    patterns = [str(config[key]) for key in ("exclude_docs", "draft_docs") if config.get(key)]
    spec = pathspec.GitIgnoreSpec.from_lines("\n".join(patterns).splitlines())
    return lambda path: bool(patterns) and bool(spec.match_file(path))


def _pages(desk: Desk, articles: Iterable[str]) -> dict[tuple[Locale, str], str]:
    """The clean text of every page; a translation is there only where its original is."""
    pages: dict[tuple[Locale, str], str] = {}
    rendered = renderer(desk.config)
    for path in articles:
        ids: list[Heading] | None = None
        for locale in desk.locales:
            if (recalled := _recalled(desk, path, locale)) is not None:
                pages[locale, path] = recalled
                continue
            text = desk.project.original(path) if locale == desk.source else desk.project.translation(path, locale)
            clean = _page(desk, path, locale, text) if text is not None else None
            if clean is None:
                continue
            if locale != desk.source and (desk.source, path) in pages and _HEADED.search(_OWN_ID.sub("", clean)):
                ids = ids if ids is not None else headings(rendered, pages[desk.source, path])
                ledger = desk.project.ledger(path, locale)
                clean = with_heading_ids(clean, ids, pages[desk.source, path], ledger)
            pages[locale, path] = clean
            data = desk.files[f"docs/{locale}/{path}"] = clean.encode("utf-8", "replace")
            desk.digests[f"docs/{locale}/{path}"] = digest(data)
            if desk.recall.works:
                desk.recall.note("clean", _from(desk, path, locale), digest(data))
    return pages


def _from(desk: Desk, path: str, locale: Locale) -> tuple[str, ...]:
    """What a page's clean text follows from."""
    original = desk.digest(path, desk.source)
    if locale == desk.source:
        return original, path
    return original, desk.digest(path, locale), desk.ledger_digest(path, locale), path


def _recalled(desk: Desk, path: str, locale: Locale) -> str | None:
    """A page's clean text as it was staged last, if it would be staged so again."""
    if not desk.recall.works or not desk.digest(path, locale):
        return None
    wanted = desk.recall.known("clean", _from(desk, path, locale))
    if wanted is None:
        return None
    try:
        with open(f"{desk.project.cache}/stage/{desk.edition}/docs/{locale}/{path}", "rb") as file:  # noqa: PTH123
            data = file.read()
    except OSError:
        return None
    if digest(data) != wanted:
        return None
    desk.files[f"docs/{locale}/{path}"] = data
    desk.digests[f"docs/{locale}/{path}"] = str(wanted)
    return data.decode()


def _page(desk: Desk, path: str, locale: Locale, text: str) -> str | None:
    where = desk.shown(path, locale)
    try:
        admit(text)
        return for_readers(text, desk.reader, plain=desk.plain, keys=desk.keys, where=where)
    except Refused as error:
        desk.fault("refused", error.what, where, line_in(error.where), error.hint or "")
    except KbError as error:
        desk.fault("internal-block", error.what, where, line_in(error.where), error.hint or "")
    return None


def _title(text: str, path: str) -> str:
    """An article's title as MkDocs finds it: front matter, first heading, file name."""
    title = front_matter(text).get("title")
    if title:
        return str(title)
    found = _HEADING.search(text)
    if found:
        return re.sub(r"[*_`]|\[|\]\([^)]*\)", "", (found[1] or found[2])).strip()
    return posixpath.basename(path.removesuffix(".md")).replace("-", " ").replace("_", " ").capitalize()


def _start_page(desk: Desk, nav: Iterable[Item], titles: Mapping[str, str]) -> str:
    """Stage a start page for a knowledge base that has none, its articles in the menu's order; gives its title."""
    paths = [p for p in dict.fromkeys((*in_order(nav), *sorted(titles))) if p in titles]
    lines = [f"- [{titles[p].replace('[', '(').replace(']', ')')}](<{p}>)" for p in paths]
    name = str(desk.config.get("site_name") or "Help")
    desk.files[f"docs/{desk.source}/index.md"] = f"# {name}\n\n{chr(10).join(lines)}\n".encode()
    return name


def _section_titles(desk: Desk, locale: Locale, nav: Iterable[Item]) -> dict[str, str]:
    """Menu titles in a target locale, from `translations/<locale>/nav.yml`: only those this edition's menu has."""
    file = desk.project.root / "translations" / locale / "nav.yml"
    if not file.is_file():
        return {}
    found = front_matter(f"---\n{desk.project.read(file)}\n---\n")
    return {title: str(found[title]) for title in sections(nav) if found.get(title)}


def _refuse_faults(desk: Desk) -> None:
    faults = [f for f in desk.findings if f.severity == "error"]
    if faults:
        hints = list(dict.fromkeys(f.hint for f in faults if f.hint))
        raise KbError(
            f"the {desk.edition} edition cannot be built:\n" + "\n".join(f"  {fault}" for fault in faults),
            hint="; ".join(hints) or None,
        )


def _write(folder: Path, desk: Desk) -> None:
    """Make `folder` hold exactly the desk's files; those that have not changed are left alone."""
    for here, folders, names in os.walk(folder, topdown=False):
        at = Path(here)
        below = "" if at == folder else f"{at.relative_to(folder).as_posix()}/"
        for name in names:
            if f"{below}{name}" not in desk.files or (at / name).is_symlink():
                (at / name).unlink()
        for name in folders:
            if (at / name).is_symlink():
                (at / name).unlink()
            elif not any((at / name).iterdir()):
                (at / name).rmdir()
    for name, data in desk.files.items():
        if desk.recall.digest(f"stage/{name}") != desk.digests[name]:
            target = folder / name
            if target.is_dir():
                shutil.rmtree(target)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    (folder / "snippets").mkdir(exist_ok=True)

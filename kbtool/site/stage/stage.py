"""The stage: a tree that holds exactly what one edition may show, composed from an allow-list before MkDocs runs.

Default deny: what is not an article its readers may see, or a picture such an article uses, is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kbtool.core.errors import KbError
from kbtool.core.model import Audience, Finding, Locale
from kbtool.pool import Inline
from kbtool.project import Project
from kbtool.site.config import read_config
from kbtool.site.stage.about import About, about
from kbtool.site.stage.desk import Desk
from kbtool.site.stage.extras import bring_extras
from kbtool.site.stage.filenames import refuse_odd_names
from kbtool.site.stage.lists import Shelf, bring_lists
from kbtool.site.stage.nav import Item, edition_nav
from kbtool.site.stage.notices import Notice, notices
from kbtool.site.stage.recall import Recall
from kbtool.site.stage.shown import audiences, shown_articles
from kbtool.site.stage.stagefolder import StageFolder
from kbtool.site.stage.staging import bring_pages
from kbtool.site.stage.tags import Tag, tags_of
from kbtool.site.stage.titles import bring_start_page, section_titles
from kbtool.site.stage.uses import bring_snippets, bring_used_files
from kbtool.site.wishes import Wishes


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
    pool: Executor | None = None,
    folder: Path | None = None,
    links: bool = True,
) -> Stage:
    """Compose the tree of an edition in `folder`, or under `.kbtool/stage/<edition>/`, in the source locale and those
    given.

    `today` decides what is overdue; `recall` knows what came of files that have not changed; many pages are composed
    in the `pool`. Without `links` it is known that docs/ and translations/ hold no symbolic links.
    Raises KbError that lists every article, link or file that must not be there, with file and line.
    """
    folder = folder or project.cache / "stage" / edition
    desk = _desk(project, edition, locales, recall or Recall(), folder)
    articles = shown_articles(desk)
    refuse_odd_names(desk, articles, links=links)
    pages = bring_pages(desk, articles, pool or Inline())
    bring_used_files(desk, pages)
    bring_snippets(desk)
    titles = {locale: {path: staged.title for path, staged in there.items()} for locale, there in pages.items()}
    nav = edition_nav(desk.config.get("nav"), articles, titles[desk.source])
    if not {"index.md", "README.md"} & titles[desk.source].keys():
        titles[desk.source]["index.md"] = bring_start_page(desk, nav, titles[desk.source])
    _refuse_faults(desk)
    today = today or date.today()
    extras = bring_extras(desk, articles, today)
    known = about(desk, pages)
    tags = tags_of(desk, pages)
    sections = {locale: section_titles(desk, locale, nav) for locale in desk.locales[1:]}
    lists = bring_lists(Shelf(desk, titles, nav, sections, known), tags)
    for path, named in lists.items():
        for locale, title in named.items():
            titles[locale][path] = title
    desk.stage.keep(desk.digests.keys())
    return Stage(
        root=project.root,
        folder=desk.stage.folder,
        edition=edition,
        reader=desk.reader,
        source=desk.source,
        locales=desk.locales,
        articles=tuple(articles),
        titles=titles,
        nav=tuple(nav),
        section_titles=sections,
        notices=notices(desk, pages, today),
        about=known,
        wishes=desk.wishes,
        findings=tuple(desk.findings),
        audiences={path: str(desk.audiences[path]) for path in articles},
        customers=str(desk.config.get("site_url") or ""),
        tags=tags,
        digests=desk.digests,
        lists=tuple(lists),
        extras=extras,
    )


def _desk(project: Project, edition: str, locales: Iterable[Locale], recall: Recall, folder: Path) -> Desk:
    return Desk(
        project,
        edition,
        project.settings.editions[edition],
        (project.settings.source, *locales),
        read_config(project.root),
        audiences(project, recall),
        recall,
        StageFolder(folder, recall),
    )


def _refuse_faults(desk: Desk) -> None:
    faults = [f for f in desk.findings if f.severity == "error"]
    if faults:
        hints = list(dict.fromkeys(f.hint for f in faults if f.hint))
        raise KbError(
            f"the {desk.edition} edition cannot be built:\n" + "\n".join(f"  {fault}" for fault in faults),
            hint="; ".join(hints) or None,
        )

"""What is true of one page on the site, and the finishing touches to its HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kbtool.core.audience import PUBLIC
from kbtool.core.model import Locale
from kbtool.search.messages import messages
from kbtool.site import dates, locales
from kbtool.site.addresses import absolute, address
from kbtool.site.mkdocs.head import head, with_policy
from kbtool.site.mkdocs.switcher import Choice
from kbtool.site.phrases import phrases
from kbtool.site.stage.extras import title_of
from kbtool.site.stage.lists import TAGS
from kbtool.site.stage.notices import DOUBTFUL, Notice
from kbtool.site.wishes import Wishes

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page

    from kbtool.site.mkdocs.configure import Job
    from kbtool.site.stage.stage import Stage

_ARTICLE = '<article class="md-content__inner md-typeset">'
_HTML = re.compile(r'<html lang="[^"]*"')


@dataclass(frozen=True, slots=True)
class Way:
    """Another article to go on to."""

    title: str
    link: str  #: below the site's root


class Borrowed(NamedTuple):
    """What a page shows of others."""

    trail: tuple[tuple[str, str], ...] = ()  #: title and address of the pages above this one
    next: Way | None = None
    related: tuple[Way, ...] = ()
    tags: tuple[Way, ...] = ()

    @classmethod
    def of(cls, job: Job, page: Page, folders: bool) -> Borrowed:
        """The same for a page as MkDocs knows it; `folders` is its `use_directory_urls`."""
        stage, path = job.stage, page.file.src_uri.partition("/")[2]

        def way(other: str) -> Way:
            title = stage.titles[job.locale].get(other) or stage.titles[stage.source][other]
            return Way(title, address(other, job.locale, stage.source, folders=folders) or "./")

        following, related = _onward(page.meta, path, stage.articles)
        return cls(
            _trail(page, job, folders),
            way(following) if following else None,
            tuple(map(way, related)),
            _tags(job, path, folders),
        )


@dataclass(frozen=True, slots=True)
class CustomerLink:
    """The customers' address of an article in one language, for agents to copy."""

    name: str
    lang: str
    url: str
    state: str  #: what customers are told above it, in a word or two


@dataclass(frozen=True)
class PageFacts:
    """One page of one locale's tree."""

    path: str
    shown: Locale  #: the locale whose pages are being built: menus and notices are in it
    text: Locale  #: the locale the article's own text is in; the source where it is not translated yet
    source: Locale
    existing: Mapping[Locale, str]  #: where the article really exists: locale → address below the site's root
    address: str
    site_url: str
    public: bool
    wishes: Wishes
    notices: tuple[Notice, ...] = ()
    version: str = ""  #: changes with the text, so that feedback can be read beside it
    updated: date | None = None
    reviewed: date | None = None
    trail: tuple[tuple[str, str], ...] = ()  #: title and address of the pages above this one
    next: Way | None = None
    related: tuple[Way, ...] = ()
    customer_links: tuple[CustomerLink, ...] = ()
    due: date | None = None  #: the next regular review
    freshness: tuple[str, ...] = ()
    tags: tuple[Way, ...] = ()
    is_list: bool = False  #: one of kbtool's own pages, such as that of all tags

    @classmethod
    def of(cls, job: Job, page: Page, site_url: str, folders: bool) -> PageFacts:
        """The facts of a page as MkDocs knows it; `folders` is its `use_directory_urls`."""
        stage = job.stage
        text, _, path = page.file.src_uri.partition("/")
        at = [x for x in stage.locales if stage.has(path, x)]
        about = stage.about.get((text, path))
        return cls(
            path=path,
            shown=job.locale,
            text=text,
            source=stage.source,
            existing={x: address(path, x, stage.source, folders=folders) for x in at},
            address=address(path, job.locale, stage.source, folders=folders),
            site_url=site_url,
            public=stage.reader == PUBLIC,
            wishes=stage.wishes,
            notices=stage.notices.get((job.locale, path), ()),
            version=about.version if about else "",
            updated=about.updated if about else None,
            reviewed=about.reviewed if about else None,
            customer_links=_customer_links(job, path, folders),
            due=about.due if about else None,
            freshness=freshness_of(stage, path, job.locale, job.locale),
            is_list=path in stage.lists,
            **Borrowed.of(job, page, folders)._asdict(),
        )

    @property
    def is_fallback(self) -> bool:
        return self.text != self.shown

    @property
    def lang(self) -> str:
        return locales.tag(self.text)

    @property
    def dir(self) -> str:
        return locales.direction(self.text)

    @property
    def shown_lang(self) -> str:
        return locales.tag(self.shown)

    @property
    def shown_dir(self) -> str:
        return locales.direction(self.shown)

    @property
    def source_lang(self) -> str:
        return locales.tag(self.source)

    @cached_property
    def say(self) -> Mapping[str, str]:
        """kbtool's own words in the language of the menus."""
        return phrases(self.shown)

    @property
    def original(self) -> str:
        """The original's address, where this is a translation or a stand-in for one."""
        return self.existing.get(self.source, "") or "./"

    @property
    def is_overdue(self) -> bool:
        return any(notice.name == "overdue" for notice in self.notices)

    @property
    def overdue(self) -> str:
        """What a page says of itself that falls due after it was built."""
        return messages(self.shown)["overdue"]

    @property
    def languages(self) -> tuple[Choice, ...]:
        """The other languages in which the article really exists."""
        return tuple(Choice(at, link or "./", current=False) for at, link in self.existing.items() if at != self.text)

    def day(self, on: date) -> str:
        """A day as the language of the menus writes it."""
        return dates.day(on, self.shown)

    @property
    def doubtful(self) -> bool:
        """Whether nobody has vouched for the text as it stands."""
        return any(notice.name in DOUBTFUL for notice in self.notices)

    @property
    def markdown(self) -> str:
        """The address of the article as Markdown, where readers get it."""
        if not (self.public and self.wishes.markdown) or self.is_fallback or self.doubtful or self.is_list:
            return ""
        folder = self.address.endswith("/") or not self.address
        return f"{self.address}index.md" if folder else f"{self.address.removesuffix('.html')}.md"

    @cached_property
    def canonical(self) -> str:
        """A page that shows the original's text stands for the original."""
        return absolute(self.site_url, self.existing[self.text if self.text in self.existing else self.source])


def _customer_links(job: Job, path: str, folders: bool) -> tuple[CustomerLink, ...]:
    """Where customers find a public article; none where nobody said where their edition stands."""
    stage = job.stage
    if stage.reader == PUBLIC or not stage.customers or stage.audiences.get(path, PUBLIC) != PUBLIC:
        return ()
    return tuple(
        CustomerLink(
            locales.name(at),
            locales.tag(at),
            absolute(stage.customers, address(path, at, stage.source, folders=folders)),
            ", ".join(freshness_of(stage, path, at, job.locale)),
        )
        for at in stage.locales
        if stage.has(path, at)
    )


def freshness_of(stage: Stage, path: str, at: Locale, locale: Locale) -> tuple[str, ...]:
    """How far agents may trust an article in one language, in a word or two of another, the gravest first.

    An original about which nothing is said may never have been reviewed; a translation then has been.
    """
    words = messages(locale)
    said = stage.notices.get((at, path), ())
    about = stage.about.get((at, path))
    reviewed = at != stage.source or bool(about and about.reviewed)
    return tuple(words[notice.name] for notice in said) or (words["current" if reviewed else "unchecked"],)


def _tags(job: Job, path: str, folders: bool) -> tuple[Way, ...]:
    """The article's tags, each leading to its place on the page of tags, where there is one."""
    if TAGS not in job.stage.lists:
        return ()
    page = address(TAGS, job.locale, job.stage.source, folders=folders)
    return tuple(Way(tag.title(job.locale), f"{page}#{tag.anchor}") for tag in job.stage.tags if path in tag.articles)


def own_lists(job: Job, folders: bool) -> tuple[Way, ...]:
    """kbtool's own pages in the locale, for the foot of every page."""
    stage = job.stage
    lists = [
        Way(stage.titles[job.locale][path], address(path, job.locale, stage.source, folders=folders))
        for path in stage.lists
    ]
    return (*lists, *(Way(title_of(name, job.locale), file) for name, file in stage.extras.items()))


def _onward(meta: Mapping[str, object], path: str, articles: Sequence[str]) -> tuple[str, list[str]]:
    """`next:` and `related:` of the front matter; what this edition does not hold is not named."""
    following, related = meta.get("next"), meta.get("related") or []
    named = [related] if isinstance(related, str) else related
    found = [str(r) for r in named if str(r) in articles and r != path] if isinstance(named, list) else []
    return (following if isinstance(following, str) and following in articles else ""), found


def _trail(page: Page, job: Job, folders: bool) -> tuple[tuple[str, str], ...]:
    """The start page and the start pages of the sections above."""
    home = address("index.md", job.locale, job.stage.source, folders=folders)
    found = [(job.stage.titles[job.stage.source].get("index.md", "⌂"), home)]
    if "index.md" in job.stage.titles[job.locale]:
        found = [(job.stage.titles[job.locale]["index.md"], home)]
    for section in reversed(list(page.ancestors)):
        children = getattr(section, "children", None) or []
        start = next((c for c in children if c.is_page and c.is_index), None)
        if start is not None and start is not page:
            found.append((str(section.title), start.url))
    return tuple(found) if page.url not in (home, "./") else ()


def finished_page(output: str, facts: PageFacts, title: str, description: str, site_name: str, *, policy: bool) -> str:
    """The page with its real language, its head elements and its policy."""
    output = finished_template(output, facts.shown)
    if facts.is_fallback:
        article = f'<article class="md-content__inner md-typeset" lang="{facts.lang}" dir="{facts.dir}">'
        output = output.replace(_ARTICLE, article, 1)
    output = output.replace("</head>", f"{head(facts, title, description, site_name)}</head>", 1)
    return with_policy(output, facts.wishes) if policy else output


def finished_template(output: str, locale: Locale) -> str:
    """A page of the theme's own with the tag of its locale."""
    return _HTML.sub(f'<html lang="{locales.tag(locale)}"', output, count=1)

"""Pages that kbtool writes itself, in every language: the articles by tag, and what changed last.

They are staged like articles, as plain HTML in Markdown, so that they stand in the site's frame and every cache that
knows the stage knows them. Search engines shall send people to the articles, not to lists of them.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby

from kbtool.core.audience import PUBLIC
from kbtool.core.model import Locale
from kbtool.site import dates, locales
from kbtool.site.addresses import address, way
from kbtool.site.phrases import phrases
from kbtool.site.stage.about import About
from kbtool.site.stage.desk import Desk
from kbtool.site.stage.nav import Item, sections_of
from kbtool.site.stage.recall import digest_of
from kbtool.site.stage.tags import Tag

Change = tuple[date, str, str]  #: day, kind and article

TAGS = "tags.md"
CHANGES = "changes.md"
_NONE: Mapping[str, str] = {}
_CHANGES = 100  #: what the page of changes holds
_PAGE = """\
---
title: {title}
search:
  exclude: true
---

<div class="kb-list">
{body}
</div>
"""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the lists are made from."""

    desk: Desk
    titles: Mapping[Locale, Mapping[str, str]]
    nav: Sequence[Item]
    section_titles: Mapping[Locale, Mapping[str, str]]
    about: Mapping[tuple[Locale, str], About]

    def link(self, here: str, path: str, locale: Locale) -> str:
        """A link from a list to an article, with the language of its title where that is another one."""
        there = path in self.titles[locale]
        other = "" if there else f' lang="{locales.tag(self.desk.source)}" dir="{locales.direction(self.desk.source)}"'
        target = way(self.address(here, locale), self.address(path, locale))
        return f'<a href="{escape(target)}"{other}>{escape(self.title(path, locale))}</a>'

    def title(self, path: str, locale: Locale) -> str:
        """An article's title in a locale, the original's where there is no translation."""
        return self.titles[locale].get(path) or self.titles[self.desk.source][path]

    def said(self, how: Callable[[date, Locale], str], on: date, locale: Locale) -> str:
        """A day as readers of a language write it; what languages write is slow to load, so it is remembered."""
        return self.desk.recall.value(f"{how.__name__} in {locale}", on.isoformat(), [], lambda: how(on, locale))

    def keep_days(self, locale: Locale) -> None:
        """Know them also the next time."""
        for how in (dates.month, dates.day_of_month):
            self.desk.recall.keep(f"{how.__name__} in {locale}")

    @property
    def feed(self) -> bool:
        """Whether each language has a feed, at feed.xml beside its start page."""
        desk = self.desk
        return desk.reader == PUBLIC and bool(desk.wishes.urls.get(desk.edition) or desk.config.get("site_url"))

    def address(self, path: str, locale: Locale) -> str:
        folders = self.desk.config.get("use_directory_urls", True) is not False
        return address(path, locale, self.desk.source, folders=folders)


def bring_lists(shelf: Shelf, tags: Sequence[Tag]) -> dict[str, dict[Locale, str]]:
    """Stage the lists that have something to say; gives their paths and titles.

    An article at the same place, whoever may read it, is left in peace.
    """
    found: dict[str, dict[Locale, str]] = {}
    changed, sections = changes(shelf), sections_of(shelf.nav)
    for path, wanted in ((TAGS, bool(tags)), (CHANGES, any(changed.values()))):
        folder = path.removesuffix(".md") + "/"
        if not wanted or any(taken == path or taken.startswith(folder) for taken in shelf.desk.audiences):
            continue
        found[path] = {locale: phrases(locale)[path.removesuffix(".md")] for locale in shelf.desk.locales}
        for locale, title in found[path].items():
            name = f"docs/{locale}/{path}"
            parts = [_told(shelf, locale, tags) if path == TAGS else _told(shelf, locale, changed[locale], sections)]
            if shelf.desk.stands("list", name, parts):
                shelf.keep_days(locale)
                continue
            body = _by_tag(shelf, locale, tags) if path == TAGS else _by_month(shelf, locale, changed[locale], sections)
            page = _PAGE.format(title=_quoted(title), body="\n".join(body))
            shelf.desk.put(name, page.encode(), "list", parts)
    return found


def _told(shelf: Shelf, locale: Locale, listed: Sequence[Tag | Change], sections: Mapping[str, str] = _NONE) -> str:
    """Stands for all that a list says, besides what all texts of the stage depend on."""
    paths = [path for each in listed for path in (each.articles if isinstance(each, Tag) else each[2:])]
    articles = [(path in shelf.titles[locale], shelf.title(path, locale), sections.get(path)) for path in paths]
    return digest_of(repr((listed, articles, shelf.feed, shelf.section_titles.get(locale))))


def _quoted(title: str) -> str:
    return '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _by_tag(shelf: Shelf, locale: Locale, tags: Iterable[Tag]) -> Iterable[str]:
    """All tags at a glance, then the articles of each."""
    ordered = sorted(tags, key=lambda tag: tag.title(locale).casefold())
    yield f'<ul class="kb-tags" aria-label="{escape(phrases(locale)["tags"])}">'
    for tag in ordered:
        yield f'<li><a href="#{tag.anchor}">{escape(tag.title(locale))} <span>{len(tag.articles)}</span></a></li>'
    yield "</ul>"
    for tag in ordered:
        yield f'<h2 id="{tag.anchor}">{escape(tag.title(locale))}</h2>\n<ul>'
        links = {path: shelf.link(TAGS, path, locale) for path in tag.articles}
        yield from (f"<li>{links[path]}</li>" for path in sorted(links, key=lambda p: shelf.title(p, locale)))
        yield "</ul>"


def changes(shelf: Shelf) -> dict[Locale, list[Change]]:
    """What changed last in each language, newest first."""
    found: dict[Locale, list[Change]] = {locale: [] for locale in shelf.desk.locales}
    for (locale, path), about in shelf.about.items():
        if path in shelf.titles[locale] and (happened := about.happened):
            found[locale].append((*happened, path))
    return {locale: _newest(listed, shelf.titles[locale]) for locale, listed in found.items()}


def _newest(changed: list[Change], titles: Mapping[str, str]) -> list[Change]:
    return heapq.nsmallest(_CHANGES, changed, key=lambda each: (-each[0].toordinal(), titles[each[2]]))


def _by_month(shelf: Shelf, locale: Locale, changed: Sequence[Change], sections: Mapping[str, str]) -> Iterable[str]:
    say = phrases(locale)
    yield f"<p>{escape(say['changes_hint'] if changed else say['changes_none'])}"
    if shelf.feed:
        feed = way(shelf.address(CHANGES, locale), f"{'' if locale == shelf.desk.source else f'{locale}/'}feed.xml")
        yield f'<a href="{escape(feed)}" type="application/atom+xml">{escape(say["feed"])}</a>'
    yield "</p>"
    for month, days in groupby(changed, key=lambda each: each[0].replace(day=1)):
        yield f'<h2 id="{month:%Y-%m}">{escape(shelf.said(dates.month, month, locale))}</h2>\n<ul class="kb-changes">'
        for on, kind, path in days:
            section = sections.get(path, "")
            section = shelf.section_titles.get(locale, {}).get(section, section)
            yield (
                f'<li><time datetime="{on}">{escape(shelf.said(dates.day_of_month, on, locale))}</time> '
                f'<span class="kb-kind kb-kind--{kind}">{escape(say[f"kind_{kind}"])}</span> '
                f"{shelf.link(CHANGES, path, locale)}"
                + (f' <span class="kb-changes__section">{escape(section)}</span>' if section else "")
                + "</li>"
            )
        yield "</ul>"

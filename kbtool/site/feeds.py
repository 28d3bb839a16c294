"""What an edition holds for machines: sitemap.xml, a feed per language, llms.txt, and each page as Markdown."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urljoin
from xml.sax.saxutils import escape, quoteattr

from kbtool.core.audience import PUBLIC
from kbtool.core.meta import FRONT, front_matter
from kbtool.core.model import Locale
from kbtool.site import locales
from kbtool.site.addresses import address
from kbtool.site.lists import CHANGES
from kbtool.site.nav import in_order
from kbtool.site.notices import DOUBTFUL
from kbtool.site.phrases import phrases
from kbtool.site.stage import Stage

_ENTRIES = 30  #: what a feed holds


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site will stand, and how its addresses look."""

    site_name: str = ""
    site_url: str = ""
    folders: bool = True  #: MkDocs' `use_directory_urls`


def write_feeds(stage: Stage, site: Path, place: Place) -> None:
    """Write what is made from the edition as a whole. Only a public one has anything to tell the world."""
    if stage.reader != PUBLIC:
        return
    if place.site_url:
        text = sitemap(stage, place)
        (site / "sitemap.xml").write_text(text, "utf-8")
        (site / "sitemap.xml.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
        for locale in stage.locales:
            _put(site / _below(stage, locale) / "feed.xml", feed(stage, locale, place))
    if stage.wishes.markdown:
        _put(site / "llms.txt", llms(stage, place))
        for locale in stage.locales:
            for path in _vouched(stage, locale):
                _put(site / markdown_name(stage, path, locale, place), _markdown(stage, path, locale))


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def _below(stage: Stage, locale: Locale) -> str:
    return "" if locale == stage.source else locale


def sitemap(stage: Stage, place: Place) -> str:
    """Every page that exists, with the languages it exists in; what stands in for a translation is not listed."""
    found = []
    for path in [path for path in stage.titles[stage.source] if path not in stage.lists]:
        at = {x: _address(stage, path, x, place) for x in stage.locales if stage.has(path, x)}
        links = [(locales.tag(x), link) for x, link in at.items()]
        links.append(("x-default", at[stage.source]))
        alternates = "".join(
            f'    <xhtml:link rel="alternate" hreflang="{tag}" href={quoteattr(link)}/>\n' for tag, link in links
        )
        for locale, link in at.items():
            about = stage.about.get((locale, path))
            changed = f"    <lastmod>{about.updated}</lastmod>\n" if about and about.updated else ""
            found.append(
                f"  <url>\n    <loc>{escape(link)}</loc>\n{changed}{alternates if len(at) > 1 else ''}  </url>\n"
            )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n' + "".join(found) + "</urlset>\n"
    )


def latest(stage: Stage, locale: Locale) -> list[tuple[str, date]]:
    """The articles of a locale that changed last, newest first."""
    found = [
        (path, about.updated)
        for (at, path), about in stage.about.items()
        if at == locale and about.updated and stage.has(path, locale)
    ]
    return sorted(found, key=lambda item: (-item[1].toordinal(), item[0]))[:_ENTRIES]


def feed(stage: Stage, locale: Locale, place: Place) -> str:
    """An Atom feed of what changed in a language."""
    say = phrases(locale)
    home = _address(stage, "index.md", locale, place)
    shown = _address(stage, CHANGES, locale, place) if CHANGES in stage.lists else home
    entries = latest(stage, locale)
    newest = entries[0][1] if entries else date(1970, 1, 1)
    items = "".join(
        f"  <entry>\n    <title>{escape(stage.titles[locale][path])}</title>\n"
        f"    <link href={quoteattr(_address(stage, path, locale, place))}/>\n"
        f"    <id>{escape(_address(stage, path, locale, place))}</id>\n"
        f"    <updated>{day}T00:00:00Z</updated>\n{_kind(stage, locale, path, day)}  </entry>\n"
        for path, day in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{locales.tag(locale)}">\n'
        f"  <title>{escape(place.site_name)}: {escape(say['changes'])}</title>\n"
        f"  <id>{escape(home)}</id>\n  <link href={quoteattr(shown)}/>\n"
        f'  <link rel="self" href={quoteattr(urljoin(home, "feed.xml"))}/>\n'
        f"  <author><name>{escape(place.site_name)}</name></author>\n"
        f"  <updated>{newest}T00:00:00Z</updated>\n{items}</feed>\n"
    )


def _kind(stage: Stage, locale: Locale, path: str, day: date) -> str:
    """Whether an entry is about a new article or a changed one."""
    kind = "new" if stage.about[locale, path].created == day else "updated"
    return f'    <category term="{kind}" label={quoteattr(phrases(locale)[f"kind_{kind}"])}/>\n'


def llms(stage: Stage, place: Place) -> str:
    """The list of articles for language models, as llmstxt.org has it: titles, addresses, one sentence each."""
    lines = [f"# {place.site_name}", ""]
    for locale in stage.locales:
        vouched = set(_vouched(stage, locale))
        ordered = [p for p in dict.fromkeys((*in_order(stage.nav), *sorted(vouched))) if p in vouched]
        if not ordered:
            continue
        lines += [f"## {locales.name(locale)}", ""]
        for path in ordered:
            about = front_matter((stage.docs / locale / path).read_text("utf-8")).get("description")
            link = urljoin(place.site_url, markdown_name(stage, path, locale, place))
            title = stage.titles[locale][path].replace("[", "(").replace("]", ")")
            lines.append(f"- [{title}]({link})" + (f": {about}" if about else ""))
        lines.append("")
    return "\n".join(lines)


def _vouched(stage: Stage, locale: Locale) -> Iterator[str]:
    """The articles of a locale whose text somebody stands for."""
    for path in stage.titles[locale]:
        said = {notice.name for notice in stage.notices.get((locale, path), ())}
        if path not in stage.lists and not said & DOUBTFUL and (stage.docs / locale / path).is_file():
            yield path


def markdown_name(stage: Stage, path: str, locale: Locale, place: Place) -> str:
    """The file that holds a page as Markdown, beside the page itself; the source's `index.md` is `index.md`."""
    found = address(path, locale, stage.source, folders=place.folders)
    return f"{found}index.md" if not found or found.endswith("/") else f"{found.removesuffix('.html')}.md"


def _markdown(stage: Stage, path: str, locale: Locale) -> str:
    text = (stage.docs / locale / path).read_text("utf-8")
    head = FRONT.match(text)
    body = text[head.end() :] if head else text
    title = stage.titles[locale][path]
    return body.lstrip("\n") if body.lstrip().startswith("# ") else f"# {title}\n\n{body.lstrip(chr(10))}"


def _address(stage: Stage, path: str, locale: Locale, place: Place) -> str:
    return urljoin(place.site_url, address(path, locale, stage.source, folders=place.folders))

"""What stands in the files for machines: sitemap.xml, a feed per language, llms.txt, and each page as Markdown."""

from __future__ import annotations

import gzip
import heapq
import html
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from urllib.parse import quote, urljoin, urlsplit

from kbtool.core.meta import FRONT, front_matter
from kbtool.core.model import Locale
from kbtool.site import locales
from kbtool.site.addresses import address, file_at
from kbtool.site.edition import Place
from kbtool.site.mkdocs.remembered import key_of
from kbtool.site.phrases import phrases
from kbtool.site.stage.lists import CHANGES
from kbtool.site.stage.notices import DOUBTFUL
from kbtool.site.stage.stage import Stage

_ENTRIES = 30  #: what a feed holds


def days_key(stage: Stage, locale: Locale) -> str:
    """Stands for what the sitemap tells of a locale: its pages, and when each changed."""
    about = stage.about
    days = [
        (path, known.updated.toordinal() if (known := about.get((locale, path))) and known.updated else 0)
        for path in stage.titles[locale] if path not in stage.lists
    ]  # fmt: skip
    return key_of(days)


def sitemaps(stage: Stage, place: Place) -> tuple[bytes, bytes]:
    """The list of all pages, and packed."""
    text = sitemap(stage, place).encode()
    return text, gzip.compress(text, mtime=0)


def sitemap(stage: Stage, place: Place) -> str:
    """Every page that exists, with the languages it exists in; what stands in for a translation is not listed."""
    found = []
    for path in [path for path in stage.titles[stage.source] if path not in stage.lists]:
        at = {x: _address(stage, path, x, place) for x in stage.locales if stage.has(path, x)}
        links = [(locales.tag(x), link) for x, link in at.items()]
        links.append(("x-default", at[stage.source]))
        alternates = "".join(
            f'    <xhtml:link rel="alternate" hreflang="{tag}" href={_quoted(link)}/>\n' for tag, link in links
        )
        for locale, link in at.items():
            about = stage.about.get((locale, path))
            changed = f"    <lastmod>{about.updated}</lastmod>\n" if about and about.updated else ""
            found.append(
                f"  <url>\n    <loc>{_escaped(link)}</loc>\n{changed}{alternates if len(at) > 1 else ''}  </url>\n"
            )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n' + "".join(found) + "</urlset>\n"
    )


def latest(stage: Stage, locale: Locale) -> list[tuple[str, date]]:
    """The articles of a locale that changed last, newest first."""
    about = ((path, stage.about.get((locale, path))) for path in stage.titles[locale])
    changed = [(path, known.updated) for path, known in about if known and known.updated]
    return heapq.nsmallest(_ENTRIES, changed, key=lambda item: (-item[1].toordinal(), item[0]))


def feed(stage: Stage, locale: Locale, place: Place) -> str:
    """An Atom feed of what changed in a language."""
    say = phrases(locale)
    entries = latest(stage, locale)
    home = _address(stage, "index.md", locale, place)
    shown = _address(stage, CHANGES, locale, place) if CHANGES in stage.lists else home
    newest = entries[0][1] if entries else date(1970, 1, 1)
    items = "".join(
        f"  <entry>\n    <title>{_escaped(stage.titles[locale][path])}</title>\n"
        f"    <link href={_quoted(_address(stage, path, locale, place))}/>\n"
        f"    <id>{_escaped(_address(stage, path, locale, place))}</id>\n"
        f"    <updated>{day}T00:00:00Z</updated>\n{_kind(stage, locale, path, day)}  </entry>\n"
        for path, day in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{locales.tag(locale)}">\n'
        f"  <title>{_escaped(place.site_name)}: {_escaped(say['changes'])}</title>\n"
        f"  <id>{_escaped(home)}</id>\n  <link href={_quoted(shown)}/>\n"
        f'  <link rel="self" href={_quoted(urljoin(home, "feed.xml"))}/>\n'
        f"  <author><name>{_escaped(place.site_name)}</name></author>\n"
        f"  <updated>{newest}T00:00:00Z</updated>\n{items}</feed>\n"
    )


def _kind(stage: Stage, locale: Locale, path: str, day: date) -> str:
    """Whether an entry is about a new article or a changed one."""
    kind = "new" if stage.about[locale, path].created == day else "updated"
    return f'    <category term="{kind}" label={_quoted(phrases(locale)[f"kind_{kind}"])}/>\n'


def llms_head(place: Place) -> str:
    """The start of the list of articles for language models; the locales' sections follow."""
    return f"# {place.site_name}\n"


def section(locale: Locale, order: Iterable[str], lines: Mapping[str, str]) -> str:
    """A locale's part of the list, as llmstxt.org has it: titles, addresses, one sentence each.

    `order` is that of the menu; what is not in it follows.
    """
    if not lines:
        return ""
    ordered = [lines[path] for path in dict.fromkeys((*order, *sorted(lines))) if path in lines]
    return "\n".join([f"## {locales.name(locale)}", "", *ordered, ""])


def line(stage: Stage, path: str, locale: Locale, place: Place, text: str) -> str:
    """An article's line there."""
    about = str(front_matter(text).get("description") or "")
    link = _joined(place.site_url, quote(markdown_name(stage, path, locale, place)))
    title = stage.titles[locale][path].replace("[", "(").replace("]", ")")
    return f"- [{title}]({link})" + (f": {about}" if about else "")


def vouched(stage: Stage, locale: Locale) -> Iterator[str]:
    """The articles of a locale whose text somebody stands for."""
    for path in stage.titles[locale]:
        said = stage.notices.get((locale, path))
        doubtful = said and any(notice.name in DOUBTFUL for notice in said)
        if not doubtful and path not in stage.lists and f"docs/{locale}/{path}" in stage.digests:
            yield path


def markdown_name(stage: Stage, path: str, locale: Locale, place: Place) -> str:
    """The file that holds a page as Markdown, beside the page itself; the source's `index.md` is `index.md`."""
    return f"{file_at(address(path, locale, stage.source, folders=place.folders)).removesuffix('.html')}.md"


def markdown(text: str, title: str) -> str:
    """A page as Markdown."""
    head = FRONT.match(text)
    body = text[head.end() :] if head else text
    return body.lstrip("\n") if body.lstrip().startswith("# ") else f"# {title}\n\n{body.lstrip(chr(10))}"


def _address(stage: Stage, path: str, locale: Locale, place: Place) -> str:
    return _joined(place.site_url, address(path, locale, stage.source, folders=place.folders))


def _escaped(text: str) -> str:
    """The same as `xml.sax.saxutils` does, which would import all there is for the web."""
    return html.escape(text, quote=False)


def _quoted(text: str) -> str:
    return '"' + _escaped(text).replace('"', "&quot;") + '"'


def _joined(site_url: str, below: str) -> str:
    """`urljoin`, which takes its time; an address is quoted, so that it cannot be anything but a place below."""
    return site_url + below if site_url.endswith("/") and urlsplit(site_url).netloc else urljoin(site_url, below)

"""What an edition holds for machines: sitemap.xml, a feed per language, llms.txt, and each page as Markdown."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.sax.saxutils import escape, quoteattr

from kbtool.core.audience import PUBLIC
from kbtool.core.meta import FRONT, front_matter
from kbtool.core.model import Locale
from kbtool.site import locales
from kbtool.site.addresses import address
from kbtool.site.edition import Place
from kbtool.site.lists import CHANGES
from kbtool.site.nav import in_order
from kbtool.site.notices import DOUBTFUL
from kbtool.site.phrases import phrases
from kbtool.site.stage import Stage

_ENTRIES = 30  #: what a feed holds


@dataclass(slots=True)
class Texts:
    """What was written."""

    files: list[str] = field(default_factory=list)  #: in the site
    known: dict[str, list[str]] = field(default_factory=dict)  #: files of one article's text → key, description

    def put(self, site: Path, name: str, content: bytes) -> None:
        file = site / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)  # it may be a second name of the old site's file, which must stay what it is
        file.write_bytes(content)
        self.files.append(name)


#: files that hold one article's text: name → what the text depends on, locale, article
TextKeys = Mapping[str, tuple[str, Locale, str]]


def write_feeds(
    stage: Stage, site: Path, place: Place, keys: TextKeys, known: Mapping[str, list[str]] | None = None
) -> Texts:
    """Write what is made from the edition as a whole. Only a public one has anything to tell the world.

    `keys` are the edition's text_keys. The files that are in `known` with the same key stand in the folder already.
    """
    made = Texts()
    if stage.reader != PUBLIC:
        return made
    if place.site_url:
        text = sitemap(stage, place)
        made.put(site, "sitemap.xml", text.encode())
        made.put(site, "sitemap.xml.gz", gzip.compress(text.encode(), mtime=0))
        for locale in stage.locales:
            name = "feed.xml" if locale == stage.source else f"{locale}/feed.xml"
            made.put(site, name, feed(stage, locale, place).encode())
    if stage.wishes.markdown:
        _write_texts(made, stage, site, keys, known or {})
        made.put(site, "llms.txt", llms(stage, place, made.known).encode())
    return made


def text_keys(stage: Stage, place: Place) -> TextKeys:
    """The files that hold one article's text."""
    if stage.reader != PUBLIC or not stage.wishes.markdown:
        return {}
    return {
        markdown_name(stage, path, locale, place): (
            f"{stage.digests[f'docs/{locale}/{path}']} {stage.titles[locale][path]}", locale, path,
        )
        for locale in stage.locales
        for path in _vouched(stage, locale)
    }  # fmt: skip


def _write_texts(made: Texts, stage: Stage, site: Path, keys: TextKeys, known: Mapping[str, list[str]]) -> None:
    for name, (key, locale, path) in keys.items():
        if name in known and known[name][0] == key:
            made.known[name] = known[name]
            continue
        text = (stage.docs / locale / path).read_text("utf-8")
        made.known[name] = [key, str(front_matter(text).get("description") or "")]
        made.put(site, name, _markdown(text, stage.titles[locale][path]).encode())


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


def llms(stage: Stage, place: Place, texts: Mapping[str, list[str]]) -> str:
    """The list of articles for language models, as llmstxt.org has it: titles, addresses, one sentence each."""
    lines = [f"# {place.site_name}", ""]
    for locale in stage.locales:
        vouched = set(_vouched(stage, locale))
        ordered = [p for p in dict.fromkeys((*in_order(stage.nav), *sorted(vouched))) if p in vouched]
        if not ordered:
            continue
        lines += [f"## {locales.name(locale)}", ""]
        for path in ordered:
            name = markdown_name(stage, path, locale, place)
            about = texts[name][1]
            link = _joined(place.site_url, name)
            title = stage.titles[locale][path].replace("[", "(").replace("]", ")")
            lines.append(f"- [{title}]({link})" + (f": {about}" if about else ""))
        lines.append("")
    return "\n".join(lines)


def _vouched(stage: Stage, locale: Locale) -> Iterator[str]:
    """The articles of a locale whose text somebody stands for."""
    for path in stage.titles[locale]:
        said = {notice.name for notice in stage.notices.get((locale, path), ())}
        if path not in stage.lists and not said & DOUBTFUL and f"docs/{locale}/{path}" in stage.digests:
            yield path


def markdown_name(stage: Stage, path: str, locale: Locale, place: Place) -> str:
    """The file that holds a page as Markdown, beside the page itself; the source's `index.md` is `index.md`."""
    found = address(path, locale, stage.source, folders=place.folders)
    return f"{found}index.md" if not found or found.endswith("/") else f"{found.removesuffix('.html')}.md"


def _markdown(text: str, title: str) -> str:
    head = FRONT.match(text)
    body = text[head.end() :] if head else text
    return body.lstrip("\n") if body.lstrip().startswith("# ") else f"# {title}\n\n{body.lstrip(chr(10))}"


def _address(stage: Stage, path: str, locale: Locale, place: Place) -> str:
    return _joined(place.site_url, address(path, locale, stage.source, folders=place.folders))


def _joined(site_url: str, below: str) -> str:
    """`urljoin`, which takes its time; an address is quoted, so that it cannot be anything but a place below."""
    return site_url + below if site_url.endswith("/") and urlsplit(site_url).netloc else urljoin(site_url, below)

"""What an edition holds for machines: sitemap.xml, a feed per language, llms.txt, and each page as Markdown."""

from __future__ import annotations

import gzip
import heapq
import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

from kbtool.core.audience import PUBLIC
from kbtool.core.meta import FRONT, front_matter
from kbtool.core.model import Locale
from kbtool.site import locales
from kbtool.site.addresses import address, file_at
from kbtool.site.edition import Place
from kbtool.site.mkdocs.remembered import key_of
from kbtool.site.phrases import phrases
from kbtool.site.stage.lists import CHANGES
from kbtool.site.stage.nav import in_order
from kbtool.site.stage.notices import DOUBTFUL
from kbtool.site.stage.stage import Stage

_ENTRIES = 30  #: what a feed holds


@dataclass(slots=True)
class Texts:
    """What was written."""

    files: list[str] = field(default_factory=list)  #: in the site
    known: dict[str, list[str]] = field(default_factory=dict)  #: files that have a key → key, description

    def put(self, site: Path, name: str, content: bytes) -> None:
        file = site / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)  # it may be a second name of the old site's file, which must stay what it is
        file.write_bytes(content)
        self.files.append(name)


#: files that can be known to be as they were: name → what they depend on besides the site's key, locale, article
TextKeys = Mapping[str, tuple[str, Locale, str]]
_SITEMAP, _LLMS = ("sitemap.xml", "sitemap.xml.gz"), "llms.txt"


def write_feeds(
    stage: Stage, site: Path, place: Place, keys: TextKeys, known: Mapping[str, list[str]] | None = None
) -> Texts:
    """Write what is made from the edition as a whole. Only a public one has anything to tell the world.

    `keys` are the edition's text_keys. The files that are in `known` with the same key stand in the folder already.
    """
    made = Texts()
    if stage.reader != PUBLIC:
        return made
    known = known or {}
    made.known = {name: known[name] for name, (key, *_) in keys.items() if name in known and known[name][0] == key}
    if place.site_url:
        _write_sitemap(made, stage, site, place, keys)
        newest = latest(stage)
        for locale in stage.locales:
            name = "feed.xml" if locale == stage.source else f"{locale}/feed.xml"
            made.put(site, name, feed(stage, locale, place, newest[locale]).encode())
    if stage.wishes.markdown:
        _write_texts(made, stage, site, keys)
        if _LLMS not in made.known:
            made.put(site, _LLMS, llms(stage, place, made.known).encode())
            made.known[_LLMS] = [keys[_LLMS][0], ""]
    return made


def text_keys(stage: Stage, place: Place) -> TextKeys:
    """What the files depend on that hold one article's text, or a line on each article."""
    found: dict[str, tuple[str, Locale, str]] = {}
    if stage.reader != PUBLIC:
        return found
    if place.site_url:
        days = [each.updated and each.updated.toordinal() for each in stage.about.values()]
        pages = [(locale, *titles) for locale, titles in stage.titles.items()]
        found |= dict.fromkeys(_SITEMAP, (key_of(place, pages, stage.lists, list(stage.about), days), "", ""))
    if stage.wishes.markdown:
        texts = {
            markdown_name(stage, path, locale, place): (
                f"{stage.digests[f'docs/{locale}/{path}']} {stage.titles[locale][path]}", locale, path,
            )
            for locale in stage.locales
            for path in _vouched(stage, locale)
        }  # fmt: skip
        found |= texts
        named = ("\0".join(said) for said in zip(*((name, *told) for name, told in texts.items()), strict=True))
        found[_LLMS] = (key_of(place, stage.nav, *named), "", "")
    return found


def _write_sitemap(made: Texts, stage: Stage, site: Path, place: Place, keys: TextKeys) -> None:
    """The list, and packed; neither is made again alone, for one is the other."""
    if made.known.keys() >= set(_SITEMAP):
        return
    text = sitemap(stage, place).encode()
    for name, content in zip(_SITEMAP, (text, gzip.compress(text, mtime=0)), strict=True):
        made.put(site, name, content)
        made.known[name] = [keys[name][0], ""]


def _write_texts(made: Texts, stage: Stage, site: Path, keys: TextKeys) -> None:
    for name, (key, locale, path) in keys.items():
        if name in made.known or not path:
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


def latest(stage: Stage) -> dict[Locale, list[tuple[str, date]]]:
    """The articles of each locale that changed last, newest first."""
    found: dict[Locale, list[tuple[str, date]]] = {locale: [] for locale in stage.locales}
    for (locale, path), about in stage.about.items():
        if about.updated and stage.has(path, locale):
            found[locale].append((path, about.updated))
    return {
        locale: heapq.nsmallest(_ENTRIES, changed, key=lambda item: (-item[1].toordinal(), item[0]))
        for locale, changed in found.items()
    }


def feed(stage: Stage, locale: Locale, place: Place, entries: Sequence[tuple[str, date]]) -> str:
    """An Atom feed of what changed in a language."""
    say = phrases(locale)
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
            link = _joined(place.site_url, quote(name))
            title = stage.titles[locale][path].replace("[", "(").replace("]", ")")
            lines.append(f"- [{title}]({link})" + (f": {about}" if about else ""))
        lines.append("")
    return "\n".join(lines)


def _vouched(stage: Stage, locale: Locale) -> Iterator[str]:
    """The articles of a locale whose text somebody stands for."""
    for path in stage.titles[locale]:
        said = stage.notices.get((locale, path), ())
        doubtful = any(notice.name in DOUBTFUL for notice in said)
        if not doubtful and path not in stage.lists and f"docs/{locale}/{path}" in stage.digests:
            yield path


def markdown_name(stage: Stage, path: str, locale: Locale, place: Place) -> str:
    """The file that holds a page as Markdown, beside the page itself; the source's `index.md` is `index.md`."""
    return f"{file_at(address(path, locale, stage.source, folders=place.folders)).removesuffix('.html')}.md"


def _markdown(text: str, title: str) -> str:
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

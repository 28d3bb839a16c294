"""What stands in a page's head for search engines, feeds and browsers."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kbtool.site import locales
from kbtool.site.addresses import absolute

if TYPE_CHECKING:
    from kbtool.site.mkdocs.pages import PageFacts
    from kbtool.site.wishes import Wishes

#: Material's script looks for rel=alternate to the letter and asks for a sitemap beside each, on every page view, while
#: browsers and search engines split at white space: hence the space behind it
ALTERNATE = "alternate "
#: where an element starts that a policy has to know of; its first letters are looked at one by one because that is
#: sooner: most elements of a page are `<li>`, `<span>` and `<a>`
_START = re.compile(
    r"<(?=[aeilsv][cefimotu][bdgnruy])(?:s(?:cript|tyle|ource)|i(?:mg|frame)|link|video|audio|embed)", re.I
)
_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>", re.I)
_SCRIPT_END = re.compile(r"</script>", re.I)
_SOURCE = re.compile(r"<script[^>]+src=\"([^\"]+)\"")
_STYLE = re.compile(r"<style[^>]*>", re.I)
_STYLE_END = re.compile(r"</style>", re.I)
_SHEET = re.compile(r"<link[^>]+rel=\"stylesheet\"[^>]+href=\"([^\"]+)\"")
_EMBEDDED = re.compile(
    r"<(img|source|video|audio|iframe|embed|link)\b[^>]*?\s(?:src|href|srcset|poster)=\"([^\"]+)\"", re.I
)
_CHARSET = '<meta charset="utf-8">'
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def head(facts: PageFacts, title: str, description: str, site_name: str) -> str:
    """The elements for one article."""
    if not facts.public:
        return '<meta name="robots" content="noindex, nofollow">\n'
    found = [*_social(facts, title, description, site_name)]
    if facts.is_list:
        found.insert(0, '<meta name="robots" content="noindex, follow">')
    if facts.site_url and facts.is_list:
        found += [_feed(facts), _data(_trail(facts, title))]
    elif facts.site_url:
        found += [*_alternates(facts), _data(_article(facts, title, description)), _data(_trail(facts, title))]
    return "".join(f"{line}\n" for line in found if line)


def _alternates(facts: PageFacts) -> Iterable[str]:
    """Absolute links to the translations that exist; a page that stands in for one announces nothing."""
    if len(facts.existing) > 1 and not facts.is_fallback:
        found = [(locales.tag(at), link) for at, link in facts.existing.items()]
        found.append(("x-default", facts.existing[facts.source]))
        for lang, link in found:
            yield f'<link rel="{ALTERNATE}" hreflang="{lang}" href="{_address(facts, link)}">'
    if facts.markdown:
        yield f'<link rel="{ALTERNATE}" type="text/markdown" href="{_address(facts, facts.markdown)}">'
    yield _feed(facts)


def _feed(facts: PageFacts) -> str:
    feed = "feed.xml" if facts.shown == facts.source else f"{facts.shown}/feed.xml"
    return (
        f'<link rel="{ALTERNATE}" type="application/atom+xml" title="{html.escape(facts.say["changes"])}"'
        f' href="{_address(facts, feed)}">'
    )


def _social(facts: PageFacts, title: str, description: str, site_name: str) -> Iterable[str]:
    yield _property("og:type", "website" if facts.is_list else "article")
    yield _property("og:title", title)
    yield _property("og:site_name", site_name)
    yield _property("og:locale", facts.lang.replace("-", "_"))
    if description:
        yield _property("og:description", description)
    if facts.site_url:
        yield _property("og:url", facts.canonical)


def _property(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{html.escape(content)}">'


def _article(facts: PageFacts, title: str, description: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "TechArticle",
        "headline": title,
        "inLanguage": facts.lang,
        "url": facts.canonical,
        "mainEntityOfPage": facts.canonical,
    }
    if description:
        found["description"] = description
    if facts.updated:
        found["dateModified"] = facts.updated.isoformat()
    return found


def _trail(facts: PageFacts, title: str) -> dict[str, Any]:
    steps = [*facts.trail, (title, facts.address)]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": name, "item": absolute(facts.site_url, link)}
            for n, (name, link) in enumerate(steps, 1)
        ],
    }


def _data(value: Mapping[str, Any]) -> str:
    # `</script>` and `<!--` in a title must not end the element
    text = _json(value).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'


def _address(facts: PageFacts, link: str) -> str:
    return html.escape(absolute(facts.site_url, link))


def content_policy(page: str, wanted: Wishes) -> str:
    """A Content-Security-Policy for one page: its inline scripts by hash, what it embeds by host."""
    starts = [m.start() for m in _START.finditer(page)]
    of_scripts, of_styles = ([start for start in starts if page[start + 2] in second] for second in ("cC", "tT"))
    of_links = [start for start in starts if page[start + 3] in "nN"]
    inline = [
        code
        for tag, code in _whole(_SCRIPT, _SCRIPT_END, page, of_scripts)
        if code.strip() and _runs(tag["attributes"])
    ]
    scripts = [*_hashes(inline), *_hosts(m[1] for m in _tags(_SOURCE, page, of_scripts)), *wanted.csp_hosts]
    styles = [
        *_hashes(code for _, code in _whole(_STYLE, _STYLE_END, page, of_styles)),
        *_hosts(m[1] for m in _tags(_SHEET, page, of_links)),
    ]
    media: dict[str, list[str]] = {"img": [], "frame": []}
    for tag in _tags(_EMBEDDED, page, starts):
        kind = tag[1].lower()
        if kind != "link":
            media["frame" if kind in ("iframe", "embed") else "img"] += _hosts(tag[2].split(","))
    form = _hosts([wanted.feedback.endpoint])
    rules = {
        "default-src": ["'self'"],
        "script-src": ["'self'", *scripts],
        "style-src": ["'self'", *styles],
        "style-src-attr": ["'unsafe-inline'"],  # tables align their cells with style attributes
        "img-src": ["'self'", "data:", *media["img"]],
        "media-src": ["'self'", *media["img"]],
        "frame-src": ["'self'", *media["frame"]],
        "connect-src": ["'self'", *form, *wanted.csp_hosts],
        "form-action": ["'self'", *form],
        "base-uri": ["'self'"],
        "object-src": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(dict.fromkeys(sources))}" for name, sources in rules.items())


def _tags(pattern: re.Pattern[str], page: str, starts: Sequence[int]) -> Iterator[re.Match[str]]:
    """All tags of a kind, one after another."""
    end = 0
    for start in starts:
        if start >= end and (found := pattern.match(page, start)):
            end = found.end()
            yield found


def _whole(
    opening: re.Pattern[str], closing: re.Pattern[str], page: str, starts: Sequence[int]
) -> Iterator[tuple[re.Match[str], str]]:
    """All elements of a kind: their first tags, and what stands in them."""
    end = 0
    for start in starts:
        if start >= end and (tag := opening.match(page, start)) and (last := closing.search(page, tag.end())):
            end = last.end()
            yield tag, page[tag.end() : last.start()]


def _runs(attributes: str) -> bool:
    found = re.search(r"type=[\"']?([^\"'\s>]+)", attributes)
    return "src=" not in attributes and (
        not found or found[1] in ("module", "text/javascript", "application/javascript")
    )


def _hashes(codes: Iterable[str]) -> list[str]:
    return [_hash(code) for code in codes]


@lru_cache(maxsize=64)
def _hash(code: str) -> str:
    digest = hashlib.sha256(code.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _hosts(addresses: Iterable[str]) -> list[str]:
    found = (urlsplit(a.strip().split(" ")[0]) for a in addresses if ":" in a)
    return [f"{p.scheme}://{p.netloc}" for p in found if p.scheme in ("http", "https") and p.netloc]


def with_policy(page: str, wanted: Wishes) -> str:
    """The page with its policy as the first thing in its head, so that every host serves it, GitHub Pages too."""
    if not wanted.csp:
        return page
    policy = html.escape(content_policy(page, wanted), quote=False)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return page.replace(_CHARSET, f"{_CHARSET}\n      {meta}", 1)

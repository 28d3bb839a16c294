"""What stands in a page's head for search engines, feeds and browsers."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from kbtool.site import locales

if TYPE_CHECKING:
    from kbtool.site.pages import PageFacts
    from kbtool.site.wishes import Wishes

#: Material's script looks for rel=alternate to the letter and asks for a sitemap beside each, on every page view, while
#: browsers and search engines split at white space: hence the space behind it
ALTERNATE = "alternate "
_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.S | re.I)
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.S | re.I)
_EMBEDDED = re.compile(
    r"<(img|source|video|audio|iframe|embed|link)\b[^>]*?\s(?:src|href|srcset|poster)=\"([^\"]+)\"", re.I
)


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
            {"@type": "ListItem", "position": n, "name": name, "item": urljoin(facts.site_url, link)}
            for n, (name, link) in enumerate(steps, 1)
        ],
    }


def _data(value: Mapping[str, Any]) -> str:
    # `</script>` and `<!--` in a title must not end the element
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'


def _address(facts: PageFacts, link: str) -> str:
    return html.escape(urljoin(facts.site_url, link))


def content_policy(page: str, wanted: Wishes) -> str:
    """A Content-Security-Policy for one page: its inline scripts by hash, what it embeds by host."""
    inline = [m["code"] for m in _SCRIPT.finditer(page) if m["code"].strip() and _runs(m["attributes"])]
    scripts = [*_hashes(inline), *_hosts(re.findall(r"<script[^>]+src=\"([^\"]+)\"", page)), *wanted.csp_hosts]
    styles = [
        *_hashes(_STYLE.findall(page)),
        *_hosts(re.findall(r"<link[^>]+rel=\"stylesheet\"[^>]+href=\"([^\"]+)\"", page)),
    ]
    media: dict[str, list[str]] = {"img": [], "frame": []}
    for kind, address in _EMBEDDED.findall(page):
        if kind.lower() != "link":
            media["frame" if kind.lower() in ("iframe", "embed") else "img"] += _hosts(address.split(","))
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


def _runs(attributes: str) -> bool:
    found = re.search(r"type=[\"']?([^\"'\s>]+)", attributes)
    return "src=" not in attributes and (
        not found or found[1] in ("module", "text/javascript", "application/javascript")
    )


def _hashes(codes: Iterable[str]) -> list[str]:
    digests = (hashlib.sha256(code.encode()).digest() for code in codes)
    return [f"'sha256-{base64.b64encode(d).decode()}'" for d in digests]


def _hosts(addresses: Iterable[str]) -> list[str]:
    found = (urlsplit(a.strip().split(" ")[0]) for a in addresses)
    return [f"{p.scheme}://{p.netloc}" for p in found if p.scheme in ("http", "https") and p.netloc]


def with_policy(page: str, wanted: Wishes) -> str:
    """The page with its policy as the first thing in its head, so that every host serves it, GitHub Pages too."""
    if not wanted.csp:
        return page
    policy = html.escape(content_policy(page, wanted), quote=False)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return re.sub(r"(<meta charset=\"utf-8\">)", lambda m: f"{m[1]}\n      {meta}", page, count=1)

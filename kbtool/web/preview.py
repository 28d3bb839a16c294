"""Articles as readers see them, made harmless: no script, no form, no frame, nothing that asks a network.

What comes out stands in a sandboxed frame whose policy forbids all that once more.
"""

from __future__ import annotations

import base64
import posixpath
import re
from html import escape
from urllib.parse import unquote

from kbtool import store
from kbtool.commands import pages
from kbtool.core.compose import compose_raw
from kbtool.core.errors import Refused
from kbtool.core.meta import field
from kbtool.core.model import Document, Kind
from kbtool.project import Project
from kbtool.site import locales
from kbtool.web.doors import PREVIEW_STYLE

HERE = "\ue0f7"  #: marks the segment in the Markdown; of no use to anybody else, and taken out of what others wrote
LARGEST_IMAGE = 1_000_000
_IMAGES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
    ".svg": "image/svg+xml", ".avif": "image/avif",
}  # fmt: skip
_TAGS = frozenset((
    "a", "abbr", "article", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "col",
    "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s",
    "samp", "section", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "time", "tr", "u", "ul", "var", "wbr",
))  # fmt: skip
_ATTRIBUTES = {
    "*": {"class", "title", "lang", "dir"}, "img": {"src", "alt", "width", "height"}, "ol": {"start", "reversed"},
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}, "details": {"open"},
}  # fmt: skip
#: segments that stand in the running text, where a mark does no harm
_MARKABLE = frozenset({Kind.PARAGRAPH, Kind.HEADING, Kind.ITEM, Kind.CELL, Kind.TERM, Kind.CAPTION, Kind.HTML})


def marked(document: Document, number: int | None) -> str:
    """The page with a mark before one of its segments, given by its index; None marks nothing."""
    raws: list[str | None] = [None] * len(document.segments)
    if number is not None and document.segments[number].kind in _MARKABLE:
        raws[number] = HERE + document.segments[number].raw
    return compose_raw(document, raws)


def preview(project: Project, path: str, locale: str, page: str) -> str:
    """A whole HTML document for the frame; the segment that is `marked` has the id `here`."""
    html = pages.renderer(project.root).html(page)
    clean = _clean(project, path, html).replace(HERE, '<span id="here"></span>', 1).replace(HERE, "")
    title = _title(page)
    return (
        f'<!doctype html><html lang="{locales.tag(locale)}" dir="{locales.direction(locale)}"><head>'
        f'<meta charset="utf-8"><title>{title}</title><style>{PREVIEW_STYLE}</style></head>'
        f"<body><main>{'' if '<h1' in clean else f'<h1>{title}</h1>'}{clean}</main></body></html>"
    )


def _clean(project: Project, path: str, html: str) -> str:
    import nh3

    known = frozenset(store.all_files(project.docs))

    def attribute(tag: str, name: str, value: str) -> str | None:
        if tag == "img" and name == "src":
            return _image(project, known, path, value)
        return value.replace(HERE, "")

    return nh3.clean(
        html, tags=set(_TAGS), attributes=_ATTRIBUTES, attribute_filter=attribute, url_schemes={"data"}, link_rel=None
    )


def _image(project: Project, known: frozenset[str], path: str, source: str) -> str | None:
    """An image of the knowledge base as part of the page itself; None for all others."""
    wanted = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(re.split(r"[?#]", source)[0])))
    kind = _IMAGES.get(posixpath.splitext(wanted)[1].lower())
    if kind is None or wanted not in known:
        return None
    file = project.docs / wanted
    if file.stat().st_size > LARGEST_IMAGE:
        return None
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"


def _title(text: str) -> str:
    try:
        return escape(str(field(text, "title") or ""))
    except Refused:
        return ""

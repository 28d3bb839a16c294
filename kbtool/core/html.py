"""HTML in Markdown: tags, which of them are blocks, and the attributes that readers see."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbtool.core.model import Kind, Segment
from kbtool.core.plain import LETTER, plain

TAG = re.compile(
    r"""<(?P<slash>/?)(?P<name>[A-Za-z][\w.:-]*)
    (?P<attributes>(?:[\s/](?:[^<>"'{}/]|/(?!>)|"[^"]{0,4000}+"|'[^']{0,4000}+'|\{\{[^}]{0,300}+\}\}|\{[^{}]{0,300}+\}){0,4000}+)?)
    (?P<end>/?)>""",
    re.VERBOSE,
)
AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@/]{1,64}@[^\s<>@]{1,255})>")
OPAQUE = frozenset(
    [
        "code",
        "kbd",
        "pre",
        "script",
        "style",
        "samp",
        "var",
        "tt",
        "svg",
        "math",
        "textarea",
        "iframe",
        "video",
        "audio",
        "object",
        "template",
        "noscript",
        "canvas",
        "select",
    ]
)
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br-block",
        "canvas",
        "caption",
        "center",
        "col",
        "colgroup",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frame",
        "frameset",
        "group",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hgroup",
        "hr",
        "html",
        "iframe",
        "legend",
        "li",
        "link",
        "main",
        "math",
        "menu",
        "menuitem",
        "meta",
        "nav",
        "noscript",
        "object",
        "ol",
        "optgroup",
        "option",
        "p",
        "pre",
        "progress",
        "script",
        "section",
        "select",
        "source",
        "style",
        "summary",
        "svg",
        "table",
        "tbody",
        "td",
        "template",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "track",
        "ul",
        "video",
        "audio",
    ]
)
#: Blocks that hold other blocks: while one is open, indentation does not make code.
CONTAINER = frozenset(
    [
        "article",
        "aside",
        "blockquote",
        "center",
        "details",
        "div",
        "dl",
        "figure",
        "footer",
        "form",
        "header",
        "main",
        "nav",
        "ol",
        "section",
        "table",
        "ul",
    ]
)
_ATTRIBUTE = re.compile(
    r"""(?<![\w-])(?P<name>alt|title|aria-label|label)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""",
    re.IGNORECASE,
)


def is_block(name: str) -> bool:
    """Whether a tag stands between paragraphs; components (`<Tabs>`, `<my-card>`) do."""
    return name.lower() in BLOCK or name[0].isupper() or "-" in name


def attribute_segments(tag: re.Match[str], line: int = 0) -> Iterator[tuple[int, Segment]]:
    """The segments in a tag's attributes, each with its place from the tag's beginning."""
    if not tag["attributes"]:
        return
    name, base = tag["name"], tag.start("attributes")
    for found in _ATTRIBUTE.finditer(tag["attributes"]):
        which = found["name"].lower()
        if which == "label" and not name[0].isupper():
            continue
        quote = "double" if found["double"] is not None else "single"
        text = found[quote]
        if LETTER.search(text):
            kind = Kind.ALT if which == "alt" else Kind.TITLE if name[0].isupper() else Kind.TOOLTIP
            yield base + found.start(quote) - tag.start(), plain(kind, text, line, "'" if quote == "single" else '"')


TAG_NAME = re.compile(r"<([A-Za-z][\w.:-]*)")
_CODE_OR_TAG = re.compile(r"\\.|`+|<", re.DOTALL)


def block_tags(raw: str, end: int) -> Iterator[re.Match[str]]:
    """The tags in a stretch of prose that stand between paragraphs; those in inline code do not count."""
    position = 0
    missing: set[str] = set()
    while position < end:
        found = _CODE_OR_TAG.search(raw, position, end)
        if found is None:
            return
        position = found.end()
        mark = found[0]
        if mark == "<":
            tag = TAG.match(raw, found.start(), end)
            if tag:
                position = tag.end()
                if is_block(tag["name"]) and tag["name"].lower() not in OPAQUE:
                    yield tag
                elif tag["name"].lower() in OPAQUE and not tag["slash"]:
                    close = raw.find(f"</{tag['name']}>", position) if tag["name"] not in missing else -1
                    if close < 0:
                        missing.add(tag["name"])
                    else:
                        position = close
        elif mark[0] == "`" and mark not in missing:
            close = _next_ticks(raw, len(mark), position)
            if close < 0:
                missing.add(mark)
            else:
                position = close


def _next_ticks(raw: str, size: int, start: int) -> int:
    """The position after the next run of exactly `size` backticks, -1 if there is none."""
    while True:
        at = raw.find("`" * size, start)
        if at < 0:
            return -1
        end = at + size
        while end < len(raw) and raw[end] == "`":
            end += 1
        if end - at == size:
            return end
        start = end

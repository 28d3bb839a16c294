"""What a page's markup means to search, however it is read: which elements part words, which are no text at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kbtool.search.page import Section

#: Set on any element to keep it, or on the article to keep the page, out of the index.
EXCLUDE = "data-search-exclude"
#: `<meta name="kbtool:category" content="billing">` and the like; see overrides/partials/search-meta.html.
META = "kbtool:"

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s", "samp",
    "small", "span", "strong", "sub", "sup", "u", "var",
))  # fmt: skip
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SILENT = frozenset(("script", "style", "svg", "template", "noscript", "form", "button", "select", "nav"))
#: What Material puts into the article that is no part of it: permalinks, line numbers, dates, feedback.
_FURNITURE = frozenset(("headerlink", "linenos", "md-source-file", "md-feedback", "md-tags", "md-content__button"))
_HEAD = re.compile(r"<html\b[^>]*>|<meta\b[^>]*>|<title\b[^>]*>[^<]*</title>", re.IGNORECASE)


def head_of(html: str) -> list[str]:
    """The elements above the article that say something of the page."""
    return _HEAD.findall(html)


def is_silent(name: str, attributes: Mapping[str, str]) -> bool:
    """Whether nothing in the element is for readers to find."""
    return name in _SILENT or EXCLUDE in attributes or not _FURNITURE.isdisjoint(attributes.get("class", "").split())


@dataclass(slots=True)
class Seen:
    """What there is on a page, in the order of reading."""

    language: str = ""
    title: str = ""  #: of the window
    excluded: bool = False
    meta: dict[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    parts: list[tuple[str, list[str], list[str], list[str]]] = field(default_factory=lambda: [("", [], [], [])])

    def read_meta(self, attributes: Mapping[str, str]) -> None:
        """Keep what an element `meta` says to search."""
        name, content = attributes.get("name", ""), attributes.get("content", "").strip()
        if name.startswith(META) and content:
            self.meta[name.removeprefix(META)] = content

    def enter_article(self, attributes: Mapping[str, str]) -> None:
        """The article may name its own language, and may be kept out of the index."""
        self.language = attributes.get("lang") or self.language
        self.excluded = EXCLUDE in attributes or "exclude" in self.meta

    def enter_heading(self, name: str, anchor: str) -> None:
        """Begin a section, unless it is the title: that heads the first one, whatever stands above it."""
        if name != "h1" or "".join(self.parts[0][1]).strip():
            self.parts.append((anchor, [], [], []))

    def part(self, heading: str | None, pre: int) -> list[str]:
        """Where text belongs that stands in this heading, and in so many `pre`."""
        _, headings, text, code = self.parts[-1] if heading != "h1" else self.parts[0]
        return headings if heading else code if pre else text

    def sections(self) -> Iterator[Section]:
        """All that say something."""
        for anchor, *texts in self.parts:
            heading, text, code = (" ".join("".join(part).split()) for part in texts)
            if text or code or heading:
                yield Section(anchor, heading, text, code)

"""What a reader gets from a page: elements, code, words. Written for benchmarks, and apart from kbtool's own proof."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import yaml

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
CODE = frozenset(["code", "pre", "kbd", "script", "style", "svg", "math", "textarea"])
TEXTS = frozenset(["alt", "title", "aria-label", "placeholder", "label", "data-title", "summary"])
CONTAINERS = {"admonition": "admonitions", "details": "admonitions", "tabbed-block": "tabs", "tabbed-set": "tabs"}
WORD = re.compile(r"[^\W\d_]+")
#: Text that readers see and nobody translates: addresses, and references whose target another page defines.
TARGET = re.compile(r"(?:https?|ftp)://[^\s<>()]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<=\]\[)[^\]\s]+(?=\])")
ASCII = re.compile(r"[A-Za-z]")
FIELDS = frozenset(("title", "description", "summary", "keywords"))
HEAD = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?\r?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)


@dataclass
class Rendered:
    """One page as HTML, taken apart."""

    elements: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    #: all words outside code, and those in admonitions and in tabs
    words: dict[str, Counter[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Rendered(words={"all": Counter(), "admonitions": Counter(), "tabs": Counter()})
        self.open: list[tuple[str, str | None, bool, bool]] = []  # tag, container, code, automatic title

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = sorted((name, value or "") for name, value in attrs if name not in TEXTS)
        self.page.elements.append(f"<{tag} {kept}>" if kept else f"<{tag}>")
        self.page.links += [value for name, value in kept if name in ("href", "src")]
        if tag in VOID:
            return
        classes = (dict(attrs).get("class") or "").split()
        container = next((CONTAINERS[name] for name in [*classes, tag] if name in CONTAINERS), None)
        hidden = tag in CODE or "arithmatex" in classes or "twemoji" in classes
        self.open.append((tag, container, hidden, "admonition-title" in classes or tag == "summary"))

    def handle_endtag(self, tag: str) -> None:
        self.page.elements.append(f"</{tag}>")
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index][0] == tag:
                del self.open[index:]
                break

    def handle_data(self, data: str) -> None:
        if any(hidden for _, _, hidden, _ in self.open):
            self.page.code.append(data)
            return
        if self.open and self.open[-1][3] and data.strip().lower() in _TYPES:
            return  # an admonition without a title is titled by its type
        self.page.links += TARGET.findall(data)
        words = [word for word in WORD.findall(TARGET.sub(" ", data)) if ASCII.search(word)]
        inside = {container for _, container, _, _ in self.open if container}
        for name in {"all", *inside}:
            self.page.words[name].update(words)


_TYPES = frozenset(
    [
        "note",
        "abstract",
        "info",
        "tip",
        "success",
        "question",
        "warning",
        "failure",
        "danger",
        "bug",
        "example",
        "quote",
        "check",
        "summary",
        "important",
        "caution",
        "hint",
        "attention",
        "error",
        "agent",
    ]
)


def read(html: str) -> Rendered:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


def front_matter(text: str) -> Any:
    """The fields that must not change, and the names of those that may."""
    found = HEAD.match(text)
    if not found:
        return None
    try:
        values = yaml.safe_load(found[1])
    except yaml.YAMLError:
        return found[1]
    if not isinstance(values, dict):
        return values
    return {key: type(value).__name__ if key in FIELDS else value for key, value in values.items()}


def clean(original: str, page: str, ours: Rendered, theirs: Rendered) -> bool:
    """Whether only words differ."""
    return (
        ours.elements == theirs.elements and ours.code == theirs.code and front_matter(original) == front_matter(page)
    )


def unchanged(ours: Rendered, theirs: Rendered, name: str) -> tuple[int, int]:
    """How many words are still the original's, of how many."""
    before, after = ours.words[name], theirs.words[name]
    return (before & after).total(), before.total()

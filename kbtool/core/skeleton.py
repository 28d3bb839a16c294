"""What a rendered page is made of, apart from its text: blocks in order, and in each the inline elements.

A `Skeleton` leaves out what follows from text: alternative texts, tooltips, labels, abbreviations.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, field

_BLOCKS = """
address article aside audio blockquote body caption center col colgroup dd details dialog dir div dl dt fieldset
figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 header hgroup hr html iframe legend li link main math
menu nav noframes ol optgroup option p pre script section style summary table tbody td tfoot th thead tr ul video
"""
_VOID = "area base br col embed hr img input link meta param source track wbr"
#: Elements that readers see as blocks; everything else is inline and belongs to the block around it.
BLOCKS = frozenset(_BLOCKS.split())
VOID = frozenset(_VOID.split())
RAW = frozenset({"script", "style", "textarea", "title"})
#: Attributes that hold text for readers: that they are there counts, what they say does not.
SPOKEN = frozenset(
    {"alt", "title", "placeholder", "label", "summary", "data-title", "data-caption", "data-description"}
)
#: An abbreviation is marked wherever its letters stand, so it follows from the text.
FOLLOWS_TEXT = frozenset({"abbr"})

_LONGEST_PATH = 200  # else 100,000 elements inside one another would need gigabytes
_ENDINGS = {tag: re.compile(f"</{tag}", re.IGNORECASE) for tag in RAW}
_NAME = re.compile(r"/?[A-Za-z][^\s/>]*")
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
_DIRECTIVE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\*.*?\*\}|-+8<-+[^\n]*|^\s*:::+ *\w*|\[![A-Z]+\]", re.MULTILINE)
_PLACEHOLDER = re.compile(r"⟦/?\d+⟧")


@dataclass(slots=True)
class Block:
    """A block as rendered: where it stands, its attributes, and what is in its text, without order."""

    path: str  #: its tag and those around it: `div/ul/li`
    attributes: str
    items: list[str] = field(default_factory=list)  #: inline elements, code texts, directives …; sorted
    text: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return " ".join("".join(self.text).split())


def skeleton(page: str, *, spoken: bool = False) -> list[Block]:
    """The blocks of rendered HTML in order, first the page itself as a block without a path.

    With `spoken` it also says what attributes say to readers.
    """
    reader = _Reader(spoken)
    reader.read(page)
    for block in reader.blocks:
        block.items.sort()
    return reader.blocks


class _Reader:
    """One pass over the HTML; `open` holds the tags around the present place, with the block each one belongs to."""

    def __init__(self, spoken: bool) -> None:
        self.spoken = spoken
        self.blocks = [Block("", "")]
        self.open: list[tuple[str, Block]] = [("", self.blocks[0])]
        self.depth: Counter[str] = Counter()  # how many elements of each tag are open
        self.code: list[str] | None = None  # the text inside <code>, while in it

    def read(self, page: str) -> None:
        at = 0
        while True:
            start = page.find("<", at)
            if start < 0:
                self.say(page[at:])
                return
            if start > at:
                self.say(page[at:start])
            at = self.markup(page, start)

    def markup(self, page: str, start: int) -> int:
        """Take one tag or comment at `start`; gives the place after it."""
        if page.startswith("<!--", start):
            end = page.find("-->", start + 4)
            end = len(page) if end < 0 else end
            self.item(f"comment {page[start + 4 : end]}")
            return min(end + 3, len(page))
        name = _NAME.match(page, start + 1)
        if not name:
            end = page.find(">", start) if page.startswith(("<!", "<?"), start) else -1
            self.say("<") if end < 0 else self.item(f"markup {page[start:end]}")
            return start + 1 if end < 0 else end + 1
        at = name.end()
        if page[at : at + 1] == ">":
            attributes = ""
            at += 1
        else:
            attributes, at = _attributes(page, at, self.spoken)
        tag = name[0].lower()
        if tag[0] == "/":
            self.close(tag[1:])
        else:
            self.begin(tag, attributes)
            if tag in RAW:
                ending = _ENDINGS[tag].search(page, at)
                end = ending.start() if ending else len(page)
                self.item(f"{tag} text {page[at:end]}")
                return end
        return at

    def say(self, text: str) -> None:
        if self.code is not None:
            self.code.append(text)
            return
        block = self.open[-1][1]
        block.text.append(text)
        if "⟦" in text:
            block.items += [f"placeholder {found}" for found in _PLACEHOLDER.findall(text)]
        if "{" in text or "8<" in text or "::" in text or "[!" in text:
            block.items += [f"directive {' '.join(found.split())}" for found in _DIRECTIVE.findall(text)]

    def item(self, what: str) -> None:
        self.open[-1][1].items.append(what)

    def begin(self, tag: str, attributes: str) -> None:
        parent = self.open[-1][1]
        if tag in BLOCKS:
            block = Block(f"{parent.path[-_LONGEST_PATH:]}/{tag}" if parent.path else tag, attributes)
            self.blocks.append(block)
        else:
            block = parent
            if tag not in FOLLOWS_TEXT and (tag != "code" or attributes):
                block.items.append(f"{tag} {attributes}" if attributes else tag)
        if tag not in VOID:
            self.open.append((tag, block))
            self.depth[tag] += 1
            if tag == "code":
                self.code = []

    def close(self, tag: str) -> None:
        if tag == "code" and self.code is not None:
            text = html.unescape("".join(self.code))
            self.code = None
            self.item(f"code text {text}")
        if not self.depth[tag]:
            return
        while (popped := self.open.pop()[0]) != tag:
            self.depth[popped] -= 1
        self.depth[tag] -= 1


def _attributes(page: str, at: int, spoken: bool) -> tuple[str, int]:
    """The attributes from `at` to the end of the tag, in one order; what they say to readers only if `spoken`."""
    found: list[str] = []
    while match := _ATTRIBUTE.match(page, at):
        at = match.end()
        name = match[1].lower()
        value = match[match.lastindex] if match.lastindex and match.lastindex > 1 else ""
        if not spoken and (name in SPOKEN or name.startswith("aria-")):
            value = "…"
        elif name == "class" and " " in value:
            value = " ".join(sorted(value.split()))
        found.append(f'{name}="{html.unescape(value) if "&" in value else value}"')
    found.sort()
    end = page.find(">", at)
    return " ".join(found), len(page) if end < 0 else end + 1

"""Keeping translated words words: whatever Markdown, HTML or YAML would take for markup is escaped."""

from __future__ import annotations

import re

from kbtool.core.model import PLACEHOLDER, Kind, Segment

#: what may begin markup, and how it is written so that it does not
_MARKUP = re.compile(
    r"""[*`\[\]|⟦⟧] | \\(?=[!-/:-@\[-`{-~]|$) | (?<!\w)_ | _(?!\w) | <(?=[A-Za-z/!?]) | &(?=\#?\w{1,31};)
    | \{(?=[{%#*!:.=~+>-])
    | ~~ | \^\^ | == | \+\+(?=[\w"']) | :(?=[\w+-]{1,80}:) | \$""",
    re.VERBOSE,
)
_SUSPECT = re.compile(r"[*`\[\]|⟦⟧\\_<&{~^=+:$]")  # without one of these, nothing there is markup
_BACKSLASH = frozenset("*`[]_\\")
_BLOCK_START = re.compile(
    r"""(?P<number>\d{1,9})(?=[.)](?:\s|$)) | [-+*](?=\s|$) | \#{1,6} | > | \|(?=.) | :(?=\s|::) | !(?=!!) | \?(?=\?\?)
    | =(?==) | -(?=-) | /(?=//) | ;(?=-) | \{ | ~(?=~~) | \[(?=[^\]]*\]:) | \*(?=\[[^\]]*\]:)""",
    re.VERBOSE,
)


class Literal:
    """Writes the words of one segment; what its source has unescaped in its words is left as it is."""

    __slots__ = ("but", "known", "segment")

    def __init__(self, segment: Segment, *, but: str = "") -> None:
        self.segment = segment
        self.but = but  # escaped even where the source has it
        self.known: set[str] | None = None

    def write(self, text: str) -> str:
        if "\n" in text:
            text = " ".join(text.split("\n"))
        return _MARKUP.sub(self._one, text) if _SUSPECT.search(text) else text

    def _own(self) -> set[str]:
        if self.known is None:
            words = PLACEHOLDER.sub(" ", self.segment.text)
            self.known = {found[0][0] for found in _MARKUP.finditer(words)} - set(self.but)
        return self.known

    def _one(self, found: re.Match[str]) -> str:
        token = found[0]
        first = token[0]
        own = self._own()
        if first in own or (first == "|" and self.segment.kind is not Kind.CELL) or (first == "]" and "[" in own):
            return token
        if first in _BACKSLASH and self.segment.kind not in (Kind.HTML, Kind.CAPTION):
            return "\\" + token
        if first == "|":
            return "\\|"
        if first == "<":
            return "&lt;"
        if first == "&":
            return "&amp;"
        return f"&#{ord(first)};" + token[1:]


def line_start(words: str, segment: Segment, *, first: bool) -> str:
    """Words at the beginning of a line that do not look like a block, unless the source's own first line does."""
    bare = words.lstrip()
    found = _BLOCK_START.match(bare)
    if found is None:
        return bare
    own = _BLOCK_START.match(segment.raw) if first else None
    if own and own[0] == found[0]:
        return bare
    if found["number"]:
        return f"{found[0]}\\{bare[found.end() :]}"
    if bare[0] in "-+#>*[{" and segment.kind is not Kind.HTML:
        return "\\" + bare
    return f"&#{ord(bare[0])};{bare[1:]}"


def attribute(text: str, segment: Segment) -> str:
    """The text of an alternative text, a title or an expansion."""
    text = " ".join(text.split())
    for mark, entity in (("<", "&lt;"), (">", "&gt;")):
        if mark not in segment.raw:
            text = text.replace(mark, entity)
    if segment.key == "'":  # the text stands in these
        text = text.replace("'", "&#39;")
    elif segment.key == '"' or (segment.kind is not Kind.ALT and '"' not in segment.raw):
        text = text.replace('"', "&quot;")
    if segment.kind is Kind.ALT and not re.search(r"[\[\]]", segment.raw):
        text = text.replace("[", "&#91;").replace("]", "&#93;")
    return text


_NEEDS_QUOTES = re.compile(r"""^[\s&*!{}\[\]%@`|>'"#,?:-]|:(?:\s|$)|\s\#|\s$""")
_NOT_TEXT = re.compile(r"(?:true|false|yes|no|on|off|null|~|y|n|[-+]?[\d._:,eExX+-]+|\.inf|\.nan)$", re.IGNORECASE)


def meta(text: str, raw: str) -> str:
    """A front matter value in the style of the source's: plain, quoted, or a block below its key."""
    text = " ".join(text.split())
    if raw[0] in "|>" and "\n" in raw:
        return raw.split("\n", 1)[0] + "\n" + text
    if raw[0] == "'":
        return "'" + text.replace("'", "''") + "'"
    if raw[0] == '"' or _NEEDS_QUOTES.search(text) or _NOT_TEXT.match(text):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text

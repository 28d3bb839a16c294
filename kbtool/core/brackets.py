"""Brackets: which of them are links, images and footnotes, and where their targets end."""

from __future__ import annotations

import re
from dataclasses import replace

from kbtool.core.cutter import LABEL_SIZE, Cutter, Inner
from kbtool.core.model import Kind, Segment
from kbtool.core.plain import LETTER, plain
from kbtool.core.spans import Bracket, Close, Open, Span

LABEL = "label"  # the key of an alternative text that is also the label of a reference: `![text]`

_LINK_TEXT = re.compile(r"\[([^\\`*_\[\]<&{$:~^=+⟦⟧\n(@]+)\](?=\()")
_NEAR = re.compile(r"\([^\s()<{]{0,4000}+\)")
_NOTE = re.compile(r"\[\^[^\]\s]{1,200}\]|\[(?:TOC|\[_?TOC_?\])\]|\[@[\w.:;@ -]{1,200}\](?![(\[])")
_NOTE_STARTS = frozenset("^T[@")
_DESTINATION = re.compile(
    r"""\([ \t\n]*+
    (?:<[^<>\n]{0,2000}>
      |(?:\{\{[^}\n]{0,300}\}\}|\{%[^%\n]{0,300}%\}|[^\s()<]|\((?:[^\s()]|\([^\s()]{0,300}\)){0,500}+\)){0,4000}+)
    (?:[ \t\n]++(?:"(?P<double>.{0,1000}?)"|'(?P<single>.{0,1000}?)'))?
    [ \t\n]*\)
    | \([^()\n]{0,1000}\)
    """,
    re.VERBOSE | re.DOTALL,
)
_LABEL = re.compile(r"[ \n]?\[(?!\^)([^\[\]]{0,999})\]")


class BracketCutter(Cutter):
    """Pairs brackets to links and images as it goes."""

    def bracket(self, at: int) -> int:
        if self.raw[at + 1 : at + 2] in _NOTE_STARTS and (found := _NOTE.match(self.raw, at)):
            return self.single("footnote", at, found.end())
        begin = at - 1 if at > self.start and self.raw[at - 1] == "!" else at
        # Most brackets hold words and nothing else, and are links.
        if begin == at and (text := _LINK_TEXT.match(self.raw, at)) and "www." not in text[1]:
            after, inner = self.target(at + 1, text.end() - 1)
            if after:
                return self.link(at, text.end() - 1, after, inner)
        end = self.add(begin, at + 1, Bracket(self.raw[begin : at + 1], begin))
        self.brackets.append(len(self.out) - 1)
        return end

    def close(self, at: int) -> int:
        """A closing bracket: what it closes is a link or an image if a target follows, or if its label is known."""
        if not self.brackets:
            return at
        index = self.brackets.pop()
        opener = self.out[index]
        assert isinstance(opener, Bracket)
        start = opener.at + len(opener.raw)
        after, inner = self.target(start, at)
        if after == 0:
            return at
        after = self.attributes(after)
        if opener.raw == "![":
            alt = self.raw[start:at]
            if LETTER.search(alt):
                inner.insert(0, (start, self.alternative(alt, at)))
            del self.out[index:]
            self.out.append(Span("image", self.raw[opener.at : after], inner=inner))
            self.start = after
            return after
        span = Span("link", "[", self.raw[at:after], inner)
        self.out[index] = Open(span)
        return self.add(at, after, Close(span))

    def link(self, at: int, close: int, after: int, inner: Inner) -> int:
        """A link whose brackets stand at `at` and `close`, with nothing special between them."""
        after = self.attributes(after)
        span = Span("link", "[", self.raw[close:after], inner)
        self.add(at, at + 1, Open(span))
        return self.add(close, after, Close(span))

    # ---------------------------------------------------------------- targets of links and images

    def alternative(self, alt: str, at: int) -> Segment:
        """An image's alternative text; where it is also the label of the image's target, `key` says so."""
        if self.raw.startswith("(", at + 1) and _DESTINATION.match(self.raw, at + 1):
            return plain(Kind.ALT, alt, self.line)
        if self.raw.startswith("[]", at + 1):
            return replace(plain(Kind.ALT, alt, self.line, LABEL), raw=f"{alt}][")
        label = _LABEL.match(self.raw, at + 1)
        if label and label[1] and (label[0][0] == "[" or self.grammar.knows(label[1])):
            return plain(Kind.ALT, alt, self.line)
        return plain(Kind.ALT, alt, self.line, LABEL)

    def target(self, start: int, at: int) -> tuple[int, Inner]:
        """Where the target of a link whose text is start…at ends (0: no link), and the title in it."""
        raw = self.raw
        if near := _NEAR.match(raw, at + 1):
            return near.end(), []
        if raw.startswith("(", at + 1) and (found := _DESTINATION.match(raw, at + 1)):
            name = "double" if found["double"] else "single"
            title = found[name]
            if title and LETTER.search(title):
                quote = "'" if name == "single" else ""
                return found.end(), [(found.start(name), plain(Kind.TOOLTIP, title, self.line, quote))]
            return found.end(), []
        label, known = _LABEL.match(raw, at + 1), self.known(start, at)
        if label:
            full = bool(label[1]) and (self.grammar.knows(label[1]) or (not known and label[0][0] == "["))
            if full or (known and not label[1]):
                return label.end(), []
        return (at + 1, []) if known else (0, [])

    def known(self, start: int, at: int) -> bool:
        """Whether the text of a link is a label; with code in it, Python-Markdown finds none."""
        if at - start > LABEL_SIZE:
            return False
        label = self.raw[start:at]
        if "`" in label:
            return label[0] == label[-1] == "`" and self.raw.startswith("[]", at + 1)
        return self.grammar.knows(label)

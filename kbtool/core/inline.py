"""Prose and its markup: a paragraph's Markdown becomes text with numbered placeholders, and slots.

Three walks over one paragraph, each linear: `_Cutter` cuts it and pairs brackets to links, `spans.pair` pairs emphasis
and HTML tags, `spans.number` writes the masked text. Whatever looks like markup in one of the dialects that help
centres use is masked: a placeholder too many costs nothing, one too few breaks a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from kbtool.core import html
from kbtool.core.model import Kind, Segment
from kbtool.core.plain import LETTER, plain
from kbtool.core.spans import Bracket, Close, Masked, Node, Open, Run, Span, Tag, number, pair

LABEL = "label"  # the key of an alternative text that is also the label of a reference: `![text]`

# Alternatives that each begin with a plain character: for such a pattern `re` has a table of where it can begin.
_HOT = re.compile(r"\\|`|\*|_|\[|\]|<|&|\{|\$|~|\^|\+|⟦|⟧|\n|=(?==)|\((?=\d)|:(?=[\w+-]{1,80}+:)")
_LINK_TEXT = re.compile(r"\[([^\\`*_\[\]<&{$:~^=+⟦⟧\n(@]+)\](?=\()")
_NEAR = re.compile(r"\([^\s()<{]{0,4000}+\)")
_WEB_ADDRESS = re.compile(r"https?://[!-;=?-_a-~]+|ftp://[!-;=?-_a-~]+")
_SIGN = re.compile(r"@(?<=[A-Za-z0-9._%+-]@)")
_ADDRESS = re.compile(
    r"""(?:https?|ftp)://[!-;=?-_a-~]+ | (?<!\w)www\.[A-Za-z0-9-]+\.[!-;=?-_a-~]+
    | (?<![\w.+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+""",
    re.VERBOSE,
)
_ADDRESS_END = ".,;:!?'\"*_~)`]|"
_MATH = re.compile(
    r"""\\\((?:[^\\\n]|\\(?!\))){1,300}+\\\) | \\\[(?:[^\\]|\\(?!\])){1,300}+\\\]
    | (?<![\\\w$])\$(?![\s$])(?:[^$\\\n]|\\.){1,300}+(?<!\s)\$(?![\d\w$]) | \$\$(?:[^$\\]|\\.){1,300}+\$\$""",
    re.VERBOSE,
)
_CODE = re.compile(r"`[^`]++`(?!`)")
_ESCAPE = re.compile(r"\\[!-/:-@\[-`{-~]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_NOTE = re.compile(r"\[\^[^\]\s]{1,200}\]|\[(?:TOC|\[_?TOC_?\])\]|\[@[\w.:;@ -]{1,200}\](?![(\[])")
_NOTE_STARTS = frozenset("^T[@")
_ICON = re.compile(r":(?=[\w+-]*[A-Za-z+-])[\w+-]{1,80}:")
_KEY = r"""(?:[\w-]+|"[^"\n]{1,40}"|'[^'\n]{1,40}')"""
_KEYS = re.compile(rf"\+\+{_KEY}(?:\+{_KEY}){{0,8}}\+\+")
_ANNOTATION = re.compile(r"\(\d{1,2}\)!?(?:\{[^{}\n]{1,80}\})?")
_MARKS = re.compile(r"\*+|_+|~+|\^+|==+")
_LITERAL = re.compile(r"⟦/?\d*⟧|[⟦⟧]")
_ATTRIBUTES = re.compile(r"\{:?[ ]*(?:[#.][^\s{}]|[\w:-]+=|[^\s{}\w:])[^{}\n]*\}|\{:[^{}\n]*\}|\{[ ]*[\w-]+[ ]*\}")
_MACROS = (
    ("{{%", "%}}"), ("{{<", ">}}"), ("{{", "}}"), ("{%", "%}"), ("{*", "*}"), ("{!", "!}"),
    ("{/*", "*/}"), ("{#", "#}"),
)  # fmt: skip
_RAW_MACRO = re.compile(r"\{%-?[ ]*(raw|verbatim|comment|highlight)\b")
_CRITIC = re.compile(r"\{(?:\+\+|--|~~|==|>>)")
_VARIABLE = re.compile(r"\{[\w.$-]{1,80}\}")
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
_LABEL_SIZE = 999  # CommonMark's limit; without one, nested brackets cost their square

_Inner = list[tuple[int, Segment]]


@dataclass(frozen=True, slots=True)
class Grammar:
    """What a page defines for its own prose: the labels of its link references, and its abbreviations."""

    labels: frozenset[str] = frozenset()
    abbreviations: re.Pattern[str] | None = None

    def mask(self, raw: str, line: int = 0) -> Masked:
        """The masked text of a piece of prose, and the slots its placeholders stand for."""
        if self.abbreviations is None and not _HOT.search(raw) and not _may_hold_address(raw):
            return Masked(raw, ())
        cutter = _Cutter(raw, self, line)
        nodes = cutter.nodes()
        if cutter.pairs:
            pair(nodes, raw)
        return number(nodes)

    def knows(self, label: str) -> bool:
        return len(label) <= _LABEL_SIZE and normal_label(label) in self.labels


def normal_label(label: str) -> str:
    """A reference label as Python-Markdown compares it."""
    return " ".join(label.split()).lower()


def _may_hold_address(raw: str) -> bool:
    return "://" in raw or "www." in raw or bool("@" in raw and _SIGN.search(raw))


def _addresses(raw: str) -> list[re.Match[str]]:
    """The addresses in a paragraph from the last to the first; where one begins is dear to find out, so ask first."""
    if "www." in raw or ("@" in raw and _SIGN.search(raw)):
        found = list(_ADDRESS.finditer(raw))
    elif "://" in raw:
        found = list(_WEB_ADDRESS.finditer(raw))
    else:
        return []
    found.reverse()
    return found


class _Cutter:
    """The first walk: what is special and what is not, with brackets paired to links and images."""

    __slots__ = ("brackets", "grammar", "line", "missing", "out", "pairs", "raw", "start", "ticks")

    def __init__(self, raw: str, grammar: Grammar, line: int) -> None:
        self.raw = raw
        self.grammar = grammar
        self.line = line
        self.out: list[Node] = []
        self.start = 0  # of the words that are not in `out` yet
        self.brackets: list[int] = []
        self.missing: set[str] = set()  # closers known not to follow, so that each is looked for once
        self.ticks: dict[int, list[int]] | None = None
        self.pairs = False  # whether there is anything yet that may find a partner

    def nodes(self) -> list[Node]:
        raw = self.raw
        addresses = _addresses(raw)
        position = 0
        while found := _HOT.search(raw, position):
            at = found.start()
            while addresses and addresses[-1].start() < position:
                addresses.pop()
            if addresses and addresses[-1].start() < at:
                position = self.address(addresses.pop())
                continue
            after = _TAKE[found[0]](self, at)
            position = after if after > at else at + 1
        for address in reversed(addresses):
            if address.start() >= position:
                self.address(address)
        self.words(len(raw))
        return self.out

    def words(self, end: int) -> None:
        """Put what stands before `end`, and is nothing special, into the nodes."""
        if self.start >= end:
            return
        text = self.raw[self.start : end]
        self.start = end
        pattern = self.grammar.abbreviations
        if pattern is None:
            self.out.append(text)
            return
        last = 0
        for found in pattern.finditer(text):
            self.out.append(text[last : found.start()])
            self.out.append(Span("abbreviation", found[0]))
            last = found.end()
        self.out.append(text[last:])

    def add(self, at: int, end: int, node: Node) -> int:
        """Put a node that stands from `at` to `end` into the nodes."""
        if self.start < at:
            self.words(at)
        self.out.append(node)
        self.start = end
        return end

    def single(self, name: str, at: int, end: int, inner: _Inner | None = None) -> int:
        """A slot from `at` to `end`, with the attribute list that may follow."""
        end = self.attributes(end)
        return self.add(at, end, Span(name, self.raw[at:end], inner=inner or []))

    def attributes(self, end: int) -> int:
        found = _ATTRIBUTES.match(self.raw, end) if self.raw.startswith("{", end) else None
        return found.end() if found else end

    def find(self, closer: str, start: int) -> int:
        """The position after the next `closer`, 0 if there is none."""
        if closer in self.missing:
            return 0
        end = self.raw.find(closer, start)
        if end < 0:
            self.missing.add(closer)
            return 0
        return end + len(closer)

    # ---------------------------------------------------------------- one method for each special character

    def newline(self, at: int) -> int:
        """A line break: a space to the reader, unless two spaces before it make it hard."""
        raw, begin, end = self.raw, at, at + 1
        while begin > self.start and raw[begin - 1] in " \t":
            begin -= 1
        while end < len(raw) and raw[end] in " \t":
            end += 1
        if at - begin >= 2 and raw[at - 2 : at] == "  ":
            return self.add(begin, end, Span("break", raw[begin:end]))
        return self.add(begin, end, " ")

    def backslash(self, at: int) -> int:
        if self.raw.startswith("\\\n", at):
            return self.add(at, at + 2, Span("break", "\\\n"))
        if found := _MATH.match(self.raw, at):
            return self.single("math", at, found.end())
        return self.pattern("escape", _ESCAPE, at)

    def pattern(self, name: str, pattern: re.Pattern[str], at: int) -> int:
        found = pattern.match(self.raw, at)
        return self.single(name, at, found.end()) if found else at

    def code(self, at: int) -> int:
        raw = self.raw
        if simple := _CODE.match(raw, at):
            return self.single("code", at, simple.end())
        after = at + 1
        while raw.startswith("`", after):
            after += 1
        if self.ticks is None:
            self.ticks = {}
            for run in reversed(list(re.finditer("`+", raw))):
                self.ticks.setdefault(run.end() - run.start(), []).append(run.start())
        size = after - at
        places = self.ticks.get(size, [])
        while places and places[-1] < after:
            places.pop()
        return self.single("code", at, places[-1] + size) if places else after

    def marks(self, at: int) -> int:
        raw, found = self.raw, _MARKS.match(self.raw, at)
        if found is None:
            return at
        end = found.end()
        mark, count = raw[at], end - at
        if (mark in "~^=" and count > 2) or count > 3:
            return end
        before = raw[at - 1] if at else " "
        after = raw[end] if end < len(raw) else " "
        can_open, can_close = not after.isspace(), not before.isspace()
        if mark == "_":
            can_open, can_close = can_open and not before.isalnum(), can_close and not after.isalnum()
        if not (can_open or can_close):
            return end
        run = Run(mark, count, at, can_open, can_close)
        rest = self.attributes(end) if can_close else end
        run.attributes = raw[end:rest]
        self.pairs = True
        return self.add(at, rest, run)

    def address(self, found: re.Match[str]) -> int:
        at, address = found.start(), found[0].rstrip(_ADDRESS_END)
        if found[0][len(address) : len(address) + 1] == ")" and address.count("(") > address.count(")"):
            address += ")"
        return self.add(at, at + len(address), Span("url", address))

    def curly(self, at: int) -> int:
        raw = self.raw
        for opener, closer in _MACROS:
            if raw.startswith(opener, at):
                end = self.find(closer, at + len(opener))
                if end:
                    return self.single("macro", at, self.raw_macro(at, end))
        found = _CRITIC.match(raw, at) or _ATTRIBUTES.match(raw, at) or _VARIABLE.match(raw, at)
        return self.add(at, found.end(), Span("attributes", found[0])) if found else at

    def raw_macro(self, at: int, end: int) -> int:
        """The end of `{% raw %}…{% endraw %}`, where the macro that ends at `end` begins such a pair."""
        found = _RAW_MACRO.match(self.raw, at, end)
        return (found and self.find(f"{{% end{found[1]} %}}", end)) or end

    def tag(self, at: int) -> int:
        raw = self.raw
        for opener, closer in (("<!--", "-->"), ("<?", "?>")):
            if raw.startswith(opener, at):
                end = self.find(closer, at + len(opener))
                return self.single("comment", at, end) if end else at
        if link := html.AUTOLINK.match(raw, at):
            return self.single("url", at, link.end())
        found = html.TAG.match(raw, at)
        if found is None:
            return at
        name = found["name"].lower()
        inner = [(at + start, segment) for start, segment in html.attribute_segments(found, self.line)]
        if name in html.OPAQUE and not found["slash"]:
            end = self.find(f"</{found['name']}>", found.end())
            if end:
                return self.single("html", at, end, inner)
        span = Span("html", found[0], inner=inner)
        if name in html.VOID or found["end"] == "/":
            return self.add(at, found.end(), span)
        self.pairs = True
        return self.add(at, found.end(), Tag(name, span, bool(found["slash"])))

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

    def link(self, at: int, close: int, after: int, inner: _Inner) -> int:
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

    def target(self, start: int, at: int) -> tuple[int, _Inner]:
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
        if at - start > _LABEL_SIZE:
            return False
        label = self.raw[start:at]
        if "`" in label:
            return label[0] == label[-1] == "`" and self.raw.startswith("[]", at + 1)
        return self.grammar.knows(label)


_C = _Cutter
_TAKE: dict[str, Callable[[_Cutter, int], int]] = {
    "\n": _C.newline,
    "\\": _C.backslash,
    "`": _C.code,
    "*": _C.marks,
    "_": _C.marks,
    "~": _C.marks,
    "^": _C.marks,
    "=": _C.marks,
    "{": _C.curly,
    "<": _C.tag,
    "[": _C.bracket,
    "]": _C.close,
    "&": lambda cutter, at: cutter.pattern("entity", _ENTITY, at),
    "$": lambda cutter, at: cutter.pattern("math", _MATH, at),
    ":": lambda cutter, at: cutter.pattern("icon", _ICON, at),
    "+": lambda cutter, at: cutter.pattern("keys", _KEYS, at),
    "(": lambda cutter, at: cutter.pattern("annotation", _ANNOTATION, at),
    "⟦": lambda cutter, at: cutter.pattern("literal", _LITERAL, at),
    "⟧": lambda cutter, at: cutter.pattern("literal", _LITERAL, at),
}

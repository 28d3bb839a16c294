"""Prose and its markup: a paragraph's Markdown becomes text with numbered placeholders, and slots.

Three walks over one paragraph, each linear: `_tokens` cuts it and pairs brackets, `_pair` pairs emphasis and HTML
tags inside them, `_number` writes the masked text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from kbtool.core import html
from kbtool.core.model import Kind, Segment, Slot

LETTER = re.compile(r"[^\W\d_]")
_PLAIN = re.compile(r"[\\`*_\[\]<&{$:~^=+⟦⟧\n(@]|://|www\.|  +$")
_TOKEN = re.compile(
    r"""
      (?P<hard>[ ]{2,}\n[ \t]*|\\\n[ \t]*)
    | (?P<soft>[ \t]*\n[ \t]*)
    | (?P<math>\\\((?:[^\\\n]|\\(?!\))){1,600}+\\\) | \\\[(?:[^\\]|\\(?!\])){1,600}+\\\]
        | (?<![\\\w$])\$(?![\s$])(?:[^$\\\n]|\\.){1,400}+(?<!\s)\$(?![\d\w$]) | \$\$(?:[^$\\]|\\.){1,600}+\$\$)
    | (?P<escape>\\[!-/:-@\[-`{-~])
    | (?P<code>`+)
    | (?P<curly>\{)
    | (?P<tag><(?=[A-Za-z/!?]))
    | (?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)
    | (?P<note>\[\^[^\]\s]{1,200}\]|\[(?:TOC|\[_?TOC_?\])\]|\[@[\w.:;@ -]{1,200}\])
    | (?P<bracket>!?\[)
    | (?P<close>\])
    | (?P<url>(?:https?|ftp)://[!-;=?-_a-~]+|www\.[A-Za-z0-9-]+\.[!-;=?-_a-~]+)
    | (?P<mail>(?<![\w.+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+)
    | (?P<icon>:(?=[\w+-]*[A-Za-z+-])[\w+-]{1,80}:)
    | (?P<keys>\+\+(?:[\w-]+|"[^"\n]{1,40}"|'[^'\n]{1,40}')(?:\+(?:[\w-]+|"[^"\n]{1,40}"|'[^'\n]{1,40}')){0,8}\+\+)
    | (?P<annotation>\(\d{1,2}\)!?(?:\{[^{}\n]{1,80}\})?)
    | (?P<delim>\*+|_+|~+|\^+|==)
    | (?P<literal>[⟦⟧]+)
    """,
    re.VERBOSE,
)
_FENCED_URL = ".,;:!?'\"*_~)"
_ATTRIBUTES = re.compile(r"\{:?[ ]*(?:[#.][^\s{}]|[\w:-]+=|[^\s{}\w:])[^{}\n]*\}|\{:[^{}\n]*\}|\{[ ]*[\w-]+[ ]*\}")
_MACRO_ENDS = (
    ("{{%", "%}}"), ("{{<", ">}}"), ("{{", "}}"), ("{%", "%}"), ("{*", "*}"), ("{!", "!}"), ("{/*", "*/}"), ("{#", "#}"),
)  # fmt: skip
_RAW_MACRO = re.compile(r"\{%-?[ ]*(raw|verbatim|comment|highlight)\b")
_CRITIC = re.compile(r"\{(?:\+\+|--|~~|==|>>)")
_VARIABLE = re.compile(r"\{[\w.$-]{1,80}\}")
_DESTINATION = re.compile(
    r"""\([ \t\n]*+
    (?:<[^<>\n]{0,2000}>|(?:\{\{[^}\n]{0,300}\}\}|\{%[^%\n]{0,300}%\}|[^\s()<]|\((?:[^\s()]|\([^\s()]{0,300}\)){0,500}+\)){0,4000}+)
    (?:[ \t\n]++(?:"(?P<double>.{0,1000}?)"|'(?P<single>.{0,1000}?)'))?
    [ \t\n]*\)
    | \([^()\n]{0,1000}\)
    """,
    re.VERBOSE | re.DOTALL,
)
_LABEL = re.compile(r"[ ]?\[(?!\^)([^\[\]]{0,999})\]")
_LABEL_SIZE = 999  # CommonMark's limit; without one, nested brackets cost their square
_LOOK_BACK = 64  # as many unclosed emphasis marks are remembered; real prose has a handful
_WHITE = re.compile(r"\s")
LABEL = "label"  # the key of an alternative text that is also the label of a reference: `![text]`

Names = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Masked:
    """A masked paragraph: what a segment needs, and where in the raw text its inner segments begin."""

    text: str
    slots: tuple[Slot, ...]
    inner: tuple[tuple[int, Segment], ...] = ()


@dataclass(slots=True)
class _Span:
    """A slot in the making."""

    name: str
    open: str
    close: str | None = None
    inner: list[tuple[int, Segment]] = field(default_factory=list)
    number: int = 0


@dataclass(slots=True)
class _Open:
    span: _Span


@dataclass(slots=True)
class _Close:
    span: _Span


@dataclass(slots=True)
class _Tag:
    """An HTML tag that may pair with another."""

    name: str
    span: _Span
    closing: bool


@dataclass(slots=True)
class _Run:
    """A run of emphasis marks: it closes some spans, leaves marks that stand for themselves, and opens others."""

    mark: str
    count: int
    at: int
    can_open: bool
    can_close: bool
    attributes: str = ""
    closes: list[_Span] = field(default_factory=list)
    opens: list[_Span] = field(default_factory=list)


@dataclass(slots=True)
class _Bracket:
    """An opening bracket; until it is closed by a link it stands for itself."""

    raw: str
    at: int


_Node = str | _Span | _Open | _Close | _Tag | _Run | _Bracket


@dataclass(frozen=True, slots=True)
class Grammar:
    """What a page defines for its own prose: the labels of its link references, and its abbreviations."""

    labels: frozenset[str] = frozenset()
    abbreviations: re.Pattern[str] | None = None

    def mask(self, raw: str, *, line: int = 0) -> Masked:
        """The masked text of a piece of prose and the slots its placeholders stand for."""
        if not _PLAIN.search(raw) and not self.abbreviations:
            return Masked(raw, ())
        nodes = _Cutter(raw, self, line).nodes()
        _pair(nodes, raw)
        return _number(nodes)

    def knows(self, label: str) -> bool:
        return len(label) <= _LABEL_SIZE and normal_label(label) in self.labels


def normal_label(label: str) -> str:
    """A reference label as Python-Markdown compares it."""
    return " ".join(label.split()).lower()


class _Cutter:
    """The first walk: tokens, with brackets paired to links and images."""

    def __init__(self, raw: str, grammar: Grammar, line: int) -> None:
        self.raw = raw
        self.grammar = grammar
        self.line = line
        self.out: list[_Node] = []
        self.brackets: list[int] = []
        self.missing: set[str] = set()  # closers known not to follow, so that each is looked for once
        self.ticks: dict[int, list[int]] | None = None

    def nodes(self) -> list[_Node]:
        raw, out, pos, size = self.raw, self.out, 0, len(self.raw)
        search = _TOKEN.search
        while pos < size:
            found = search(raw, pos)
            if found is None:
                self.literal(raw[pos:])
                break
            at = found.start()
            if at > pos:
                self.literal(raw[pos:at])
            group = found.lastgroup or ""
            pos = self.take(group, found, at)
            if pos <= at:  # nothing special after all
                pos = at + 1 if group in ("curly", "tag") else found.end()
                out.append(raw[at:pos])
        return out

    def literal(self, text: str) -> None:
        pattern = self.grammar.abbreviations
        if pattern is None:
            self.out.append(text)
            return
        last = 0
        for found in pattern.finditer(text):
            self.out.append(text[last : found.start()])
            self.out.append(_Span("abbreviation", found[0]))
            last = found.end()
        self.out.append(text[last:])

    def take(self, group: str, found: re.Match[str], at: int) -> int:
        """Append what stands at `at`; the position after it, or `at` if it is nothing special."""
        match group:
            case "soft":
                self.out.append(" ")
                return found.end()
            case "code":
                return self.code(found, at)
            case "delim":
                return self.delim(found, at)
            case "bracket":
                self.brackets.append(len(self.out))
                self.out.append(_Bracket(found[0], at))
                return found.end()
            case "close":
                return self.close(at)
            case "tag":
                return self.tag(at)
            case "curly":
                return self.curly(at)
            case "url":
                return self.url(found, at)
            case "hard":
                self.out.append(_Span("break", found[0]))
                return found.end()
            case _:
                return self.single(group, at, found.end())

    def single(self, name: str, at: int, end: int, inner: list[tuple[int, Segment]] | None = None) -> int:
        """A slot from `at` to `end`, and the attribute list that may follow it."""
        end = self.attributes(end)
        self.out.append(_Span(name, self.raw[at:end], inner=inner or []))
        return end

    def attributes(self, end: int) -> int:
        if self.raw.startswith("{", end):
            found = _ATTRIBUTES.match(self.raw, end)
            if found:
                return found.end()
        return end

    def code(self, found: re.Match[str], at: int) -> int:
        size = found.end() - at
        if self.ticks is None:
            self.ticks = {}
            for run in reversed(list(re.finditer("`+", self.raw))):
                self.ticks.setdefault(run.end() - run.start(), []).append(run.start())
        places = self.ticks.get(size, [])
        while places and places[-1] < found.end():
            places.pop()
        return self.single("code", at, places[-1] + size) if places else at

    def delim(self, found: re.Match[str], at: int) -> int:
        run, end = found[0], found.end()
        mark, count = run[0], len(run)
        if (mark in "~^" and count > 2) or count > 3:
            return at
        before = self.raw[at - 1] if at else " "
        after = self.raw[end] if end < len(self.raw) else " "
        can_open, can_close = not after.isspace(), not before.isspace()
        if mark == "_":
            can_open, can_close = can_open and not before.isalnum(), can_close and not after.isalnum()
        node = _Run(mark, count, at, can_open, can_close)
        if can_close:
            rest = self.attributes(end)
            node.attributes = self.raw[end:rest]
            end = rest
        self.out.append(node)
        return end

    def url(self, found: re.Match[str], at: int) -> int:
        address = found[0].rstrip(_FENCED_URL)
        closed = found[0][len(address) : len(address) + 1]
        if closed == ")" and address.count("(") > address.count(")"):
            address += ")"
        self.out.append(_Span("url", address))
        return at + len(address)

    def curly(self, at: int) -> int:
        raw = self.raw
        for opener, closer in _MACRO_ENDS:
            if raw.startswith(opener, at):
                end = self.find(closer, at + len(opener))
                if end > 0:
                    return self.single("macro", at, self.raw_macro(at, end))
        found = _CRITIC.match(raw, at) or _ATTRIBUTES.match(raw, at) or _VARIABLE.match(raw, at)
        if found is None:
            return at
        self.out.append(_Span("attributes", found[0]))
        return found.end()

    def raw_macro(self, at: int, end: int) -> int:
        """The end of `{% raw %}…{% endraw %}`, where the macro that ends at `end` begins such a pair."""
        found = _RAW_MACRO.match(self.raw, at, end)
        return (found and self.find(f"{{% end{found[1]} %}}", end)) or end

    def find(self, closer: str, start: int) -> int:
        """The position after the next `closer`, 0 if there is none."""
        if closer in self.missing:
            return 0
        end = self.raw.find(closer, start)
        if end < 0:
            self.missing.add(closer)
            return 0
        return end + len(closer)

    def tag(self, at: int) -> int:
        raw = self.raw
        if raw.startswith("<!--", at):
            end = self.find("-->", at + 4)
            return self.single("comment", at, end) if end else at
        if raw.startswith("<?", at):
            end = self.find("?>", at + 2)
            return self.single("comment", at, end) if end else at
        link = html.AUTOLINK.match(raw, at)
        if link:
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
        span = _Span("html", found[0], inner=inner)
        if name in html.VOID or found["end"] == "/":
            self.out.append(span)
        else:
            self.out.append(_Tag(name, span, bool(found["slash"])))
        return found.end()

    def close(self, at: int) -> int:
        """A closing bracket: what it closes is a link or an image if a target follows, or if its label is known."""
        if not self.brackets:
            return at
        index = self.brackets.pop()
        opener = self.out[index]
        assert isinstance(opener, _Bracket)
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
            self.out.append(_Span("image", self.raw[opener.at : after], inner=inner))
            return after
        span = _Span("link", "[", self.raw[at:after], inner)
        self.out[index] = _Open(span)
        self.out.append(_Close(span))
        return after

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

    def target(self, start: int, at: int) -> tuple[int, list[tuple[int, Segment]]]:
        """Where the target of a link whose text is start…at ends (0: no link), and the title in it."""
        raw = self.raw
        if raw.startswith("(", at + 1):
            found = _DESTINATION.match(raw, at + 1)
            if found:
                title = "double" if found["double"] else "single"
                text = found[title]
                if text and LETTER.search(text):
                    return found.end(), [(found.start(title), plain(Kind.TOOLTIP, text, self.line))]
                return found.end(), []
        found = _LABEL.match(raw, at + 1)
        known = self.known(start, at)
        if found and (self.grammar.knows(found[1]) or (known and not found[1]) or (found[0][0] == "[" and not known and found[1])):
            return found.end(), []
        return (at + 1, []) if known else (0, [])

    def known(self, start: int, at: int) -> bool:
        """Whether the text of a link is a label; with code in it, Python-Markdown finds none."""
        if "`" in self.raw[start : min(at, start + _LABEL_SIZE)]:
            return self.raw[start] == self.raw[at - 1] == "`" and self.raw.startswith("[]", at + 1)
        return at - start <= _LABEL_SIZE and self.grammar.knows(self.raw[start:at])


_ATTRIBUTE_TOKEN = re.compile(r"\{\{.{0,300}?\}\}|\{%.{0,300}?%\}|`[^`]{1,300}`|:(?=[\w+-]*[A-Za-z+-])[\w+-]{1,80}:|&(?:#\d{1,7}|[A-Za-z]\w{1,31});|\\[!-/:-@\[-`{-~]|[⟦⟧]+")


def plain(kind: Kind, raw: str, line: int = 0, key: str = "") -> Segment:
    """A segment that stands in an attribute: only macros, code, entities and escapes are masked."""
    slots: list[Slot] = []

    def hide(found: re.Match[str]) -> str:
        slots.append(Slot("literal", found[0]))
        return f"⟦{len(slots)}⟧"

    text = " ".join(_ATTRIBUTE_TOKEN.sub(hide, raw).split("\n")) if "\n" in raw else _ATTRIBUTE_TOKEN.sub(hide, raw)
    return Segment(kind, text, raw, tuple(slots), line, key)


@dataclass(slots=True)
class _Level:
    """What may not be crossed: the inside of a link or of an HTML element."""

    tag: _Tag | None = None
    place: int = 0
    runs: list[_Run] = field(default_factory=list)


def _pair(nodes: list[_Node], raw: str) -> None:
    """The second walk: tags to elements, marks to emphasis; whatever finds no partner stands for itself."""
    levels = [_Level()]
    for place, node in enumerate(nodes):
        match node:
            case _Open():
                levels.append(_Level())
            case _Close():
                while levels.pop().tag:
                    pass
            case _Tag(closing=False) if len(levels) < _LOOK_BACK:
                levels.append(_Level(node, place))
            case _Tag(closing=True):
                _close_tag(nodes, place, node, levels)
            case _Run():
                if not (node.can_close and _close_run(node, levels[-1].runs, raw)) and node.can_open:
                    levels[-1].runs.append(node)
            case _:
                pass


def _close_tag(nodes: list[_Node], place: int, node: _Tag, levels: list[_Level]) -> None:
    for depth in range(len(levels) - 1, 0, -1):
        tag = levels[depth].tag
        if tag is None:
            return
        if tag.name == node.name:
            tag.span.close = node.span.open
            nodes[levels[depth].place] = _Open(tag.span)
            nodes[place] = _Close(tag.span)
            del levels[depth:]
            return


_NAMES = {"*1": "emphasis", "_1": "emphasis", "*2": "strong", "_2": "strong", "~1": "sub", "~2": "del", "^1": "sup", "^2": "ins", "=2": "mark"}  # fmt: skip


def _close_run(run: _Run, open_runs: list[_Run], raw: str) -> bool:
    """Close what the run can close; whether nothing of it is left."""
    index = len(open_runs) - 1
    bottom = max(-1, index - _LOOK_BACK)
    while index > bottom and run.count:
        opener = open_runs[index]
        if opener.mark != run.mark or not _fit(opener, run, raw):
            index -= 1
            continue
        used = min(opener.count, run.count, 2)
        span = _Span(_NAMES[f"{run.mark}{used}"], run.mark * used, run.mark * used)
        opener.opens.insert(0, span)
        run.closes.append(span)
        opener.count -= used
        run.count -= used
        del open_runs[index + (opener.count > 0) :]
        if not opener.count:
            index -= 1
    if not run.count and run.attributes:
        last = run.closes[-1]
        last.close = (last.close or "") + run.attributes
        run.attributes = ""
    return not run.count


def _fit(opener: _Run, run: _Run, raw: str) -> bool:
    if run.mark in "~^=":
        if opener.count != run.count:
            return False
        return run.count == 2 or not _WHITE.search(raw, opener.at, run.at)
    total = opener.count + run.count
    both = (opener.can_close or run.can_open) and total % 3 == 0
    return not (both and (opener.count % 3 or run.count % 3))


def _number(nodes: list[_Node]) -> Masked:
    """The third walk: masked text, and slots in the order in which their placeholders appear."""
    parts: list[str] = []
    slots: list[_Span] = []

    def begin(span: _Span) -> None:
        slots.append(span)
        span.number = len(slots)
        parts.append(f"⟦{span.number}⟧")

    for node in nodes:
        match node:
            case str():
                parts.append(node)
            case _Span() | _Open(span=_):
                begin(node if isinstance(node, _Span) else node.span)
            case _Close():
                parts.append(f"⟦/{node.span.number}⟧")
            case _Tag():
                begin(node.span)
            case _Bracket():
                parts.append(node.raw)
            case _Run():
                parts.extend(f"⟦/{span.number}⟧" for span in node.closes)
                parts.append(node.mark * node.count)
                for span in node.opens:
                    begin(span)
                if node.attributes:
                    begin(_Span("attributes", node.attributes))
    inner = tuple(pair for span in slots for pair in span.inner)
    made = tuple(Slot(s.name, s.open, s.close, tuple(segment for _, segment in s.inner)) for s in slots)
    return Masked("".join(parts), made, inner)

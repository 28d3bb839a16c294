"""Prose and its markup: a paragraph's Markdown becomes text with numbered placeholders, and slots.

Three walks over one paragraph, each linear: `_Cutter` cuts it and pairs brackets to links, `spans.pair` pairs emphasis
and HTML tags, `spans.number` writes the masked text. Whatever looks like markup in one of the dialects that help
centres use is masked: a placeholder too many costs nothing, one too few breaks a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kbtool.core import html
from kbtool.core.brackets import BracketCutter
from kbtool.core.cutter import ATTRIBUTES, Grammar
from kbtool.core.spans import Masked, Node, Run, Span, Tag, number, pair

# Alternatives that each begin with a plain character: for such a pattern `re` has a table of where it can begin.
_HOT = re.compile(r"\\|`|\*|_|\[|\]|<|&|\{|\$|~|\^|\+|⟦|⟧|\n|=(?==)|\((?=\d)|:(?=[\w+-]{1,80}+:)")
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
_ICON = re.compile(r":(?=[\w+-]*[A-Za-z+-])[\w+-]{1,80}:")
_KEY = r"""(?:[\w-]+|"[^"\n]{1,40}"|'[^'\n]{1,40}')"""
_KEYS = re.compile(rf"\+\+{_KEY}(?:\+{_KEY}){{0,8}}\+\+")
_ANNOTATION = re.compile(r"\(\d{1,2}\)!?(?:\{[^{}\n]{1,80}\})?")
_MARKS = re.compile(r"\*+|_+|~+|\^+|==+")
_LITERAL = re.compile(r"⟦/?\d*⟧|[⟦⟧]")
_MACROS = (
    ("{{%", "%}}"), ("{{<", ">}}"), ("{{", "}}"), ("{%", "%}"), ("{*", "*}"), ("{!", "!}"),
    ("{/*", "*/}"), ("{#", "#}"),
)  # fmt: skip
_RAW_MACRO = re.compile(r"\{%-?[ ]*(raw|verbatim|comment|highlight)\b")
_CRITIC = re.compile(r"\{(?:\+\+|--|~~|==|>>)")
_VARIABLE = re.compile(r"\{[\w.$-]{1,80}\}")


def mask(raw: str, grammar: Grammar, line: int = 0) -> Masked:
    """The masked text of a piece of prose, and the slots its placeholders stand for."""
    if grammar.abbreviations is None and not _HOT.search(raw) and not _may_hold_address(raw):
        return Masked(raw, ())
    cutter = _Cutter(raw, grammar, line)
    nodes = cutter.nodes()
    if cutter.pairs:
        pair(nodes, raw)
    return number(nodes)


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


class _Cutter(BracketCutter):
    """The first walk: what is special and what is not, with brackets paired to links and images."""

    __slots__ = ()

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
        found = _CRITIC.match(raw, at) or ATTRIBUTES.match(raw, at) or _VARIABLE.match(raw, at)
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

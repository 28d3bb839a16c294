"""Blocks: which stretches of a page's lines are prose of which kind; everything else is frame.

Read as Python-Markdown reads: what a list item, an admonition, a tab, a definition or a footnote holds is indented by
four columns, code by four more; a list may be indented by less. Marker lines (`!!! note "Title"`, `=== "Tab"`,
`/// details | Title`, `:::tip Title`) are frame, except for their titles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kbtool.core import html, markers
from kbtool.core.containers import ContainerReader
from kbtool.core.finder import DEEPEST, Page
from kbtool.core.frame_lines import INDENT
from kbtool.core.lines import Lines
from kbtool.core.model import Kind
from kbtool.core.region import region
from kbtool.core.tables import cells


def read(page: Page, lines: Lines) -> None:
    """Find every segment of these lines."""
    _Reader(page, lines, 0).read()


class _Reader(ContainerReader):
    """Reads the lines of a page, or of the inside of a quote, from top to bottom."""

    # ---------------------------------------------------------------- the walk

    def read(self) -> None:
        lines, size = self.lines, len(self.lines)
        after_blank = True
        while self.row < size:
            row = self.row
            if lines.first[row] == lines.end[row]:
                after_blank, self.item, self.cut_short = True, False, False
                self.row += 1
                continue
            if lines.number[row] in self.page.code:
                self.fence(row)
                continue
            column = lines.column[row]
            if self.levels:
                self.leave(column)
            if column >= INDENT and column - self.base >= INDENT and not self.raw:
                if after_blank or not markers.ITEM.match(lines.content(row)):
                    self.indented_code(row)
                    continue
                lines.column[row] = self.base
            self.block(row)
            after_blank = False

    def block(self, row: int) -> None:
        content = self.lines.content(row).rstrip(" \t")
        if not content:  # a marker with nothing behind it
            self.row = row + 1
            return
        special = _SPECIAL.get(content[0])
        if special is not None:
            for reads in special:
                if reads(self, row, content):
                    return
        self.paragraph(row)

    # ---------------------------------------------------------------- prose

    def paragraph(self, row: int) -> None:
        lines, content = self.lines, self.lines.content(row)
        alone = self.stands_alone(row, content)
        if not alone and self.table(row, content):
            return
        end = row + 1 if alone else self.paragraph_end(row)
        kind = Kind.ITEM if self.item else Kind.HTML if self.raw else Kind.PARAGRAPH
        self.cut_short = self.cut_short or not self.item
        self.item = False
        self.row = end
        if alone:
            self.emit_slice(kind, row, 0, len(content))
        elif end == row + 1 and self.underlined(end):
            self.row = end + 1
            self.heading_text(row, 0, content)
        elif self.defines(end):
            for term in range(row, end):
                self.emit(Kind.TERM, region(lines, term, term + 1))
        else:
            self.flow(kind, region(lines, row, end))

    def stands_alone(self, row: int, content: str) -> bool:
        """Whether a line is a paragraph of its own that can be nothing else, as most are: nothing is next to it."""
        lines, after = self.lines, row + 1
        size = len(lines.first)
        if "|" in content or "<" in content or (after < size and lines.first[after] != lines.end[after]):
            return False
        return after + 1 >= size or not lines.text.startswith(":", lines.first[after + 1])

    @property
    def body(self) -> int:
        """Where the innermost container stands that is no list: no line of it may be indented by less."""
        return max((level.base for level in self.levels if not level.is_list), default=0)

    def paragraph_end(self, row: int) -> int:
        """The row after the last one of the paragraph that begins in `row`."""
        lines, end, size = self.lines, row + 1, len(self.lines)
        if end == size or lines.first[end] == lines.end[end]:
            return end
        body = self.body
        in_list = bool(self.levels) and self.levels[-1].is_list
        while end < size and lines.first[end] < lines.end[end]:
            if lines.number[end] in self.page.code or lines.column[end] < body:
                break
            content = lines.content(end)
            if markers.interrupts(content, in_list=in_list) or (end == row + 1 and markers.UNDERLINE.match(content)):
                break
            if "|" in content and self.delimiters(end + 1):
                break
            if content[0] == ":" and markers.DEFINITION.match(content):
                break
            end += 1
        return end

    def underlined(self, row: int) -> bool:
        """Whether a row makes a heading of the line above; a rule behind a container, or a merge conflict, does not."""
        if row >= len(self.lines) or not self.lines.text.startswith(("=", "-"), self.lines.first[row]):
            return False
        if self.lines.column[row] < self.body:
            return False
        content = self.lines.content(row)
        return bool(markers.UNDERLINE.match(content)) and not (content == "=======" and "<<<<<<< " in self.page.text)

    def defines(self, row: int) -> bool:
        """Whether a definition follows: at once, or behind one blank line."""
        lines = self.lines
        if row < len(lines) and lines.blank(row):
            row += 1
        return (
            row < len(lines)
            and lines.text.startswith(":", lines.first[row])
            and not lines.blank(row)
            and 0 <= lines.column[row] - self.base < INDENT
            and bool(markers.DEFINITION.match(lines.content(row)))
        )

    # ---------------------------------------------------------------- headings, rules, lists, quotes

    def heading(self, row: int, content: str) -> bool:
        found = markers.HEADING.match(content)
        if not found:
            return False
        self.row = row + 1
        self.heading_text(row, found.end(), content)
        return True

    def heading_text(self, row: int, start: int, content: str) -> None:
        self.item = self.cut_short = False
        if content.startswith(":::", start):  # mkdocstrings: the heading of what is documented
            return
        content = content.rstrip(" \t")
        if content.endswith("}") and (found := markers.HEADING_ATTRIBUTES.match(content, content.rfind("{"))):
            content = content[: found.start()].rstrip(" \t")
        self.emit_slice(Kind.HEADING, row, start, max(start, len(content.rstrip("#"))))

    def rule(self, row: int, content: str) -> bool:
        if not markers.RULE.match(content):
            return False
        self.skip(row)
        return True

    def quote(self, row: int, content: str) -> bool:
        if self.depth >= DEEPEST:
            raise self.too_deep(row)
        lines, end = self.lines, row + 1
        while end < len(lines) and not lines.blank(end):
            if lines.text[lines.first[end]] != ">" and (
                lines.text[lines.end[end - 1] - 1] == ">" or markers.interrupts(lines.content(end), in_list=False)
            ):
                break
            end += 1
        _Reader(self.page, lines.unquoted(row, end), self.depth + 1).read()
        self.skip(end - 1)
        return True

    # ---------------------------------------------------------------- HTML and tables

    def html(self, row: int, content: str) -> bool:
        if content.startswith(("<!", "<?")):
            return self.skip_inline(row, "-->" if content.startswith("<!--") else "?>" if content[1] == "?" else ">", 2)
        if not markers.block_tag(content):
            return False
        name = html.TAG_NAME.match(content)
        opaque = name[1].lower() if name else ""
        if opaque in html.OPAQUE and self.skip_inline(row, f"</{name[1]}>", len(opaque)):  # type: ignore[index]
            return True
        self.item = False
        lines, end = self.lines, row + 1
        open_tag = content.rfind("<") > content.rfind(">")
        ends_in_tag = content.rstrip().endswith(">")
        if open_tag or not ends_in_tag:
            while end < len(lines) and not lines.blank(end) and lines.number[end] not in self.page.code:
                line = lines.content(end)
                if not open_tag and markers.block_tag(line):
                    break
                open_tag = line.rfind("<") > line.rfind(">") or (open_tag and ">" not in line)
                end += 1
                if not open_tag and line.rstrip().endswith(">"):
                    break
        self.row = end
        self.flow(Kind.HTML, region(lines, row, end))
        return True

    def delimiters(self, row: int) -> bool:
        if row >= len(self.lines) or self.lines.blank(row):
            return False
        content = self.lines.content(row)
        return content[0] in "|:-" and "-" in content and bool(markers.DELIMITERS.match(content.rstrip(" \t")))

    def table(self, row: int, content: str) -> bool:
        lines = self.lines
        if "|" not in content or not self.delimiters(row + 1) or "|" not in lines.content(row + 1):
            return False
        self.item = False
        end = row + 2
        while end < len(lines) and not lines.blank(end) and lines.number[end] not in self.page.code:
            if lines.column[end] < self.base or "|" not in lines.content(end):
                break
            end += 1
        for n in range(row, end):
            if n != row + 1:
                for start, stop in cells(lines.content(n)):
                    self.emit_slice(Kind.CELL, n, start, stop)
        self.row = end
        return True


_Reads = Callable[[_Reader, int, str], bool]
_R = _Reader
_SPECIAL: Mapping[str, tuple[_Reads, ...]] = {
    "#": (_R.list_item, _R.heading),
    ">": (_R.frame_line, _R.quote),
    "-": (_R.frame_line, _R.rule, _R.list_item),
    "*": (_R.rule, _R.abbreviation, _R.list_item),
    "_": (_R.rule,),
    "+": (_R.list_item,),
    "!": (_R.admonition, _R.frame_line),
    "?": (_R.admonition,),
    "=": (_R.admonition, _R.frame_line),
    "/": (_R.slashes,),
    ":": (_R.colons, _R.definition),
    "[": (_R.callout, _R.footnote, _R.reference),
    "{": (_R.frame_line, _R.braces),
    "<": (_R.frame_line, _R.html),
    "|": (_R.frame_line,),
    "`": (_R.open_fence,),
    "~": (_R.open_fence,),
    "$": (_R.math,),
    "\\": (_R.math,),
    ";": (_R.frame_line,),
    "@": (_R.frame_line,),
    "i": (_R.frame_line,),
    "e": (_R.frame_line,),
} | dict.fromkeys("0123456789", (_R.list_item,))

"""Blocks: which stretches of a page's lines are prose of which kind; everything else is frame.

Read as Python-Markdown reads: what a list item, an admonition, a tab, a definition or a footnote holds is indented by
four columns, code by four more; a list may be indented by less. Marker lines (`!!! note "Title"`, `=== "Tab"`,
`/// details | Title`, `:::tip Title`) are frame, except for their titles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from kbtool.core import html, markers
from kbtool.core.errors import Refused
from kbtool.core.finder import DEEPEST, Finder, Level, Page
from kbtool.core.lines import Lines
from kbtool.core.model import Kind
from kbtool.core.region import region
from kbtool.core.tables import cells

_INDENT = 4


def read(page: Page, lines: Lines) -> None:
    """Find every segment of these lines."""
    _Reader(page, lines, 0).read()


class _Reader(Finder):
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
            if column >= _INDENT and column - self.base >= _INDENT and not self.raw:
                if after_blank or not markers.ITEM.match(lines.content(row)):
                    self.indented_code(row)
                    continue
                lines.column[row] = self.base
            self.block(row)
            after_blank = False

    def leave(self, column: int) -> None:
        while self.levels and column < self.levels[-1].base:
            self.levels.pop()

    def enter(self, row: int, start: int, *, is_list: bool) -> None:
        """A container's content begins in the line of its marker: read the rest of that line again, inside it."""
        base = self.base + _INDENT
        if len(self.levels) >= DEEPEST:
            raise self.too_deep(row)
        self.levels.append(Level(base, is_list))
        self.lines.first[row] = min(start, self.lines.end[row])
        self.lines.column[row] = base

    def too_deep(self, row: int) -> Refused:
        return Refused(f"nested more than {DEEPEST} deep", where=f"line {self.lines.number[row]}")

    def fence(self, row: int) -> None:
        last = self.page.code[self.lines.number[row]]
        self.leave(self.lines.column[row])
        self.item = self.cut_short = False
        while self.row < len(self.lines) and self.lines.number[self.row] <= last:
            self.row += 1

    def indented_code(self, row: int) -> None:
        lines, least = self.lines, self.base + _INDENT
        self.row = row + 1
        while self.row < len(lines) and (lines.blank(self.row) or lines.column[self.row] >= least):
            if lines.number[self.row] in self.page.code:
                break
            self.row += 1

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
        if self.table(row, content):
            return
        end = self.paragraph_end(row)
        kind = Kind.ITEM if self.item else Kind.HTML if self.raw else Kind.PARAGRAPH
        self.cut_short = self.cut_short or not self.item
        self.item = False
        self.row = end
        if end == row + 1 and self.underlined(end):
            self.row = end + 1
            self.heading_text(row, 0, content)
        elif self.defines(end):
            for term in range(row, end):
                self.emit(Kind.TERM, region(lines, term, term + 1))
        else:
            self.flow(kind, region(lines, row, end))

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
            and 0 <= lines.column[row] - self.base < _INDENT
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

    def skip(self, row: int) -> None:
        self.item = self.cut_short = False
        self.row = row + 1

    def list_item(self, row: int, content: str) -> bool:
        found = markers.ITEM.match(content)
        if not found:
            return False
        start = found.end()
        task = markers.TASK.match(content, start)
        begin = self.lines.first[row] + (task.end() if task else start)
        if self.cut_short:  # for Python-Markdown still the paragraph, so what is indented below is code
            self.lines.first[row], self.lines.column[row] = min(begin, self.lines.end[row]), self.base
        else:
            self.enter(row, begin, is_list=True)
        self.item = True
        if self.lines.blank(row):
            self.row = row + 1
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

    def callout(self, row: int, content: str) -> bool:
        found = self.depth and markers.CALLOUT.match(content)
        if not found:
            return False
        self.emit_slice(Kind.TITLE, row, *found.span("title"))
        self.skip(row)
        return True

    # ---------------------------------------------------------------- containers with a marker line

    def admonition(self, row: int, content: str) -> bool:
        found = markers.ADMONITION.match(content) if content[0] in "!?" else markers.TAB.match(content)
        if not found:
            return False
        if found["title"]:
            self.emit_slice(Kind.TITLE, row, *found.span("title"))
        base = self.base + _INDENT
        if len(self.levels) >= DEEPEST:
            raise self.too_deep(row)
        self.levels.append(Level(base, is_list=False))
        self.skip(row)
        return True

    def slashes(self, row: int, content: str) -> bool:
        found = markers.BLOCK.match(content)
        if not found:
            return False
        if found["title"] and found["name"] not in markers.ARGUMENT:
            self.emit_slice(Kind.TITLE, row, *found.span("title"))
        self.skip(row)
        self.options(self.base + _INDENT)
        return True

    def colons(self, row: int, content: str) -> bool:
        found = markers.CONTAINER.match(content) if content.startswith(":::") else None
        if not found:
            return False
        title = "label" if found["label"] else "title"
        name = found["name"] or ""
        if found[title] and "." not in name and ":" not in name:
            self.emit_slice(Kind.TITLE, row, *found.span(title))
        self.skip(row)
        if name:
            self.options(self.base + _INDENT)
        return True

    def options(self, least: int) -> None:
        """The indented YAML under a marker line."""
        lines = self.lines
        while self.row < len(lines) and not lines.blank(self.row) and lines.column[self.row] >= least:
            self.row += 1

    # ---------------------------------------------------------------- definitions

    def definition(self, row: int, content: str) -> bool:
        found = markers.DEFINITION.match(content)
        if not found:
            return False
        self.enter(row, self.lines.first[row] + found.end(), is_list=True)
        return True

    def footnote(self, row: int, content: str) -> bool:
        found = markers.FOOTNOTE.match(content)
        if not found:
            return False
        self.enter(row, self.lines.first[row] + found.end(), is_list=True)
        if self.lines.blank(row):
            self.row = row + 1
        return True

    def reference(self, row: int, content: str) -> bool:
        found = markers.REFERENCE.match(content)
        if not found:
            return False
        self.skip(row)
        title = _title(found)
        if not found["target"] and self.row < len(self.lines) and not self.lines.blank(self.row):
            row, found = self.row, markers.TARGET.match(self.lines.content(self.row).rstrip(" \t"))
            if found is None:
                return True
            self.row += 1
            title = _title(found)
        if title is None and self.row < len(self.lines) and not self.lines.blank(self.row):
            found = markers.REFERENCE_TITLE.match(self.lines.content(self.row).rstrip(" \t"))
            title = _title(found) if found else None
            if title:
                row = self.row
                self.row += 1
        if title and found:
            self.attribute(Kind.TOOLTIP, row, *found.span(title))
        return True

    def abbreviation(self, row: int, content: str) -> bool:
        found = markers.ABBREVIATION.match(content)
        if not found:
            return False
        self.attribute(Kind.EXPANSION, row, *found.span("text"))
        self.skip(row)
        return True

    # ---------------------------------------------------------------- lines that are no prose

    def frame_line(self, row: int, content: str) -> bool:
        if not (
            markers.SNIPPET.match(content) or (content[0] in "ie" and self.base == 0 and markers.MODULE.match(content))
        ):
            return False
        self.skip(row)
        if content.rstrip() in ("--8<--", "-8<-"):
            self.skip_to(self.lines.end[row], content.rstrip())
        return True

    def open_fence(self, row: int, content: str) -> bool:
        """A fence that nothing closes."""
        found = markers.FENCE.match(content)
        if not found or found[0][0] in content[found.end() :]:
            return False
        self.skip(row)
        return True

    def math(self, row: int, content: str) -> bool:
        found = markers.MATH.match(content)
        if not found:
            return False
        closer = {"$$": "$$", "\\[": "\\]"}.get(found[0], "\\end{")
        return self.skip_to(self.lines.first[row] + found.end(), closer, whole_line=True)

    def braces(self, row: int, content: str) -> bool:
        if markers.ATTRIBUTES.match(content):
            self.skip(row)
            return True
        block = markers.MACRO_BLOCK.match(content)
        if (
            block
            and block["name"] in markers.RAW_MACROS
            and content.find("}", block.end()) >= len(content.rstrip()) - 3
        ):
            opener = content[: block.start("name")].rstrip()
            name, at = block["name"], self.lines.end[row]
            for closer in (f"end{name}", f"/{name}", f"/ {name}"):
                if self.skip_to(at, f"{opener} {closer}") or self.skip_to(at, f"{opener}{closer}"):
                    return True
        if markers.MACRO_LINE.match(content):
            self.skip(row)
            return True
        for opener, closer in (
            ("{{%", "%}}"),
            ("{{<", ">}}"),
            ("{%", "%}"),
            ("{*", "*}"),
            ("{/*", "*/}"),
            ("{#", "#}"),
        ):
            if content.startswith(opener):
                return self.skip_to(self.lines.first[row] + len(opener), closer, whole_line=True)
        return False

    def skip_to(self, start: int, closer: str, *, whole_line: bool = False) -> bool:
        """Skip the lines up to the one in which `closer` stands; False if it does not, or if prose follows in it."""
        end = self.page.find(closer, start)
        if not end:
            return False
        row = self.row if self.lines.end[self.row] >= end else self.row_of(end)
        if row is None or (whole_line and self.page.text[end : self.lines.end[row]].strip()):
            return False
        self.skip(row)
        return True

    def row_of(self, position: int) -> int | None:
        """The row in which a position lies, if it is among these lines."""
        from bisect import bisect_left

        row = bisect_left(self.lines.end, position)
        return row if row < len(self.lines) else None

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

    def skip_inline(self, row: int, closer: str, offset: int) -> bool:
        """Skip to the end of a comment or of an element that holds no prose, and read on behind it."""
        end = self.page.find(closer, self.lines.first[row] + offset)
        last = self.row_of(end) if end else None
        if last is None or self.lines.text[self.lines.first[last] : end].count("\n"):
            return False
        self.item = self.item and last == row
        self.lines.first[last] = max(end, self.lines.first[last])
        while self.lines.first[last] < self.lines.end[last] and self.lines.text[self.lines.first[last]] in " \t":
            self.lines.first[last] += 1
        self.lines.column[last] = max(self.base, 0)
        self.row = last if self.lines.first[last] < self.lines.end[last] else last + 1
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
                part = region(lines, n, n + 1)
                for start, stop in cells(part.raw):
                    self.emit(Kind.CELL, part, start, stop)
        self.row = end
        return True


def _title(found: re.Match[str]) -> str | None:
    return next((name for name in ("double", "single", "round") if found[name]), None)


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

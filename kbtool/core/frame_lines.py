"""Lines that are no prose: code, macros, math, comments and options, skipped up to the line that ends them."""

from __future__ import annotations

from kbtool.core import markers
from kbtool.core.finder import Finder

INDENT = 4


class FrameReader(Finder):
    """Reads what stays frame; each reader answers whether these lines are its own."""

    def indented_code(self, row: int) -> None:
        lines, least = self.lines, self.base + INDENT
        self.row = row + 1
        while self.row < len(lines) and (lines.blank(self.row) or lines.column[self.row] >= least):
            if lines.number[self.row] in self.page.code:
                break
            self.row += 1

    def fence(self, row: int) -> None:
        last = self.page.code[self.lines.number[row]]
        self.leave(self.lines.column[row])
        self.item = self.cut_short = False
        while self.row < len(self.lines) and self.lines.number[self.row] <= last:
            self.row += 1

    def leave(self, column: int) -> None:
        while self.levels and column < self.levels[-1].base:
            self.levels.pop()

    def skip(self, row: int) -> None:
        self.item = self.cut_short = False
        self.row = row + 1

    def options(self, least: int) -> None:
        """The indented YAML under a marker line."""
        lines = self.lines
        while self.row < len(lines) and not lines.blank(self.row) and lines.column[self.row] >= least:
            self.row += 1

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

"""Containers: marker lines that hold other blocks, and definitions. Only their titles and texts are prose."""

from __future__ import annotations

import re

from kbtool.core import markers
from kbtool.core.errors import Refused
from kbtool.core.finder import DEEPEST, Level
from kbtool.core.frame_lines import INDENT, FrameReader
from kbtool.core.model import Kind


class ContainerReader(FrameReader):
    """Reads marker lines; each reader answers whether the line is its own."""

    def enter(self, row: int, start: int, *, is_list: bool) -> None:
        """A container's content begins in the line of its marker: read the rest of that line again, inside it."""
        base = self.base + INDENT
        if len(self.levels) >= DEEPEST:
            raise self.too_deep(row)
        self.levels.append(Level(base, is_list))
        self.lines.first[row] = min(start, self.lines.end[row])
        self.lines.column[row] = base

    def too_deep(self, row: int) -> Refused:
        return Refused(f"nested more than {DEEPEST} deep", where=f"line {self.lines.number[row]}")

    def admonition(self, row: int, content: str) -> bool:
        found = markers.ADMONITION.match(content) if content[0] in "!?" else markers.TAB.match(content)
        if not found:
            return False
        if found["title"]:
            self.emit_slice(Kind.TITLE, row, *found.span("title"))
        base = self.base + INDENT
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
        self.options(self.base + INDENT)
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
            self.options(self.base + INDENT)
        return True

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

    def callout(self, row: int, content: str) -> bool:
        found = self.depth and markers.CALLOUT.match(content)
        if not found:
            return False
        self.emit_slice(Kind.TITLE, row, *found.span("title"))
        self.skip(row)
        return True

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


def _title(found: re.Match[str]) -> str | None:
    return next((name for name in ("double", "single", "round") if found[name]), None)

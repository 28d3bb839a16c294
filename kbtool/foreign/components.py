"""Elements of MDX on lines of their own: boxes, tabs, cards, pictures; what is unknown keeps its words or is code."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from kbtool.foreign import jsdata
from kbtool.foreign.jsx import Line, Tag, dedented, indent, tag_at
from kbtool.foreign.jsx import element as element_of
from kbtool.foreign.words import html, inline, picture

TYPES = {
    "note": "note", "tip": "tip", "info": "info", "warning": "warning", "danger": "danger", "caution": "warning",
    "important": "info", "success": "success", "secondary": "note", "error": "danger", "warn": "warning",
}  # fmt: skip
#: components that only arrange what stands in them
_FRAMES = frozenset({
    "Steps", "CardGrid", "Fragment", "FileTree", "BrowserWindow", "Columns", "Column", "Grid", "LinkList",
    "div", "section", "center", "article", "main", "header", "footer", "aside", "figure", "p", "span", "figcaption",
})  # fmt: skip
#: the content of an imported page, as lines of Markdown; None where the import is no page
Part = Callable[[str], str | None]

#: where a block stood, its lines, the index of the line after it, and what stands behind it on its last line
Written = tuple[int, list[str], int, str]


class Page(Protocol):
    """The page around an element."""

    imported: dict[str, str]  #: name → file
    part: Part

    def block(self, lines: Sequence[Line]) -> list[str]:
        """Lines of MDX as lines of Markdown."""

    def note(self, line: int, why: str, todo: str = ...) -> None:
        """Lists what was not carried over."""


class Components:
    """Turns the elements of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def box(self, mark: str, title: str, lines: Sequence[Line]) -> list[str]:
        plain = inline(title, lambda why: None, self.known).replace('"', "&quot;").strip()
        head = f'{mark} "{plain}"' if plain else mark
        return [head, *_indented(self.page.block(lines))]

    def element(self, lines: Sequence[Line], at: int) -> Written | None:  # noqa: PLR0911 – one line per kind of tag
        number, line = lines[at]
        start = len(line) - len(line.lstrip())
        if not re.match(r"<[A-Za-z]", line[start:]):
            return None
        text = "\n".join(text for _, text in lines[at : at + 200])
        tag = tag_at(text, start)
        if tag is None:
            return None
        column = indent(line)
        if tag.empty or tag.name in ("img", "br", "hr"):
            end = at + text.count("\n", 0, tag.end)
            if text[tag.end :].split("\n", 1)[0].strip():
                return None  # within a line of text
            return column, self._alone(tag, number, text[start : tag.end]), end + 1, ""
        found = element_of(lines, at, tag, text)
        if found is None:
            return None
        inside, end, rest = found
        if rest.strip() and not tag.name[0].isupper():
            return None
        first = inside[0]
        inner = [*([(first[0], first[1].strip())] if first[1].strip() else []), *dedented(inside[1:])]
        written = self._filled(tag, number, inner, lines[at : end + 1])
        return (column, written, end + 1, rest) if written is not None else None

    def _filled(  # noqa: PLR0911 – one line per component
        self, tag: Tag, number: int, inner: list[Line], whole: Sequence[Line]
    ) -> list[str] | None:
        """An element with something in it, as Markdown; None where it is to be read line by line."""
        name = tag.name
        if name == "Tabs":
            return self._tabs(tag, inner)
        if name in ("Aside", "Admonition", "Callout"):
            kind = TYPES.get(tag.text("type").lower() or "note", "note")
            return self.box(f"!!! {kind}", tag.text("title"), inner)
        if name.lower() == "details":
            return self._details(inner)
        if name in ("TabItem", "Card"):
            title = tag.text("label", "title", "value")
            return [*([f"**{title}**", ""] if title else []), *self.page.block(inner)]
        if name in ("LinkButton", "Link", "LinkCard"):
            return [f"[{' '.join(self.page.block(inner)).strip() or tag.text('title')}]({tag.text('href', 'to')})"]
        if name in ("script", "style", "iframe", "video", "object", "embed", "form"):
            return self._active(tag, number, whole)
        if name in ("table", "ul", "ol", "dl", "pre", "svg", "picture"):
            return [
                inline(text, lambda why: self.page.note(number, why), self.known)
                for _, text in dedented(whole)
                if text.strip()
            ]
        if not name[0].isupper() and name not in _FRAMES:
            return None
        if name not in _FRAMES and not any(line.strip() for _, line in inner):
            return self._alone(tag, number, " ".join(text.strip() for _, text in whole))
        if name not in _FRAMES:
            self.page.note(number, f"the component <{name}> is unknown; what stands in it is kept as text")
        elif tag.attributes and name[0].islower():
            self.page.note(
                number, f"the look of <{name}> is not carried over", "nothing, if the page reads well without it"
            )
        return [*self.page.block(inner)] or [""]

    def _alone(self, tag: Tag, number: int, written: str) -> list[str]:
        """An element without content, on lines of its own."""
        name, note = tag.name, lambda why: self.page.note(number, why)
        if (said := self.known(tag)) is not None:
            return [said]
        if (path := self.page.imported.get(name)) and (page := self.page.part(path)) is not None:
            return page.split("\n")
        if name in ("iframe", "video", "object", "embed"):
            return self._active(tag, number, ())
        if name[0].islower() and name not in ("script", "style", "input", "form", "base", "meta", "link"):
            return [html(tag, note)]
        self.page.note(number, f"the component <{name}> is kept as code")
        return ["```jsx", *written.split("\n"), "```"]

    def _active(self, tag: Tag, number: int, whole: Sequence[Line]) -> list[str]:
        """What would run or embed something: a link where there is an address, else code."""
        address = tag.text("src", "data")
        if address and re.match(r"https?://|/|\.", address):
            self.page.note(number, f"<{tag.name}> is a link now", "embed it again if readers need it on the page")
            words = tag.text("title", "alt") or ("Video" if tag.name in ("iframe", "video") else "Attachment")
            return [f"[{words}]({address.replace(' ', '%20')})"]
        self.page.note(number, f"<{tag.name}> is kept as code")
        return ["```html", *(text for _, text in dedented(whole)), "```"]

    def _details(self, inner: list[Line]) -> list[str]:
        text = "\n".join(line for _, line in inner)
        found = re.match(r"\s*<summary[^>]*>(.*?)</summary>[ \t]*", text, re.S)
        if not found:
            return self.box("??? note", "Details", inner)
        lines = text[found.end() :].split("\n")
        skipped = len(inner) - len(lines)
        rest = [(inner[skipped + n][0], line) for n, line in enumerate(lines)]
        title = re.sub(r"</?(?:h\d|p|b|strong|span)[^>]*>", "", found[1])
        return self.box("??? note", " ".join(title.split()), dedented(rest))

    def _tabs(self, tag: Tag, inner: list[Line]) -> list[str]:
        values = tag.attributes.get("values")
        labels = (
            {v.get("value"): v.get("label") for v in values if isinstance(v, dict)} if isinstance(values, list) else {}
        )
        out: list[str] = []
        lines, at = list(inner), 0
        while at < len(lines):
            line = lines[at][1]
            start = len(line) - len(line.lstrip())
            text = "\n".join(each for _, each in lines[at : at + 200])
            one = tag_at(text, start)
            found = element_of(lines, at, one, text) if one and one.name == "TabItem" else None
            if one is None or found is None:
                if line.strip():
                    out += [*self.page.block([lines[at]]), ""]
                at += 1
                continue
            inside, end, rest = found
            content = [*([(inside[0][0], inside[0][1].strip())] if inside[0][1].strip() else []), *dedented(inside[1:])]
            label = one.text("label") or str(labels.get(one.text("value")) or one.text("value") or "…")
            out += [f'=== "{label.replace(chr(34), "&quot;")}"', "", *_indented(self.page.block(content)), ""]
            if rest.strip():
                lines[end], at = (lines[end][0], rest), end
            else:
                at = end + 1
        return out[:-1] if out and not out[-1] else out

    def known(self, tag: Tag) -> str | None:
        """Small components, as words."""
        if tag.name == "Badge":
            return f"**{tag.text('text')}**" if tag.text("text") else ""
        if tag.name in ("LinkCard", "LinkButton") and tag.empty:
            more = f"  \n{tag.text('description')}" if tag.text("description") else ""
            return f"[{tag.text('title') or tag.text('href')}]({tag.text('href')}){more}"
        if tag.name in ("Image", "img", "ThemedImage", "ZoomableImage") and tag.empty:
            source = tag.attributes.get("src")
            address = self._address(source) or tag.text("img", "source")
            kept = {
                k: str(v)
                for k, v in tag.attributes.items()
                if k in ("alt", "width", "height") and not isinstance(v, jsdata.Code)
            }
            return picture({**kept, "src": address}) if address else None
        return None

    def _address(self, value: object) -> str:
        """A file that an expression names: `useBaseUrl('/x')`, `require('./x').default`, something imported."""
        if isinstance(value, str):
            return value
        if isinstance(value, jsdata.Code):
            if found := re.fullmatch(r"(?:useBaseUrl|require)\(\s*['\"]([^'\"]+)['\"]\s*\)(?:\.default)?", value.text):
                return found[1]
            return self.page.imported.get(value.text.split(".")[0], "")
        return ""


def _indented(lines: Sequence[str]) -> list[str]:
    return ["    " + line if line.strip() else "" for line in lines]

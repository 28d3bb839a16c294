"""MDX as Docusaurus and Starlight write it, turned into the Markdown that kbtool's sites render.

Lines are looked at one by one, code never: `:::note` and `<Aside>` become `!!!`, `<Tabs>` become `===`, imports and
comments go behind the scenes. A component nobody knows keeps its words as text, or is shown as code, and is listed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from kbtool.core.errors import Refused
from kbtool.foreign import Left, jsdata
from kbtool.foreign.jsx import Line, Tag, dedented, element, fence_end, indent, outdented, tag_at
from kbtool.foreign.nesting import Item, item, nested
from kbtool.foreign.words import comment, html, inline, picture

#: the content of an imported page, as lines of Markdown; None where the import is no page
Part = Callable[[str], str | None]

TYPES = {
    "note": "note", "tip": "tip", "info": "info", "warning": "warning", "danger": "danger", "caution": "warning",
    "important": "info", "success": "success", "secondary": "note", "error": "danger", "warn": "warning",
}  # fmt: skip
#: components that only arrange what stands in them
_FRAMES = frozenset({
    "Steps", "CardGrid", "Fragment", "FileTree", "BrowserWindow", "Columns", "Column", "Grid", "LinkList",
    "div", "section", "center", "article", "main", "header", "footer", "aside", "figure", "p", "span", "figcaption",
})  # fmt: skip
_ORIGINS = ("@theme/", "@astrojs/starlight", "astro:", "@docusaurus/", "starlight-")

_DIRECTIVE = re.compile(r"([ \t]*)(:{3,})[ \t]*([A-Za-z][\w-]*)[ \t]*(?:\[(.*)\])?[ \t]*(?:\{.*\})?[ \t]*(.*?)[ \t]*$")
_FENCE = re.compile(r"([ \t]*)(`{3,}|~{3,})[ \t]*([^\s{`]*)[ \t]*(.*)$")
_IMPORT = re.compile(
    r"import\s+(?:type\s+)?(?:[\w*{][^'\"]*\s+from\s+)?['\"]([^'\"]+)['\"];?|import\s*\{?\s*$|import\s+[\w*{]"
)
_EXPORT = re.compile(r"export\s+(?:const|let|var|default|function|async|class|type|\{|\*)")
_IMPORTED = re.compile(r"import\s+(.*?)\s+from\s+['\"]([^'\"]+)['\"]", re.S)
_TITLE = re.compile(r"title=(?:\"([^\"]*)\"|'([^']*)'|\{\"([^\"]*)\"\})")
_MARKED = re.compile(r"(?<![\w=])\{([\d,\s-]+)\}")
_NUMBERED = re.compile(r"\bshowLineNumbers\b(?:=(\d+))?")


DEEPEST = 50  #: blocks inside one another


def convert(body: str, file: str, first: int, part: Part) -> tuple[str, list[Left]]:
    """The body of a page as Markdown, and what was left behind; `first` is how many lines stand before it.

    Raises Refused for blocks that are nested too deeply to be anybody's article.
    """
    page = _Page(file, part)
    lines = page.block([(number, line) for number, line in enumerate(body.split("\n"), first + 1)])
    return "\n".join(lines).strip("\n") + "\n", page.left


#: where a block stood, its lines, the index of the line after it, and what stands behind it on its last line
_Written = tuple[int, list[str], int, str]


class _Page:
    def __init__(self, file: str, part: Part) -> None:
        self.file, self.part = file, part
        self.left: list[Left] = []
        self.imported: dict[str, str] = {}
        self.depth = 0  #: of the block that is being read

    def note(self, line: int, why: str, todo: str = "look at the page, and write it in Markdown") -> None:
        each = Left(self.file, why, line, todo)
        if each not in self.left:
            self.left.append(each)

    # -- blocks

    def block(self, lines: Sequence[Line]) -> list[str]:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Refused(f"blocks nested more than {DEEPEST} deep", where=f"line {lines[0][0]}" if lines else None)
        found = nested(list(self._items(lines)))
        self.depth -= 1
        return found

    def _items(self, given: Sequence[Line]) -> Iterator[Item]:
        lines, at = list(given), 0
        begins = True  #: nothing, a blank line or an import stands before
        while at < len(lines):
            number, line = lines[at]
            end = fence_end(lines, at)
            if end >= 0:
                yield from self._fence(lines[at : end + 1])
                at, begins = end + 1, False
                continue
            found = self._statement(lines, at) if begins else None
            found = found or self._comment(lines, at) or self._directive(lines, at) or self._element(lines, at)
            if found is None:
                yield item(inline(line, lambda why, n=number: self.note(n, why), self._known))  # type: ignore[misc]
                at, begins = at + 1, not line.strip()
                continue
            column, written, at, rest = found
            if written:
                yield Item(column, tuple(written), block=True)
            if rest.strip():
                at -= 1
                lines[at] = (lines[at][0], " " * column + rest.strip())
            begins = True

    def _fence(self, lines: Sequence[Line]) -> Iterator[Item]:
        number, line = lines[0]
        opened = _FENCE.match(line)
        if opened is None:  # behind a list marker: it stays with its item as it is
            column = indent(line) + 2
            yield item(line)
            yield Item(column, tuple(outdented(text, column) for _, text in lines[1:]), block=True)
            return
        wide = indent(line)
        closed = len(lines) > 1 and lines[-1][1].strip().strip(opened[2][0]) == ""
        inside = [outdented(text, wide) for _, text in (lines[1:-1] if closed else lines[1:])]
        if opened[3] == "mdx-code-block":
            written = self.block([(n, text) for (n, _), text in zip(lines[1:], inside, strict=False)])
            yield Item(wide, tuple(written), block=True)
            return
        head = f"{opened[2]}{opened[3]}{self._options(number, opened[3], opened[4])}"
        yield Item(wide, (head, *inside, opened[2]), block=True)

    def _options(self, number: int, language: str, said: str) -> str:
        """What stands behind a fence's language, as superfences reads it."""
        out, rest = "", said
        if title := _TITLE.search(rest):
            out += f' title="{next(filter(None, title.groups()), "")}"'
            rest = rest.replace(title[0], "", 1)
        if marked := _MARKED.search(rest):
            out += f' hl_lines="{" ".join(marked[1].replace(",", " ").split())}"'
            rest = rest.replace(marked[0], "", 1)
        if numbered := _NUMBERED.search(rest):
            out += f' linenums="{numbered[1] or 1}"'
            rest = rest.replace(numbered[0], "", 1)
        if rest.strip():
            self.note(
                number,
                f"an option of a code block is not carried over: {rest.strip()}",
                "nothing, or mark lines by hand",
            )
        return out if language or not out else f" {out.strip()}"

    def _statement(self, lines: Sequence[Line], at: int) -> _Written | None:
        """An import or export: components known here need none, others stay in a comment for writers."""
        line = lines[at][1]
        if not (_IMPORT.match(line) or _EXPORT.match(line)):
            return None
        end, depth = at, 0
        while end < len(lines):
            text = lines[end][1]
            depth += sum(text.count(c) for c in "{([") - sum(text.count(c) for c in "})]")
            end += 1
            following = lines[end][1] if end < len(lines) else ""
            if depth <= 0 and (
                not following.strip()
                or text.rstrip().endswith(";")
                or _IMPORT.match(text)
                or _IMPORT.match(following)
                or _EXPORT.match(following)
            ):
                break
        said = "\n".join(text for _, text in lines[at:end])
        written: list[str] = []
        if found := _IMPORTED.match(said):
            for name in re.findall(r"[\w$]+", re.sub(r"\w+\s+as\s+", "", found[1])):
                self.imported[name] = found[2]
        if not found or not (
            found[2].startswith(_ORIGINS) or re.search(r"\.(?:mdx?|png|jpe?g|gif|svg|webp|avif)(?:\?.*)?$", found[2])
        ):
            self.note(
                lines[at][0],
                f"program code, kept as a comment: {said.splitlines()[0]}",
                "take it out, once nothing on the page needs it",
            )
            written = comment(said).split("\n")
        return 0, written or [""], end, ""

    def _comment(self, lines: Sequence[Line], at: int) -> _Written | None:
        line = lines[at][1]
        mark, close = ("{/*", "*/}") if line.lstrip().startswith("{/*") else ("<!--", "-->")
        if not line.lstrip().startswith(mark):
            return None
        for end in range(at, len(lines)):
            if close in lines[end][1]:
                said = "\n".join(text for _, text in lines[at : end + 1])
                body, _, rest = said.partition(close)
                if rest.strip():
                    return None
                return indent(line), comment(body.partition(mark)[2]).split("\n"), end + 1, ""
        return None

    def _directive(self, lines: Sequence[Line], at: int) -> _Written | None:
        number, line = lines[at]
        found = _DIRECTIVE.match(line) if ":::" in line else None
        if not found:
            if line.strip(" \t:") == "" and line.strip().startswith(":::"):
                self.note(number, "a mark that closes nothing: :::", "take it out")
            return None
        end = _directive_end(lines, at, len(found[2]))
        if end is None:
            self.note(number, f"a box is never closed, and is kept as text: {line.strip()[:60]}")
            return None
        kind = TYPES.get(found[3].lower())
        title = found[4] or found[5]
        if found[3].lower() == "details":
            return indent(line), self._box("??? note", title or "Details", dedented(lines[at + 1 : end])), end + 1, ""
        if kind is None:
            self.note(number, f"the box {found[3]} is unknown here: it is a note now")
            title = title or found[3].capitalize()
        return indent(line), self._box(f"!!! {kind or 'note'}", title, dedented(lines[at + 1 : end])), end + 1, ""

    def _box(self, mark: str, title: str, lines: Sequence[Line]) -> list[str]:
        plain = inline(title, lambda why: None, self._known).replace('"', "&quot;").strip()
        head = f'{mark} "{plain}"' if plain else mark
        return [head, *_indented(self.block(lines))]

    # -- elements

    def _element(self, lines: Sequence[Line], at: int) -> _Written | None:  # noqa: PLR0911 – one line per kind of tag
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
        found = element(lines, at, tag, text)
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
            return self._box(f"!!! {kind}", tag.text("title"), inner)
        if name.lower() == "details":
            return self._details(inner)
        if name in ("TabItem", "Card"):
            title = tag.text("label", "title", "value")
            return [*([f"**{title}**", ""] if title else []), *self.block(inner)]
        if name in ("LinkButton", "Link", "LinkCard"):
            return [f"[{' '.join(self.block(inner)).strip() or tag.text('title')}]({tag.text('href', 'to')})"]
        if name in ("script", "style", "iframe", "video", "object", "embed", "form"):
            return self._active(tag, number, whole)
        if name in ("table", "ul", "ol", "dl", "pre", "svg", "picture"):
            return [
                inline(text, lambda why: self.note(number, why), self._known)
                for _, text in dedented(whole)
                if text.strip()
            ]
        if not name[0].isupper() and name not in _FRAMES:
            return None
        if name not in _FRAMES and not any(line.strip() for _, line in inner):
            return self._alone(tag, number, " ".join(text.strip() for _, text in whole))
        if name not in _FRAMES:
            self.note(number, f"the component <{name}> is unknown; what stands in it is kept as text")
        elif tag.attributes and name[0].islower():
            self.note(number, f"the look of <{name}> is not carried over", "nothing, if the page reads well without it")
        return [*self.block(inner)] or [""]

    def _alone(self, tag: Tag, number: int, written: str) -> list[str]:
        """An element without content, on lines of its own."""
        name, note = tag.name, lambda why: self.note(number, why)
        if (said := self._known(tag)) is not None:
            return [said]
        if (path := self.imported.get(name)) and (page := self.part(path)) is not None:
            return page.split("\n")
        if name in ("iframe", "video", "object", "embed"):
            return self._active(tag, number, ())
        if name[0].islower() and name not in ("script", "style", "input", "form", "base", "meta", "link"):
            return [html(tag, note)]
        self.note(number, f"the component <{name}> is kept as code")
        return ["```jsx", *written.split("\n"), "```"]

    def _active(self, tag: Tag, number: int, whole: Sequence[Line]) -> list[str]:
        """What would run or embed something: a link where there is an address, else code."""
        address = tag.text("src", "data")
        if address and re.match(r"https?://|/|\.", address):
            self.note(number, f"<{tag.name}> is a link now", "embed it again if readers need it on the page")
            words = tag.text("title", "alt") or ("Video" if tag.name in ("iframe", "video") else "Attachment")
            return [f"[{words}]({address.replace(' ', '%20')})"]
        self.note(number, f"<{tag.name}> is kept as code")
        return ["```html", *(text for _, text in dedented(whole)), "```"]

    def _details(self, inner: list[Line]) -> list[str]:
        text = "\n".join(line for _, line in inner)
        found = re.match(r"\s*<summary[^>]*>(.*?)</summary>[ \t]*", text, re.S)
        if not found:
            return self._box("??? note", "Details", inner)
        lines = text[found.end() :].split("\n")
        skipped = len(inner) - len(lines)
        rest = [(inner[skipped + n][0], line) for n, line in enumerate(lines)]
        title = re.sub(r"</?(?:h\d|p|b|strong|span)[^>]*>", "", found[1])
        return self._box("??? note", " ".join(title.split()), dedented(rest))

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
            found = element(lines, at, one, text) if one and one.name == "TabItem" else None
            if one is None or found is None:
                if line.strip():
                    out += [*self.block([lines[at]]), ""]
                at += 1
                continue
            inside, end, rest = found
            content = [*([(inside[0][0], inside[0][1].strip())] if inside[0][1].strip() else []), *dedented(inside[1:])]
            label = one.text("label") or str(labels.get(one.text("value")) or one.text("value") or "…")
            out += [f'=== "{label.replace(chr(34), "&quot;")}"', "", *_indented(self.block(content)), ""]
            if rest.strip():
                lines[end], at = (lines[end][0], rest), end
            else:
                at = end + 1
        return out[:-1] if out and not out[-1] else out

    def _known(self, tag: Tag) -> str | None:
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
        if tag.name in ("Link", "a") and isinstance(tag.attributes.get("to", tag.attributes.get("href")), jsdata.Code):
            return None
        return None

    def _address(self, value: object) -> str:
        """A file that an expression names: `useBaseUrl('/x')`, `require('./x').default`, something imported."""
        if isinstance(value, str):
            return value
        if isinstance(value, jsdata.Code):
            if found := re.fullmatch(r"(?:useBaseUrl|require)\(\s*['\"]([^'\"]+)['\"]\s*\)(?:\.default)?", value.text):
                return found[1]
            return self.imported.get(value.text.split(".")[0], "")
        return ""


def _directive_end(lines: Sequence[Line], at: int, colons: int) -> int | None:
    depth, number = 1, at + 1
    while number < len(lines):
        end = fence_end(lines, number)
        if end >= 0:
            number = end + 1
            continue
        bare = lines[number][1].strip()
        if bare.startswith(":::"):
            size = len(bare) - len(bare.lstrip(":"))
            if size == len(bare) and size >= colons:
                depth -= 1
                if depth == 0:
                    return number
            elif size == colons and size < len(bare):
                depth += 1
        number += 1
    return None


def _indented(lines: Sequence[str]) -> list[str]:
    return ["    " + line if line.strip() else "" for line in lines]

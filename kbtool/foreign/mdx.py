"""MDX as Docusaurus and Starlight write it, turned into the Markdown that kbtool's sites render.

Lines are looked at one by one, code never: `:::note` and `<Aside>` become `!!!`, `<Tabs>` become `===`, imports and
comments go behind the scenes. A component nobody knows keeps its words as text, or is shown as code, and is listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kbtool.core.errors import Refused
from kbtool.foreign import Left
from kbtool.foreign.components import TYPES, Components, Part, Written
from kbtool.foreign.jsx import Line, dedented, fence_end, indent, outdented
from kbtool.foreign.nesting import Item, item, nested
from kbtool.foreign.words import comment, inline

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


class _Page:
    def __init__(self, file: str, part: Part) -> None:
        self.file, self.part = file, part
        self.left: list[Left] = []
        self.imported: dict[str, str] = {}
        self.components = Components(self)
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
            found = (
                found or self._comment(lines, at) or self._directive(lines, at) or self.components.element(lines, at)
            )
            if found is None:
                yield item(inline(line, lambda why, n=number: self.note(n, why), self.components.known))  # type: ignore[misc]
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

    def _statement(self, lines: Sequence[Line], at: int) -> Written | None:
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

    def _comment(self, lines: Sequence[Line], at: int) -> Written | None:
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

    def _directive(self, lines: Sequence[Line], at: int) -> Written | None:
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
        name, title = found[3].lower(), found[4] or found[5]
        mark = f"!!! {TYPES.get(name, 'note')}"
        if name == "details":
            mark, title = "??? note", title or "Details"
        elif name not in TYPES:
            self.note(number, f"the box {found[3]} is unknown here: it is a note now")
            title = title or found[3].capitalize()
        return indent(line), self.components.box(mark, title, dedented(lines[at + 1 : end])), end + 1, ""


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

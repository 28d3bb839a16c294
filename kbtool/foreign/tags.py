"""What each HTML tag is in Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from kbtool.foreign.escape import INSIDE, escaped, safe, started

if TYPE_CHECKING:
    from bs4 import Tag

_BOXES = {
    "note": "note", "info": "info", "information": "info", "tip": "tip", "hint": "tip", "success": "success",
    "warning": "warning", "caution": "warning", "important": "warning", "danger": "danger",
    "alert": "warning", "error": "danger",
}  # fmt: skip
_BOX = re.compile(
    r"(?:^|[-_ ])(note|info|information|tip|hint|success|warning|caution|important|danger|alert|error)(?:$|[-_ ])"
)
BLOCKS = frozenset({
    "p", "div", "ul", "ol", "table", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article",
    "dl", "hr", "details", "aside", "figure", "iframe", "video",
})  # fmt: skip


@dataclass
class Page:
    """What the converter is told of one page, and what it tells back."""

    link: Callable[[str], str | None]  #: where an address leads now; None: take the link out, keep the words
    image: Callable[[str], str]
    notes: list[tuple[str, str]] = field(default_factory=list)  #: what was not carried over, and what to do

    def note(self, why: str, todo: str = "look at the article") -> None:
        if (why, todo) not in self.notes:
            self.notes.append((why, todo))


@cache
def converter() -> Any:
    """Our ways on top of markdownify's; made when needed, as the library is slow to import."""
    from markdownify import ATX, MarkdownConverter

    class Converter(MarkdownConverter):
        def __init__(self, page: Page) -> None:
            super().__init__(heading_style=ATX, bullets="-", autolinks=False, strip_document=None)
            self.page = page

        def escape(self, text: str, parent_tags: set[str]) -> str:
            return escaped(text)

        def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            name = str(el.get("id") or el.get("name") or "")
            anchor = f'<a id="{_id(name)}"></a>' if name and _id(name) and "_noformat" not in parent_tags else ""
            if "_noformat" in parent_tags or not el.get("href"):
                return anchor + text
            lead, words, trail = (
                text[: len(text) - len(text.lstrip())],
                " ".join(text.split()),
                text[len(text.rstrip()) :],
            )
            given = str(el.get("href"))
            if not safe(given):
                self.page.note(f"a link that could run something is left out: {given[:60]}", "nothing")
                return anchor + text
            target = self.page.link(given)
            if target is None or not words:
                return anchor + text
            return f"{anchor}{lead}[{words}]({safe(target)}){trail}"

        def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            source = safe(str(el.get("src") or ""))
            alt = escaped(" ".join(str(el.get("alt") or "").split()))
            if not source:
                self.page.note("an image that is part of the page's code is left out", "add it as a file")
                return alt
            return f"![{alt}]({safe(self.page.image(source))})"

        def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: N802 – markdownify's name
            words = " ".join(text.split())
            if "_inline" in parent_tags or not words:
                return text
            if "li" in parent_tags or "td" in parent_tags:
                return f"\n\n**{words}**\n\n"
            name = _id(str(el.get("id") or ""))
            return f"\n\n{'#' * max(2, min(n, 6))} {words}{f' {{ #{name} }}' if name else ''}\n\n"

        def convert_p(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            if "_inline" in parent_tags:
                return f" {text.strip()} "
            text = started(text.strip())
            return f"\n\n{text}\n\n" if text else ""

        def convert_div(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            classes = " ".join(el.get("class") or ()).lower()
            kind = _BOX.search(classes)
            if "_inline" in parent_tags:
                return f" {text.strip()} "
            if not kind or not text.strip():
                block = any(getattr(child, "name", None) in BLOCKS for child in el.children)
                return f"\n\n{text.strip() if block else started(text.strip())}\n\n" if text.strip() else ""
            inner = "\n".join(f"    {line}" if line else "" for line in text.strip().split("\n"))
            return f"\n\n!!! {_BOXES[kind[1]]}\n{inner}\n\n"

        convert_section = convert_article = convert_aside = convert_div

        def convert_blockquote(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            classes = " ".join(el.get("class") or ()).lower()
            if _BOX.search(classes):
                return str(self.convert_div(el, text, parent_tags))
            if "_inline" in parent_tags:
                return f" {text.strip()} "
            quoted = "\n".join(f"> {line}".rstrip() for line in text.strip().split("\n"))
            return f"\n\n{quoted}\n\n" if text.strip() else ""

        def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            text = text.strip()
            if not text:
                return ""
            ordered = el.parent is not None and el.parent.name == "ol"
            before = len(el.find_previous_siblings("li"))
            start = str(el.parent.get("start") or "1") if ordered and el.parent is not None else "1"
            sign = f"{(int(start) if start.isdigit() else 1) + before}." if ordered else "-"
            text = f"&nbsp;\n\n{text}" if text.startswith("```") else text  # no fence opens behind a marker
            lines = started(text).split("\n")
            rest = [f"    {line}" if line else "" for line in lines[1:]]
            loose = "\n" if "\n\n" in text else ""
            return "\n".join([f"{sign} {lines[0]}", *rest]) + "\n" + loose

        def convert_list(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            if "td" in parent_tags or "th" in parent_tags:
                return " ".join(
                    re.sub(r"^\s*(?:-|\d+\.)\s+", "• ", line) for line in text.strip().split("\n") if line.strip()
                )
            inside = "li" in parent_tags
            return (f"\n{INSIDE}" if inside else "\n\n") + text.strip("\n") + ("\n" if inside else "\n\n")

        convert_ul = convert_ol = convert_list

        def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            code = el.get_text().strip("\n").replace("\r\n", "\n").replace("\r", "\n")
            code = re.sub(r"^(\s*)(;*-{1,}8<-{1,})", r"\1;\2", code, flags=re.M)
            if not code.strip():
                return ""
            inner = el.find("code")
            classes = [*(el.get("class") or ()), *((inner.get("class") or ()) if inner else ())]
            language = next((m[1] for c in classes if (m := re.fullmatch(r"(?:lang|language)-([\w+#-]+)", str(c)))), "")
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", code)), default=0))
            return f"\n\n{fence}{language}\n{code}\n{fence}\n\n"

        def convert_code(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            if "pre" in parent_tags:
                return text
            code = " ".join(el.get_text().split())
            if not code:
                return ""
            fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", code)), default=0))
            edge = " " if code.startswith("`") or code.endswith("`") else ""
            return f"{fence}{edge}{code}{edge}{fence}"

        convert_kbd = convert_samp = convert_tt = convert_code

        def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            return " " if "_inline" in parent_tags else "  \n"

        def convert_hr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            return "\n\n---\n\n"

        def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            return f"\n\n{self._table(el)}\n\n"

        def _table(self, el: Tag) -> str:
            rows = [row for row in el.find_all("tr") if row.find_parent("table") is el]
            cells = [[c for c in row.find_all(("td", "th")) if c.find_parent("tr") is row] for row in rows]
            cells = [row for row in cells if row]
            if not cells:
                return str(el.get_text(" ", strip=True))
            if any(c.get("rowspan", "1") != "1" or c.get("colspan", "1") != "1" for row in cells for c in row):
                self.page.note("a table with joined cells has one cell for each column now", "look at the table")
            if any(c.find(("ul", "ol", "table", "pre")) for row in cells for c in row):
                self.page.note("a table with lists, code or tables in it is flat now", "look at the table")
            width = max(sum(_span(c) for c in row) for row in cells)
            drawn = [self._row(row, width) for row in cells]
            return "\n".join([drawn[0], "|" + "---|" * width, *drawn[1:]])

        def _row(self, row: list[Tag], width: int) -> str:
            me: Any = self  # the library has no types
            out: list[str] = []
            for cell in row:
                text = str(me.process_element(cell, parent_tags={"table", "tr", "_inline"}))
                out += [" ".join(text.split()).replace("|", "&#124;"), *([""] * (_span(cell) - 1))]
            return "| " + " | ".join([*out, *([""] * (width - len(out)))]) + " |"

        def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            return text

        convert_th = convert_tr = convert_tbody = convert_thead = convert_tfoot = convert_td

        def convert_embedded(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            inner = el.find("source") if el.name in ("video", "audio") else None
            address = str(el.get("src") or el.get("data") or (inner.get("src") if inner else "") or "")
            address = f"https:{address}" if address.startswith("//") else address
            if not safe(address):
                self.page.note(f"<{el.name}> without a usable address is left out", "look at the article")
                return text
            self.page.note(
                f"<{el.name}> is a link now: {safe(address)}", "embed it again if readers need it on the page"
            )
            title = escaped(str(el.get("title") or "")) or ("Video" if el.name in ("iframe", "video") else "Attachment")
            return f"\n\n[{title}]({safe(self.page.link(address) or address)})\n\n"

        convert_iframe = convert_video = convert_audio = convert_object = convert_embed = convert_embedded

        def convert_details(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            summary = el.find("summary")
            title = " ".join(escaped(summary.get_text()).split()).replace('"', "&quot;") if summary else "Details"
            inner = "\n".join(f"    {line}" if line else "" for line in text.strip().split("\n"))
            return f'\n\n??? note "{title}"\n{inner}\n\n' if text.strip() else ""

        def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            return ""

        def convert_dl(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            return f"\n\n{text.strip()}\n\n"

        def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            return f"\n\n{started(' '.join(text.split()))}\n"

        def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            text = text.strip()
            text = f"&nbsp;\n\n{text}" if text.startswith("```") else text
            inner = "\n".join(f"    {line}" if line else "" for line in text.split("\n"))
            return f"\n:   {inner.strip()}\n" if text else ""

    return Converter


def _id(name: str) -> str:
    """An anchor as attribute lists take it."""
    return name if re.fullmatch(r"[A-Za-z][\w.-]*", name) else ""


def _span(cell: Tag) -> int:
    said = str(cell.get("colspan") or "1")
    return min(int(said), 50) if said.isdigit() and int(said) else 1

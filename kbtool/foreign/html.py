"""HTML as help desks keep it, turned into Markdown that holds words, structure and pictures, and nothing that runs.

Only tags that are known become something; of everything else the words stay. Every character of a text that a
Markdown renderer could take for markup is escaped, `&lt;script&gt;` above all.
"""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from typing import Any

from kbtool.core.errors import Refused
from kbtool.core.limits import admit
from kbtool.core.render import Renderer
from kbtool.foreign.escape import INSIDE, safe
from kbtool.foreign.tags import BLOCKS, Page, converter

#: gone with all that is in them: they run, or mean nothing without the old site
_GONE = (
    "script", "style", "noscript", "template", "head", "title", "meta", "link", "base", "input", "select", "textarea",
    "button", "svg", "math", "applet",
)  # fmt: skip
#: inline elements; blocks that stand in one come out of it
_AROUND = (
    "b", "strong", "i", "em", "del", "s", "a", "u", "mark", "span", "small", "sub", "sup", "ins", "q", "cite", "font",
)  # fmt: skip
_EMBEDDED = ("iframe", "video", "audio", "object", "embed")
MOST = 10_000_000  #: characters, pictures within the page counted
DEEPEST = 200  #: elements inside one another


def markdown(html: str, page: Page) -> str:
    """The page in Markdown.

    Raises Refused for HTML too long or too deep to be anybody's article, and where something would run.
    """
    from bs4 import BeautifulSoup

    if len(html) > MOST:
        raise Refused(f"{len(html):,} characters of HTML; at most {MOST:,} are taken", hint="split the article")
    soup = BeautifulSoup(html.replace(INSIDE, ""), "html.parser")
    if _depth(soup) > DEEPEST:
        raise Refused(
            f"elements nested more than {DEEPEST} deep",
            where="line 1",
            hint="clean the article up in the old help centre",
        )
    _clean(soup, page)
    text = str(converter()(page).convert_soup(soup)).replace(INSIDE, "")
    text = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+$", _trailing, text, flags=re.M)).strip("\n") + "\n"
    _prove(text)
    return text


def _trailing(found: re.Match[str]) -> str:
    """Two blanks at the end of a line break it; other numbers are of no use."""
    return "  " if found[0] == "  " and found.start() and found.string[found.start() - 1] != "\n" else ""


def _depth(soup: Any) -> int:
    """How deep elements stand inside one another, counted without recursion."""
    deepest, waiting = 0, [(soup, 0)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in getattr(node, "children", ()) if getattr(child, "name", None)]
    return deepest


class _Active(HTMLParser):
    """Looks for what a browser would run."""

    found = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        active = tag in _GONE[:3] or tag in _EMBEDDED or tag in ("form", "base", "meta", "link", "svg", "math")
        for name, value in attrs:
            target = value is not None and name in ("href", "src") and not safe(value) and value != ""
            active = active or name.startswith("on") or target
        self.found = self.found or (f"<{tag}>" if active else "")


def _prove(text: str) -> None:
    """A second lock: the page is rendered, and one in which something would run is refused."""
    admit(text)
    reader = _Active()
    reader.feed(_renderer().html(f"---\ntitle: x\n---\n\n{text}"))
    if reader.found:
        raise Refused(f"{reader.found} would run on the page", hint="clean the article up in the old help centre")


@cache
def _renderer() -> Renderer:
    """One for all pages: to make one costs more than to use it."""
    return Renderer()


def _clean(soup: Any, page: Page) -> None:
    """Take out what could run, and say so; blocks inside emphasis and the like come out of it."""
    from bs4 import Comment, Declaration, Doctype, ProcessingInstruction

    for kind in (Comment, Declaration, Doctype, ProcessingInstruction):
        for each in soup.find_all(string=lambda text, kind=kind: isinstance(text, kind)):
            each.extract()
    for element in soup.find_all(_GONE):
        if not element.decomposed:
            page.note(f"<{element.name}> is left out", "nothing, if readers do not miss it")
            element.decompose()
    for element in soup.find_all(_AROUND):
        if element.find(BLOCKS):
            element.unwrap()
    for element in soup.find_all(True):
        for name in [n for n in element.attrs if n.lower().startswith("on")]:
            page.note(f"{name} of <{element.name}> is left out", "nothing: programs do not come along")
            del element[name]

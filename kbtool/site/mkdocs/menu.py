"""The menu, which is most of a page: made once, and on each page only what is its own there.

An entry that does not show the current page depends on the page in nothing but the way its links lead. An entry that
does is a frame around the entries below it. Which of them is made anew, and which is remembered, is settled entry by
entry, by what Material's macro `render` of `nav-item.html` does.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kbtool.site.mkdocs.alike import Alike, Part, Rendering, Watch

if TYPE_CHECKING:
    import jinja2
    from jinja2.runtime import Context
    from mkdocs.structure.pages import Page

ITEM = "partials/nav-item.html"
NAV = "partials/nav.html"
_MACRO = "{% macro render(nav_item, path, level, parent) %}"
_REMEMBERED = (
    "{% macro render(nav_item, path, level, parent) %}"
    "{{ kb_menu(render_anew, nav_item, path, level, parent, page, features) }}{% endmacro %}"
    "{% macro render_anew(nav_item, path, level, parent) %}"
)
#: Material's macro: gives an entry of the menu as HTML
Macro = Callable[[Any, str, int, Any], str]


def with_memory(source: str) -> str:
    """Material's `nav-item.html`, asking for what is remembered before it makes an entry."""
    return source.replace(_MACRO, _REMEMBERED)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, where it stands."""

    item: Any
    path: str
    level: int
    parent: Any
    own: frozenset[str]  #: the files whose pages make it look different
    odd: bool  #: whether it shows more than itself and what is below it

    @classmethod
    def of(cls, item: Any, path: str, level: int, parent: Any) -> Entry:
        starts = [child for child in item.children or () if getattr(child, "is_index", False)]
        files = [page.file.src_uri for page in (item, *starts) if getattr(page, "file", None)]
        return cls(item, path, level, parent, frozenset(files), bool(getattr(item, "pages", None)))


@dataclass(frozen=True, slots=True)
class Frame:
    """An entry without those below it; their numbers stand between the texts."""

    pieces: tuple[str, ...]
    below: frozenset[str]  #: the pages of the folder from which a link in it would be another


class Menu:
    """Remembers what entries look like, from the places where they look the same."""

    def __init__(self, alike: Alike, env: jinja2.Environment, features: Sequence[str]) -> None:
        self.alike = alike
        self.env = env
        self.features = list(features)
        self.entries: list[Entry] = []
        self.numbers: dict[Hashable, int] = {}
        self.frames: dict[Hashable, dict[Hashable, Frame]] = {}  #: by where links start from
        self.open = False  #: whether numbers are wanted in place of entries
        mark = secrets.token_hex(8)  # that no title can contain
        self.mark = f"\0{mark}-%d\0"
        self.hole = re.compile(f"\0{mark}-(\\d+)\0")
        self.split = lru_cache(maxsize=64)(lambda text: tuple(self.hole.split(text)))

    def __call__(
        self,
        render: Macro,
        item: Any,
        path: str,
        level: int,
        parent: Any,
        page: Page | None,
        features: Sequence[str],
    ) -> str:
        """What the macro `render` gives for an entry."""
        if page is None or list(features) != self.features:
            return render(item, path, level, parent)
        number = self._number(item, path, level, parent)
        return self.mark % number if self.open else self._entry(number, render, page)

    def whole(self, render: Rendering) -> Rendering:
        """Give Material's `nav.html` a memory."""

        def opened(context: Context) -> Iterator[str]:
            self.open = True
            try:
                yield from render(context)
            finally:
                self.open = False

        part = Part(self.alike, opened, trusted={NAV: ("nav",), ITEM: ("page",)})

        def filled(context: Context) -> Iterator[str]:
            text = "".join(part(context))
            pieces = self.split(text)
            if len(pieces) > 1:
                module: Any = self.env.get_template(ITEM).make_module(context.get_all(), shared=True)
                text = self._filled(pieces, module.render_anew, context["page"])
            yield text

        return filled

    def _number(self, item: Any, path: str, level: int, parent: Any) -> int:
        key = (id(item), path, level, id(parent) if parent else 0)  # Jinja makes what is undefined anew each time
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.entries)
            self.entries.append(Entry.of(item, path, level, parent))
        return number

    def _entry(self, number: int, render: Macro, page: Page) -> str:
        entry = self.entries[number]
        item, parent = entry.item, entry.parent
        if entry.odd or page.file.src_uri in entry.own:
            return render(item, entry.path, entry.level, parent)
        place = self.alike.place(page)
        known = self.frames.setdefault(place.key, {})
        key = (number, item.active, bool(parent and parent.active))
        frame = known.get(key)
        if frame is None:
            watch = Watch(page)
            frame = self._frame(entry, render, watch)
            if place.name not in frame.below and not watch.foreign:
                known[key] = frame
        elif place.name in frame.below:
            return render(item, entry.path, entry.level, parent)
        return self._filled(frame.pieces, render, page)

    def _frame(self, entry: Entry, render: Macro, watch: Watch) -> Frame:
        self.open = True
        try:
            with self.alike.watched(watch):
                text = render(entry.item, entry.path, entry.level, entry.parent)
        finally:
            self.open = False
        return Frame(tuple(self.hole.split(text)), self.alike.place(watch.page).below(watch.links))

    def _filled(self, pieces: tuple[str, ...], render: Macro, page: Page) -> str:
        if len(pieces) == 1:
            return pieces[0]
        return "".join(self._entry(int(piece), render, page) if n % 2 else piece for n, piece in enumerate(pieces))

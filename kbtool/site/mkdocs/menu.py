"""The menu, which is most of a page: made once, and on each page only what is its own there.

An entry that does not show the current page depends on the page in nothing but the way its links lead. An entry that
does is a frame around the entries below it. Which of them is made anew, and which is remembered, is settled entry by
entry, by what Material's macro `render` of `nav-item.html` does. Pages of one folder and one section have all entries
in common but their own ones: for them the entries lie ready, one after another.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
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
    links: frozenset[str]
    shared: tuple[int, ...]  #: how far the links lead the same way as the folder
    below: frozenset[str]  #: the pages of the folder from which a link in it would be another
    passing: bool = False  #: whether it is to be made anew for the next page


@dataclass(slots=True)
class Row:
    """The entries that pages of one folder and one section show, one after another, with the texts between them."""

    texts: list[str] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)  #: of the entries, by where their texts are
    missing: set[int] = field(default_factory=set)  #: where the texts are that no page has shown yet as others see them
    own: dict[str, set[int]] = field(default_factory=dict)  #: where texts look different on a page, by its file or name
    around: set[str] = field(default_factory=set)  #: files and names of pages on which the texts between do


class Menu:
    """Remembers what entries look like, from the places where they look the same."""

    def __init__(self, alike: Alike, env: jinja2.Environment, features: Sequence[str]) -> None:
        self.alike = alike
        self.env = env
        self.features = list(features)
        self.entries: list[Entry] = []
        self.numbers: dict[Hashable, int] = {}
        self.known: dict[Hashable, Frame] = {}  #: also by where links start from
        self.frames: dict[Hashable, list[Frame]] = {}  #: the same, by nothing but how deep that is
        self.rows: dict[Hashable, Row] = {}
        self.open = False  #: whether numbers are wanted in place of entries
        mark = secrets.token_hex(8)  # that no title can contain
        self.mark = f"\0{mark}-%d\0"
        hole = self.hole = re.compile(f"\0{mark}-(\\d+)\0")
        self.split = lru_cache(maxsize=64)(lambda text: tuple(hole.split(text)))

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
                text = self._whole(pieces, module.render_anew, context["page"])
            yield text

        return filled

    def _number(self, item: Any, path: str, level: int, parent: Any) -> int:
        key = (id(item), path, level, id(parent) if parent else 0)  # Jinja makes what is undefined anew each time
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.entries)
            self.entries.append(Entry.of(item, path, level, parent))
        return number

    def _whole(self, pieces: Sequence[str], render: Macro, page: Page) -> str:
        """All of the menu; on a page that stands in what holds others together, entry by entry."""
        place, name = self.alike.place(page), page.file.src_uri
        key = (pieces, place.key, tuple(map(id, page.ancestors)))
        row = self.rows.get(key) or Row()
        if not row.texts and self._lay(row, pieces, render, page):
            self.rows[key] = row
        if key not in self.rows or not row.around.isdisjoint((name, place.name)):
            return self._filled(pieces, render, page)
        for at in sorted(row.missing):
            self._settle(row, at, render, page)
        texts = row.texts.copy()
        for at in row.missing.union(row.own.get(name, ()), row.own.get(place.name or "", ())):
            texts[at] = self._entry(row.numbers[at], render, page)
        return "".join(texts)

    def _lay(self, row: Row, pieces: Sequence[str], render: Macro, page: Page) -> bool:
        """Put entries into a row; gives whether all that holds them together is what other pages see, too."""
        for n, piece in enumerate(pieces):
            if n % 2 and (entry := self.entries[int(piece)]).item.children:
                frame = self._frame(int(piece), render, page)
                if frame is None or frame.passing:
                    return False
                row.around |= entry.own | frame.below
                if not self._lay(row, frame.pieces, render, page):
                    return False
            elif n % 2:
                row.numbers[len(row.texts)] = int(piece)
                row.missing.add(len(row.texts))
                row.texts.append("")
            else:
                row.texts.append(piece)
        return True

    def _settle(self, row: Row, at: int, render: Macro, page: Page) -> None:
        """Note how an entry without others below it looks, unless this page sees it in another way."""
        frame = self._frame(row.numbers[at], render, page)
        if frame is not None and not frame.passing and len(frame.pieces) == 1:
            row.texts[at] = frame.pieces[0]
            row.missing.remove(at)
            for each in self.entries[row.numbers[at]].own | frame.below:
                row.own.setdefault(each, set()).add(at)

    def _entry(self, number: int, render: Macro, page: Page) -> str:
        frame, entry = self._frame(number, render, page), self.entries[number]
        if frame is None:
            return render(entry.item, entry.path, entry.level, entry.parent)
        return self._filled(frame.pieces, render, page)

    def _frame(self, number: int, render: Macro, page: Page) -> Frame | None:
        """An entry as pages see it that it is not about; none for others."""
        entry = self.entries[number]
        if entry.odd or page.file.src_uri in entry.own:
            return None
        place = self.alike.place(page)
        active = (number, entry.item.active, bool(entry.parent and entry.parent.active))
        key = (place.key, active)
        frame = self.known.get(key)
        if frame is None:
            as_deep = self.frames.setdefault((len(place.folder), place.name is None, active), [])
            frame = next((each for each in as_deep if each.shared == place.shared(each.links)), None)
            if frame is None:
                frame = self._made(entry, render, page)
                if frame.passing:
                    return frame
                as_deep.append(frame)
            self.known[key] = frame = replace(frame, below=place.below(frame.links))
        return None if place.name in frame.below else frame

    def _made(self, entry: Entry, render: Macro, page: Page) -> Frame:
        place, watch = self.alike.place(page), Watch(page)
        self.open = True
        try:
            with self.alike.watched(watch):
                text = render(entry.item, entry.path, entry.level, entry.parent)
        finally:
            self.open = False
        links, below = frozenset(watch.links), place.below(watch.links)
        passing = watch.foreign or place.name in below
        return Frame(tuple(self.hole.split(text)), links, place.shared(links), below, passing)

    def _filled(self, pieces: Sequence[str], render: Macro, page: Page) -> str:
        if len(pieces) == 1:
            return pieces[0]
        return "".join(self._entry(int(piece), render, page) if n % 2 else piece for n, piece in enumerate(pieces))

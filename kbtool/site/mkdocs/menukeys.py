"""What the menu shows on a page, as a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kbtool.site.mkdocs.remembered import key_of

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page


def is_whole(config: MkDocsConfig) -> bool:
    """Whether every page shows all of the menu; otherwise it shows what stands beside it and above it."""
    features = config.theme.get("features") or []
    return bool(config.theme.custom_dir) or "navigation.prune" not in features or "navigation.sections" in features


class MenuKeys:
    """What the menu, the way back and the links to neighbours show on a page, as a key."""

    def __init__(self, config: MkDocsConfig, nav: Navigation) -> None:
        self.whole = is_whole(config)
        self.home = _face(nav.homepage)
        self.top = key_of([_face(item) for item in nav.items]) if not self.whole else key_of(_deep(nav.items))
        self.known: dict[int, str] = {}

    def of(self, page: Page) -> str:
        near = [_face(page.previous_page), _face(page.next_page)]
        above = [] if self.whole else [self._section(section) for section in page.ancestors]
        trail = [str(section.title) for section in page.ancestors]
        return key_of(self.home, self.top, near, above, trail, _face(page))

    def _section(self, section: Any) -> str:
        if id(section) not in self.known:
            self.known[id(section)] = key_of(_face(section), [_face(item) for item in section.children])
        return self.known[id(section)]


def _face(item: Any) -> tuple[object, ...]:
    """What is shown of an entry elsewhere."""
    if item is None:
        return ()
    if item.children:
        first = item.children[0]
        starts = [_face(child) for child in item.children if getattr(child, "is_index", False)][:1]
        return (item.title, len(item.children) > 1, _face(first), starts)
    meta = getattr(item, "meta", None) or {}
    shown = tuple(str(meta.get(name, "")) for name in ("icon", "status", "subtitle"))
    return (str(item.title), item.url, getattr(item, "is_index", False), *shown)


def _deep(items: Sequence[Any]) -> list[Any]:
    return [(_face(item), _deep(item.children) if item.children else ()) for item in items]

"""A page that other pages import: its text stands in the place of its component."""

from __future__ import annotations

from kbtool.core.errors import Refused
from kbtool.core.links import relink
from kbtool.foreign import Left, front, mdx
from kbtool.foreign.convert import refused
from kbtool.foreign.tree import Tree


class Parts:
    """Gives imported pages as Markdown, and remembers which files stand inside others now."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self.used: set[str] = set()
        self.left: list[Left] = []

    def text(self, part: str, page: str) -> str | None:
        """The part as it is to stand in the page; None where it is no page, or cannot be read."""
        if not self._tree.has(part) or not part.endswith((".md", ".mdx")) or part == page:
            return None
        try:
            text = self._tree.text(part)
            body, left = mdx.convert(front.split(text)[1], part, front.lines_before(text), lambda _: None)
        except Refused as error:
            found = refused(part, error)
            self.left += [found] if found not in self.left else []
            return None
        self.left += [each for each in left if each not in self.left]
        self.used.add(part)
        return relink(body, part, lambda same: same, page).rstrip("\n")

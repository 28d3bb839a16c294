"""Python-Markdown's inline patterns, tried only on text that holds a character they need.

Two thirds of rendering a page is spent on trying twenty patterns on every stretch of text, most of which holds no
markup at all. The outcome is the same; a pattern that is not listed here is tried always.
"""

from __future__ import annotations

from markdown import Markdown
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

#: By the name an extension registers its pattern under: what has to be there, one or the other, for it to match.
NEEDS = {
    "backtick": ("`", "`"),
    "arithmatex-inline": ("$", "\\"),
    "escape": ("\\", "\\"),
    "footnote": ("[^", "[^"),
    "reference": ("[", "["),
    "link": ("](", "]("),
    "image_link": ("![", "!["),
    "image_reference": ("![", "!["),
    "short_reference": ("[", "["),
    "short_image_ref": ("![", "!["),
    "autolink": ("<", "<"),
    "automail": ("<", "<"),
    "linebreak": ("  \n", "  \n"),
    "html": ("<", "<"),
    "entity": ("&", "&"),
    "emoji": (":", ":"),
    "keys": ("++", "++"),
    "keys-custom": ("++", "\\"),
}


class QuickInline(InlineProcessor):
    """In place of Python-Markdown's own inline processor; use `install`.

    It replaces a private method, so a later Python-Markdown that has renamed it simply runs its own.
    """

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        patterns = list(md.inlinePatterns)
        # The registry looks a pattern up by number a thousand times a page, each time through three calls.
        self.inlinePatterns = patterns  # type: ignore[assignment]
        needs = {md.inlinePatterns[name]: need for name, need in NEEDS.items() if name in md.inlinePatterns}
        self._tries = [(pattern, *needs.get(pattern, ("", ""))) for pattern in patterns]

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        if isinstance(data, AtomicString):
            return data
        apply = self._InlineProcessor__applyPattern  # type: ignore[attr-defined]
        for number, (pattern, this, that) in enumerate(self._tries[patternIndex:], patternIndex):
            if this in data or that in data:
                matched, start = True, 0
                while matched:
                    data, matched, start = apply(pattern, data, number, start)
        return data


def install(markdown: Markdown) -> None:
    """Make `markdown` quick; to be called when all its extensions are set up."""
    markdown.treeprocessors.register(QuickInline(markdown), "inline", 20)

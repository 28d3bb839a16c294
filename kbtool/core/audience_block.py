"""The block that marks internal text, `/// agent … ///`, as PyMdown's blocks see it.

Which readers see what is decided before Markdown is rendered, by the stager; here the block only has to parse, nest
and render to a plain `div`, so that a page with internal parts is proved and previewed as it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement

from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown import Markdown

#: The audiences that a page may hold back parts for.
INTERNAL = ("agent", "senior")


class AudienceBlock(Block):  # type: ignore[misc]  # pymdownx has no types
    """A part of a page for some readers only: `<div class="audience agent">…</div>`."""

    NAME = ""
    ARGUMENT = None

    def on_create(self, parent: Element) -> Element:
        return SubElement(parent, "div", {"class": f"audience {self.NAME}"})


class AudienceBlocks(BlocksExtension):  # type: ignore[misc]  # pymdownx has no types
    """One block type per audience: `AudienceBlocks(audiences=["agent", "senior"])`."""

    def __init__(self, *args: Any, audiences: Sequence[str] = INTERNAL, **kwargs: Any) -> None:
        self.audiences = tuple(audiences)
        super().__init__(*args, **kwargs)

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: Any) -> None:  # noqa: N802  # pymdownx's name
        for name in self.audiences:
            block_mgr.register(type(f"{name.title()}Block", (AudienceBlock,), {"NAME": name}), {})


def makeExtension(**kwargs: Any) -> AudienceBlocks:  # noqa: N802  # Python-Markdown's name
    return AudienceBlocks(**kwargs)

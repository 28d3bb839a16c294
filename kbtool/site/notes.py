"""The Markdown extension of every edition: how internal blocks look where they may be shown, and headings' ids."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from kbtool.core.audience import AUDIENCES, may_read
from kbtool.site import heading_ids
from kbtool.site.blocks import INTERNAL_BLOCKS

TITLES = {"agent": "For agents only", "senior": "For senior agents only"}


class InternalNote(Block):  # type: ignore[misc]  # pymdownx has no types
    """An aside with a title that says for whom it is."""

    NAME = "agent"
    ARGUMENT = None

    def on_create(self, parent: Element) -> Element:
        self.parent = parent
        note = SubElement(parent, "div", {"class": f"admonition kb-internal kb-internal--{self.NAME}"})
        title = SubElement(note, "p", {"class": "admonition-title"})
        titles = self.config.get("titles") or {}
        words = titles.get(self.NAME) or TITLES[self.NAME]
        title.text = f"{words}: {self.argument}" if self.argument else words
        return note

    def on_end(self, block: Element) -> None:
        """The stager has cut out what readers may not see; what it took for a code sample and is none ends here."""
        if not may_read(self.config.get("reader") or AUDIENCES[-1], self.NAME):
            self.parent.remove(block)


class InternalNotes(BlocksExtension):  # type: ignore[misc]  # pymdownx has no types
    """Registers a block per internal audience; stands last, so that it knows which extensions are there."""

    def __init__(self, **options: Any) -> None:
        self.config = {
            "titles": [{}, "audience → the words above its notes"],
            "reader": ["", "the audience of the edition; all may be shown where it is not said"],
        }
        super().__init__(**options)

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: N802 – pymdownx's name
        heading_ids.register(md)
        for name in INTERNAL_BLOCKS:
            if name not in block_mgr.blocks:
                block_mgr.register(type(name.title(), (InternalNote,), {"NAME": name}), self.getConfigs())

"""Everything that happens to a knowledge base between two builds, at random but the same for the same seed."""

from __future__ import annotations

from kbtool.core.errors import KbError
from tests.site.edits_around import AROUND
from tests.site.edits_articles import ARTICLES
from tests.site.mishaps import MISHAPS
from tests.site.world import World

EDITS = (*ARTICLES, *AROUND, *MISHAPS)


def some_edit(world: World) -> str:
    """Do something; gives what."""
    while True:
        edit = world.chance.choice(EDITS)
        before = world.files()
        try:
            if said := edit(world):
                return f"{edit.__name__}: {said}"
        except (KbError, IndexError):  # a command that says no, nothing there to choose from
            world.put_back(before)

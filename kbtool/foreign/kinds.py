"""Which tool a folder was made for, and its reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kbtool.core.errors import UsageError
from kbtool.foreign import Found, docusaurus, mkdocs, starlight, zendesk
from kbtool.foreign.tree import Tree

#: name → whether a folder is one, and its reader; in the order in which they are asked
KINDS: Mapping[str, tuple[Callable[[Tree], bool], Callable[[Tree], Found]]] = {
    "docusaurus": (docusaurus.is_here, docusaurus.read),
    "starlight": (starlight.is_here, starlight.read),
    "mkdocs": (mkdocs.is_here, mkdocs.read),
    "zendesk": (zendesk.is_here, zendesk.read),
}


def read(tree: Tree, kind: str = "") -> Found:
    """The help centre in a folder.

    Raises UsageError where nobody knows what it is.
    """
    for name, (is_here, reader) in KINDS.items():
        if name == kind or (not kind and is_here(tree)):
            return reader(tree)
    raise UsageError(
        "no help centre that kbtool knows",
        where=str(tree.root),
        hint=f"name the folder with mkdocs.yml, docusaurus.config.js, astro.config.mjs or the exported JSON, "
        f"and say what it is with --from ({', '.join(KINDS)})",
    )

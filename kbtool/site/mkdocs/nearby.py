"""What stands near a few pages in the menu: they show that, and of all the rest no more than how their menu begins.

In a help centre where three texts of a thousand have changed, MkDocs is given what stands near these three. What
`MenuKeys` says of them is the same as with the whole menu.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kbtool.site.mkdocs.menukeys import is_whole
from kbtool.site.stage.nav import Item

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from kbtool.site.mkdocs.configure import Job
    from kbtool.site.mkdocs.pagekeys import PageKeys
    from kbtool.site.mkdocs.remembered import Memory

#: of so many pages one may have changed: more of them stand near most others
_FEW = 2

#: the name of a folder's start page
_START = "index.md"


@dataclass(frozen=True, slots=True)
class Near:
    """What stands near the pages that have changed."""

    nav: list[Item]
    paths: list[str]  #: the pages there, and those that have changed


def near_changes(job: Job, config: MkDocsConfig, old: Memory, new: Memory, keys: PageKeys) -> Near | None:
    """What is to be looked at where few of a locale's pages have changed, and nothing else; None in any other case."""
    if not (old.is_plain and old.frames and job.there.issuperset((*old.frames, *old.copied))):
        return None
    same = (old.names, old.common) == (new.names, new.common) and old.media == new.media != ""
    if not same or _is_odd(job, config):
        return None
    if any('"template"' in made.shown for made in old.pages.values()):  # whether it is there has to be told each time
        return None
    pages = old.pages.items()
    changed = {name for name, made in pages if made.file not in job.there or made.stage != keys.of(name)}
    if len(changed) > len(old.pages) // _FEW:
        return None
    paths = {name.partition("/")[2] for name in old.pages}
    return nearby(job.stage.nav, paths, {name.partition("/")[2] for name in changed})


def _is_odd(job: Job, config: MkDocsConfig) -> bool:
    """Whether more is shown, or told, than what stands near the changes."""
    said = config.validation
    sections = {title for item in job.stage.nav if isinstance(item, dict) for title in item}
    return (
        is_whole(config)
        or bool(config.extra_templates)
        or max(said.nav.omitted_files, said.links.anchors) >= logging.WARNING
        or not sections.isdisjoint({job.locale.capitalize(), job.stage.source.capitalize()})  # static-i18n opens these
    )


def nearby(nav: Sequence[Item], paths: Set[str], wanted: Set[str]) -> Near | None:
    """The menu that the `wanted` pages show, and all pages in it; `paths` are those that there are.

    None where the menu is too odd to be cut: it names a page twice, or what is neither a page nor an address.
    """
    targets = _targets(nav)
    pages = [path for path in targets if path in paths]
    addresses = {target for target in targets if target not in paths}
    if len(pages) != len(set(pages)) or not all(":" in target for target in addresses):
        return None
    beside = {_START, *addresses}  # the logo leads to the start page; addresses cost nothing
    for number, path in enumerate(pages):
        if path in wanted:
            beside.update(pages[max(0, number - 1) : number + 2])
    found = _shown(nav, beside, wanted)
    return Near(found, list(dict.fromkeys((*(path for path in _targets(found) if path in paths), *sorted(wanted)))))


def _shown(items: Iterable[Item], beside: Set[str], wanted: Set[str]) -> list[Item]:
    """All that stands in a section which is open."""
    return [_cut(item, beside, wanted) for item in items]


def _cut(item: Item, beside: Set[str], wanted: Set[str]) -> Item:
    title, below = _section(item)
    if below is None:
        return item
    is_open = not wanted.isdisjoint(_targets(below))
    return {title: (_shown if is_open else _closed)(below, beside, wanted)}


def _closed(items: Sequence[Item], beside: Set[str], wanted: Set[str]) -> list[Item]:
    """What is seen of a section elsewhere: where it begins, and whether there is more."""
    starts = [n for n, item in enumerate(items) if _is_start(item)]
    kept = {0, 1, *starts[:1]}
    kept |= {n for n, item in enumerate(items) if not beside.isdisjoint(_targets([item]))}
    return [_cut(item, beside, wanted) for n, item in enumerate(items) if n in kept]


def _is_start(item: Item) -> bool:
    return _section(item)[1] is None and _targets([item])[0].rpartition("/")[2] == _START


def _section(item: Item) -> tuple[str, Sequence[Item] | None]:
    """Its title and what stands in it; none for a page or an address."""
    if isinstance(item, dict):
        ((title, target),) = item.items()
        return title, target if isinstance(target, list) else None
    return "", None


def _targets(items: Iterable[Any]) -> list[str]:
    """The pages and addresses, from top to bottom."""
    found: list[str] = []
    for item in items:
        for target in item.values() if isinstance(item, dict) else (item,):
            found += _targets(target) if isinstance(target, list) else [str(target)]
    return found

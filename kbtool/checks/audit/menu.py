"""The titles in mkdocs.yml, each with the page it leads to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

_DEPTH = 5  #: files that inherit from each other
Entry = tuple[str, int, str | None]


def menu_texts(settings: Path) -> Iterator[Entry]:
    """What mkdocs.yml says, with line numbers: a menu entry with its page, a section with each page in it.

    A section all of whose pages are internal gives one of them, so that its title counts as internal too. All other
    lines are given as they are. YAML is only cut here, not loaded: nothing in it can run.
    """
    yield from _texts(settings, 0)


def _texts(settings: Path, depth: int) -> Iterator[Entry]:
    if not settings.is_file() or depth > _DEPTH:
        return
    text = settings.read_text("utf-8", "replace")
    top = _top(text)
    menu = top.get("nav")
    lines = _lines(menu) if menu else range(0)
    for number, line in enumerate(text.split("\n")):
        if number not in lines:
            yield line, number + 1, None
    if menu is not None:
        yield from _entries(menu)
    parent = top.get("INHERIT")
    if isinstance(parent, yaml.ScalarNode):
        yield from _texts(settings.parent / parent.value, depth + 1)


def _top(text: str) -> dict[str, yaml.Node]:
    """The keys of a YAML file with what they hold, uncooked; nothing where it is none."""
    try:
        found = yaml.compose(text, yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return {}
    if not isinstance(found, yaml.MappingNode):
        return {}
    return {key.value: value for key, value in found.value if isinstance(key, yaml.ScalarNode)}


def _lines(node: yaml.Node) -> range:
    """The lines that a value takes: blocks end before the line of what follows, brackets on their own."""
    end = node.end_mark.line + (node.end_mark.column > 0)
    return range(node.start_mark.line, max(end, node.start_mark.line + 1))


def _entries(node: yaml.Node, above: Sequence[str | None] = (None,)) -> Iterator[Entry]:
    """The entries of a menu, in whatever style it is written: blocks, or `[{Title: page.md}]` on one line.

    What leads to no page, such as a link to another site, counts with the pages of its section, `above`.
    """
    if isinstance(node, yaml.ScalarNode):
        for page in [_page(node)] if _page(node) else above:
            yield node.value, node.start_mark.line + 1, page
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _entries(item, above)
    elif isinstance(node, yaml.MappingNode):
        for title, target in node.value:
            pages = [page for _, _, page in _entries(target) if page] or above
            for page in pages:
                yield str(title.value), title.start_mark.line + 1, page
            if not isinstance(target, yaml.ScalarNode) or not _page(target):
                yield from _entries(target, pages)


def _page(node: yaml.ScalarNode) -> str | None:
    path = str(node.value).strip().lstrip("/").removeprefix("./")
    return path if path.endswith(".md") else None

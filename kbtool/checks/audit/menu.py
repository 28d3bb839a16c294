"""The titles in mkdocs.yml, each with the page it leads to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import yaml

_DEPTH = 5  #: files that inherit from each other
Entry = tuple[str, int, str | None]


def settings_files(root: Path) -> list[Path]:
    """mkdocs.yml, or mkdocs.yaml, and the files that it inherits from, or may, if the environment decides."""
    found = [file for name in ("mkdocs.yml", "mkdocs.yaml") if (file := root / name).is_file()][:1]
    for file in found:
        node = _top(_read(file)).get("INHERIT") if len(found) <= _DEPTH else None
        named = node.value if isinstance(node, yaml.SequenceNode) else [node]
        parents = [file.parent / each.value for each in named if isinstance(each, yaml.ScalarNode)]
        found += [parent for parent in parents if parent.is_file()]
    return found


def menu_texts(settings: Path) -> Iterator[Entry]:
    """What such a file says, with line numbers: a menu entry with its page, a section with each page in it.

    A section all of whose pages are internal gives one of them, so that its title counts as internal too. All other
    lines are given as they are. YAML is only cut here, not loaded: nothing in it can run.
    """
    text = _read(settings)
    menu = _top(text).get("nav")
    lines = _lines(menu) if menu else range(0)
    for number, line in enumerate(text.split("\n")):
        if number not in lines:
            yield line, number + 1, None
    if menu is not None:
        yield from _entries(menu)


def _read(file: Path) -> str:
    return file.read_text("utf-8", "replace")


@lru_cache(maxsize=8)
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

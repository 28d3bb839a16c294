"""The theme's templates as they are loaded: without the white space between their elements, and with a menu that is
made once and not again for each page.

In a help centre of some size the menu is most of a page, and most of the work of making it. So it shows the section
that the page stands in, article by article, and of every other section only its name, as a link: plain links, which
need no script and can be reached with the keyboard.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2.bccache import Bucket, FileSystemBytecodeCache

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

#: articles from which on the menu shows one section at a time
LARGE = 60
_ITEM = "partials/nav-item.html"
_MACRO = "{% macro render(nav_item, path, level, parent) %}"
_REMEMBERED = (
    "{% macro render(nav_item, path, level, parent) %}"
    "{{ kb_menu(render_anew, nav_item, path, level, parent, page) }}{% endmacro %}"
    "{% macro render_anew(nav_item, path, level, parent) %}"
)
_ONLY_TAGS = re.compile(r"(?:\{%(?:(?!%\}).)*%\}|\{#(?:(?!#\}).)*#\})*")
_OPEN = re.compile(r"<(?:pre|textarea)\b|\{%-?\s*raw\b")


class Loader(jinja2.FileSystemLoader):
    """Loads a theme's templates; those of Material and our own squeezed, a knowledge base's own as they are."""

    def __init__(self, folders: Sequence[str]) -> None:
        super().__init__(folders)
        self.ours = tuple(f"{folder}{os.sep}" for folder in _known_folders())

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, file, fresh = super().get_source(environment, template)
        if os.path.realpath(file).startswith(self.ours) and template.endswith(".html"):
            source = squeezed(source)
            if template == _ITEM and source.count(_MACRO) == 1:
                source = source.replace(_MACRO, _REMEMBERED)
        return source, file, fresh

    def list_templates(self) -> list[str]:
        """All templates but hidden ones: of the 14,000 that the theme has, the icons are 13,000."""
        return _listed(tuple(map(str, self.searchpath)))


def squeezed(source: str) -> str:
    """A template without indentation and without lines that only hold tags of Jinja."""
    if _OPEN.search(source):
        return source
    lines = (line.strip() for line in source.split("\n"))
    return "".join(line if _ONLY_TAGS.fullmatch(line) else f"{line}\n" for line in lines)


@lru_cache(maxsize=4)
def _listed(folders: tuple[str, ...]) -> list[str]:
    found: set[str] = set()
    for folder in folders:
        for here, inner, names in os.walk(folder):
            inner[:] = [name for name in inner if not name.startswith(".")]
            at = os.path.relpath(here, folder).replace(os.sep, "/")
            found.update(name if at == "." else f"{at}/{name}" for name in names)
    return sorted(found)


@lru_cache(maxsize=1)
def _known_folders() -> tuple[str, ...]:
    import material

    return (str(Path(material.__file__).parent.resolve()), str(Path(__file__).parent.resolve()))


class Compiled(FileSystemBytecodeCache):
    """Compiled templates, also in memory: an environment is made for each locale."""

    def __init__(self, folder: Path | None) -> None:
        super().__init__(str(folder), f"%s-{jinja2.__version__}.jinja")
        self.lasting = folder is not None

    def load_bytecode(self, bucket: Bucket) -> None:
        code = _compiled.get(f"{bucket.key}-{bucket.checksum}")
        if code is not None:
            bucket.code = code
        elif self.lasting:
            super().load_bytecode(bucket)
            if bucket.code is not None:
                _compiled[f"{bucket.key}-{bucket.checksum}"] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        _compiled[f"{bucket.key}-{bucket.checksum}"] = bucket.code
        if self.lasting:
            super().dump_bytecode(bucket)


_compiled: dict[str, Any] = {}


def quicken_theme(config: MkDocsConfig, compiled: Path | None = None) -> None:
    """Have the theme load its templates our way; compiled ones are kept in the folder `compiled`, if it is given.

    Compiled templates are code, as the theme is that they come from: the folder must be the owner's alone.
    """
    theme, get_env = config.theme, config.theme.get_env

    def quick() -> jinja2.Environment:
        env = get_env()
        env.loader = Loader(theme.dirs)
        env.bytecode_cache = Compiled(compiled)
        features = theme.get("features") or []
        env.globals["kb_menu"] = Menu("navigation.prune" in features and "navigation.sections" not in features)
        return env

    if compiled:
        compiled.mkdir(mode=0o700, parents=True, exist_ok=True)
    theme.get_env = quick  # type: ignore[method-assign]  # of this one theme


def show_one_section(config: MkDocsConfig, articles: int) -> None:
    """From LARGE articles on, a page's menu names other sections without their articles."""
    if articles < LARGE:
        return
    features = [f for f in config.theme["features"] if f not in ("navigation.sections", "navigation.expand")]
    config.theme["features"] = [*dict.fromkeys((*features, "navigation.prune"))]


class Menu:
    """Remembers what entries of the menu look like, from the places where they look the same.

    An entry without the current page in it depends on the page in nothing but the link's way to it.
    """

    def __init__(self, pruned: bool) -> None:
        self.pruned = pruned  #: whether sections without the current page are a single link
        self.known: dict[tuple[object, ...], str] = {}

    def __call__(
        self, render: Callable[..., str], item: Any, path: str, level: int, parent: Any, page: Page | None
    ) -> str:
        if page is None or item.active or getattr(item, "pages", None):
            return render(item, path, level, parent)
        from mkdocs.utils import normalize_url

        leaf = item
        while leaf.children:
            leaf = leaf.children[0]
        if leaf is not item and not self.pruned:
            return render(item, path, level, parent)
        link = normalize_url(str(leaf.url or ""), page)
        key = (id(item), path, level, bool(parent and parent.active), link)
        if key not in self.known:
            self.known[key] = render(item, path, level, parent)
        return self.known[key]

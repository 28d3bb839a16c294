"""What we cure and quicken in MkDocs, Material and static-i18n: few, small, each with its reason.

A patch that gives the same result sooner is made only for versions it was tried with; others go the slow way.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any

from kbtool.installed import version

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

    from kbtool.core.model import Locale

#: static-i18n 1.3.1 refuses `es-419`, `fil` and `pt-br`; BCP 47 does not
_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")
#: the versions whose inner workings `render` and the patches below know
_TRIED = {"mkdocs": "1.6.", "mkdocs-static-i18n": "1.3."}


@lru_cache(maxsize=1)
def untried() -> str:
    """The package, with its version, that nobody has tried the quick way with; empty if all is well."""
    found = ((name, version(name)) for name in _TRIED)
    return ", ".join(f"{name} {said}" for name, said in found if not said.startswith(_TRIED[name]))


@lru_cache(maxsize=1)
def unfamiliar() -> str:
    """The packages, with their versions, whose share of a page nobody has quickened; empty if there are none."""
    import markdown
    import pymdownx

    from kbtool.core import colours, quick
    from kbtool.site.mkdocs.templates import knows_theme

    quickened = {
        f"markdown {markdown.__version__}": markdown.__version__.startswith(quick.TRIED),
        f"pymdown-extensions {pymdownx.__version__}": pymdownx.__version__.startswith(colours.TRIED),
        f"mkdocs-material {version('mkdocs-material')}": knows_theme(),
    }
    return ", ".join(name for name, known in quickened.items() if not known)


def accept_all_locales() -> None:
    """Let static-i18n take every locale that the settings take."""
    from mkdocs_static_i18n import config

    config.RE_LOCALE = _LOCALE


def find_themes_once() -> None:
    """Have MkDocs look for themes among all installed packages once in a process, not twice for each locale."""
    from mkdocs import utils

    if not untried():
        utils.get_themes.cache_clear = lambda: None  # type: ignore[method-assign]  # what it says when it has a theme


@contextmanager
def keep_site_folder() -> Iterator[None]:
    """Stop MkDocs from emptying the folder it writes to: the caller made it, and it is empty."""
    from mkdocs import utils

    clean = utils.clean_directory
    utils.clean_directory = lambda directory: None
    try:
        yield
    finally:
        utils.clean_directory = clean


def files_of(config: MkDocsConfig, locales: Iterable[Locale]) -> Files:
    """MkDocs' `get_files` for some locales' folders: it would read those of all locales for each of them."""
    from mkdocs.structure import files as inner

    wanted = set(locales)

    def walk(top: str, **options: Any) -> Iterator[tuple[str, list[str], list[str]]]:
        for here, folders, names in os.walk(top, **options):
            if here == top:
                folders[:] = [name for name in folders if name in wanted]
            yield here, folders, names

    found: Files = _with(inner, "os", Instead(os, walk=walk), lambda: inner.get_files(config))
    return found


class Instead:
    """A module with other functions under some names."""

    def __init__(self, module: Any, **others: Any) -> None:
        self._module = module
        self.__dict__.update(others)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


def _with(module: Any, name: str, value: Any, run: Callable[[], Any]) -> Any:
    old = getattr(module, name)
    setattr(module, name, value)
    try:
        return run()
    finally:
        setattr(module, name, old)


def quicken_static_i18n(plugin: Any) -> None:
    """Compare paths as texts: static-i18n makes several path objects per file and locale."""
    if untried():
        return
    from mkdocs_static_i18n import folder, reconfigure

    from kbtool.site.mkdocs.filelists import quicken_files

    folder.is_relative_to = reconfigure.is_relative_to = _is_below
    quicken_files(plugin)
    titled = plugin.on_page_markdown

    @wraps(titled)  # MkDocs reads from it when its turn is
    def on_page_markdown(markdown: str, **page: Any) -> Any:
        """It tries a pattern on every line, also where there is nothing to say instead."""
        if plugin.current_language_config.admonition_translations:
            return titled(markdown, **page)
        return "\n".join(markdown.splitlines())

    plugin.on_page_markdown = on_page_markdown


def _is_below(path: object, folder: object) -> bool:
    inner, outer = os.fspath(path), os.fspath(folder)  # type: ignore[call-overload]  # texts and paths, as they come
    return bool(inner == outer or inner.startswith(f"{outer.rstrip('/')}/"))

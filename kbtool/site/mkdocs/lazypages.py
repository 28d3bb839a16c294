"""MkDocs' pages, whose addresses are worked out only for those who ask: most pages are taken over, and nobody asks.

As in `patches`: the same result sooner, and only for versions that it was tried with.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File
    from mkdocs.structure.pages import Page


def lazy_page(config: MkDocsConfig) -> type[Page]:
    """MkDocs' `Page` for one configuration."""
    from mkdocs.structure.pages import Page
    from mkdocs.utils import get_build_date

    day, site = get_build_date(), config.site_url
    edited = config.repo_url, config.edit_uri, config.edit_uri_template

    class Lazy(Page):
        _canonical_url: str | None
        _abs_url: str | None

        def __init__(self, title: str | None, file: File, config: MkDocsConfig) -> None:
            file.page = self
            self.__dict__.update(
                file=file, children=None, previous_page=None, next_page=None, _Page__active=False, update_date=day,
                markdown=None, _title_from_render=None, content=None, toc=[], meta={},
            )  # fmt: skip
            if title is not None:
                self.title = title
            self._set_edit_url(*edited)

        def _known(self, name: str) -> str | None:
            if name not in self.__dict__:
                told = dict(self.__dict__)  # a plugin may have set the other one
                self._set_canonical_url(site)
                self.__dict__.update(told)
            found: str | None = self.__dict__[name]
            return found

        @property
        def canonical_url(self) -> str | None:
            return self._known("_canonical_url")

        @canonical_url.setter
        def canonical_url(self, url: str | None) -> None:
            self._canonical_url = url

        @property
        def abs_url(self) -> str | None:
            return self._known("_abs_url")

        @abs_url.setter
        def abs_url(self, url: str | None) -> None:
            self._abs_url = url

    Lazy.__name__ = Page.__name__
    return Lazy


@contextmanager
def lazy_pages(config: MkDocsConfig) -> Iterator[type[Page]]:
    """Let MkDocs' navigation make such pages."""
    from mkdocs.structure import nav

    inner: Any = nav
    plain, inner.Page = inner.Page, lazy_page(config)
    try:
        yield inner.Page
    finally:
        inner.Page = plain

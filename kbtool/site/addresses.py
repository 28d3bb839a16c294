"""Where an article stands on the site, in every locale."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin

from kbtool.core.model import Locale

#: a link that only goes down, with nothing in it that has a meaning of its own
_DOWN = re.compile(r"(?:(?!\.\.?/)[\w%.~-]+/)*(?:(?!\.\.?$)[\w%.~-]+)?", re.A)


@lru_cache(maxsize=20_000)  # each page asks for those of its article in all languages
def address(path: str, locale: Locale, source: Locale, *, folders: bool = True) -> str:
    """An article's address below the site's root: `de/billing/refunds/`; the start page of the source is empty.

    `folders` is MkDocs' `use_directory_urls`.
    """
    stem = path.removesuffix(".md")
    folder, name = posixpath.split(stem)
    if name in ("index", "README"):
        found = f"{folder}/" if folder else ""
        found += "" if folders else "index.html"
    else:
        found = f"{stem}/" if folders else f"{stem}.html"
    return quote(found if locale == source else f"{locale}/{found}")


def file_at(address: str) -> str:
    """The file below the site's root that a web server gives at an address."""
    found = unquote(address)
    return f"{found}index.html" if not found or found.endswith("/") else found


def way(here: str, there: str) -> str:
    """How a page at one address links to another; both below the site's root."""
    base = here if here.endswith("/") else posixpath.dirname(here)
    return posixpath.relpath(there or ".", base or ".") + ("/" if there.endswith("/") or not there else "")


def absolute(site_url: str, link: str) -> str:
    """A link below the site's root as a full address: what `urljoin` gives, sooner for the links that we make."""
    return f"{_root(site_url)}{link}" if link and _DOWN.fullmatch(link) else urljoin(site_url, link)


@lru_cache(maxsize=16)
def _root(site_url: str) -> str:
    return urljoin(site_url, "x")[:-1]

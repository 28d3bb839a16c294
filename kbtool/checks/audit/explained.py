"""Which files a built site may consist of; anything that cannot be explained does not belong there."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Collection, Mapping
from urllib.parse import unquote

from kbtool.checks.audit.audiences import _regex
from kbtool.checks.audit.common import digest, theme_files
from kbtool.checks.audit.media import essence
from kbtool.checks.audit.stock import Stock

#: Files that the build makes itself. Their contents are read like any other; only their being there is no surprise.
GENERATED = (
    "404.html", "index.html", "index.md", "sitemap.xml", "sitemap.xml.gz", "robots.txt", "llms.txt", "llms-full.txt",
    "manifest.webmanifest",
    "opensearch.xml", "CNAME", ".nojekyll", "_headers", "_redirects", "objects.inv", "humans.txt",
    "search/**/*.js", "search/**/*.json", "search/**/*.gz", "search/**/*.bin",
    "feed*.xml", "rss.xml", "atom.xml", "*.rss", "tags/index.html", "tags.html", "tags/*/index.html",
    "search/index.html", "search.html", "changes/index.html", "changes.html", "print/index.html",
    "kb/**/*.js", "kb/**/*.mjs", "kb/**/*.css", "kb/**/*.json",
    "assets/**/*.css", "assets/**/*.js", "assets/**/*.mjs", "assets/**/*.map", "assets/**/*.json",
)  # fmt: skip
_REFRESH = re.compile(r"http-equiv=[\"']?refresh[\"']?[^<>]*?url=([^\"'<>\s]+)", re.IGNORECASE)


class Explained:
    """Knows the files of one edition by name and content."""

    def __init__(self, stock: Stock, *, locales: Collection[str] = (), generated: Collection[str] = ()) -> None:
        self.stock = stock
        self.locales = {*stock.locales, *locales}
        self.generated = [_regex(pattern) for pattern in (*GENERATED, *generated)]
        self.pages = _page_files(stock.pages)
        self.essences: set[bytes] = set().union(*stock.assets.values())

    def stands_for(self) -> str:
        """A text that is another one wherever other files may be in the site."""
        assets = sorted(f"{name} {sorted(essences)}" for name, essences in self.stock.assets.items())
        patterns = [pattern.pattern for pattern in self.generated]
        hidden = sorted(f"{key!r} {name}" for key, name in self.stock.internal_assets.items())
        return repr(
            (sorted(self.pages), assets, sorted(self.locales), patterns, hidden, sorted(self.stock.internal_paths))
        )

    def explains(self, name: str, data: bytes) -> bool:
        """Whether a file of the site is a page, an asset in use, part of the theme, or made by the build."""
        local = self.without_locale(name)
        return (
            local in self.pages
            or self._is_asset(local, data)
            or (local not in self.stock.internal_paths and any(p.fullmatch(local) for p in self.generated))
            or self._is_redirect(name, data)
            or digest(data) in theme_files()
        )

    def without_locale(self, name: str) -> str:
        """The name that a file has in every language."""
        first, _, rest = name.partition("/")
        return rest if rest and first in self.locales else name

    def _is_asset(self, name: str, data: bytes) -> bool:
        return name in self.stock.assets and (name.endswith((".svg", ".css")) or essence(data) in self.essences)

    def _is_redirect(self, name: str, data: bytes) -> bool:
        """A small page that only sends readers on to a page of this edition."""
        if len(data) > 8192 or not name.endswith(".html"):
            return False
        found = _REFRESH.search(data.decode("utf-8", "replace"))
        if not found:
            return False
        target = re.sub(r"^https?://[^/]+", "", unquote(re.split(r"[?#]", html.unescape(found[1]), maxsplit=1)[0]))
        path = target.lstrip("/") if target.startswith("/") else posixpath.join(posixpath.dirname(name), target)
        path = posixpath.normpath(path or "index.html")
        ways = {path, f"{path}/index.html", f"{path}.html", path.removeprefix("./")}
        ways |= {way.partition("/")[2] for way in list(ways)}  # below a base path
        return any(self.without_locale(way) in self.pages or way == "./index.html" for way in ways)


def _page_files(pages: Mapping[str, object]) -> set[str]:
    """The names that pages may have in the site, as HTML and as Markdown."""
    found = set()
    for path in pages:
        stem = path.rpartition(".")[0]
        folder, _, base = stem.rpartition("/")
        if base in ("index", "README"):
            home = f"{folder}/" if folder else ""
            found |= {f"{home}index.html", f"{home}index.md", f"{home}{base}.md"}
        else:
            found |= {f"{stem}/index.html", f"{stem}.html", f"{stem}.md", f"{stem}/index.md"}
        while folder:  # an overview that the build makes for a folder with public pages
            found |= {f"{folder}/index.html"}
            folder = folder.rpartition("/")[0]
    return found

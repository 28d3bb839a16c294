"""What mkdocs.yml may use that looks at anything, so that no page is known to be as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kbtool.site.config import options_of
from kbtool.site.mkdocs.patches import untried

#: plugins that are kbtool's own, or are replaced by it
_PLUGINS = frozenset({"kbtool", "search", "material/search", "i18n"})
#: Markdown extensions that look at nothing but the text
_EXTENSIONS = ("markdown.extensions.", "material.extensions.", "pymdownx.", "kbtool.")
_SHORT = frozenset({
    "abbr", "admonition", "attr_list", "codehilite", "def_list", "extra", "fenced_code", "footnotes", "legacy_attrs",
    "legacy_em", "md_in_html", "meta", "nl2br", "sane_lists", "smarty", "tables", "toc", "wikilinks",
})  # fmt: skip
_READING = frozenset({"pymdownx.b64"})  # they bring in files from anywhere


def stranger(config: Mapping[str, Any]) -> str:
    """What mkdocs.yml uses that may look at anything, so that no page can be known to be as it was; empty if nothing.

    A hook or a plugin of somebody else's sees every page and may write any other.
    """
    if old := untried():
        return old
    if config.get("hooks"):
        return "hooks"
    for name in _names(config.get("plugins")):
        if name not in _PLUGINS:
            return f"the plugin {name}"
    if unknown := strange_extension(config.get("markdown_extensions")):
        return f"the Markdown extension {unknown}"
    if (options_of(config, "markdown_extensions", "pymdownx.snippets") or {}).get("url_download"):
        return "snippets from the web"
    return ""


def strange_extension(listed: Any) -> str:
    """A Markdown extension of a configuration that may look at more than the text; empty if there is none."""
    strange = (n for n in _names(listed) if n in _READING or (n not in _SHORT and not n.startswith(_EXTENSIONS)))
    return next(strange, "")


def _names(listed: Any) -> Iterator[str]:
    for item in listed or ():
        yield from map(str, item) if isinstance(item, Mapping) else [str(item)]

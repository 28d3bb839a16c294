"""All pages of a locale rendered with one Markdown object, and what MkDocs adds to it for each page, made quick."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kbtool.site.mkdocs.patches import Instead

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

#: to a place on the same page
_HERE = re.compile(r"#([\w.-]+)", re.ASCII)


@contextmanager
def one_markdown(config: MkDocsConfig) -> Iterator[None]:
    """Let MkDocs render all pages with one Markdown object that tries patterns only where their mark stands.

    It makes one for each page, which costs as much as half a page. Only for extensions that look at nothing but the
    text: what they note while they read, they forget when they are reset.
    """
    import markdown
    from mkdocs.structure import pages

    from kbtool.core import quick

    made: list[markdown.Markdown] = []

    def ready(**options: Any) -> markdown.Markdown:
        if options != {"extensions": config.markdown_extensions, "extension_configs": config.mdx_configs or {}}:
            return markdown.Markdown(**options)
        if not made:
            made.append(markdown.Markdown(**options))
            quick.install(made[0])
            quick.keep_places(made[0])
        made[0].reset()
        return made[0]

    inner: Any = pages
    others = _quick(inner)
    before = {name: getattr(inner, name) for name in ("markdown", *others)}
    vars(inner).update(others, markdown=Instead(markdown, Markdown=ready))
    try:
        yield
    finally:
        vars(inner).update(before)


def _quick(pages: Any) -> dict[str, type]:
    """What MkDocs adds to each page's Markdown, by name, in a form that looks only where there is something."""
    from kbtool.core import quick

    class Anchors(pages._RawHTMLPreprocessor):  # type: ignore[misc]
        """Looks for anchors in raw HTML only where there is a tag: the page would go through a whole HTML parser."""

        def run(self, lines: list[str]) -> list[str]:
            found: list[str] = super().run(lines) if any("<" in line for line in lines) else lines
            return found

    class Links(pages._RelativePathTreeprocessor):  # type: ignore[misc]
        """Takes an address apart only where it may lead elsewhere: each heading has a link to itself."""

        def path_to_url(self, url: str) -> str:
            if not (here := _HERE.fullmatch(url)):
                found: str = super().path_to_url(url)
                return found
            self.links_to_anchors.setdefault(self.file, {}).setdefault(here[1], url)
            return url

    found: dict[str, type] = {"_RawHTMLPreprocessor": Anchors, "_RelativePathTreeprocessor": Links}
    return {**found, "_ExtractTitleTreeprocessor": _title(pages)} if "markdown" in quick.tried() else found


def _title(pages: Any) -> type:
    from kbtool.core.quick_toc import plain_words  # late: it names what other versions may not have

    class Title(pages._ExtractTitleTreeprocessor):  # type: ignore[misc]
        """Writes the first heading as HTML only where it is more than words and the link to itself."""

        def run(self, root: Any) -> Any:
            first = root[0] if len(root) else None
            if first is None or first.tag != "h1":
                return root
            words = first
            if len(first) == 1 and first[0].tag == "a" and first[0].get("class") == "headerlink":
                words = type(first)(first.tag)
                words.text = first.text
            if not (plain := plain_words(words, self.md)):
                return super().run(root)
            self.title = " ".join(plain.split())
            return root

    return Title

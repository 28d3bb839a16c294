"""All pages of a locale rendered with one Markdown object, and what MkDocs adds to it for each page, made quick."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kbtool.core.meta import plain_front_matter
from kbtool.site.mkdocs.patches import Instead

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

#: to a place on the same page
_HERE = re.compile(r"#([\w.-]+)", re.ASCII)
#: to a file, maybe to a place on it, without anything that would have to be taken apart
_THERE = re.compile(r"([\w.][\w./-]*\.\w+)(?:#([\w.-]+))?", re.ASCII)


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
    before = {name: getattr(inner, name) for name in ("markdown", "meta", *others)}
    meta = Instead(inner.meta, get_data=_quick_meta(inner.meta.get_data))
    vars(inner).update(others, markdown=Instead(markdown, Markdown=ready), meta=meta)
    try:
        yield
    finally:
        vars(inner).update(before)


def _quick_meta(own: Callable[[str], tuple[str, Any]]) -> Callable[[str], tuple[str, Any]]:
    def get_data(text: str) -> tuple[str, Any]:
        """Asks no YAML parser about plain words behind plain keys."""
        if not (plain := plain_front_matter(text)):
            return own(text)
        meta, body = plain
        return body.lstrip("\n"), meta

    return get_data


def _quick(pages: Any) -> dict[str, type]:
    """What MkDocs adds to each page's Markdown, by name, in a form that looks only where there is something."""
    from kbtool.core import quick

    class Anchors(pages._RawHTMLPreprocessor):  # type: ignore[misc]
        """Looks for anchors in raw HTML only where there is a tag: the page would go through a whole HTML parser."""

        def run(self, lines: list[str]) -> list[str]:
            found: list[str] = super().run(lines) if any("<" in line for line in lines) else lines
            return found

    class Links(pages._RelativePathTreeprocessor):  # type: ignore[misc]
        """Takes an address apart only where it is neither a file's nor a place on the page, as most are."""

        def run(self, root: Any) -> Any:
            for element in [each for each in root.iter() if each.tag in ("a", "img")]:
                key = "href" if element.tag == "a" else "src"
                element.set(key, self.path_to_url(element.get(key)))
            return root

        def path_to_url(self, url: str) -> str:
            file, anchor, way = self.file, "", url
            if here := _HERE.fullmatch(url):
                anchor = here[1]
            elif there := _THERE.fullmatch(url):
                path, anchor = there.groups("")
                file = self.files.get_file_from_path(self._target_uri(self.file.src_uri, path))
                if file is None or file.inclusion.is_excluded():
                    return self._asked(url)
                way = pages.utils.get_relative_url(file.url, self.file.url) + (f"#{anchor}" if anchor else "")
            else:
                return self._asked(url)
            if anchor:
                self.links_to_anchors.setdefault(file, {}).setdefault(anchor, url)
            return way

        def _asked(self, url: str) -> str:
            found: str = super().path_to_url(url)
            return found

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

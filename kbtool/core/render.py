"""Pages as the site renders them: one `Renderer`, built once, for every page of a site."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

import yaml

from kbtool.core.errors import KbError, Refused

if TYPE_CHECKING:
    from markdown import Extension, Markdown

Configs = Mapping[str, Mapping[str, Any]]

#: Every syntax that Material's own documentation shows; what a site does not use changes nothing in its proofs.
SUPERSET: tuple[str, ...] = (
    "abbr",
    "admonition",
    "attr_list",
    "def_list",
    "footnotes",
    "md_in_html",
    "tables",
    "toc",
    "pymdownx.arithmatex",
    "pymdownx.betterem",
    "pymdownx.blocks.admonition",
    "pymdownx.blocks.caption",
    "pymdownx.blocks.definition",
    "pymdownx.blocks.details",
    "pymdownx.blocks.html",
    "pymdownx.blocks.tab",
    "pymdownx.caret",
    "pymdownx.details",
    "pymdownx.emoji",
    "pymdownx.highlight",
    "pymdownx.inlinehilite",
    "pymdownx.keys",
    "pymdownx.mark",
    "pymdownx.superfences",
    "pymdownx.tabbed",
    "pymdownx.tasklist",
    "pymdownx.tilde",
    "kbtool.core.audience_block",
)

#: What the superset is set to; a site's own settings take their place.
SUPERSET_CONFIGS: dict[str, dict[str, Any]] = {
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.tabbed": {"alternate_style": True},
    "pymdownx.tasklist": {"custom_checkbox": True},
    "pymdownx.blocks.tab": {"alternate_style": True},
}

#: Automatic ids follow from the text of a heading; proofs render this in their place.
AUTOMATIC = "kb-automatic"
_AUTOMATIC_ID = re.compile(rf"{AUTOMATIC}(?:_\d+)?")

#: Extensions that read other files or the network have no part in a proof.
LEFT_OUT = frozenset({"pymdownx.snippets", "pymdownx.b64", "pymdownx.pathconverter", "markdown_include.include"})

_YAML_HEAD = re.compile(r"-{3}[ \t]*\n(.*?\n)(?:\.{3}|-{3})[ \t]*\n", re.DOTALL)
_META = re.compile(r"[ ]{0,3}[A-Za-z0-9_-]+:\s*.*")
_META_MORE = re.compile(r"(?: {4}|\t)\s*.*")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it was rendered."""

    level: int
    id: str
    explicit: bool  #: written by the author, not made from the text


def front_matter(text: str) -> tuple[str, str]:
    """The YAML before a page and the Markdown that the site renders, cut where MkDocs cuts."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if head := _YAML_HEAD.match(text):
        return head[1], text[head.end() :].lstrip("\n") if is_mapping(head[1]) else text
    return "", _without_multimarkdown_meta(text)


def is_mapping(head: str) -> bool:
    """Whether front matter is what MkDocs takes for front matter; anything else it renders as text."""
    try:
        return isinstance(load_yaml(head), dict)
    except yaml.YAMLError:
        return False


def load_yaml(text: str) -> Any:
    """Plain YAML values; raises `yaml.YAMLError`."""
    try:
        return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # both are safe loaders
    except (ValueError, OverflowError) as error:  # 2026-99-99 as a date
        raise yaml.YAMLError(str(error)) from error


def _without_multimarkdown_meta(text: str) -> str:
    """MkDocs drops leading `Key: value` lines even where nobody meant them as data, and so must a proof."""
    end, keyed = 0, False
    for line in text.splitlines(keepends=True):
        if not line.strip():
            return text[end + len(line) :].lstrip("\n")
        if not (_META.match(line) or (keyed and _META_MORE.match(line))):
            break
        keyed, end = True, end + len(line)
    return text[end:].lstrip("\n")


class Renderer:
    """Renders page bodies with a site's Markdown extensions; one per thread, since Python-Markdown keeps state.

    `extensions` are names (or `markdown.Extension` objects); without any, `SUPERSET`. It may be pickled: the copy
    builds its own parser.
    """

    def __init__(self, extensions: Sequence[str | Extension] = (), configs: Configs | None = None) -> None:
        self.extensions = tuple(e for e in extensions or SUPERSET if e not in LEFT_OUT)
        self.configs = {**(configs or {})} if extensions else {**SUPERSET_CONFIGS, **(configs or {})}
        self._markdown: Markdown | None = None
        self._own_slugify: Any = None
        self._headings = _Headings()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_markdown": None, "_headings": _Headings()}

    def html(self, text: str) -> str:
        """The HTML of a page; automatic heading ids all read `kb-automatic`."""
        markdown = self._built()
        self._slugify(markdown, lambda _text, _separator: AUTOMATIC)
        return _AUTOMATIC_ID.sub(AUTOMATIC, self._convert(markdown, text))

    def headings(self, text: str) -> list[Heading]:
        """The headings of a page in document order, with the ids that the site gives them."""
        markdown = self._built()
        self._slugify(markdown, self._own_slugify)
        self._headings.wanted_only = True
        try:
            self._convert(markdown, text)
        except _Enough:
            pass
        finally:
            self._headings.wanted_only = False
        return list(self._headings)

    def _convert(self, markdown: Markdown, text: str) -> str:
        self._headings.clear()
        markdown.reset()
        try:
            return markdown.convert(front_matter(text)[1])
        except RecursionError:
            raise Refused("the page is nested too deeply to be rendered", hint="split lists and quotes up") from None

    def _slugify(self, markdown: Markdown, make: Any) -> None:
        if "toc" in markdown.treeprocessors:
            markdown.treeprocessors["toc"].slugify = make  # type: ignore[attr-defined]

    def _built(self) -> Markdown:
        if self._markdown is None:
            self._markdown = self._build()
        return self._markdown

    def _build(self) -> Markdown:
        from markdown import Markdown

        from kbtool.core import quick

        names = [e if isinstance(e, str) else type(e).__module__ for e in self.extensions]
        configs = proof_configs(names, self.configs)
        try:
            markdown = Markdown(
                extensions=list(self.extensions),
                extension_configs={name: dict(value) for name, value in configs.items()},
            )
        except (ImportError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise KbError(
                f"the Markdown extensions cannot be set up: {error}",
                where="mkdocs.yml, markdown_extensions",
                hint="does 'mkdocs build' work with them?",
            ) from error
        if "toc" in markdown.treeprocessors:
            self._own_slugify = markdown.treeprocessors["toc"].slugify  # type: ignore[attr-defined]
        _probe(markdown, self._headings)
        quick.install(markdown)
        return markdown


class _Headings(list[Heading]):
    """The headings of a page that is being rendered; whether nobody asks for its HTML."""

    wanted_only = False


class _Enough(Exception):
    """All that somebody asks for has been seen; the rest of the page need not be written."""


def proof_configs(names: Sequence[str], configs: Configs) -> dict[str, dict[str, Any]]:
    """A site's settings, less what only costs time in a proof or makes ids from text."""
    made = {name: dict(value) for name, value in configs.items() if name in names}
    if "pymdownx.highlight" in names:
        made.setdefault("pymdownx.highlight", {})["use_pygments"] = False
    if "pymdownx.superfences" in names:
        fences = made.setdefault("pymdownx.superfences", {})
        fences["custom_fences"] = [_ANY_FENCE, *fences.get("custom_fences", ())]
    if "codehilite" in names:
        made.setdefault("codehilite", {})["use_pygments"] = False
    for tabs in {"pymdownx.tabbed", "pymdownx.blocks.tab"} & made.keys():
        made[tabs].pop("slugify", None)
        made[tabs].pop("combine_header_slug", None)
    if "pymdownx.emoji" in names and "pymdownx.emoji" not in made:
        made["pymdownx.emoji"] = _material_icons()
    return made


def _fence_options(language: str, inputs: Mapping[str, Any], options: Any, attrs: Any, md: Markdown) -> bool:
    """What superfences takes for a fence's options when Pygments colours the code, though here it does not."""
    for key, value in inputs.items():
        pattern = _FENCE_OPTIONS.get(key)
        (options if pattern and value is not True and pattern.match(str(value)) else attrs)[key] = value
    return True


def _fence_code(source: str, language: str, class_name: str, options: Any, md: Markdown, **kwargs: Any) -> str:
    """A fence's code with everything that stood behind its marks."""
    shown = "".join(f' data-{key}="{escape(str(value))}"' for key, value in sorted(options.items()))
    classes = escape(" ".join(["highlight", *kwargs.get("classes", ())]))
    opening = f'<pre class="{classes}"{shown}><code class="language-{escape(language or "")}">'
    return f"{opening}{escape(source)}</code></pre>"


_FENCE_OPTIONS = {
    "hl_lines": re.compile(r"\d+(?:-\d+)?(?:[ \t]+\d+(?:-\d+)?)*$"),
    "linenums": re.compile(r"\d+(?:[ \t]+\d+)?(?:[ \t]+\d+)?"),
    "title": re.compile(""),
    "title_mode": re.compile(""),
}
#: Without Pygments superfences takes a fence with `hl_lines` or `title` for text; this one takes it for code.
_ANY_FENCE = {"name": "*", "class": "highlight", "format": _fence_code, "validator": _fence_options}


def _material_icons() -> dict[str, Any]:
    try:
        from material.extensions.emoji import twemoji
    except ImportError:
        return {}
    return {"emoji_index": twemoji, "emoji_generator": named_icon}


def named_icon(_index: str, shortname: str, *_rest: Any) -> Element:
    """An icon as an element that names it: reading the drawing from disk would prove nothing more."""
    return Element("span", {"class": "twemoji", "data-icon": shortname})


def _probe(markdown: Markdown, found: _Headings) -> None:
    """Let `markdown` note the headings of each page in `found`."""
    from markdown.treeprocessors import Treeprocessor

    tags = {f"h{level}": level for level in range(1, 7)}
    explicit: set[Element] = set()

    class Before(Treeprocessor):
        """Sees the tree when attribute lists are read and ids are not yet made."""

        def run(self, root: Element) -> None:
            explicit.clear()
            explicit.update(e for e in root.iter() if e.tag in tags and "id" in e.attrib)

    class After(Treeprocessor):
        """Sees the tree as it will be written."""

        def run(self, root: Element) -> None:
            found.extend(
                Heading(tags[str(e.tag)], e.get("id", ""), e in explicit) for e in root.iter() if e.tag in tags
            )
            if found.wanted_only:
                raise _Enough

    markdown.treeprocessors.register(Before(markdown), "kbtool-explicit-ids", 5.5)
    markdown.treeprocessors.register(After(markdown), "kbtool-headings", 0)

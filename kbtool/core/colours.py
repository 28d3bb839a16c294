"""Code blocks found soon and coloured once: what Pygments made of the same code a moment ago stands for it again.

Translations have the code of their original, and one process renders several locales. Finding a lexer, setting up a
formatter and colouring costs as much as all the prose of a page.
"""

from __future__ import annotations

from typing import Any

from markdown import Markdown

#: the version of pymdownx whose inner workings this knows
TRIED = "13."
#: characters of code and HTML that are remembered; what comes later is coloured anew
_ROOM = 8_000_000


class _Remembered:
    def __init__(self) -> None:
        self.html: dict[tuple[str, ...], str] = {}
        self.room = _ROOM

    def keep(self, key: tuple[str, ...], html: str) -> None:
        self.room -= len(html) + sum(map(len, key))
        if self.room > 0:
            self.html[key] = html


_REMEMBERED = _Remembered()


def tried() -> bool:
    """Whether pymdownx is here, in a version whose inner workings are known."""
    try:
        from pymdownx import __version__
    except ImportError:  # a knowledge base may do without these extensions
        return False
    return bool(__version__.startswith(TRIED))


def remember(markdown: Markdown) -> None:
    """Let pymdownx's code blocks be found soon and coloured once in this process.

    To be called before `markdown` renders a page.
    """
    if not tried():
        return
    from pymdownx import highlight
    from pymdownx.superfences import SuperFencesBlockPreprocessor

    _colour_once(markdown, highlight)
    _work_out_styles_once(highlight)
    for item in markdown.preprocessors:
        if type(item) is SuperFencesBlockPreprocessor:
            _look_only_where_fences_are(item)


def _colour_once(markdown: Markdown, inner: Any) -> None:
    class Once(inner.Highlight):  # type: ignore[misc]  # pymdownx has no types
        def highlight(self, src: str, language: str, *args: Any, **options: Any) -> Any:
            # A title may go into the page's own stash; what stands in a line gives back an element.
            if options.get("inline") or options.get("title") or self.auto_title or not self.use_pygments:
                return super().highlight(src, language, *args, **options)
            shown = options if self.line_spans or self.line_anchors else {**options, "code_block_count": 0}
            setup = {name: value for name, value in vars(self).items() if name != "md"}
            key = (src, str(language), repr((args, shown, setup)))
            if (html := _REMEMBERED.html.get(key)) is None:
                html = super().highlight(src, language, *args, **options)
                _REMEMBERED.keep(key, html)
            return html

    extension: Any
    for extension in markdown.registeredExtensions:
        if type(extension) is inner.HighlightExtension:
            extension.get_pymdownx_highlighter = lambda: Once


def _work_out_styles_once(inner: Any) -> None:
    """Pygments works out anew for each code block which class of its style a word has."""
    formatter = getattr(inner, "BlockHtmlFormatter", None)
    create = getattr(formatter, "_create_stylesheet", None)
    if formatter is None or create is None or "_create_stylesheet" in vars(formatter):  # Pygments has changed, or ours
        return
    known: dict[tuple[Any, str], tuple[Any, Any]] = {}

    def create_once(self: Any) -> None:
        key = (self.style, self.classprefix)
        if key not in known:
            create(self)
            known[key] = self.ttype2class, self.class2style
        self.ttype2class, self.class2style = known[key]

    formatter._create_stylesheet = create_once


def _look_only_where_fences_are(fences: Any) -> None:
    """It takes each line of a page apart character by character; one without such marks opens and closes nothing."""
    own, parse = fences.search_nested, fences.parse_whitespace

    def search_nested(lines: list[str]) -> list[str]:
        marked = [number for number, line in enumerate(lines) if "```" in line or "~~~" in line]
        if not marked:
            return lines
        first, end = marked[0], marked[-1] + 1
        return [*lines[:first], *own(lines[first:end]), *lines[end:]]

    def parse_whitespace(line: str) -> Any:
        if "```" in line or "~~~" in line:
            return parse(line)
        fences.ws_len = len(line)  # a fence is looked for behind that
        return ""

    fences.search_nested, fences.parse_whitespace = search_nested, parse_whitespace

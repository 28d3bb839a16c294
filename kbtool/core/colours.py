"""Code blocks coloured once: what Pygments made of the same code a moment ago stands for it again.

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


def remember(markdown: Markdown) -> None:
    """Let pymdownx's code blocks be coloured once in this process; to be called before `markdown` renders a page."""
    try:
        from pymdownx import __version__
        from pymdownx.highlight import Highlight, HighlightExtension
    except ImportError:  # a knowledge base may do without these extensions
        return
    if not __version__.startswith(TRIED):  # another version may look at more than its options
        return

    class Once(Highlight):  # type: ignore[misc]  # pymdownx has no types
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
        if type(extension) is HighlightExtension:
            extension.get_pymdownx_highlighter = lambda: Once

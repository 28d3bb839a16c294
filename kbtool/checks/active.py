"""No program in an article: scripts, event handlers and script links run in every reader's browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbtool.checks import Page
from kbtool.core.model import Finding
from kbtool.site.stage.clean import outside_code
from kbtool.site.stage.links import links

_SCRIPT = re.compile(r"<\s*(script|iframe|object|embed|base|meta|form)\b", re.I)
_HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I)
_SCHEME = re.compile(r"[\s\x00-\x1f]*(javascript|vbscript|data):", re.I)


def check(page: Page) -> Iterator[Finding]:
    """`<script>`, `onclick=`, `javascript:` and their kind, code samples left out."""
    shown = outside_code(page.text, lambda text: re.sub(r"`[^`\n]*`", lambda m: " " * len(m[0]), text))
    for pattern, what in ((_SCRIPT, "<{}> element"), (_HANDLER, "event handler")):
        for found in pattern.finditer(shown):
            line = shown.count("\n", 0, found.start()) + 1
            name = found[1].lower() if pattern is _SCRIPT else ""
            yield page.finding("active-content", f"{what.format(name)} in an article", line, severity="warning")
    for link in links(page.text):
        if (scheme := _SCHEME.match(link.target)) and not link.target.lower().startswith("data:image/"):
            yield page.finding("active-content", f"a link that starts with {scheme[1].lower()}:", link.line)

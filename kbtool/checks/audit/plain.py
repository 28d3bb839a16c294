"""What readers see of Markdown, roughly: markup taken away, and the texts that stand inside markup."""

from __future__ import annotations

import re

from kbtool.checks.audit.words import peel

_IMAGE = re.compile(
    r"!\[([^\[\]]*)\](?:\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)((?:\s+(?:\"[^\"]*\"|'[^']*'))?)\s*\)|\[[^\[\]]*\])?"
)
_LINK = re.compile(r"\[([^\[\]]*)\]\(\s*<?([^()\s<>]*(?:\([^()\s]*\)[^()\s]*)*)>?((?:\s+(?:\"[^\"]*\"|'[^']*'))?)\s*\)")
_REFERENCE = re.compile(r"\[([^\[\]]+)\] ?\[([^\[\]]*)\]")
_FOOTNOTE = re.compile(r"\[\^[^\[\]]+\]")
_ATTRIBUTES = re.compile(r"\{[:#.][^{}]*\}|\{\s+[#.:][^{}]*\}")
_ICON = re.compile(r"(?<![\w:]):[a-z0-9_+-]+:(?![\w:])")
_TAG = re.compile(r"<[/!?]?[A-Za-z!][^<>]*>")
_ATTRIBUTE_VALUE = re.compile(r"=\s*(?:\"([^\"]*)\"|'([^']*)')")
_AUTOLINK = re.compile(r"<((?:https?|mailto|tel):[^<>\s]+|[^<>\s@]+@[^<>\s]+)>")
_LEAD = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:\[[ xX]\][ \t]+)?"  # quote marks, list markers, task boxes
    r"(?:#{1,6}[ \t]+|:[ \t]+|(?:!!!|\?\?\?\+?|===[!+]?|/{3,})[ \t]*[\w |-]*?(?=[\"|]|$))?[ \t]*"
)
_RULE = re.compile(r"^[ \t>|:=*_+~`-]+$")
_NAMED = re.compile(r"^(\*?\[[^\[\]]+\]:)[ \t]*(.*)$")


def visible(text: str) -> tuple[str, list[str]]:
    """The words a reader sees in one block of Markdown, and the texts apart: alternative texts, titles, attributes.

    >>> visible("- See [the **desk**](desk.md 'By night')![A map](map.png)")
    ('See the **desk** ', ['By night', 'A map'])
    """
    apart: list[str] = []
    text = "\n".join(_bare(line) for line in text.split("\n"))
    if "<" in text:
        text = _AUTOLINK.sub(lambda m: f" {m[1]} ", text)
    if "[" in text:
        text = _without_links(text, apart)
    if "{" in text:
        text = _ATTRIBUTES.sub("", text)
    if ":" in text:
        text = _ICON.sub(" ", text)
    if "<" in text:
        for tag in _TAG.findall(text):
            apart.extend(a or b for a, b in _ATTRIBUTE_VALUE.findall(tag) if " " in (a or b))
        text = _TAG.sub("", text)
    return peel(text)[0], [peel(a)[0] for a in apart if a.strip()]


def _without_links(text: str, apart: list[str]) -> str:
    """The text with what links say, and without images and footnotes; their titles are set apart."""
    text = _IMAGE.sub(lambda m: _set_apart(apart, "", m[1], m[3]), text)
    for _ in range(3):  # an image inside a link leaves a link around nothing
        before = text
        text = _LINK.sub(lambda m: _set_apart(apart, m[1], m[3]), text)
        text = _REFERENCE.sub(r"\1", text)
        if text == before:
            break
    return _FOOTNOTE.sub("", text)


def _bare(line: str) -> str:
    if line[:1].isalpha():  # most lines; no marker begins so
        return line
    if _RULE.match(line):
        return ""
    return _LEAD.sub("", line, count=1)


def _set_apart(apart: list[str], stays: str, *texts: str | None) -> str:
    apart.extend(t.strip().strip("\"'") for t in texts if t and t.strip())
    return stays


def cells(line: str) -> list[str]:
    """The cells of a table row; nothing if the line is none."""
    bare = line.strip()
    if bare.count("|") < 1 or _RULE.match(bare):
        return []
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", bare.strip("|")) if cell.strip()]


#: what points to something, and what stands in a text (in small letters) that has any of it
_TARGETS = (
    (("](",), re.compile(r"\]\(\s*<?([^()\s<>]+(?:\([^()\s]*\)[^()\s<>]*)*)")),
    (("]:",), re.compile(r"^[ \t>]*\[[^\[\]]+\]:[ \t]*<?([^\s<>]+)", re.MULTILINE)),
    (
        ("src", "href", "poster", "data", "action"),
        re.compile(r"(?:src|href|poster|data|srcset|action)\s*=\s*[\"']?([^\"'\s<>]+)", re.IGNORECASE),
    ),
    (("url(",), re.compile(r"url\(\s*[\"']?([^\"')\s]+)", re.IGNORECASE)),
)


def targets(text: str) -> list[str]:
    """All that a page or a stylesheet points to."""
    small = text.lower()
    return [
        found for signs, pattern in _TARGETS if any(sign in small for sign in signs) for found in pattern.findall(text)
    ]


def link_pattern() -> re.Pattern[str]:
    """Matches a link or image: group 1 its text, group 2 its target."""
    return _LINK

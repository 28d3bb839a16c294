"""Articles and other sources, cut into the passages that the audit looks for or lets pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from kbtool.checks.audit.audiences import Audiences
from kbtool.checks.audit.plain import cells, visible
from kbtool.checks.audit.reader import Article, Line

_SHOWN = (
    "title description summary keywords tags icon hide status template search redirects aliases slug lang "
    "category product nav_title related next order date type audience image robots subtitle comments dir revision_date"
)
#: Front matter that a page may show. Every other field is for the staff, whatever the article's audience.
PUBLIC_FIELDS = frozenset(_SHOWN.split())
_BREAK = re.compile(
    r"^[ \t>]*(?:#{1,6}[ \t]|(?:[-*+]|\d{1,9}[.)])[ \t]|:[ \t]|\||!!!|\?\?\?|===|/{3,}|<(?:li|td|p|h\d)\b)"
)
_YAML_LEAD = re.compile(r"^[ \t]*(?:-[ \t]+)*(?:[\"']?[\w .-]+[\"']?[ \t]*:(?:[ \t]+|$))?(?:[|>][+-]?[ \t]*$)?")


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that one would recognise: a paragraph, a heading, a cell, a title – and where it is written."""

    text: str
    file: str  #: relative to the root
    line: int
    audience: str
    kind: str = "text"  #: text | name | loose (too unimportant to be looked for when it is short)


def passages_of(
    article: Article, audiences: Audiences, wanted: Callable[[str], bool] = lambda audience: True
) -> Iterator[Passage]:
    """What an article says to the audiences that are wanted, each piece with its audience."""
    for field in article.fields:
        audience = article.audience
        if field.key.strip().lower() not in PUBLIC_FIELDS | audiences.fields:
            audience = audiences.strictest([audience, audiences.staff])
        for text in values(field.value) if wanted(audience) else ():
            yield Passage(text, article.file, field.line, audience)
    for line in (line for line in article.hidden if wanted(line.audience)):
        for text in (line.text, *visible(line.text)[1]):
            yield Passage(visible(text)[0], article.file, line.number, line.audience)
    if not any(map(wanted, {line.audience for line in article.lines})):
        return
    for group in _groups(article.lines):
        if wanted(group[0].audience):
            yield from _texts(group, article.file)


def values(value: str) -> Iterator[str]:
    """The texts in a front matter value: as a whole, and the items of a list or mapping one by one."""
    lines = [_YAML_LEAD.sub("", line).strip() for line in value.split("\n")]
    whole = " ".join(lines).strip()
    yield whole
    if whole.startswith(("[", "{")):
        yield from (item.strip(" \"'[]{}") for item in whole.split(","))
    elif len(lines) > 1:
        yield from (line.strip("\"'") for line in lines if line)


def _groups(lines: tuple[Line, ...]) -> Iterator[list[Line]]:
    """Neighbouring lines that make one block."""
    group: list[Line] = list(lines[:1])
    for before, line in pairwise(lines):
        apart = line.number != before.number + 1 and not (line.code and before.code)
        if apart or line.audience != before.audience or line.code != before.code or _starts(line, before):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _starts(line: Line, before: Line) -> bool:
    return not line.code and (_breaks(line.text) or (_breaks(before.text) and before.text.lstrip()[:1] in "#|"))


def _breaks(line: str) -> bool:
    return not line[:1].isalpha() and bool(_BREAK.match(line))


def _texts(group: list[Line], file: str) -> Iterator[Passage]:
    first = group[0]
    whole = "\n".join(line.text for line in group)
    if first.code:
        yield Passage(whole, file, first.number, first.audience)
        return
    text, apart = visible(whole)
    for one in (text, *apart, *(visible(cell)[0] for line in group for cell in cells(line.text))):
        yield Passage(one, file, first.number, first.audience)


def passages_of_text(text: str, file: str, audience: str, kind: str = "text") -> Iterator[Passage]:
    """The passages of a file that is no article – YAML, CSV, plain text: its lines, and its paragraphs."""
    paragraph: list[str] = []
    start = 1
    for number, line in enumerate([*text.split("\n"), ""], 1):
        value = _YAML_LEAD.sub("", line).strip().strip("\"'")
        if value and not value.startswith("#"):
            yield Passage(value, file, number, audience, kind)
        if line.strip():
            paragraph.append(value)
            continue
        if len(paragraph) > 1:
            yield Passage(" ".join(paragraph), file, start, audience, kind)
        paragraph, start = [], number + 1

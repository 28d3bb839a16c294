"""What kbtool takes: text that is UTF-8 and that Python-Markdown renders in seconds.

Some small texts keep a Markdown parser busy for ever, because it tries every bracket against every other. So a page's
effort is estimated before it is parsed, from counts that were measured against the renderer; whatever is admitted
renders within ten seconds and 500 MB, and what is refused is refused at once, with the line to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kbtool.core.errors import Refused


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one article may hold, and how long it may take to render."""

    characters: int = 1_000_000
    nesting: int = 100  #: quotes, lists and containers inside one another
    seconds: float = 5.0  #: as estimated; a busy machine takes twice as long


LIMITS = Limits()


def decode(data: bytes) -> str:
    """The text of a file, its line ends and byte order mark untouched; else Refused, with the line of the bad byte."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused(
            f"not UTF-8: byte 0x{data[error.start]:02x}", where=f"line {line}", hint="save the file as UTF-8"
        ) from None


def admit(text: str, limits: Limits = LIMITS) -> None:
    """Refuses, with the line, a page that could not be rendered in reasonable time and memory."""
    if len(text) > limits.characters:
        raise Refused(
            f"{len(text):,} characters; at most {limits.characters:,} are taken",
            where="line 1",
            hint="split the article",
        )
    if (at := text.find("\0")) >= 0:
        raise Refused("a NUL byte", where=_line(text, at), hint="remove it; is the file text at all?")
    _no_aliases(text)
    _nesting(text, limits.nesting)
    costs = list(_costs(text))
    total = sum(cost.seconds for cost in costs)
    if total > limits.seconds:
        worst = max(costs, key=lambda cost: cost.seconds)
        raise Refused(
            f"{worst.what}: the page would take about {total:,.0f} seconds to render",
            where=_line(text, worst.at),
            hint=worst.hint,
        )


def _line(text: str, at: int) -> str:
    return f"line {text.count(chr(10), 0, at) + 1}"


#: As kbtool.core.meta cuts it.
_HEAD = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


def _no_aliases(text: str) -> None:
    """A few lines of YAML with aliases can ask for gigabytes. Front matter that is no YAML is not judged here."""
    head = _HEAD.match(text) if text.startswith(("---", "\ufeff---")) else None
    if not head or "*" not in head[1]:
        return
    import yaml  # slow to import, and hardly any front matter comes this far

    try:
        for event in yaml.parse(head[1], getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if isinstance(event, yaml.AliasEvent):
                raise Refused(
                    f"YAML aliases are not allowed in front matter: *{event.anchor}",
                    where=f"line {event.start_mark.line + 2 if event.start_mark else 1}",
                    hint="write the value out, or put quotes around it",
                )
    except (yaml.YAMLError, RecursionError):
        return


_OPENING = " \t>*+-/"  #: what a line begins with that opens anything
_DEEP = re.compile(r"[ \t>*+-]{100}|/{100}")
#: A line that opens a list item, a quote or a container, with the marks before it.
_OPENS = re.compile(
    r"^([ \t]*)((?:>[ \t]*|[-*+][ \t]+|\d{1,9}[.)][ \t]+)*)(/{3,}|!!!|\?\?\?|===|:[ \t])?(?=[^\r\n])", re.MULTILINE
)

_MARK = re.compile(r"[^\s\d]")


def _nesting(text: str, most: int) -> None:
    """Each level of a list or quote is parsed by a parser of its own, several calls deep."""
    long = [line for line in text.split("\n") if len(line) >= 100 and line[0] in _OPENING]
    if not any(map(_DEEP.match, long)):
        return
    level = 0
    for match in _OPENS.finditer(text):
        spaces, marks, container = match.groups("")
        if not (marks or container):
            continue
        # However far to the right a line stands, it is only one level below the one that it stands in.
        level = min(len(spaces.expandtabs(4)) // 4 + 1, level + 1)
        within = len(_MARK.findall(marks))
        depth = max(level + max(within - 1, 0), len(container) if container.startswith("/") else 0)
        if depth > most:
            raise Refused(
                f"nested {depth} levels deep; at most {most} are taken",
                where=_line(text, match.start()),
                hint="split lists and quotes up",
            )


@dataclass(frozen=True, slots=True)
class _Cost:
    """An estimate for one cause: how long, and where to look."""

    what: str
    seconds: float
    at: int
    hint: str


#: Seconds per occurrence, as measured, rounded up.
_EACH = {
    r"[`*_<^~=]": 15e-6,
    r"[\[|]": 30e-6,
    r"\]\(": 60e-6,
    r"\[\^": 300e-6,
    r"^[^\n]*\S": 40e-6,
    r"^[ \t>]*#": 80e-6,
    r"^[ \t]*(?:===|!!!|\?\?\?|///)": 600e-6,
    r":(?=[+\w-]{1,99}:)": 45e-6,
}
_EACH_COMPILED = [(re.compile(pattern, re.MULTILINE), seconds) for pattern, seconds in _EACH.items()]
#: Seconds per pair of occurrences: Python-Markdown looks through all it has found for each that it finds.
_PAIRS = {"markdown=": (12e-9, "elements with Markdown inside"), "```": (2e-9, "fences"), "~~~": (2e-9, "fences")}
_SMALL = 20_000
_STEP = 0.4e-6  #: a character passed over in search of a closing bracket
_TAG_STEP = 0.1e-6  #: of the end of an HTML tag
_CDATA_STEP = 0.8e-6
_COPY = 0.8e-10
_ABBREVIATION_STEP = 0.15e-6
_PARAGRAPH = re.compile(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+")
_TAG = re.compile(r"<(?=[A-Za-z/])")
_ABBREVIATION = re.compile(r"^[ ]{0,3}\*\[", re.MULTILINE)


def _costs(text: str) -> Iterator[_Cost]:
    size = len(text)
    if size > _SMALL:
        seconds = sum(each * sum(1 for _ in pattern.finditer(text)) for pattern, each in _EACH_COMPILED)
        yield _Cost("very much markup", seconds, 0, "split the article")
    for mark, (step, what) in _PAIRS.items():
        if (count := text.count(mark)) > 1000:
            yield _Cost(f"{count:,} {what}", count * count * step, text.find(mark), "split the article")
    if size > _SMALL:
        yield from _stretches(text)
    if text.count("[") * size * _STEP > 0.5:
        yield from _brackets(text)
    if text.count("<") * size * _CDATA_STEP > 0.5:
        yield from _tags(text)
    if abbreviations := len(_ABBREVIATION.findall(text)) if "*[" in text else 0:
        at = text.find("*[")
        yield _Cost(f"{abbreviations:,} abbreviations", abbreviations * size * _ABBREVIATION_STEP, at, "have fewer")


_INLINE = re.compile(r"[\\`*_<&:\[^~=+$]")
_OWN_LINE = re.compile(r"^(?=[ \t>]*(?:[-*+|#]|\d{1,9}[.)])|[^\n|]*\|)", re.MULTILINE)


def _stretches(text: str) -> Iterator[_Cost]:
    """For each stretch of text without a block in it: it is copied whole for every piece of markup found there."""
    for paragraph in _PARAGRAPH.finditer(text):
        if len(paragraph[0]) < 5000:
            continue
        starts = [0, *(match.start() for match in _OWN_LINE.finditer(paragraph[0])), len(paragraph[0])]
        for start, end in pairwise(starts):
            if end - start < 5000:
                continue
            # Each HTML tag is put away, looked up and put back, three copies in all.
            marks = len(_INLINE.findall(paragraph[0], start, end)) + 2 * paragraph[0].count("<", start, end)
            yield _Cost(
                f"{marks:,} pieces of markup in one paragraph",
                marks * (end - start + 17 * marks) * _COPY,
                paragraph.start() + start,
                "part the paragraph with blank lines",
            )


def _brackets(text: str) -> Iterator[_Cost]:
    """For each bracket, how far its parser looks for the other one."""
    for paragraph in _PARAGRAPH.finditer(text):
        if paragraph[0].count("[") * len(paragraph[0]) * _STEP > 0.01:
            steps, unclosed = _steps(paragraph[0])
            yield _Cost(
                f"{unclosed:,} brackets without an end in one paragraph",
                steps * _STEP,
                paragraph.start(),
                "close the brackets, or write \\[ for those that are no links",
            )


_BRACKET = re.compile(r"\]\(|[\[\])]")


def _steps(paragraph: str) -> tuple[int, int]:
    """The distances from all opening brackets to their ends, summed, and how many have none."""
    square: list[int] = []
    round_: list[int] = []
    steps = unclosed = 0
    for match in _BRACKET.finditer(paragraph):
        mark, at = match[0], match.start()
        if mark == "[":
            square.append(at)
        elif mark == ")":
            steps += at - round_.pop() if round_ else 0
        else:
            steps += at - square.pop() if square else 0
            if mark == "](":
                round_.append(at)
    for at in (*square, *round_):
        steps += len(paragraph) - at
        unclosed += 1
    return steps, unclosed


def _tags(text: str) -> Iterator[_Cost]:
    """For each start of an HTML tag, how far the end is."""
    for opening, closing, step in ((_TAG, ">", _TAG_STEP), (re.compile(r"<!\["), "]]>", _CDATA_STEP)):
        steps, end, first = 0, -1, -1
        for match in opening.finditer(text):
            at = match.start()
            if end < at:
                found = text.find(closing, at)
                end = found if found >= 0 else len(text)
            if end - at > 1000 and first < 0:
                first = at
            steps += end - at
        yield _Cost("HTML tags without an end", steps * step, max(first, 0), f"end each tag with '{closing}'")

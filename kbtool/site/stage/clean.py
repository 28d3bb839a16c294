"""One article's source, as one edition may see it: nothing that its readers were not meant to read.

Comments, definitions that nothing uses any more and internal blocks are not hidden, they are not there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from kbtool.core.meta import FRONT
from kbtool.core.model import Audience
from kbtool.site.blocks import PLAIN_BLOCKS, without_internal_blocks
from kbtool.site.fences import fenced
from kbtool.site.stage.frontkeys import with_reader_keys

#: a comment, or a code span that may hide what looks like one; at the start of a line the comment wins, as in rendering
_COMMENT = re.compile(
    r"^[ ]{0,3}<!--.*?(?:--!?>|\Z)[ \t]*\n?"
    r"|(?<![`\\])(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n|\n[ ]{0,3}<!--).)+?(?<!`)(?P=ticks)(?!`)"
    r"|<!--.*?(?:--!?>|\Z)",
    re.S | re.M,
)
_DEFINITION = re.compile(
    r"^(?P<lead>[ \t>]*)(?:"
    r"\[\^(?P<note>[^\]\n]+)\]:[^\n]*(?:\n(?:[ \t]*\n)*(?:[ ]{4}|\t)[^\n]*)*"
    r"|\*\[(?P<abbr>[^\]\n]+)\]:[^\n]*"
    r"|\[(?P<ref>[^\]\n^][^\]\n]*)\]:[^\n]*(?:\n[ \t]+(?:\"[^\n]*\"|'[^\n]*'|\([^\n]*\))[ \t]*(?=\n|\Z))?"
    r")(?:\n|\Z)",
    re.M,
)
_USED_REF = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\](?:[ ]?\[([^\]\n]*)\])?")


def for_readers(
    text: str,
    reader: Audience,
    *,
    plain: Collection[str] = PLAIN_BLOCKS,
    keys: Collection[str] = (),
    where: str = "",
) -> str:
    """The page without anything that an edition for `reader` may not hold.

    Raises KbError with file and line for a block that is never closed.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = without_internal_blocks(text, reader, plain=plain, where=where)
    text = with_reader_keys(text, keys)
    found = FRONT.match(text)
    head, body = (text[: found.end()], text[found.end() :]) if found else ("", text)
    return head + without_unused_definitions(without_comments(body))


def without_comments(body: str) -> str:
    """The page without HTML comments; those in code stay, for they are what the sample shows.

    A comment that is never closed reaches to the end of its stretch of prose.
    """
    return outside_code(body, lambda prose: _COMMENT.sub(_kept, prose)) if "<!--" in body else body


def _kept(found: re.Match[str]) -> str:
    return found[0] if found["ticks"] else ""


def without_unused_definitions(body: str) -> str:
    """The page without reference, footnote and abbreviation definitions that nothing refers to."""
    while "]:" in body and (shorter := _without_unused(body)) != body:
        body = shorter
    return body


def _without_unused(body: str) -> str:
    """One round; what only a removed definition referred to goes in the next."""
    rest = outside_code(body, lambda prose: _DEFINITION.sub("\n", prose))
    notes = {n.lower() for n in re.findall(r"\[\^([^\]\n]+)\](?!:)", body)} | _noted_in_definitions(body)
    refs = _references(body)
    return outside_code(body, lambda prose: _DEFINITION.sub(lambda m: _used(m, rest, notes, refs), prose))


def _noted_in_definitions(body: str) -> set[str]:
    """Footnotes named in other definitions' first lines, where `[^x]` is followed by a colon by chance."""
    return {n.lower() for n in re.findall(r"[^\n \t>][^\n]*\[\^([^\]\n]+)\]:", body)}


def _references(body: str) -> set[str]:
    """The names by which links and images refer to definitions, definitions themselves left out."""
    prose = outside_code(body, lambda text: _DEFINITION.sub(_without_label, text))
    found: set[str] = set()
    for text, label in _USED_REF.findall(prose):
        found.add(_name(label or text))
        found.update(_name(inner) for inner in re.findall(r"\[([^\[\]]*)\]", text))
    return found


def _without_label(found: re.Match[str]) -> str:
    """A footnote's text may refer to something; a definition's own label does not."""
    return found[0].split("]:", 1)[1] if found["note"] else "\n"


def _used(found: re.Match[str], rest: str, notes: Collection[str], refs: Collection[str]) -> str:
    if found["note"] is not None:
        used = found["note"].lower() in notes
    elif found["abbr"] is not None:
        used = re.search(rf"(?<!\w){re.escape(found['abbr'])}(?!\w)", rest) is not None
    else:
        used = _name(found["ref"]) in refs
    return found[0] if used else ""


def _name(label: str) -> str:
    return " ".join(label.split()).lower()


def outside_code(body: str, change: Callable[[str], str]) -> str:
    """The page with `change` applied to every stretch of lines that is no fenced code."""
    if "```" not in body and "~~~" not in body:
        return change(body)
    lines = body.split("\n")
    code = fenced(lines)
    out: list[str] = []
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and code[end] == code[start]:
            end += 1
        stretch = "\n".join(lines[start:end]) + ("\n" if end < len(lines) else "")
        out.append(stretch if code[start] else change(stretch))
        start = end
    return "".join(out)

"""The stamp of a regular review, `reviewed: <day> <name>` in an original's front matter.

It says something of the original alone: no translation has it, and none is out of date because of it.
"""

from __future__ import annotations

import re

from kbtool.core.errors import KbError
from kbtool.core.ledger import scalar
from kbtool.core.meta import FRONT
from kbtool.core.model import Stamp

_STAMP = re.compile(r"^reviewed[ \t]*:[^\n]*\n(?:[ \t]+[^\n]*\n)*", re.M)


def stamped(text: str, stamp: Stamp, where: str) -> str:
    """An article with `reviewed: <day> <name>` in its front matter, every other byte as it was."""
    newline = "\r\n" if "\r\n" in text else "\n"
    line = f"reviewed: {scalar(f'{stamp.on.isoformat()} {stamp.by}')}{newline}"
    found = FRONT.match(text)
    if found is None:
        if text.lstrip("\ufeff").startswith(("---", "+++")):
            raise KbError("the front matter cannot be read", where=f"{where}:1", hint="close it with a line of ---")
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        return f"{mark}---{newline}{line}---{newline}{newline}{text.removeprefix(mark)}"
    head = found[1]
    changed = _STAMP.sub(lambda _: line, head, count=1) if _STAMP.search(head) else head + line
    return text[: found.start(1)] + changed + text[found.end(1) :]


def unstamped(text: str) -> str:
    """An article without the stamp of its last review, and without front matter that held nothing else.

    >>> unstamped("---\\ntitle: A\\nreviewed: 2026-09-01 ana\\n---\\n# A\\n")
    '---\\ntitle: A\\n---\\n# A\\n'
    """
    found = FRONT.match(text)
    if found is None or (head := without_stamp(found[1])) == found[1]:
        return text
    if head.strip():
        return text[: found.start(1)] + head + text[found.end(1) :]
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    rest = text[found.end() :]
    return mark + rest.removeprefix("\r\n" if rest.startswith("\r\n") else "\n")


def without_stamp(head: str) -> str:
    """Front matter, as the text between its two rules, without the stamp."""
    return _STAMP.sub("", head) if "reviewed" in head else head

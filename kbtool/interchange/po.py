"""PO, the format of gettext, for Poedit, Weblate and all that reads it. The only place that knows polib.

Placeholders stand in the texts as they are, `⟦1⟧`, and a comment says what each stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polib

from kbtool.core.errors import Refused
from kbtool.core.limits import decode
from kbtool.core.model import Finding, State
from kbtool.interchange.codes import spoken
from kbtool.interchange.units import Bundle, Reading, Returned, Unit, name_parts
from kbtool.interchange.xml import LARGEST

_BASE = re.compile(r"^kbtool: (-|[0-9a-f]{12})$", re.MULTILINE)
#: What str.splitlines, and so polib, takes for a line break and gettext does not; such a unit is refused by the guard.
_BREAKS = re.compile("[\x00\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_FAULT = re.compile(r"Syntax error in po file (?:.*\()?line (\d+)\)?:?\s*(.*)", re.DOTALL)
#: A date that stands still, so that an export without changes is the same file; tools write theirs when they save.
_DAY = "2000-01-01 00:00+0000"


def write(bundle: Bundle, *, template: bool = False) -> str:
    """The file of a bundle; as a template (.pot), without any translation."""
    file = polib.POFile(wrapwidth=0)
    file.metadata = {
        "Project-Id-Version": "kbtool",
        "Report-Msgid-Bugs-To": "",
        "POT-Creation-Date": _DAY,
        "PO-Revision-Date": _DAY,
        "Last-Translator": "kbtool",
        "Language-Team": "none",
        "Language": "" if template else bundle.target.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "X-Source-Language": bundle.source.replace("-", "_"),
    }
    file.extend(_entry(unit, template) for unit in bundle.units)
    return str(file).rstrip("\n") + "\n"


def _entry(unit: Unit, template: bool) -> polib.POEntry:
    target = "" if template else unit.target
    entry = polib.POEntry(
        msgctxt=unit.name,
        msgid=unit.source,
        msgstr=target,
        comment="\n".join(map(_one_line, _comments(unit, template))),
        occurrences=[(f"docs/{unit.article}", str(unit.line))],
    )
    if target and unit.state is not State.APPROVED:
        entry.flags.append("fuzzy")
        entry.previous_msgid = unit.was or None
    return entry


def _comments(unit: Unit, template: bool) -> Iterator[str]:
    yield unit.kind
    if unit.address:
        yield f"Page: {unit.address}"
    if not template:
        yield from unit.told()
        if unit.proposal:
            yield f"Proposal ({unit.proposal_by}): {unit.proposal}"
    yield from map(spoken, unit.codes)
    if not template:
        yield f"kbtool: {unit.base or '-'}"


def _one_line(text: str) -> str:
    return " ".join(_BREAKS.sub(" ", text).split())


# -- reading


def read(content: bytes) -> list[Reading]:
    """The one reading of a file.

    Raises Refused with the line where it is no PO file, or none in UTF-8.
    """
    if len(content) > LARGEST:
        raise Refused(f"larger than {LARGEST:,} bytes", where="line 1", hint="split the file")
    text = _BREAKS.sub("\ufffd", decode(content).removeprefix("\ufeff"))
    if "msgid" not in text:
        raise Refused("this is no PO file: there is no msgid in it", where="line 1")
    try:
        file = polib.pofile(text.replace("\r\n", "\n").replace("\r", "\n"))
    except (OSError, ValueError, IndexError, LookupError) as error:
        raise _refused(error) from None
    language = file.metadata.get("Language", "")
    units: list[Returned] = []
    faults: list[Finding] = []
    for entry in file:
        if entry.obsolete:
            continue
        article, key = name_parts(entry.msgctxt or "")
        line = entry.linenum or 1
        if not key or entry.msgid_plural:
            what = entry.msgctxt or entry.msgid[:40]
            faults.append(Finding("unknown", f"not a segment of kbtool: {what!r}", line=line))
            continue
        base = _BASE.search(entry.comment or "")
        units.append(
            Returned(
                article, key, entry.msgid, entry.msgstr, line=line, unfinished=entry.fuzzy,
                base=base[1].replace("-", "") if base else None, approved=bool(entry.msgstr) and not entry.fuzzy,
            )
        )  # fmt: skip
    return [Reading(file.metadata.get("X-Source-Language", ""), language, 1, tuple(units), tuple(faults))]


def _refused(error: Exception) -> Refused:
    said = _FAULT.search(str(error))
    line, why = (said[1], said[2].strip()) if said else ("1", str(error)[:200])
    return Refused(f"not a PO file: {why or 'syntax error'}", where=f"line {line}", hint="msgfmt --check shows more")

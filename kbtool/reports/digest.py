"""What is due for a regular review, for people, for machines and for calendars."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from kbtool.core.due import Due

NOBODY = "nobody"


def rows(dues: Iterable[Due], day: date) -> list[Sequence[str]]:
    """Cells for a table: since when, file, owner, last review."""
    return [(_when(due, day), due.file, due.owner or NOBODY, _last(due)) for due in dues]


def _when(due: Due, day: date) -> str:
    late = (day - due.on).days
    if late == 0:
        return "today"
    return f"{late} days ago" if late > 1 else "yesterday" if late == 1 else f"on {due.on}"


def _last(due: Due) -> str:
    said = f"last {due.last.on} by {due.last.by}" if due.last else "never reviewed"
    return f"{said}; {due.note}" if due.note else said


def as_json(dues: Iterable[Due], day: date) -> str:
    """One object per file."""
    found = [
        {
            "path": due.file,
            "locale": due.locale,
            "owner": due.owner or None,
            "due": due.on.isoformat(),
            "overdue": due.is_due(day),
            "every_days": due.every,
            "reviewed": due.last.on.isoformat() if due.last else None,
            "by": due.last.by if due.last else None,
            **({"note": due.note} if due.note else {}),
        }
        for due in dues
    ]
    return json.dumps({"schema": 1, "on": day.isoformat(), "due": found}, ensure_ascii=False, indent=1)


def markdown(dues: Iterable[Due], day: date) -> str:
    """A digest to send: per owner and locale what is due now, and what soon."""
    groups: dict[tuple[str, str], list[Due]] = defaultdict(list)
    for due in dues:
        groups[due.owner or NOBODY, due.locale].append(due)
    lines = [f"# Reviews due on {day.isoformat()}", ""]
    if not groups:
        lines += ["Nothing is due.", ""]
    for (owner, locale), mine in sorted(groups.items()):
        now = [due for due in mine if due.is_due(day)]
        soon = [due for due in mine if not due.is_due(day)]
        lines += [f"## {_text(owner)}, {locale}", "", f"{len(now)} due, {len(soon)} soon.", ""]
        lines += [
            f"- [{'!' if due.is_due(day) else ' '}] `{due.file}`: {_when(due, day)}, {_text(_last(due))}"
            for due in mine
        ]
        lines += [""]
    return "\n".join(lines)


def _text(text: str) -> str:
    """Names are data: nothing in them may become markup in a mail or a ticket."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>#!|" else c for c in text.replace("\n", " "))


def calendar(dues: Iterable[Due], day: date) -> str:
    """An iCalendar feed (RFC 5545): one whole-day event per day, owner and locale; what is overdue stands today."""
    groups: dict[tuple[date, str, str], list[Due]] = defaultdict(list)
    for due in dues:
        groups[max(due.on, day), due.owner or NOBODY, due.locale].append(due)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//kbtool//regular reviews//EN", "CALSCALE:GREGORIAN"]
    for (on, owner, locale), mine in sorted(groups.items()):
        files = "\n".join(due.file for due in mine)
        name = hashlib.blake2b(f"{on}\0{owner}\0{locale}".encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        count = f"{len(mine)} article{'' if len(mine) == 1 else 's'}"
        lines += [
            "BEGIN:VEVENT",
            f"UID:{name}@kbtool",
            f"DTSTAMP:{day:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_value(f'Review {count} ({locale}), {owner}')}",
            f"DESCRIPTION:{_value(files)}",
            f"CATEGORIES:{_value(owner)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _value(text: str) -> str:
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "".join(c for c in text.replace("\r", "").replace("\n", "\\n") if c.isprintable())


def _folded(line: str) -> Iterator[str]:
    """A content line in parts of at most 75 octets, the later ones beginning with a space."""
    part, size = "", 0
    for char in line:
        width = len(char.encode("utf-8", "replace"))
        if size + width > 75:
            yield part
            part, size = " ", 1
        part, size = part + char, size + width
    yield part

"""A person's edit of one segment of a translation: tried first, then written into the Markdown file."""

from __future__ import annotations

from dataclasses import dataclass

from kbtool.commands import pages
from kbtool.commands.examine import examine
from kbtool.commands.texts import replaced, stays_itself, written
from kbtool.core.align import is_parallel
from kbtool.core.errors import KbError, Refused
from kbtool.core.model import Document, Row
from kbtool.core.proof import Proof
from kbtool.core.states import Settled, settle
from kbtool.project import Project, Target


@dataclass(frozen=True, slots=True)
class Trial:
    """What a translation becomes with other words in one segment."""

    page: str
    why_not: tuple[str, ...] = ()  #: why it may not be written; empty where it may
    findings: tuple[str, ...] = ()  #: what else the checks say; a person may have good reasons


def attempt(project: Project, target: Target, number: int, text: str) -> Trial:
    """Try a text for a segment, by its number in the original; nothing is written.

    Raises KbError where there is no such segment or no translation of it.
    """
    source = pages.original(project, target.path)
    page = pages.translation(project, target.path, target.locale)
    settled = settle(source, page, project.ledger(target.path, target.locale))
    row, place = _row(settled, number)
    if page is None or row.target is None or place is None:
        raise KbError(f"segment {number} has no translation to edit", hint="kbtool translate makes one")
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if not text.strip():
        return Trial(str(page), ("an empty text would take the segment out of the page",))
    if any("\ud800" <= character <= "\udfff" for character in text):
        return Trial(str(page), ("half a character, which no file can hold",))
    try:
        again = replaced(page, {place: written(row.target, text)}, project.settings.translatable)
    except Refused as error:
        return Trial(str(page), (str(error),))
    if not stays_itself(page, again, place):
        return Trial(str(again), ("this would change more than its own segment: other blocks, or the markup around",))
    assert row.source is not None
    findings = examine(project, target.locale, row.source, again.segments[place])
    return Trial(str(again), tuple(_new_faults(project, source, settled, page, again)), tuple(findings))


def edit(project: Project, target: Target, number: int, text: str) -> None:
    """Write a text into the Markdown file, as an editor would; the ledger stays for the verdict that follows.

    The caller holds the lock. Raises KbError, with nothing written, where the text may not stand there.
    """
    trial = attempt(project, target, number, text)
    where = project.shown(project.translation_file(target.path, target.locale))
    if trial.why_not:
        raise KbError("; ".join(trial.why_not), where=where, hint="nothing was written")
    project.write_page(target, trial.page)


def _row(settled: Settled, number: int) -> tuple[Row, int | None]:
    for row, tied in zip(settled.rows, settled.tie.rows, strict=True):
        if tied.source == number - 1:
            return row, tied.target
    raise KbError(f"the original has no segment {number}")


def _new_faults(project: Project, source: Document, settled: Settled, page: Document, again: Document) -> list[str]:
    """What the proof says of the page that it did not say before; a page that was restructured is not proved."""
    if not is_parallel(settled.tie):
        return []
    fields = project.settings.translatable
    proof = Proof(str(source), pages.renderer(project.root), fields=fields, document=source)
    before = {(fault.message, fault.segments) for fault in proof.check(str(page))}
    return [fault.message for fault in proof.check(str(again)) if (fault.message, fault.segments) not in before]

"""Jobs in, outcomes out: along a chain of engines, through memory, guard and repair, and never a reply lost."""

from __future__ import annotations

import contextlib
from collections import Counter
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kbtool.core.errors import KbError
from kbtool.core.glossary import Glossary
from kbtool.core.guard import examine, letters, repair
from kbtool.engines import create
from kbtool.engines.jobs import Terms, distinct
from kbtool.engines.limits import Limits, Purse
from kbtool.engines.order import release

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from kbtool.core.model import Finding
    from kbtool.engines.jobs import Job, Options, Same
    from kbtool.engines.ticket import Ticket
    from kbtool.memory import Memory


@dataclass(frozen=True, slots=True)
class Translated:
    """A reply that passed the guard."""

    text: str
    by: str  #: mt:<engine> | memory | copy
    known: bool = field(default=False, compare=False)  #: an earlier run had paid for it


@dataclass(frozen=True, slots=True)
class Failed:
    """No reply that could be believed, and why; the next run tries again."""

    reason: str
    by: str = "none"  #: mt:<engine> of the last engine that was asked


Outcome = Translated | Failed


def run(
    jobs: Sequence[Job],
    *,
    chain: Sequence[str],
    options: Options,
    memory: Memory,
    source: str,
    target: str,
    executor: Executor | None = None,
    limits: Limits | None = None,
    progress: Callable[[int, int], None] | None = None,
    allow_internal: Collection[str] = (),
    glossary: Glossary | None = None,
    tone: str = "",
    purse: Purse | None = None,
) -> list[Outcome]:
    """One outcome per job, in the order of the jobs. Engines are asked in turn for what the ones before left over.

    `tone` ("formal", "informal", or words for a model) goes to engines that know what to do with it. A `purse` that is
    handed to several runs limits what they cost together.
    """
    outcomes: dict[Same, Outcome] = {}
    wanted = distinct(jobs)
    counts = Counter(job.same for job in jobs)
    terms = Terms(
        options, memory, source, target, limits or Limits(), frozenset(allow_internal), glossary or Glossary(),
        purse or Purse(), tone, {key: job.kind for key, job in wanted.items()},
    )  # fmt: skip
    done = len(jobs) - sum(counts[key] for key in wanted)

    def record(key: Same, outcome: Outcome) -> None:
        nonlocal done
        if not isinstance(outcomes.get(key), Translated):
            if key not in outcomes and progress:
                done += counts[key]
                progress(done, len(jobs))
            outcomes[key] = outcome

    unready: list[KbError] = []
    for name in chain:
        left = {key: job for key, job in wanted.items() if not isinstance(outcomes.get(key), Translated)}
        if not left:
            break
        try:
            _ask(name, left, terms, executor, record)
        except UnreadyError as error:
            unready.append(error.because)
    if unready and len(unready) == len(chain):
        raise unready[0]
    return [_outcome(job, outcomes) for job in jobs]


class UnreadyError(Exception):
    """An engine of the chain cannot be used at all; nothing was sent to it."""

    def __init__(self, because: KbError) -> None:
        super().__init__(str(because))
        self.because = because


def _outcome(job: Job, outcomes: Mapping[Same, Outcome]) -> Outcome:
    if not letters(job.text):
        return Translated(job.text, "copy")
    return outcomes.get(job.same, Failed("no engine is set"))


def _ask(
    name: str,
    jobs: Mapping[Same, Job],
    terms: Terms,
    executor: Executor | None,
    record: Callable[[Same, Outcome], None],
) -> None:
    if name == "memory":
        for key, job in jobs.items():
            record(key, _remembered(job, terms))
        return
    try:
        about = create(name, terms.table(name)).about
    except KbError as error:
        raise UnreadyError(error) from None
    by = f"mt:{name}"
    allowed = []
    for key, job in jobs.items():
        if terms.stays(about, job):
            record(key, Failed(f"internal text may not go to '{name}'; allow_internal in the settings can allow it"))
        else:
            allowed.append(job)

    def settle(ticket: Ticket) -> str:
        key = (ticket.original, ticket.audience)
        reply = repair(ticket.original, ticket.reply, terms.target)
        wrong = _examine(ticket.original, reply, terms.kinds[key], terms, translation=about.translation)
        if wrong:
            return "; ".join(finding.message for finding in wrong[:2])
        ticket.closed = True
        record(key, Translated(reply, by, known=not any(part.paid for part in ticket.parts)))
        return ""

    def fail(ticket: Ticket, reason: str) -> None:
        ticket.closed = True
        record((ticket.original, ticket.audience), Failed(reason, by))

    desk = terms.desk(about, settle, fail)
    try:
        with _pool(executor, terms.limits.for_engine(about, terms.table(name))) as pool:
            desk.serve(terms.tickets(about, allowed), pool)
    finally:
        release()


def _remembered(job: Job, terms: Terms) -> Outcome:
    """What the memory knows of a text, if the guard takes it here."""
    found = terms.memory.find(job.text, terms.source, terms.target, job.audience)
    if found is None:
        return Failed("the memory does not know this text", "memory")
    wrong = _examine(job.text, found, job.kind, terms, translation=True)
    return Failed(str(wrong[0]), "memory") if wrong else Translated(found, "memory")


def _examine(text: str, reply: str, kind: str, terms: Terms, *, translation: bool) -> list[Finding]:
    from kbtool.engines.detect import language

    return examine(
        text, reply, source_locale=terms.source, target_locale=terms.target, glossary=terms.glossary, kind=kind,
        detect=language, translation=translation,
    )  # fmt: skip


@contextlib.contextmanager
def _pool(executor: Executor | None, limits: Limits) -> Iterator[Executor]:
    """The executor handed in, or threads of our own, as many as the engine takes connections."""
    if executor is not None:
        yield executor
        return
    with ThreadPoolExecutor(limits.connections, thread_name_prefix="kbtool-engine") as pool:
        yield pool

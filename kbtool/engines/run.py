"""Jobs in, outcomes out: along a chain of engines, through memory, guard and repair, and never a reply lost."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kbtool.core.errors import KbError
from kbtool.core.glossary import Glossary
from kbtool.core.guard import examine, letters, repair
from kbtool.engines import create
from kbtool.engines.base import Context
from kbtool.engines.desk import Desk
from kbtool.engines.limits import Limits, Purse
from kbtool.engines.order import release
from kbtool.engines.ticket import Ticket
from kbtool.memory import Key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from kbtool.core.model import Finding
    from kbtool.engines.base import About
    from kbtool.memory import Memory

Options = Mapping[str, Mapping[str, Any]]
#: What makes two jobs the same: their text and audience.
Same = tuple[str, str]
_NOTHING = Context()


@dataclass(frozen=True, slots=True)
class Job:
    """A masked text to be translated, and what the engine may need to know about it."""

    text: str
    kind: str = "paragraph"
    audience: str = "public"
    context: Context = _NOTHING


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


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run would send: distinct segments the memory does not know, and what they would cost."""

    segments: int = 0
    characters: int = 0
    requests: int = 0
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """The settings of one run, for all engines of its chain."""

    options: Options
    memory: Memory
    source: str
    target: str
    limits: Limits
    allow_internal: frozenset[str]
    glossary: Glossary
    purse: Purse
    tone: str
    kinds: Mapping[Same, str]

    @property
    def month(self) -> str:
        return datetime.now(UTC).strftime("%Y-%m")

    def table(self, engine: str) -> Mapping[str, Any]:
        """An engine's own settings, with the tone of this locale."""
        own = self.options.get(engine, {})
        return {"tone": self.tone, **own} if self.tone else own


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
    wanted = _distinct(jobs)
    counts = Counter(map(_same, jobs))
    settings = Run(
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
            _ask(name, left, settings, executor, record)
        except UnreadyError as error:
            unready.append(error.because)
    if unready and len(unready) == len(chain):
        raise unready[0]
    return [_outcome(job, outcomes) for job in jobs]


def plan_cost(
    jobs: Sequence[Job],
    *,
    chain: Sequence[str],
    options: Options,
    memory: Memory,
    source: str,
    target: str,
    limits: Limits | None = None,
    allow_internal: Collection[str] = (),
    glossary: Glossary | None = None,
    tone: str = "",
) -> Cost:
    """What the first engine of the chain that may have them would be sent for these jobs; nothing is sent."""
    wanted = _distinct(jobs)
    settings = Run(
        options, memory, source, target, limits or Limits(), frozenset(allow_internal), glossary or Glossary(),
        Purse(), tone, {key: job.kind for key, job in wanted.items()},
    )  # fmt: skip
    total = Cost()
    for name in chain:
        if name == "memory":
            wanted = {k: j for k, j in wanted.items() if memory.find(j.text, source, target, j.audience) is None}
            continue
        about = create(name, settings.table(name)).about
        allowed = {k: j for k, j in wanted.items() if not _internal(about, j, settings)}
        asked = [t for t in _tickets(about, allowed, settings) if _unknown(about, t, settings)]
        requests, characters = _desk(about, settings, lambda _: "", lambda *_: None).requests(asked)
        cost = characters * about.price / 1e6
        total = Cost(
            total.segments + len(asked), total.characters + characters, total.requests + requests, total.cost + cost
        )
        wanted = {k: j for k, j in wanted.items() if k not in allowed}
    return total


class UnreadyError(Exception):
    """An engine of the chain cannot be used at all; nothing was sent to it."""

    def __init__(self, because: KbError) -> None:
        super().__init__(str(because))
        self.because = because


def _same(job: Job) -> Same:
    return job.text, job.audience


def _distinct(jobs: Sequence[Job]) -> dict[Same, Job]:
    """Equal texts are sent once; texts without a letter never."""
    found: dict[Same, Job] = {}
    for job in jobs:
        if letters(job.text):
            found.setdefault(_same(job), job)
    return found


def _outcome(job: Job, outcomes: Mapping[Same, Outcome]) -> Outcome:
    if not letters(job.text):
        return Translated(job.text, "copy")
    return outcomes.get(_same(job), Failed("no engine is set"))


def _ask(
    name: str,
    jobs: Mapping[Same, Job],
    run: Run,
    executor: Executor | None,
    record: Callable[[Same, Outcome], None],
) -> None:
    if name == "memory":
        for key, job in jobs.items():
            found = run.memory.find(job.text, run.source, run.target, job.audience)
            wrong = [] if found is None else _examine(job.text, found, job.kind, run, translation=True)
            if found is not None and not wrong:
                record(key, Translated(found, "memory"))
            else:
                record(key, Failed(str(wrong[0]) if wrong else "the memory does not know this text", "memory"))
        return
    try:
        about = create(name, run.table(name)).about
    except KbError as error:
        raise UnreadyError(error) from None
    by = f"mt:{name}"
    allowed = {}
    for key, job in jobs.items():
        if _internal(about, job, run):
            record(key, Failed(f"internal text may not go to '{name}'; allow_internal in the settings can allow it"))
        else:
            allowed[key] = job

    def settle(ticket: Ticket) -> str:
        key = (ticket.original, ticket.audience)
        reply = repair(ticket.original, ticket.reply, run.target)
        wrong = _examine(ticket.original, reply, run.kinds[key], run, translation=about.translation)
        if wrong:
            return "; ".join(finding.message for finding in wrong[:2])
        ticket.closed = True
        record(key, Translated(reply, by, known=not any(part.paid for part in ticket.parts)))
        return ""

    def fail(ticket: Ticket, reason: str) -> None:
        ticket.closed = True
        record((ticket.original, ticket.audience), Failed(reason, by))

    desk = _desk(about, run, settle, fail)
    try:
        with _pool(executor, run.limits.for_engine(about, run.table(name))) as pool:
            desk.serve(_tickets(about, allowed, run), pool)
    finally:
        release()


def _internal(about: About, job: Job, run: Run) -> bool:
    """Whether this text must not go to this engine: anything not public stays in the house unless settings say so."""
    return about.leaves_house and job.audience != "public" and about.name not in run.allow_internal


def _desk(about: About, run: Run, settle: Callable[[Ticket], str], fail: Callable[[Ticket, str], None]) -> Desk:
    options = run.table(about.name)
    return Desk(
        about,
        options,
        (run.source, run.target),
        limits=run.limits.for_engine(about, options),
        memory=run.memory,
        month=run.month,
        purse=run.purse,
        key=lambda ticket, text, form: _key(about, run, text, ticket.audience, form),
        settle=settle,
        fail=fail,
    )


def _key(about: About, run: Run, text: str, audience: str, form: str) -> Key:
    return Key(
        about.name, about.version, run.source, run.target, text, audience, f"{run.glossary.digest}{run.tone}", form
    )


def _tickets(about: About, jobs: Mapping[Same, Job], run: Run) -> list[Ticket]:
    tickets = []
    for job in jobs.values():
        text, kept = run.glossary.mask(job.text) if about.translation else (job.text, {})
        tickets.append(Ticket(text, job.text, job.audience, _informed(job, run), kept))
    return tickets


def _informed(job: Job, run: Run) -> Context:
    terms = tuple((t.term, t.accepted[0]) for t in run.glossary.relevant(job.text) if t.accepted)
    context = job.context
    return Context(context.before, context.after, context.old_source, context.old_translation, terms)


def _unknown(about: About, ticket: Ticket, run: Run) -> bool:
    return run.memory.recall(_key(about, run, ticket.text, ticket.audience, "")) is None


def _examine(text: str, reply: str, kind: str, run: Run, *, translation: bool) -> list[Finding]:
    from kbtool.engines.detect import language

    return examine(
        text, reply, source_locale=run.source, target_locale=run.target, glossary=run.glossary, kind=kind,
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

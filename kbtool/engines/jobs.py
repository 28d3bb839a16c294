"""Jobs, and the terms that hold for all of them in one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kbtool.core.guard import letters
from kbtool.engines.base import Context
from kbtool.engines.desk import Desk
from kbtool.engines.ticket import Ticket
from kbtool.memory import Key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kbtool.core.glossary import Glossary
    from kbtool.engines.base import About
    from kbtool.engines.limits import Limits, Purse
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

    @property
    def same(self) -> Same:
        """Equal for two jobs that one reply answers."""
        return self.text, self.audience


def distinct(jobs: Iterable[Job]) -> dict[Same, Job]:
    """Equal texts are sent once; texts without a letter never."""
    found: dict[Same, Job] = {}
    for job in jobs:
        if letters(job.text):
            found.setdefault(job.same, job)
    return found


@dataclass(frozen=True, slots=True)
class Terms:
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

    def table(self, engine: str) -> Mapping[str, Any]:
        """An engine's own settings, with the tone of this locale."""
        own = self.options.get(engine, {})
        return {"tone": self.tone, **own} if self.tone else own

    def stays(self, about: About, job: Job) -> bool:
        """Whether a text must not go to an engine: what is not public stays in the house unless settings say so."""
        return about.leaves_house and job.audience != "public" and about.name not in self.allow_internal

    def tickets(self, about: About, jobs: Iterable[Job]) -> list[Ticket]:
        """The jobs as an engine gets them."""
        tickets = []
        for job in jobs:
            text, kept = self.glossary.mask(job.text) if about.translation else (job.text, {})
            tickets.append(Ticket(text, job.text, job.audience, self._informed(job), kept))
        return tickets

    def _informed(self, job: Job) -> Context:
        terms = tuple((t.term, t.accepted[0]) for t in self.glossary.relevant(job.text) if t.accepted)
        return replace(job.context, terms=terms)

    def key(self, about: About, text: str, audience: str, form: str = "") -> Key:
        """Under which the memory keeps an engine's reply."""
        glossary = f"{self.glossary.digest}{self.tone}"
        return Key(about.name, about.version, self.source, self.target, text, audience, glossary, form)

    def desk(self, about: About, settle: Callable[[Ticket], str], fail: Callable[[Ticket, str], None]) -> Desk:
        """Where an engine serves tickets."""
        options = self.table(about.name)
        return Desk(
            about,
            options,
            (self.source, self.target),
            limits=self.limits.for_engine(about, options),
            memory=self.memory,
            month=datetime.now(UTC).strftime("%Y-%m"),
            purse=self.purse,
            key=lambda ticket, text, form: self.key(about, text, ticket.audience, form),
            settle=settle,
            fail=fail,
        )

"""What a run would cost, before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kbtool.core.glossary import Glossary
from kbtool.engines import create
from kbtool.engines.jobs import Terms, distinct
from kbtool.engines.limits import Limits, Purse

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kbtool.engines.jobs import Job, Options
    from kbtool.memory import Memory


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run would send: distinct segments the memory does not know, and what they would cost."""

    segments: int = 0
    characters: int = 0
    requests: int = 0
    cost: float = 0.0


def plan_cost(
    jobs: Sequence[Job],
    *,
    chain: Sequence[str],
    options: Options,
    memory: Memory,
    source: str,
    target: str,
    allow_internal: Collection[str] = (),
    glossary: Glossary | None = None,
    tone: str = "",
) -> Cost:
    """What the first engine of the chain that may have them would be sent for these jobs; nothing is sent."""
    wanted = distinct(jobs)
    terms = Terms(
        options, memory, source, target, Limits(), frozenset(allow_internal), glossary or Glossary(),
        Purse(), tone, {key: job.kind for key, job in wanted.items()},
    )  # fmt: skip
    total = Cost()
    for name in chain:
        if name == "memory":
            wanted = {k: j for k, j in wanted.items() if memory.find(j.text, source, target, j.audience) is None}
            continue
        about = create(name, terms.table(name)).about
        allowed = {k: j for k, j in wanted.items() if not terms.stays(about, j)}
        tickets = terms.tickets(about, allowed.values())
        asked = [t for t in tickets if memory.recall(terms.key(about, t.text, t.audience)) is None]
        requests, characters = terms.desk(about, lambda _: "", lambda *_: None).requests(asked)
        cost = characters * about.price / 1e6
        total = Cost(
            total.segments + len(asked), total.characters + characters, total.requests + requests, total.cost + cost
        )
        wanted = {k: j for k, j in wanted.items() if k not in allowed}
    return total

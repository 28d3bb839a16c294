"""`kbtool translate`: what is missing or stale goes to the engines, what comes back is proved and written.

docs → original → segments ┐
translations → ledger ─────┴→ plan → jobs → engines → guard → compose → prove → write translation + ledger
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kbtool import pool, store
from kbtool.commands import moves
from kbtool.commands.drafts import Draft, Reader
from kbtool.commands.examine import glossary_of
from kbtool.core import plan
from kbtool.core.article import Reply, Written
from kbtool.core.errors import KbError, UsageError
from kbtool.core.model import Finding, Ledger, Locale
from kbtool.engines.cost import Cost, plan_cost
from kbtool.engines.limits import Purse
from kbtool.engines.run import Failed, run
from kbtool.lock import hold
from kbtool.memory import Memory
from kbtool.project import Project, Target

if TYPE_CHECKING:
    from concurrent.futures import Executor

Tick = Callable[[int, int], None]
#: Articles are written as soon as the replies for about so many segments are in, so that a long run shows its work.
_SEGMENTS_AT_ONCE = 4000
#: Segments that are listed one by one when many fail for the same reason.
_SHOWN = 5


@dataclass
class Summary:
    """What a run did; with `--dry-run`, what it would do."""

    segments: int = 0  #: sent to engines, or to be sent; equal texts once
    characters: int = 0
    requests: int = 0
    cost: float = 0.0
    currency: str = "EUR"
    files: int = 0  #: translations written, or to be written
    translated: int = 0  #: segments that have a new translation
    proposals: int = 0  #: new translations that wait beside a person's text
    reused: int = 0  #: of the new translations, those that the memory had
    failed: list[Finding] = field(default_factory=list)  #: segments that keep what they had
    refused: list[Finding] = field(default_factory=list)  #: articles that were not written
    seconds: float = 0.0
    dry_run: bool = False
    idle: str = ""  #: why there was nothing to do, if not for the reason one hopes for
    notes: list[str] = field(default_factory=list)  #: what a person should know of earlier runs

    def count(self, cost: Cost) -> None:
        """Add what is sent, or would be."""
        self.segments += cost.segments
        self.characters += cost.characters
        self.requests += cost.requests
        self.cost = round(self.cost + cost.cost, 6)

    @property
    def exit_code(self) -> int:
        return 3 if self.failed or self.refused else 0

    def lines(self) -> Iterator[str]:
        """The closing report for a terminal."""
        yield from self.notes
        for finding in (*self.refused, *_gathered(self.failed)):
            yield str(finding)
            if finding.hint:
                yield f"    {finding.hint}"
        if self.dry_run:
            yield (
                f"would send {_count(self.segments, 'segment')} ({_count(self.characters, 'character')}, "
                f"{_count(self.requests, 'request')}, about {self.cost:.2f} {self.currency}) "
                f"for {_count(self.files, 'translation')}"
            )
            return
        if not (self.files or self.failed or self.refused):
            yield "nothing to translate: " + (self.idle or "every translation is up to date")
            return
        yield (
            f"{_count(self.translated, 'segment')} translated ({self.reused} from memory), "
            f"{_count(self.proposals, 'proposal')}, {_count(self.files, 'file')} written in {self.seconds:.1f} s"
        )
        if self.failed or self.refused:
            failed, refused = _count(len(self.failed), "segment"), _count(len(self.refused), "article")
            yield f"{failed} failed, {refused} refused; the next run tries again"


def translate(
    project: Project,
    *,
    locales: Iterable[Locale] = (),
    engine: Iterable[str] = (),
    dry_run: bool = False,
    replace: bool = False,
    limit: int | None = None,
    paths: Iterable[str] = (),
    executor: str | None = None,
    tick: Tick | None = None,
) -> Summary:
    """Translate what is missing or stale in the chosen locales and articles.

    Articles that cannot be read are listed and the others go on. Raises Busy where another run is at work, and
    KbError where no engine of a chain can be used at all.
    """
    started = time.monotonic()
    summary = Summary(dry_run=dry_run, currency=project.settings.budget.currency)
    targets = tuple(project.targets(locales, paths))
    if not project.settings.locales:
        summary.idle = 'no target language is set; add one to the settings, such as locales = ["de"]'
    with (
        nullcontext() if dry_run else hold(project.root),
        Memory.of(project.root) as memory,
        pool.executor(executor) if executor else nullcontext() as workers,
    ):
        summary.notes += memory.notices
        if not dry_run:
            store.finish(project.root)
            summary.notes += _left_open(memory)
            moves.follow(project)
        desk = _Run(project, memory, workers, summary, tick)
        reader = Reader(project, refuse=desk.refuse, engine=tuple(engine), replace=replace, limit=limit)
        for locale, chosen in _by_locale(targets).items():
            for batch in _batches(reader.drafts(chosen)):
                desk.ask(batch, locale)
                if not dry_run:
                    desk.write(batch)
    summary.seconds = round(time.monotonic() - started, 2)
    return summary


class _Run:
    """What the steps of one run share."""

    def __init__(
        self, project: Project, memory: Memory, workers: Executor | None, summary: Summary, tick: Tick | None
    ) -> None:
        self.project = project
        self.memory = memory
        self.workers = workers
        self.summary = summary
        self.tick = tick
        budget = project.settings.budget
        self.purse = Purse(budget.run, budget.month)

    def refuse(self, target: Target, error: KbError) -> None:
        """List an article that cannot be worked on, once for all locales."""
        file, _, line = (error.where or self.project.shown(self.project.original_file(target.path))).rpartition(":")
        found = Finding(
            "refused", error.what, file or line, int(line) if file and line.isdigit() else 1, hint=error.hint or ""
        )
        if found not in self.summary.refused:
            self.summary.refused.append(found)

    # -- ask the engines

    def ask(self, drafts: Sequence[Draft], locale: Locale) -> None:
        """Get replies for everything that is sent, chain by chain; in a dry run, count what that would be.

        A chain of which no engine can be used is listed, with what to do about it; the others go on.
        """
        for chain, mine in _by_chain(drafts).items():
            jobs = [(draft, number) for draft in mine for number in draft.sent]
            if not jobs:
                continue
            try:
                self.ask_chain(jobs, chain, locale)
            except UsageError:
                raise
            except KbError as error:
                waiting = f"{locale}: {error.what}; {len(jobs)} segments wait for an engine"
                self.summary.failed.append(Finding("engine", waiting, error.where or "", hint=error.hint or ""))

    def ask_chain(self, jobs: Sequence[tuple[Draft, int]], chain: tuple[str, ...], locale: Locale) -> None:
        settings = self.project.settings
        asked = [draft.job(number) for draft, number in jobs]
        terms = glossary_of(self.project, locale)
        cost = plan_cost(
            asked, chain=chain, options=settings.engines, memory=self.memory, source=settings.source, target=locale,
            allow_internal=settings.allow_internal, glossary=terms, tone=settings.tone.get(locale, ""),
        )  # fmt: skip
        self.summary.count(cost)
        if self.summary.dry_run:
            self.summary.files += len({draft.target for draft, _ in jobs})
            return
        outcomes = run(
            asked, chain=chain, options=settings.engines, memory=self.memory, source=settings.source, target=locale,
            executor=self.workers, progress=self.tick, allow_internal=settings.allow_internal,
            glossary=terms, tone=settings.tone.get(locale, ""), purse=self.purse,
        )  # fmt: skip
        for (draft, number), outcome in zip(jobs, outcomes, strict=True):
            if isinstance(outcome, Failed):
                draft.failures[number] = outcome.reason
            else:
                draft.replies[number] = Reply(outcome.text, outcome.by, outcome.known)

    # -- write

    def write(self, drafts: Iterable[Draft]) -> None:
        for draft in drafts:
            try:
                written = draft.article.write(draft.replies)
                self.keep(draft, written)
            except (KbError, OSError) as error:
                where = self.project.shown(self.project.translation_file(draft.target.path, draft.target.locale))
                fault = error if isinstance(error, KbError) else KbError(f"cannot write: {error.strerror}", where=where)
                self.refuse(draft.target, fault)

    def keep(self, draft: Draft, written: Written) -> None:
        """Write a finished article with its ledger, and count."""
        self.report(draft, written)
        if written.text is None:
            return
        accepted = [n for n in draft.replies if n not in written.failed]
        if draft.article.existing is None and not accepted and draft.sends:
            return  # nothing came back: a page in the source language is not a translation
        reviews = draft.ledger.reviews if draft.ledger else ()
        ledger = Ledger(written.entries, reviews)
        changed = self.project.write_translation(draft.target, written.text, ledger)
        self.summary.files += changed
        proposals = [n for n in accepted if draft.steps[n].action is plan.Action.PROPOSE]
        self.summary.proposals += len(proposals)
        self.summary.translated += len(accepted) - len(proposals)
        self.summary.reused += sum(draft.replies[n].known or draft.replies[n].by == "memory" for n in accepted)

    def report(self, draft: Draft, written: Written) -> None:
        file = self.project.shown(self.project.original_file(draft.target.path))
        for number, reason in sorted((draft.failures | dict(written.failed)).items()):
            source = draft.steps[number].source
            message = f"{draft.target.locale}: {reason}: {_cut(source.words)!r}"
            self.summary.failed.append(Finding("failed", message, file, source.line))
        for fault in written.faults:
            message = f"{draft.target.locale}: the composed page would break: {fault.message}"
            self.summary.refused.append(replace(fault, rule="refused", message=message, path=file))


def _left_open(memory: Memory) -> Iterator[str]:
    """What earlier runs sent and never saw answered, said once."""
    sent = memory.left_open()
    if sent.segments:
        yield (
            f"note: an earlier run ended before its last replies came; {sent.segments} segments "
            f"({sent.characters} characters) may have been billed"
        )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _gathered(failed: Iterable[Finding]) -> Iterator[Finding]:
    """Segments that failed for one reason, such as a language that an engine does not have: a few, and their number."""
    kinds: dict[str, list[Finding]] = defaultdict(list)
    for finding in failed:
        kinds[finding.message.rsplit(": ", 1)[0]].append(finding)
    for reason, found in kinds.items():
        yield from found[:_SHOWN]
        if len(found) > _SHOWN:
            yield Finding("failed", f"{reason}: {len(found) - _SHOWN} more segments (all of them: --json)")


def _by_locale(targets: Iterable[Target]) -> dict[Locale, list[Target]]:
    found: dict[Locale, list[Target]] = defaultdict(list)
    for target in targets:
        found[target.locale].append(target)
    return found


def _by_chain(drafts: Iterable[Draft]) -> dict[tuple[str, ...], list[Draft]]:
    found: dict[tuple[str, ...], list[Draft]] = defaultdict(list)
    for draft in drafts:
        found[draft.chain].append(draft)
    return found


def _batches(drafts: Iterable[Draft]) -> Iterator[list[Draft]]:
    batch: list[Draft] = []
    for draft in drafts:
        batch.append(draft)
        if sum(d.sends for d in batch) >= _SEGMENTS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"

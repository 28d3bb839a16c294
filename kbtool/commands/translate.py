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
from functools import cache, cached_property
from typing import TYPE_CHECKING

from kbtool import pool
from kbtool.core import glossary, plan
from kbtool.core.align import Page
from kbtool.core.article import Article, Reply, Written
from kbtool.core.audience import AUDIENCES, is_known, may_read
from kbtool.core.errors import KbError, Refused
from kbtool.core.limits import admit
from kbtool.core.model import Document, Finding, Ledger, Locale
from kbtool.core.plan import Step
from kbtool.core.proof import Proof
from kbtool.core.segments import parse
from kbtool.core.states import settle
from kbtool.engines.base import Context
from kbtool.engines.limits import Limits
from kbtool.engines.run import Cost, Failed, Job, Outcome, plan_cost, run
from kbtool.lock import hold
from kbtool.memory import Memory
from kbtool.project import Project, Target
from kbtool.settings import Settings
from kbtool.site.blocks import InternalBlock, internal_blocks, strictest

if TYPE_CHECKING:
    from concurrent.futures import Executor

Tick = Callable[[int, int], None]
#: Articles are written as soon as the replies for about so many segments are in, so that a long run shows its work.
_SEGMENTS_AT_ONCE = 4000


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

    @property
    def exit_code(self) -> int:
        return 3 if self.failed or self.refused else 0

    def lines(self) -> Iterator[str]:
        """The closing report for a terminal."""
        for finding in (*self.refused, *self.failed):
            yield str(finding)
            if finding.hint:
                yield f"    {finding.hint}"
        if self.dry_run:
            yield (
                f"would send {self.segments} segments ({self.characters} characters, {self.requests} requests, "
                f"about {self.cost:.2f} {self.currency}) for {self.files} translations"
            )
            return
        if not (self.files or self.failed or self.refused):
            yield "nothing to translate: every translation is up to date"
            return
        yield (
            f"{self.translated} segments translated ({self.reused} from memory), {self.proposals} proposals, "
            f"{self.files} files written in {self.seconds:.1f} s"
        )
        if self.failed or self.refused:
            yield f"{len(self.failed)} segments failed, {len(self.refused)} articles refused; the next run tries again"


@dataclass
class Draft:
    """One article in one locale: read, tied and planned."""

    target: Target
    audiences: Sequence[str]  #: who may read each segment of the original
    article: Article
    ledger: Ledger | None
    chain: tuple[str, ...]
    replies: dict[int, Reply] = field(default_factory=dict)
    failures: dict[int, str] = field(default_factory=dict)

    @property
    def steps(self) -> Sequence[Step]:
        return self.article.steps

    @cached_property
    def sends(self) -> int:
        return sum(step.sends for step in self.steps)


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
    with (
        nullcontext() if dry_run else hold(project.root),
        Memory.of(project.root) as memory,
        pool.executor(executor) if executor else nullcontext() as workers,
    ):
        desk = _Run(project, memory, tuple(engine), workers, summary, tick)
        for locale, chosen in _by_locale(targets).items():
            for batch in _batches(desk.drafts(chosen, replace_people=replace, limit=limit)):
                limit = None if limit is None else limit - sum(draft.sends for draft in batch)
                if dry_run:
                    desk.price(batch, locale)
                else:
                    desk.fill(batch, locale)
                    desk.write(batch)
    summary.seconds = round(time.monotonic() - started, 2)
    return summary


class _Run:
    """What the steps of one run share."""

    def __init__(
        self, project: Project, memory: Memory, engine: tuple[str, ...], workers: Executor | None, summary: Summary,
        tick: Tick | None,
    ) -> None:  # fmt: skip
        self.project = project
        self.memory = memory
        self.engine = engine
        self.workers = workers
        self.summary = summary
        self.tick = tick
        self.originals: dict[str, tuple[Document, Callable[[], Proof]]] = {}
        self.limits = _limits(project.settings)

    # -- read and plan

    def drafts(self, targets: Iterable[Target], *, replace_people: bool, limit: int | None) -> Iterator[Draft]:
        for target in targets:
            try:
                draft = self.draft(target, replace_people)
            except KbError as error:
                self.refuse(target, error)
                continue
            if draft is None:
                continue
            if limit is not None:
                draft.article.steps = plan.limit(draft.steps, limit)
                limit -= draft.sends
            yield draft

    def draft(self, target: Target, replace_people: bool) -> Draft | None:
        """What is to be done for an article in a locale; None where its policy says: nothing."""
        project, settings = self.project, self.project.settings
        mode = settings.mode(target.path, target.locale)
        text = project.translation(target.path, target.locale)
        if mode == "off" or (mode == "hand" and text is None):
            return None
        document, proof = self.original(target.path)
        existing: Page | None = None
        if text is not None:
            existing = self.parsed(text, project.shown(project.translation_file(target.path, target.locale)))
        ledger = project.ledger(target.path, target.locale)
        settled = settle(document, existing, ledger)
        steps = plan.plan(settled.rows, machine=mode != "hand", replace=replace_people)
        article = Article(document, existing, settled, steps, proof, fields=settings.translatable)
        chain = self.engine or settings.chain(target.path, target.locale)
        return Draft(target, self.audiences(target.path, document), article, ledger, chain)

    def audiences(self, path: str, document: Document) -> tuple[str, ...]:
        """Who may read each segment: the article's readers, or those of the internal block that it stands in.

        Raises KbError for a block that is never closed: nobody could say what of the rest is internal.
        """
        blocks = internal_blocks(str(document), where=self.project.shown(self.project.original_file(path)))
        article = InternalBlock(-1, -1, str(self.project.audience(path)))
        found = []
        for segment in document.segments:
            name = strictest([article, *(b for b in blocks if b.first < segment.line <= b.last + 1)])
            found.append(name if is_known(name) else AUDIENCES[-1])
        return tuple(found)

    def original(self, path: str) -> tuple[Document, Callable[[], Proof]]:
        """An original, cut once and rendered at most once for all locales."""
        if path not in self.originals:
            text = self.project.original(path)
            document = self.parsed(text, self.project.shown(self.project.original_file(path)))

            @cache
            def proof() -> Proof:
                return Proof(text, self.project.renderer, fields=self.project.settings.translatable, document=document)

            self.originals[path] = document, proof
        return self.originals[path]

    def parsed(self, text: str, shown: str) -> Document:
        try:
            admit(text)
            return parse(text, self.project.settings.translatable)
        except Refused as error:
            line = (error.where or "").removeprefix("line ")
            raise Refused(error.what, where=f"{shown}:{line}" if line else shown, hint=error.hint) from None

    def refuse(self, target: Target, error: KbError) -> None:
        """List an article that cannot be worked on, once for all locales."""
        file, _, line = (error.where or self.project.shown(self.project.original_file(target.path))).rpartition(":")
        found = Finding(
            "refused", error.what, file or line, int(line) if file and line.isdigit() else 1, hint=error.hint or ""
        )
        if found not in self.summary.refused:
            self.summary.refused.append(found)

    # -- ask the engines

    def fill(self, drafts: Sequence[Draft], locale: Locale) -> None:
        """Get replies for everything that is sent, chain by chain."""
        for chain, mine in _by_chain(drafts).items():
            jobs = [(draft, number) for draft in mine for number in _sent(draft)]
            if not jobs:
                continue
            outcomes = run(
                [_job(draft, number) for draft, number in jobs],
                chain=chain, options=self.project.settings.engines, memory=self.memory,
                source=self.project.settings.source, target=locale, executor=self.workers, limits=self.limits,
                progress=self.tick, allow_internal=self.project.settings.allow_internal,
                glossary=self.glossary(locale),
            )  # fmt: skip
            for (draft, number), outcome in zip(jobs, outcomes, strict=True):
                self.take(draft, number, outcome)

    def take(self, draft: Draft, number: int, outcome: Outcome) -> None:
        if isinstance(outcome, Failed):
            draft.failures[number] = outcome.reason
        else:
            draft.replies[number] = Reply(outcome.text, outcome.by)

    def price(self, drafts: Sequence[Draft], locale: Locale) -> None:
        """Add up what the drafts would cost."""
        settings = self.project.settings
        for chain, mine in _by_chain(drafts).items():
            jobs = [_job(draft, number) for draft in mine for number in _sent(draft)]
            cost = plan_cost(
                jobs, chain=chain, options=settings.engines, memory=self.memory, source=settings.source, target=locale,
                limits=self.limits, allow_internal=settings.allow_internal, glossary=self.glossary(locale),
            ) if jobs else Cost()  # fmt: skip
            self.summary.segments += cost.segments
            self.summary.characters += cost.characters
            self.summary.requests += cost.requests
            self.summary.cost = round(self.summary.cost + cost.cost, 6)
        self.summary.files += sum(draft.sends > 0 for draft in drafts)

    def glossary(self, locale: Locale) -> glossary.Glossary:
        file = self.project.glossary_file(locale)
        if not file.exists():
            return glossary.Glossary()
        return glossary.load(self.project.read(file), self.project.shown(file))

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
        self.summary.reused += sum(draft.replies[n].by == "memory" for n in accepted)

    def report(self, draft: Draft, written: Written) -> None:
        file = self.project.shown(self.project.original_file(draft.target.path))
        for number, reason in sorted((draft.failures | dict(written.failed)).items()):
            source = draft.steps[number].source
            message = f"{draft.target.locale}: {reason}: {_cut(source.words)!r}"
            self.summary.failed.append(Finding("failed", message, file, source.line))
        for fault in written.faults:
            message = f"{draft.target.locale}: the composed page would break: {fault.message}"
            self.summary.refused.append(replace(fault, rule="refused", message=message, path=file))


def _limits(settings: Settings) -> Limits:
    return Limits(run_cost=settings.budget.run)


def _job(draft: Draft, number: int) -> Job:
    steps = draft.steps
    row, audience = steps[number].row, draft.audiences[number]

    def neighbour(at: int) -> str:
        """The text beside, unless it is for fewer readers than this one: it must not leave the house in its company."""
        here = 0 <= at < len(steps) and may_read(audience, draft.audiences[at])
        return steps[at].source.words if here else ""

    context = Context(
        before=neighbour(number - 1),
        after=neighbour(number + 1),
        old_translation=row.target.text if row.target and row.entry and row.entry.by != "none" else "",
    )
    return Job(steps[number].source.text, str(steps[number].source.kind), audience, context)


def _sent(draft: Draft) -> list[int]:
    return [number for number, step in enumerate(draft.steps) if step.sends]


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

"""What a run of `translate` has before it: each article in each locale, read, tied and planned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from kbtool.commands import pages
from kbtool.core import plan
from kbtool.core.article import Article, Reply
from kbtool.core.audience import AUDIENCES, is_known, may_read
from kbtool.core.errors import KbError
from kbtool.core.model import Document, Ledger
from kbtool.core.plan import Step
from kbtool.core.proof import Proof
from kbtool.core.states import settle
from kbtool.engines.base import Context
from kbtool.engines.jobs import Job
from kbtool.project import Project, Target
from kbtool.site.blocks import InternalBlock, internal_blocks, strictest


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

    @property
    def sent(self) -> list[int]:
        """The segments that go to an engine."""
        return [number for number, step in enumerate(self.steps) if step.sends]

    @property
    def sends(self) -> int:
        return len(self.sent)

    def job(self, number: int) -> Job:
        """What an engine is told about a segment."""
        steps = self.steps
        row, audience = steps[number].row, self.audiences[number]

        def neighbour(at: int) -> str:
            """The text beside, unless it is for fewer readers: it must not leave the house in this one's company."""
            here = 0 <= at < len(steps) and may_read(audience, self.audiences[at])
            return steps[at].source.words if here else ""

        context = Context(
            before=neighbour(number - 1),
            after=neighbour(number + 1),
            old_translation=row.target.text if row.target and row.entry and row.entry.by != "none" else "",
        )
        return Job(steps[number].source.text, str(steps[number].source.kind), audience, context)


class Reader:
    """Reads articles and plans what is to be done; originals are read once for all locales."""

    def __init__(
        self, project: Project, *, refuse: Callable[[Target, KbError], None], engine: tuple[str, ...] = (),
        replace: bool = False, limit: int | None = None,
    ) -> None:  # fmt: skip
        self.project = project
        self.refuse = refuse
        self.engine = engine
        self.replace = replace
        self.limit = limit  #: segments that may still be sent
        self.originals: dict[str, tuple[Document, Callable[[], Proof]]] = {}

    def drafts(self, targets: Iterable[Target]) -> Iterator[Draft]:
        """A draft for every target that something may be done for; what cannot be read is handed to `refuse`."""
        for target in targets:
            try:
                draft = self.draft(target)
            except KbError as error:
                self.refuse(target, error)
                continue
            if draft is None:
                continue
            if self.limit is not None:
                draft.article.steps = plan.limit(draft.steps, self.limit)
                self.limit -= draft.sends
            yield draft

    def draft(self, target: Target) -> Draft | None:
        """What is to be done for an article in a locale; None where its policy says: nothing."""
        project, settings = self.project, self.project.settings
        mode = settings.mode(target.path, target.locale)
        existing = pages.translation(project, target.path, target.locale)
        if mode == "off" or (mode == "hand" and existing is None):
            return None
        document, proof = self.original(target.path)
        ledger = project.ledger(target.path, target.locale)
        settled = settle(document, existing, ledger)
        steps = plan.plan(settled.rows, machine=mode != "hand", replace=self.replace)
        article = Article(document, existing, settled, steps, proof, fields=settings.translatable)
        chain = self.engine or settings.chain(target.path, target.locale)
        return Draft(target, self.audiences(target.path, document), article, ledger, chain)

    def original(self, path: str) -> tuple[Document, Callable[[], Proof]]:
        """An original, cut once and rendered at most once for all locales."""
        if path not in self.originals:
            document = pages.original(self.project, path)

            @cache
            def proof() -> Proof:
                return Proof(
                    str(document),
                    pages.renderer(self.project.root),
                    fields=self.project.settings.translatable,
                    document=document,
                )

            self.originals[path] = document, proof
        return self.originals[path]

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

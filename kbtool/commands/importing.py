"""`kbtool import`: what other people's tools give back, weighed segment by segment and proved before it is written.

file → readings → weighed against original, translation and ledger → guard → compose → prove → write
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from kbtool import store
from kbtool.commands.authors import Authors
from kbtool.commands.exporting import refusal
from kbtool.commands.inbox import Came, Inbox
from kbtool.commands.lessons import Lessons
from kbtool.commands.pairs import place_pairs
from kbtool.commands.units import Article, Desk
from kbtool.commands.verdicts import Judge, judge
from kbtool.commands.weigh import Outcome, Weighed, weigh
from kbtool.core import plan
from kbtool.core.article import Article as Page
from kbtool.core.article import Reply
from kbtool.core.errors import KbError
from kbtool.core.model import Finding, Ledger, Locale
from kbtool.core.plan import Action, Step
from kbtool.core.verdicts import unfit
from kbtool.interchange.units import is_sayable
from kbtool.lock import hold
from kbtool.project import Project, Target


@dataclass
class Imported:
    """What came in, and what did not."""

    form: str
    dry_run: bool = False
    taken: int = 0  #: texts that stand in translations now
    proposals: int = 0  #: texts that wait beside a translation, because they were made from an older original
    approved: int = 0
    unchanged: int = 0
    empty: int = 0  #: nobody has translated them yet
    learned: int = 0  #: pairs that the memory keeps, without a place in an article
    files: list[str] = field(default_factory=list)  #: translations written
    findings: list[Finding] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        severities = {finding.severity for finding in self.findings}
        return 3 if "error" in severities else int("warning" in severities)

    def lines(self) -> Iterator[str]:
        """The closing report for a terminal."""
        for finding in self.findings:
            yield str(finding)
            if finding.hint:
                yield f"    {finding.hint}"
        would = "would be " if self.dry_run else ""
        yield (
            f"{self.taken} texts {would}taken, {self.approved} {would}approved, "
            f"{self.proposals} {would}kept as proposals, {self.unchanged} unchanged, {self.empty} still empty"
        )
        if self.form == "tmx":
            yield f"{self.learned} pairs {would}kept in the memory; kbtool translate --engine memory uses them"
        refused = sum(finding.severity == "error" for finding in self.findings)
        waiting = sum(finding.severity == "warning" for finding in self.findings)
        if refused or waiting:
            yield f"{refused} not taken, {waiting} to look at"


def bring_in(
    project: Project,
    form: str,
    files: Iterable[tuple[str, Path]],
    *,
    who: Judge,
    locales: Iterable[Locale] = (),
    approve: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Take in files, each given as people call it and where it lies.

    A file, a unit or an article that cannot be taken is listed, and the others go on. With `approve`, what the files
    say is approved is approved by `who`, as far as that person may.
    """
    done = Imported(form, dry_run)
    chosen = project.locales(locales)
    with nullcontext() if dry_run else hold(project.root):
        if not dry_run:
            store.finish(project.root)
        run = _Run(project, Desk(project, with_internal=True), done, who)
        inbox = Inbox(project, form, chosen)
        for name, file in files:
            inbox.read(name, file)
        run.place(run.spread(inbox))
    if approve:
        run.approve()
    done.findings.sort(key=lambda finding: (finding.path, finding.line))
    return done


class _Run:
    """What the steps of one import share."""

    def __init__(self, project: Project, desk: Desk, done: Imported, who: Judge) -> None:
        self.project, self.desk, self.done, self.who = project, desk, done, who
        self.approvals: dict[Target, list[tuple[int, Came]]] = defaultdict(list)
        self.lessons = Lessons(project)

    def spread(self, inbox: Inbox) -> dict[Target, list[Came]]:
        """The units by article and locale; pairs without a place are put where their text stands."""
        self.done.findings += inbox.findings
        came = inbox.came
        for locale, pairs in inbox.pairs.items():
            self.done.learned += self.lessons.pairs(pairs, locale)
            named = {target: {each.unit.key for each in units} for target, units in came.items()}
            for target, each in place_pairs(self.desk, locale, pairs):
                if each.unit.key not in named.get(target, ()):
                    came[target].append(each)
        return came

    # -- weigh, prove, write

    def place(self, came: dict[Target, list[Came]]) -> None:
        for target in sorted(came):
            try:
                self._article(target, self._once(came[target]))
            except KbError as error:
                self.done.findings.append(refusal(self.project, target.path, error))
            except OSError as error:
                where = self.project.shown(self.project.translation_file(target.path, target.locale))
                self.done.findings.append(Finding("write", f"cannot write: {error.strerror}", where, 1))
        if not self.done.dry_run:
            self.lessons.keep()

    def _once(self, came: Sequence[Came]) -> list[Came]:
        """One unit per segment: the same text twice is fine, two texts are not, and then neither is taken."""
        found: dict[str, list[Came]] = defaultdict(list)
        for each in came:
            found[each.unit.key].append(each)
        kept = []
        for several in found.values():
            if len({each.unit.target for each in several}) == 1:
                kept.append(several[0])
                continue
            places = ", ".join(f"{each.file}:{each.unit.line}" for each in several)
            said = f"{len(several)} different translations of one segment ({places}); none was taken"
            self.done.findings.append(several[-1].finding("duplicate", said))
        return kept

    def _article(self, target: Target, came: Sequence[Came]) -> None:
        if target.path not in self.project.articles:
            said = "there is no such article; was it renamed or removed since the export?"
            self.done.findings += [each.finding("unknown", said) for each in came[:1]]
            return
        article = self.desk.article(target.path, target.locale)
        if article is None:
            self.done.findings += [
                each.finding("locale", f"is not translated into {target.locale}") for each in came[:1]
            ]
            return
        replies, offered = self._weighed(article, came)
        if replies or offered:
            self._write(article, replies, offered)

    def _weighed(
        self, article: Article, came: Sequence[Came]
    ) -> tuple[dict[int, tuple[str, Came]], dict[int, tuple[str, Came]]]:
        """The texts to write and those to offer, by segment of the original; the rest is counted or listed."""
        replies: dict[int, tuple[str, Came]] = {}
        offered: dict[int, tuple[str, Came]] = {}
        for each in came:
            found = self._weigh(article, each)
            self._note(found, each)
            if found.outcome is Outcome.TAKE:
                replies[found.number] = (found.text, each)
            elif found.outcome is Outcome.OFFER:
                offered[found.number] = (found.text, each)
            if found.rule == "outdated" and each.unit.target.strip():
                # Should the original go back to that text, its translation is at hand.
                self.lessons.learn(each.unit.source, each.unit.target, article.target.locale, article.strictest())
            waits = found.outcome is Outcome.SAME and not unfit("approve", article.rows[found.number])
            if each.unit.approved and (waits or found.outcome is Outcome.TAKE):
                self.approvals[article.target].append((found.number, each))
        return replies, offered

    def _weigh(self, article: Article, came: Came) -> Weighed:
        if not is_sayable(came.unit.target):
            return Weighed(Outcome.REFUSED, rule="character", why="a control character in it")
        locale = article.target.locale
        return weigh(article, came.unit, self.project.settings.source, self.desk.glossary(locale))

    def _note(self, found: Weighed, came: Came) -> None:
        """Count what came of a unit, and list what a person should see."""
        if found.outcome is Outcome.SAME:
            self.done.unchanged += 1
        elif found.outcome is Outcome.EMPTY:
            self.done.empty += 1
        if found.why:
            severity = "error" if found.outcome is Outcome.REFUSED else "warning"
            self.done.findings.append(came.finding(found.rule, found.why, severity, found.hint))
        self.done.findings += [came.finding("wording", said, "note") for said in found.remarks]

    def _write(
        self, article: Article, replies: dict[int, tuple[str, Came]], offered: dict[int, tuple[str, Came]]
    ) -> None:
        target, everything = article.target, replies | offered
        steps = _steps(article, replies.keys(), offered.keys())
        proof = self.desk.proof
        page = Page(
            article.document, article.existing, article.settled, steps, lambda: proof(target.path),
            fields=self.project.settings.translatable,
        )  # fmt: skip
        written = page.write({number: Reply(text, "hand") for number, (text, _) in everything.items()})
        for number, reason in written.failed.items():
            self.done.findings.append(everything[number][1].finding("proof", f"the page would break: {reason}"))
        if written.text is None:
            first = next(iter(everything.values()))[1]
            said = f"not written, the page would break: {written.faults[0].message}"
            self.done.findings.append(first.finding("proof", said))
            return
        good = everything.keys() - written.failed.keys()
        if not good:
            return
        if not self.done.dry_run:
            ledger = Ledger(written.entries, article.ledger.reviews if article.ledger else ())
            self.project.write_translation(target, written.text, ledger)
        self.done.files.append(self.project.shown(self.project.translation_file(target.path, target.locale)))
        self.done.taken += len(good & replies.keys())
        self.done.proposals += len(good & offered.keys())
        # A person's work: the same text elsewhere need not be translated again.
        audiences = self.desk.audiences(target.path, article.document)
        for number in sorted(good & replies.keys()):
            source = article.document.segments[number].text
            self.lessons.learn(source, replies[number][0], target.locale, audiences[number])

    # -- approvals

    def approve(self) -> None:
        """Approve what the files say is approved, where `who` may; everything else is listed."""
        for target, marked in self.approvals.items():
            if self.done.dry_run:
                self.done.approved += len(marked)
                continue
            try:
                fit = self._approvable(target, marked)
                if fit:
                    judge(self.project, "approve", target.locale, (target.path,), self.who, segments=fit)
                self.done.approved += len(fit)
            except KbError as error:
                said = f"not approved: {error.what}"
                self.done.findings.append(marked[0][1].finding("approval", said, "warning", error.hint or ""))

    def _approvable(self, target: Target, marked: Sequence[tuple[int, Came]]) -> list[int]:
        """The numbers, from 1, of the segments that wait for an approval and that `who` may approve."""
        rows = _again(self.desk, target).rows
        authors = Authors(self.project, target)
        fit: list[int] = []
        for number, came in marked:
            row = rows.get(number)
            if row is None or unfit("approve", row):
                continue  # approved already, or not written after all
            if why := authors.why_not(self.who.by, row):
                self.done.findings.append(came.finding("approval", f"not approved: {why}", "warning"))
            else:
                fit.append(number + 1)
        return fit


def _again(desk: Desk, target: Target) -> Article:
    found = desk.article(target.path, target.locale)
    assert found is not None
    return found


def _steps(article: Article, taken: Iterable[int], offered: Iterable[int]) -> tuple[Step, ...]:
    """What happens to each segment: those that came in are written or offered, no other is touched."""
    actions = dict.fromkeys(taken, Action.SEND) | dict.fromkeys(offered, Action.PROPOSE)
    steps = plan.plan(article.settled.rows, machine=False)
    return tuple(Step(step.row, actions.get(number, step.action)) for number, step in enumerate(steps))

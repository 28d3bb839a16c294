"""Any sequence of edits, runs, verdicts, renames, merges and kills, beside a model in plain Python.

The laws: a person's text is never overwritten; a segment is stale exactly when its masked source differs from what its
translation was made from; a second run sends nothing and writes nothing.

200 sequences in CI; KBTOOL_SEQUENCES=5000 runs more.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kbtool import store
from kbtool.commands.moves import move
from kbtool.commands.pages import settled
from kbtool.commands.translate import translate
from kbtool.commands.verdicts import Judge, judge
from kbtool.core.ledger import load_ledger
from kbtool.core.merge import merge
from kbtool.core.model import Ledger
from kbtool.project import Project, Target

SEQUENCES = int(os.environ.get("KBTOOL_SEQUENCES", "200"))
ANA = Judge("ana", date(2026, 9, 1))
LOCALE = "de"
#: one place for all sequences, because what renders pages is built once for each knowledge base
ROOT = Path(tempfile.gettempdir()) / f"kbtool-machine-{os.getpid()}"


@dataclass
class Section:
    """A paragraph under a heading of its own: what stands there, and what the ledger must know of it."""

    name: str
    now: str  #: S, the original
    was: list[str] = field(default_factory=list)  #: earlier texts of the original
    target: str | None = None  #: T
    made_from: str = ""  #: s
    recorded: str = ""  #: t
    by_hand: bool = False
    ok: bool = False
    past: set[tuple[str, str]] = field(default_factory=set)
    waived: str = ""
    proposal: str = ""  #: the original that a proposal was made for
    rejected: bool = False

    def state(self) -> str:
        if self.target is None:
            return "missing"
        if (self.now, self.target) in self.past:
            return "approved"
        current = not self.rejected and self.now in (self.made_from, self.waived or self.made_from)
        if self.target == self.recorded:
            if not current:
                return "stale"
            return "approved" if self.ok else "needs-review" if self.by_hand else "machine"
        return "needs-review" if current else "conflict"

    def observe(self) -> None:
        """What any command that writes the ledger records of a person's edits."""
        if self.target is None:
            return
        if (self.now, self.target) in self.past:
            edited = self.target != self.recorded
            self.remember()
            self.past.discard((self.now, self.target))
            self.entry(self.now, self.target, by_hand=self.by_hand or edited, ok=True)
        elif self.state() == "needs-review" and self.target != self.recorded:
            self.remember()
            self.entry(self.now, self.target, by_hand=True)

    def remember(self) -> None:
        if self.ok:
            self.past.add((self.made_from, self.recorded))

    def entry(self, made_from: str, recorded: str, *, by_hand: bool, ok: bool = False) -> None:
        self.made_from, self.recorded, self.by_hand, self.ok = made_from, recorded, by_hand, ok
        self.waived, self.proposal, self.rejected = "", "", False


class Workflow(RuleBasedStateMachine):
    """People and machines at work on one article in one locale."""

    names = Bundle("names")

    def __init__(self) -> None:
        super().__init__()
        self.root = ROOT
        self.root.mkdir(exist_ok=True)
        (self.root / "kbtool.toml").write_text(f'source = "en"\nlocales = ["{LOCALE}"]\nengine = "pseudo"\n')
        self.path = "article.md"
        self.sections: list[Section] = []
        self.pages: list[str] = []  # names in the order of the translation
        self.count = 0

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    # -- the world

    @property
    def project(self) -> Project:
        return Project.at(self.root)

    def section(self, name: str) -> Section | None:
        return next((s for s in self.sections if s.name == name), None)

    def fresh(self) -> str:
        self.count += 1
        return f"Item{self.count}"

    def save(self) -> None:
        parts = ["# Whole article\n", *(f"## Heading {s.name}\n\n{s.now}\n" for s in self.sections)]
        store.write_text(self.root / "docs" / self.path, "\n".join(parts))

    @property
    def file(self) -> Path:
        return self.project.translation_file(self.path, LOCALE)

    def read(self) -> dict[str, str]:
        """The paragraphs of the translation by section."""
        if not self.file.exists():
            return {}
        parts = self.file.read_text("utf-8").split("\n## ")[1:]
        assert len(parts) == len(self.pages), "sections of the translation"
        return {name: part.split("\n\n", 1)[1].strip() for name, part in zip(self.pages, parts, strict=True)}

    def calm(self) -> bool:
        """Whether every translation is settled, so that what is added cannot be taken for an edit of its neighbour."""
        if self.translated():
            self.translate()
        return not any(section.state() == "conflict" for section in self.sections)

    # -- people and their originals

    @initialize()
    def begin(self) -> None:
        self.save()

    @rule(target=names, place=st.integers(0, 5))
    def add(self, place: int) -> str:
        name = self.fresh()
        if self.calm():
            self.sections.insert(min(place, len(self.sections)), Section(name, f"Text of {name} one."))
            self.save()
            self.calm()
        return name

    @rule(name=consumes(names))
    def delete(self, name: str) -> None:
        if self.calm():
            self.sections = [s for s in self.sections if s.name != name]
            self.save()
            self.calm()

    @rule(name=names)
    def edit_original(self, name: str) -> None:
        if section := self.section(name):
            section.was.append(section.now)
            section.now = f"Text of {name} {self.fresh()}."
            self.save()

    @rule(name=names, back=st.integers(0, 3))
    def restore_original(self, name: str, back: int) -> None:
        section = self.section(name)
        if section and section.was:
            earlier = section.was[-1 - back % len(section.was)]
            section.was.append(section.now)
            section.now = earlier
            self.save()

    @rule(name=names, place=st.integers(0, 5))
    def reorder(self, name: str, place: int) -> None:
        section = self.section(name)
        if section and self.calm():
            self.sections.remove(section)
            self.sections.insert(min(place, len(self.sections)), section)
            self.save()
            self.calm()

    @rule(by_hand=st.booleans())
    def rename(self, by_hand: bool) -> None:
        new = f"{self.fresh().lower()}.md"
        if not by_hand:
            move(self.project, self.path, new)
        elif self.translated() and self.alike():
            (self.root / "docs" / self.path).rename(self.root / "docs" / new)
        else:
            return
        self.path = new
        self.translate()

    def alike(self) -> bool:
        """Whether half of what the ledger knows is still there, as recognising a rename asks."""
        rows = settled(self.project, self.path, LOCALE).rows
        known = {row.entry.src for row in rows if row.entry}
        here = {row.source.digest for row in rows if row.source}
        return bool(known) and len(known & here) * 2 >= len(known)

    def translated(self) -> bool:
        return self.file.exists()

    # -- the machine

    @rule()
    def translate(self) -> None:
        people = {s.name: s.target for s in self.sections if s.target is not None and (s.by_hand or s.ok or s.past)}
        translate(self.project)
        self.learn()
        found = self.read()
        for name, text in people.items():
            section = self.section(name)
            assert section is not None
            if section.by_hand or section.ok:
                assert found[name] == text, "a person's text is never overwritten"
        before = self.bytes()
        again = translate(self.project)
        assert again.segments == again.files == 0, "a second run sends nothing"
        assert self.bytes() == before, "a second run writes nothing"

    def bytes(self) -> dict[str, bytes]:
        folder = self.root / "translations"
        return {str(f): f.read_bytes() for f in folder.rglob("*") if f.is_file()}

    def learn(self) -> None:
        """What a run does to the model; machine texts are taken from the page."""
        self.pages = [s.name for s in self.sections] if self.file.exists() else []
        found = self.read()
        for section in self.sections:
            section.observe()
            state = section.state()
            by_person = section.by_hand or section.ok
            if state == "stale" and by_person:
                section.proposal = section.now
            elif state in ("missing", "stale"):
                assert found[section.name] != section.now
                section.remember()
                section.target = found[section.name]
                section.entry(section.now, section.target, by_hand=False)

    @precondition(lambda self: self.sections)
    @rule(writes=st.integers(0, 3))
    def kill(self, writes: int) -> None:
        """Kill a run after its n-th write, then run again: it is as if nothing had happened."""
        child = os.fork()
        if child == 0:
            done = 0
            whole = store.write_text

            def write_text(path: Path, text: str) -> bool:
                nonlocal done
                if done == writes:
                    os._exit(9)
                done += 1
                return whole(path, text)

            store.write_text = write_text
            try:
                translate(self.project)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        self.translate()

    def rows(self) -> list[object]:
        return list(settled(self.project, self.path, LOCALE).rows)

    # -- people and their translations

    @rule(name=names)
    def edit_translation(self, name: str) -> None:
        section = self.section(name)
        if section is None or section.target is None or name not in self.pages:
            return
        text = f"Von Hand {self.fresh()}."
        store.write_text(self.file, self.file.read_text("utf-8").replace(section.target, text))
        section.target = text

    @rule(name=names, verdict=st.sampled_from(["approve", "waive", "accept", "reject"]))
    def say(self, name: str, verdict: str) -> None:
        section = self.section(name)
        if section is None or section.target is None:
            return
        number = 3 + 2 * self.sections.index(section)
        state, has_proposal = section.state(), section.proposal == section.now
        fits = {
            "approve": state in ("machine", "needs-review"),
            "waive": state in ("stale", "conflict"),
            "accept": state == "conflict" or (state == "stale" and has_proposal),
            "reject": state in ("machine", "needs-review", "conflict", "approved")
            or (state == "stale" and has_proposal),
        }[verdict]
        if not fits:
            return
        judge(self.project, verdict, LOCALE, (self.path,), ANA, segments=[number])
        for each in self.sections:
            each.observe()
        getattr(self, f"model_{verdict}")(section, state, has_proposal)

    def model_approve(self, section: Section, state: str, has_proposal: bool) -> None:
        section.ok, section.proposal = True, ""

    def model_waive(self, section: Section, state: str, has_proposal: bool) -> None:
        made_from = section.waived or section.made_from
        if state == "conflict":
            section.remember()
            section.entry(section.now, section.target or "", by_hand=True)
        section.made_from, section.waived = section.now, made_from if not section.rejected else ""
        section.proposal, section.rejected = "", False

    def model_accept(self, section: Section, state: str, has_proposal: bool) -> None:
        section.remember()
        if has_proposal and state == "stale":
            section.target = self.read()[section.name]
            section.entry(section.now, section.target, by_hand=False, ok=True)
        else:
            section.entry(section.now, section.target or "", by_hand=True, ok=True)

    def model_reject(self, section: Section, state: str, has_proposal: bool) -> None:
        if has_proposal and state == "stale":
            return  # it is remembered as dropped, and not made again
        section.past.discard((section.made_from, section.target or ""))
        section.past.discard((section.now, section.target or ""))
        made_from = section.made_from
        section.entry(made_from, section.target or "", by_hand=state == "conflict" or section.by_hand)
        section.rejected = state != "conflict"

    # -- branches

    @rule(name=names, other=names)
    def merge_branches(self, name: str, other: str) -> None:
        """One branch approves a section, the other edits an original and translates; the ledgers are merged."""
        section, edited = self.section(name), self.section(other)
        if section is None or edited is None or section is edited or not self.translated():
            return
        self.translate()
        if section.state() not in ("machine", "needs-review"):
            return
        target, ledger = Target(self.path, LOCALE), self.project.ledger_file(self.path, LOCALE)
        base = ledger.read_text("utf-8")
        self.say(name, "approve")
        approved = ledger.read_text("utf-8")
        ledger.write_text(base, "utf-8")
        edited.was.append(edited.now)
        edited.now = f"Text of {other} {self.fresh()}."
        self.save()
        translate(self.project)
        ours: Ledger = load_ledger(ledger.read_text("utf-8"), where="ours")
        merged = merge(load_ledger(base, where="base"), ours, load_ledger(approved, where="theirs"))
        self.project.write_ledger(target, merged)
        self.learn()

    # -- the laws

    @invariant()
    def the_ledger_says_what_the_model_says(self) -> None:
        if not (self.root / "docs" / self.path).exists():
            return
        states = {r.source.text: str(r.state) for r in self.rows() if r.source is not None}  # type: ignore[attr-defined]
        for section in self.sections:
            assert states[section.now] == section.state(), f"{section} is {states[section.now]}"


def test_any_sequence_keeps_the_laws() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Workflow,
        settings=settings(max_examples=SEQUENCES, stateful_step_count=12, suppress_health_check=list(HealthCheck)),
    )

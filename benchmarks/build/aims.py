"""The figures to reach, and how far we are from each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from measure import Cost, Weight
from steps import KINDS

COLD = ("cold", "cold inline")  #: as users call it, and in one process, as MkDocs works
#: at so many articles in 10 locales: how much less CPU than plain MkDocs, cold and after an edit
_LESS = {500: (4, 120), 1000: (6, 250)}


@dataclass
class Result:
    """One tool at one size."""

    tool: str
    articles: int
    locales: int
    steps: dict[str, Cost] = field(default_factory=dict)
    weight: Weight | None = None
    same: str = ""

    @classmethod
    def read(cls, found: dict[str, Any]) -> Result:
        steps = {name: Cost(**cost) for name, cost in found["steps"].items()}
        weight = Weight(**found["weight"]) if found["weight"] else None
        return cls(found["tool"], found["articles"], found["locales"], steps, weight, found["same"])

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def cpu(self, step: str) -> float | None:
        """CPU seconds; a tool that remembers nothing builds everything after every edit."""
        cost = self.steps.get(step)
        if cost is None and self.tool == "mkdocs" and step != "nothing":
            cost = self.steps.get("cold")
        return cost.cpu if cost else None


@dataclass(frozen=True, slots=True)
class Line:
    """One aim; `aim` is empty where none is set at this size."""

    what: str
    found: str
    aim: str
    good: bool


def aims(results: Sequence[Result]) -> Iterator[Line]:
    """Every aim that these results say anything about."""
    ours = {(r.articles, r.locales): r for r in results if r.tool == "kbtool"}
    theirs = {(r.tool, r.articles, r.locales): r for r in results if r.tool != "kbtool"}
    for (articles, locales), our in ours.items():
        size = f"{articles} × {locales}"
        if (plain := theirs.get(("mkdocs", articles, locales))) and locales > 1:
            yield from _less(our, plain, size)
        if other := theirs.get(("zensical", articles, locales)):
            yield from _ahead(our, other, size)
        if found := our.steps.get("nothing"):
            yield Line(f"{size}: nothing changed, wall", f"{found.wall:.2f} s", "≤ 0.5 s", found.wall <= 0.5)
        if (half := ours.get((articles // 2, locales))) and articles % 2 == 0:
            yield from _growth(our, half, size, f"{articles // 2} × {locales}", 2.2)
        if (one := ours.get((articles, 1))) and locales > 1:
            yield from _growth(our, one, size, "one locale", 1.05 * locales)
        cold = our.steps["cold"]
        yield Line(f"{size}: memory, largest process", f"{cold.peak:.0f} MB", "≤ 400 MB", cold.peak <= 400)
        yield Line(f"{size}: memory, all together", f"{cold.together:.0f} MB", "≤ 400 MB", cold.together <= 400)
        if our.weight and articles == 500:
            weight = our.weight.heaviest
            yield Line(f"{size}: heaviest page, gzip of HTML", f"{weight:.1f} KB", "≤ 10 KB", weight <= 10)
        for kind in KINDS:
            if shown := our.steps.get(f"serve {kind}"):
                yield Line(f"{size}: serve shows an edited {kind}", f"{shown.wall:.1f} s", "≤ 2 s", shown.wall <= 2)
        if our.same:
            yield Line(f"{size}: after all edits, as a clean build", our.same, "the same", our.same == "the same")


def _less(our: Result, plain: Result, size: str) -> Iterator[Line]:
    cold_aim, edit_aim = _LESS.get(our.articles, (0, 0)) if our.locales == 10 else (0, 0)
    for step, aim in [*((name, cold_aim) for name in COLD), *((f"edit {kind}", edit_aim) for kind in KINDS)]:
        mine, other = our.cpu(step), plain.cpu(step)
        if mine and other:
            ratio = other / mine
            yield Line(
                f"{size}: {step}, less CPU than MkDocs", f"{ratio:.1f} ×", f"≥ {aim} ×" if aim else "", ratio >= aim
            )


def _ahead(our: Result, other: Result, size: str) -> Iterator[Line]:
    for step in ("cold", *(f"edit {kind}" for kind in KINDS)):
        mine, its = our.cpu(step), other.cpu(step)
        if mine and its:
            yield Line(f"{size}: {step}, CPU against Zensical", f"{mine:.1f} s", f"< {its:.1f} s", mine < its)


def _growth(our: Result, small: Result, size: str, of: str, most: float) -> Iterator[Line]:
    for step in COLD:
        if step in our.steps and step in small.steps:
            times = our.steps[step].cpu / small.steps[step].cpu
            yield Line(f"{size}: {step}, times {of}", f"{times:.2f} ×", f"≤ {most:.4g} ×", times <= most)

"""The run, seen from outside: jobs in, outcomes out, nothing asked twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.engines.cost import plan_cost
from kbtool.engines.jobs import Job
from kbtool.engines.run import Failed, Translated, run
from kbtool.memory import Memory
from kbtool.pool import executor

TEXT = st.text(alphabet="abc ⟦1⟧.é—", min_size=0, max_size=40)


def outcomes(texts: list[str], engine: str = "pseudo", memory: Memory | None = None) -> list[object]:
    with memory or Memory(":memory:") as store:
        return list(run([Job(t) for t in texts], chain=[engine], options={}, memory=store, source="en", target="de"))


def test_outcomes_come_in_the_order_of_the_jobs() -> None:
    assert outcomes(["One", "Two", "One"]) == [
        Translated("Óńé", "mt:pseudo"),
        Translated("Ťŵó", "mt:pseudo"),
        Translated("Óńé", "mt:pseudo"),
    ]


def test_texts_without_letters_are_never_sent() -> None:
    assert outcomes(["---", "⟦1⟧", "👍 → 42"]) == [Translated(t, "copy") for t in ["---", "⟦1⟧", "👍 → 42"]]


@settings(max_examples=40)
@given(st.lists(TEXT.filter(lambda t: "\n" not in t), max_size=12))
def test_identity_is_never_refused(texts: list[str]) -> None:
    found = outcomes([t.strip() for t in texts], "identity")
    assert [o.text for o in found if isinstance(o, Translated)] == [t.strip() for t in texts]


@pytest.mark.parametrize("spec", ["inline", "threads:3", "processes:2"])
def test_the_same_outcomes_wherever_jobs_run(spec: str) -> None:
    texts = [f"Word {'x' * n}" for n in range(40)]
    with executor(spec) as pool, Memory(":memory:") as memory:
        found = run(
            [Job(t) for t in texts],
            chain=["pseudo"],
            options={},
            memory=memory,
            source="en",
            target="de",
            executor=pool,
        )
    assert found == outcomes(texts)


def test_a_dry_run_counts_distinct_texts_the_memory_does_not_know() -> None:
    jobs = [Job("One"), Job("Two"), Job("One"), Job("--")]
    with Memory(":memory:") as memory:
        common = {"options": {}, "memory": memory, "source": "en", "target": "de"}
        assert plan_cost(jobs, chain=["google"], **common).segments == 2  # type: ignore[arg-type]
        run([Job("One")], chain=["pseudo"], **common)  # type: ignore[arg-type]
        cost = plan_cost(jobs, chain=["pseudo"], **common)  # type: ignore[arg-type]
    assert (cost.segments, cost.requests, cost.characters) == (1, 1, 3)


def test_progress_ends_with_all_jobs_done() -> None:
    seen: list[tuple[int, int]] = []
    with Memory(":memory:") as memory:
        run(
            [Job("One"), Job("One"), Job("--"), Job("Two")],
            chain=["pseudo"],
            options={},
            memory=memory,
            source="en",
            target="de",
            progress=lambda done, total: seen.append((done, total)),
        )
    assert seen[-1] == (4, 4)


def test_internal_text_goes_to_no_third_party_unless_it_is_named() -> None:
    with Memory(":memory:") as memory:
        found = run(
            [Job("Secret words", audience="agent")],
            chain=["google"],
            options={"google": {"url": "http://127.0.0.1:9/m"}},
            memory=memory,
            source="en",
            target="de",
        )
    assert isinstance(found[0], Failed)
    assert "internal text may not go to 'google'" in found[0].reason

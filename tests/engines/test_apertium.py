"""Real translations: Apertium on this machine, through its pipe and over HTTP in LibreTranslate's dialect."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from libre_server import LibreServer

from kbtool.core.errors import KbError
from kbtool.engines import create
from kbtool.engines.apertium import Apertium
from kbtool.engines.jobs import Job
from kbtool.engines.run import Failed, Translated, run
from kbtool.memory import Memory

needed = pytest.mark.skipif(
    not shutil.which("apertium") or not Path("/usr/share/apertium/modes/eng-spa.mode").exists(),
    reason="Apertium with English–Spanish is not installed: apt-get install apertium apertium-eng-spa",
)
TEXTS = [
    "Refunds take 14 days.",
    "Open the ⟦1⟧account settings⟦/1⟧ and choose ⟦2⟧.",
    "The customer wrote an email to the support team.",
    "Set [x] {b} ^c$ \\ / @ < > & 100 %",
    "Invite your colleagues",
]


@pytest.fixture
def apertium() -> Iterator[Apertium]:
    engine = create("apertium", {"timeout": 10})
    assert isinstance(engine, Apertium)
    yield engine
    engine.close()


@needed
def test_it_translates_and_keeps_placeholders(apertium: Apertium) -> None:
    replies = apertium.translate(TEXTS, "en", "es")
    assert replies[0] == "Los reembolsos toman 14 días."
    assert all(mark in replies[1] for mark in ("⟦1⟧", "⟦/1⟧", "⟦2⟧"))
    assert "[x] {b} ^c$ \\ / @ < > & 100 %" in replies[3]
    assert not any("*" in reply or reply.endswith(".[kb.]") for reply in replies)
    assert not replies[4].endswith(".")


@needed
def test_a_third_language_bridges_two(apertium: Apertium) -> None:
    if not Path("/usr/share/apertium/modes/es-pt.mode").exists():
        pytest.skip("apertium-es-pt is not installed")
    assert [mode.stem for mode in apertium.route("en", "pt-BR")] == ["eng-spa", "es-pt_BR"]
    (reply,) = apertium.translate(["The house is red."], "en", "pt")
    assert "casa" in reply
    assert "vermelh" in reply


@needed
def test_a_pair_it_does_not_have_is_an_outcome_that_says_so() -> None:
    with Memory(":memory:") as memory:
        (found,) = run([Job("Refunds")], chain=["apertium"], options={}, memory=memory, source="en", target="xx")
    assert isinstance(found, Failed)
    assert "no way from en to xx" in found.reason


def test_without_apertium_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with Memory(":memory:") as memory, pytest.raises(KbError) as caught:
        run([Job("Refunds")], chain=["apertium"], options={}, memory=memory, source="en", target="es")
    assert "apt-get install apertium" in (caught.value.hint or "")


@needed
def test_a_pipe_that_dies_or_loses_count_is_replaced(apertium: Apertium) -> None:
    expected = apertium.translate(TEXTS, "en", "es")
    (pipe,) = apertium._pipes.values()
    pipe._left = b"[kb1]Respuesta de otro texto[\n]\0"
    assert apertium.translate(TEXTS, "en", "es") == expected
    (pipe,) = apertium._pipes.values()
    pipe.close()
    assert apertium.translate(TEXTS, "en", "es") == expected


@needed
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(alphabet="ab. [](){}^$\\/@<>*#+~⟦1⟧é\n\u200b日:;_", max_size=30), max_size=6))
def test_no_text_gets_another_ones_reply_whatever_is_in_it(apertium: Apertium, texts: list[str]) -> None:
    together = apertium.translate(texts, "en", "es")
    assert together == [apertium.translate([text], "en", "es")[0] for text in texts]


@needed
@pytest.mark.parametrize("engine", ["libretranslate", "deep-libretranslate"])
def test_both_ways_to_libretranslate_work_over_http(engine: str, memory: Memory) -> None:
    jobs = [Job(t) for t in TEXTS[:3]]
    with LibreServer() as server:
        found = run(
            jobs, chain=[engine], options={engine: {"url": server.url}}, memory=memory, source="en", target="es"
        )  # fmt: skip
        assert server.requests == (1 if engine == "libretranslate" else 3)
    assert found[0] == Translated("Los reembolsos toman 14 días.", f"mt:{engine}")
    for outcome in found:
        assert isinstance(outcome, Translated)
    assert isinstance(found[1], Translated)
    assert all(mark in found[1].text for mark in ("⟦1⟧", "⟦/1⟧", "⟦2⟧"))

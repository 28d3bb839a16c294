"""The glossary: terms are kept out of the engine's hands where they can be, and checked afterwards everywhere."""

from __future__ import annotations

import pytest
from fault_server import Server

from kbtool.core.errors import UsageError
from kbtool.core.glossary import Glossary, Term, load
from kbtool.engines.run import Failed, Job, Translated, run
from kbtool.memory import Memory

CSV = """term,translation,never-translate,forbidden,note
Acme Desk,,yes,,our product
ticket,Anfrage|Vorgang,,Karte,never Ticket
refund,Rückerstattung,,,
"""


def test_a_csv_file_is_read() -> None:
    glossary = load(CSV)
    assert [t.term for t in glossary.terms] == ["Acme Desk", "ticket", "refund"]
    assert glossary.terms[1].accepted == ("Anfrage", "Vorgang")
    assert load(CSV.replace("never Ticket", "another note")).digest == glossary.digest
    assert load(CSV.replace("Vorgang", "Fall")).digest != glossary.digest
    assert load("").digest == ""


def test_all_faults_of_a_file_are_shown_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        load("term,translation,never-translate\nx,y,yes\nx\n,z\na,b,c,d\n", "de/glossary.csv")
    for fault in ("line 2", "line 4", "line 5", "de/glossary.csv"):
        assert fault in str(caught.value)
    with pytest.raises(UsageError, match="unknown column 'Term'"):
        load("Term,translation\n")


@pytest.mark.parametrize(
    ("source", "reply", "right"),
    [
        ("Open a ticket.", "Öffnen Sie eine Anfrage.", True),
        ("Close all tickets.", "Schließen Sie alle Anfragen.", True),
        ("Your refund", "Ihre Rückerstattungen", True),
        ("Open a ticket.", "Öffnen Sie ein Ticket.", False),
        ("Open a ticket.", "Öffnen Sie eine Anfrage, eine Karte.", False),
        ("Start Acme Desk.", "Starten Sie Acme Desk.", True),
        ("Start Acme Desk.", "Starten Sie den Spitzenschreibtisch.", False),
        ("Tickety is no term.", "Tickety ist kein Begriff.", True),
    ],
)
def test_a_translation_is_checked_against_it(source: str, reply: str, right: bool) -> None:
    assert (load(CSV).examine(source, reply) == []) is right


def test_terms_that_are_never_translated_do_not_reach_the_engine(server: Server, memory: Memory) -> None:
    glossary = Glossary((Term("Open Account", keep=True), Term("Open", keep=True)))
    found = run(
        [Job("⟦1⟧Open Account⟦/1⟧ is open and the account too.")], chain=["libretranslate"], options=server.options(),
        memory=memory, source="en", target="de", glossary=glossary,
    )  # fmt: skip
    assert "Open Account" not in server.requests[0].texts[0]
    assert found == [Translated("⟦1⟧Open Account⟦/1⟧ ist offen und das Konto too.", "mt:libretranslate")]


def test_a_translation_against_the_glossary_is_not_written(server: Server, memory: Memory) -> None:
    found = run(
        [Job("The ticket is open.")], chain=["google"], options=server.options(), memory=memory, source="en",
        target="de", glossary=load(CSV),
    )  # fmt: skip
    assert isinstance(found[0], Failed)
    assert "'ticket' should be 'Anfrage'" in found[0].reason

"""The glossary: terms are kept out of the engine's hands where they can be, and checked afterwards everywhere."""

from __future__ import annotations

import pytest
from fault_server import Server

from kbtool.core.errors import UsageError
from kbtool.core.glossary import Glossary, Term, load
from kbtool.engines.jobs import Job
from kbtool.engines.run import Failed, Translated, run
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


INSIDE = """term,translation,never-translate,forbidden,note
Acme,,yes,,
Acme card,Acmekarte,,,
ticket,Anfrage,,Nummer,
ticket number,Vorgangs-Nummer,,,
"""


@pytest.mark.parametrize(
    ("source", "reply", "right"),
    [
        ("Give the ticket number.", "Nennen Sie die Vorgangs-Nummer.", True),
        ("Give the ticket number.", "Nennen Sie die Anfrage.", False),
        ("A ticket has a ticket number.", "Jeder Vorgang hat eine Vorgangs-Nummer.", False),
        ("A ticket has a ticket number.", "Jede Anfrage hat eine Vorgangs-Nummer.", True),
        ("A ticket has a ticket number.", "Jede Anfrage, also Nummer, hat eine Vorgangs-Nummer.", False),
        ("The Acme card", "Die Acmekarte", True),
        ("The card of Acme", "Die Karte der Firma", False),
    ],
)
def test_a_longer_term_goes_before_a_shorter_one_inside_it(source: str, reply: str, right: bool) -> None:
    assert (load(INSIDE).examine(source, reply) == []) is right


def test_a_longer_term_that_is_translated_is_not_cut_by_one_that_is_kept() -> None:
    glossary = load(INSIDE)
    assert glossary.mask("The Acme card") == ("The Acme card", {})
    assert glossary.mask("The Acme card of Acme") == ("The Acme card of ⟦1⟧", {"⟦1⟧": "Acme"})
    assert [term.term for term in glossary.relevant("The Acme card")] == ["Acme card"]


def test_a_number_that_is_kept_leaves_placeholders_alone() -> None:
    glossary = Glossary((Term("1", keep=True),))
    assert glossary.mask("⟦1⟧Settings⟦/1⟧ has 1 page") == ("⟦1⟧Settings⟦/1⟧ has ⟦2⟧ page", {"⟦2⟧": "1"})


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

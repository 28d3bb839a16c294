"""What the page writes is what the commands write, byte for byte; and every step can be taken back."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from kbtool.commands import review
from kbtool.lock import hold
from kbtool.memory import Memory
from kbtool.project import Project
from tests.web.conftest import GERMAN, Web, opened, silent
from tests.workflow.small_base import Base

NEW = "Erstattungen brauchen zwei Tage."


def files(root: Path) -> dict[str, bytes]:
    """Everything a person would commit."""
    folder = root / "translations"
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def by_commands(base: Base, tmp_path: Path, edit: str, commands: list[list[str]]) -> dict[str, bytes]:
    """The files after an edit in an editor and some commands, in a copy of the knowledge base."""
    there = tmp_path / "other"
    shutil.copytree(base.root, there)
    copy = Base(there, silent)
    for command in commands:
        if command == ["edit"]:
            copy.edit("translations/de/refunds.md", GERMAN, edit)
        else:
            name, *more = command
            copy.kbtool(name, "de", "refunds.md", "--segment", "3", "--by", "ana", *more)
    return files(there)


STORIES = [
    ({"verdict": "accept"}, [["accept"]]),
    ({"verdict": "waive", "reason": "typo"}, [["waive", "--reason", "typo"]]),
    ({"verdict": "reject"}, [["reject"]]),
    ({"text": NEW, "verdict": ""}, [["edit"]]),
    ({"text": NEW, "verdict": "stands"}, [["edit"], ["reject"], ["accept"]]),
    ({"text": NEW, "verdict": "waive", "reason": "meaning"}, [["edit"], ["waive", "--reason", "meaning"]]),
]


@pytest.mark.parametrize(("wish", "commands"), STORIES, ids=lambda x: str(x)[:40])
def test_a_step_writes_what_the_commands_write(
    web: Web, base: Base, tmp_path: Path, wish: dict[str, str], commands: list[list[str]]
) -> None:
    wanted = by_commands(base, tmp_path, NEW, commands)
    before = files(base.root)
    web.step(3, **wish)
    assert files(base.root) == wanted
    web.act("undo")
    assert files(base.root) == before


@pytest.mark.parametrize("wish", [{"verdict": "reject"}, {"text": NEW, "verdict": "stands"}], ids=str)
def test_what_the_memory_forgets_with_a_step_comes_back_with_it(web: Web, base: Base, wish: dict[str, str]) -> None:
    def known() -> int:
        with Memory.of(base.root) as memory:
            return len(memory)

    before = known()
    web.step(3, **wish)
    assert known() < before
    web.act("undo")
    assert known() == before


def test_steps_are_undone_one_after_another(web: Web, base: Base) -> None:
    seen = [files(base.root)]
    for number, wish in ((3, {"verdict": "accept"}), (6, {"verdict": "reject"}), (6, {"text": "Neu hier."})):
        web.step(number, **wish)
        seen.append(files(base.root))
    assert len({str(each) for each in seen}) == 4
    for wanted in reversed(seen[:-1]):
        web.act("undo")
        assert files(base.root) == wanted
    assert "nothing to undo" in web.act("undo", status=422)["error"]


def test_a_ledger_that_was_not_there_is_taken_away_again(base: Base) -> None:
    (base.root / "translations/de/start.ledger.yml").unlink()
    base.write("translations/de/start.md", base.read("docs/start.md").replace("Welcome to", "Willkommen bei"))
    with opened(base.root) as web:
        web.enter()
        mark = web.segment(2, "start.md")["mark"]
        web.act("step", path="start.md", locale="de", number=2, mark=mark, verdict="approve")
        assert "ana" in base.read("translations/de/start.ledger.yml")
        web.act("undo")
    assert not (base.root / "translations/de/start.ledger.yml").exists()


REFUSED = [
    "", "  \n ", "Zwei Absätze.\n\nHier.", "# Überschrift", "- ein Punkt", "Mit <script>alert(1)</script> darin",
    "Ein [Link](https://evil.example) mehr.", "Ein\n\n```\nBlock\n```", "`code`", "![Bild](x.png)", "a | b\n--|--\n",
    "Ein halbes \ud800 Zeichen", "Eine Null \0 darin", "<b>offen", "Zwei\r\rTeile", "Text\n===", "/// agent\nx\n///",
    "⟦1⟧", "[" * 60_000,
    "---\ntitle: x\n---", "Text\n\n[x]: https://evil.example",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_a_text_that_would_change_the_page_is_refused_with_a_reason(web: Web, base: Base, text: str) -> None:
    before = files(base.root)
    tried = web.act("try", path="refunds.md", locale="de", number=3, text=text)
    assert tried["why_not"]
    said = web.step(3, status=422, text=text, verdict="stands")
    assert said["error"]
    assert files(base.root) == before


def test_what_the_checks_find_is_told_but_does_not_forbid(web: Web, base: Base) -> None:
    tried = web.act("try", path="refunds.md", locale="de", number=6, text="Die Nummer des Kontos ist nötig, 77.")
    assert not tried["why_not"]
    assert any("Kontonummer" in each for each in tried["findings"])
    assert any("forbids" in each for each in tried["findings"])
    assert any("number" in each for each in tried["findings"])


def test_front_matter_is_edited_as_plain_words(web: Web, base: Base) -> None:
    mark = web.segment(1)["mark"]
    text = 'Erstattung: "jetzt" # neu'
    web.act("step", path="refunds.md", locale="de", number=1, mark=mark, text=text)
    assert web.segment(1)["edit"] == text
    assert '\ntitle: "Erstattung: \\"jetzt\\" # neu"\n' in base.read("translations/de/refunds.md")


def test_markup_may_move_but_must_stay(web: Web) -> None:
    segment = web.segment(7)
    assert segment["markup"] == ["**…**", "[…](https://example.org/form)", "`order id`"]
    good = "Die `order id` geben Sie bitte an [dieses Formular](https://example.org/form), an **billing**."
    assert not web.act("try", path="refunds.md", locale="de", number=7, text=good)["why_not"]
    bad = web.act("try", path="refunds.md", locale="de", number=7, text="Schreiben Sie an **billing**.")
    assert bad["why_not"]


@pytest.mark.parametrize(
    "side", ["docs/refunds.md", "translations/de/refunds.md", "translations/de/refunds.ledger.yml"]
)
def test_no_step_on_what_somebody_else_changed(web: Web, base: Base, side: str) -> None:
    old, new = {
        "docs/refunds.md": ("two days", "one day"),
        "translations/de/refunds.md": (GERMAN, "Drei Tage."),
        "translations/de/refunds.ledger.yml": ("ben", "carla"),
    }[side]
    mark = web.segment(3)["mark"]
    base.edit(side, old, new)
    before = files(base.root)
    said = web.step(3, status=409, mark=mark, text=NEW, verdict="stands")
    assert "has changed since" in said["error"]
    assert files(base.root) == before


def test_a_change_elsewhere_on_the_page_is_kept(web: Web, base: Base) -> None:
    mark = web.segment(3)["mark"]
    base.edit("translations/de/refunds.md", "title: ", "title: Neu ")
    web.step(3, mark=mark, text=NEW, verdict="stands")
    page = base.read("translations/de/refunds.md")
    assert "title: Neu " in page and NEW in page


def test_no_undo_over_what_somebody_else_wrote(web: Web, base: Base) -> None:
    web.step(3, text=NEW, verdict="stands")
    base.edit("translations/de/refunds.md", "title: ", "title: Neu ")
    before = files(base.root)
    assert "have changed since" in web.act("undo", status=409)["error"]
    assert files(base.root) == before


def test_another_run_is_waited_for_and_then_told(base: Base) -> None:
    with opened(base.root, patience=0.2) as web:
        web.enter()
        with hold(base.root):
            assert web.step(3, status=503, verdict="accept")["busy"]
        web.step(3, verdict="accept")


def test_an_edit_stays_where_its_writer_may_not_approve(base: Base) -> None:
    base.write("kbtool.toml", base.read("kbtool.toml") + '\n[review]\nreviewers = { de = ["carla"] }\n')
    with opened(base.root) as web:
        web.enter()
        said = web.step(2, text="Erstattungen", verdict="stands")
    assert "ana is no reviewer for de" in said["note"]
    assert "# Erstattungen" in base.read("translations/de/refunds.md")


def test_the_desk_counts_what_is_done_and_what_waits(web: Web, base: Base) -> None:
    first = web.look("desk")
    assert (first["queue"][0]["path"], first["queue"][0]["locale"]) == ("refunds.md", "de")
    waiting = first["progress"]["waiting"]
    web.step(3, verdict="accept")
    web.step(6, verdict="accept")
    now = web.look("desk")
    assert now["progress"] == {"done": 2, "articles": 1, "waiting": waiting - 2, "steps": 2}
    assert ("refunds.md", "de") not in [(each["path"], each["locale"]) for each in now["queue"]]
    base.edit("translations/de/refunds.md", "title: ", "title: Neu ")
    assert ("refunds.md", "de") in [(each["path"], each["locale"]) for each in web.look("desk")["queue"]]


def test_what_status_remembers_makes_the_queue_faster_not_shorter(base: Base) -> None:
    base.kbtool("approve", "ar", "start.md", "--by", "ben")
    wanted = queue(base)
    assert wanted
    time.sleep(0.2)  # younger files are not remembered
    base.kbtool("status")
    assert queue(base) == wanted
    base.edit("translations/ar/start.md", "title: ", "title: Neu ")
    assert ("start.md", "ar") in queue(base)


def queue(base: Base) -> list[tuple[str, str]]:
    return [(each.path, each.locale) for each in review.queue(Project.at(base.root))]


def test_an_article_that_cannot_be_read_does_not_stop_the_others(web: Web, base: Base) -> None:
    (base.root / "translations/ar/start.md").write_bytes(b"\xff\xfe broken")
    queue = web.look("desk")["queue"]
    assert {each["path"] for each in queue} == {"refunds.md", "start.md"}
    assert "UTF-8" in web.look("sheet", path="start.md", locale="ar")["error"]

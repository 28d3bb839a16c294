"""What a person sees of `kbtool translate`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_base import Base

DE = "translations/de/refunds.md"
LEDGER = "translations/de/refunds.ledger.yml"


def files(base: Base) -> dict[str, tuple[bytes, int]]:
    found = sorted((base.root / "translations").rglob("*.*"))
    return {str(f.relative_to(base.root)): (f.read_bytes(), f.stat().st_mtime_ns) for f in found}


def test_identity_gives_every_page_back_byte_for_byte(base: Base) -> None:
    head = "\ufeff---\r\ntitle: Odd\r\n---\r\n\r\n# Odd\r\n\r\n"
    odd = head + "* one\r\n* two  \r\n\tcode\r\n\r\n<!-- note -->\r\nno final newline"
    (base.root / "docs/odd.md").write_bytes(odd.encode())
    base.kbtool("translate", "--engine", "identity")
    assert (base.root / "translations/es/odd.md").read_bytes() == odd.encode()
    assert base.read(DE) == base.read("docs/refunds.md")


def test_a_dry_run_counts_and_touches_nothing(base: Base) -> None:
    found = base.json("translate", "--dry-run", "--to", "de")
    assert found["segments"] == 5 and found["files"] == 1 and found["requests"] >= 1
    assert found["characters"] > 100 and found["cost"] == 0
    assert not (base.root / "translations").exists()


def test_a_second_run_does_nothing(base: Base) -> None:
    base.kbtool("translate")
    before = files(base)
    assert "nothing to translate" in base.kbtool("translate")
    assert files(base) == before


def test_equal_texts_are_sent_once(base: Base) -> None:
    base.write("docs/second.md", base.read("docs/refunds.md"))
    assert base.json("translate", "--to", "de")["segments"] == 5
    assert (base.root / "translations/de/second.md").is_file()


def test_a_limit_is_kept_and_the_next_run_goes_on(base: Base) -> None:
    assert base.json("translate", "--to", "de", "--limit", "2")["translated"] == 2
    assert base.counts("docs/refunds.md")["missing"] == 4
    base.kbtool("translate", "--to", "de")
    assert base.state("docs/refunds.md") == "machine"


def test_replace_puts_the_new_text_in_and_drops_the_approval(base: Base) -> None:
    base.kbtool("translate", "--to", "de")
    base.kbtool("approve", "de", "docs/refunds.md", "--by", "ben")
    assert base.state("docs/refunds.md") == "approved"
    base.edit("docs/refunds.md", "three days", "four days")
    approved = base.read(DE)
    assert base.json("translate", "--to", "de")["proposals"] == 1
    assert base.read(DE) == approved
    assert base.json("translate", "--to", "de")["proposals"] == 0
    assert base.json("translate", "--to", "de", "--replace")["translated"] == 1
    assert "ƒóúŕ ďáýś" in base.read(DE) and "proposal" not in base.read(LEDGER)
    assert base.counts("docs/refunds.md") == {"approved": 5, "machine": 1}


def test_links_and_code_are_rebuilt_without_an_engine_and_keep_the_approval(base: Base) -> None:
    base.edit("docs/refunds.md", "the **Settings** page", "the [Settings](a.md) page and `run`")
    base.kbtool("translate", "--to", "de")
    base.kbtool("approve", "de", "docs/refunds.md", "--by", "ben")
    base.edit("docs/refunds.md", "[Settings](a.md)", "[Settings](b.md#top)")
    base.edit("docs/refunds.md", "`run`", "`run --fast`")
    found = base.json("translate", "--to", "de")
    assert found["segments"] == 0 and found["files"] == 1
    assert "(b.md#top)" in base.read(DE) and "`run --fast`" in base.read(DE)
    assert base.state("docs/refunds.md") == "approved"


def test_a_persons_own_paragraph_stays(base: Base) -> None:
    base.kbtool("translate", "--to", "de")
    base.write(DE, base.read(DE).replace("\n- ", "\nNur in Deutschland: Lastschriften dauern länger.\n\n- ", 1))
    base.edit("docs/refunds.md", "account number", "bank account number")
    base.kbtool("translate", "--to", "de")
    assert "Nur in Deutschland: Lastschriften dauern länger." in base.read(DE)
    assert "áńķ áććóúńť ńúḿƀéŕ" in base.read(DE).replace("ḃ", "ƀ")


def test_hand_only_articles_are_never_sent_nor_made(base: Base) -> None:
    base.write("kbtool.toml", base.read("kbtool.toml") + '\n[[policy]]\npath = "refunds.md"\nmode = "hand"\n')
    assert base.json("translate", "--to", "de")["segments"] == 0
    assert not (base.root / DE).exists()


def test_a_translation_without_a_ledger_is_adopted_as_by_hand(base: Base) -> None:
    german = (
        base.read("docs/refunds.md")
        .replace("Refunds", "Erstattungen")
        .replace("take three days to arrive", "dauern drei Tage")
    )
    german = german.replace(
        "Open the **Settings** page and choose *Billing*", "Öffnen Sie **Einstellungen** und *Abrechnung*"
    )
    german = german.replace("Card payments go back to the card", "Kartenzahlungen gehen auf die Karte zurück")
    german = german.replace("Bank transfers need your account number", "Überweisungen brauchen Ihre Kontonummer")
    base.write(DE, german)
    found = base.json("translate", "--to", "de")
    assert found["segments"] == 0 and base.read(DE) == german
    assert base.read(LEDGER).count("by: hand") == 6 and "ok:" not in base.read(LEDGER)
    assert base.state("docs/refunds.md") == "needs-review"


HOSTILE = {
    "brackets": ("[" * 50_000).encode(),
    "not UTF-8": b"# Fine\n\nBroken \xff byte\n",
    "NUL": b"# Fine\n\nBroken \x00 byte\n",
    "alias bomb": b"---\na: &a [x, x]\nb: &b [*a, *a]\ntitle: *b\n---\n\n# Bomb\n",
    "five megabytes": b"# Long\n\n" + b"A plain sentence that goes on. " * 170_000,
    "deep": b"".join(b"  " * n + b"- deep\n" for n in range(200)),
    "unclosed internal block": b"# Fine\n\n/// agent\nNever closed.\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_article_is_named_or_handled_and_stops_nothing(base: Base, name: str) -> None:
    (base.root / "docs/hostile.md").write_bytes(HOSTILE[name])
    out = subprocess.run(
        [sys.executable, "-m", "kbtool", "-C", str(base.root), "translate", "--to", "de"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "Traceback" not in out.stderr
    assert out.returncode in (0, 3), out.stdout + out.stderr
    if out.returncode:
        assert "docs/hostile.md:" in out.stdout
    assert (base.root / DE).is_file()


def test_an_engine_that_is_not_there_is_named_and_the_rest_goes_on(base: Base) -> None:
    base.write("kbtool.toml", base.read("kbtool.toml") + '\n[[policy]]\nlocale = "es"\nengine = "deepl"\n')
    base.kbtool("translate", code=3)
    assert "deepl" in base.said and "key" in base.said
    assert (base.root / DE).is_file() and not (base.root / "translations/es/refunds.md").exists()


def test_an_unknown_engine_is_a_usage_error_with_a_proposal(base: Base) -> None:
    base.kbtool("translate", "--engine", "gogle", code=2)
    assert "did you mean 'google'" in base.said


def test_a_second_run_at_the_same_time_ends_with_75(base: Base) -> None:
    from kbtool.lock import hold

    with hold(base.root):
        base.kbtool("translate", code=75)
    base.kbtool("translate")


def test_ctrl_c_keeps_what_was_done(base: Base) -> None:
    for number in range(60):
        paragraphs = "\n\n".join(f"Paragraph {number} {n} of a long article." for n in range(60))
        base.write(f"docs/long/a{number}.md", f"# Article {number}\n\n{paragraphs}\n")
    command = [sys.executable, "-m", "kbtool", "-C", str(base.root), "translate", "--to", "de"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ})
    memory = base.root / ".kbtool/memory.sqlite"
    for _ in range(400):
        if memory.exists() or process.poll() is not None:
            break
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode in (130, 0), said
    assert "Traceback" not in said
    base.kbtool("translate", "--to", "de")
    assert base.json("status", "--to", "de", "--fail-on", "missing,stale")


def test_a_full_disk_keeps_the_old_translation(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    base.kbtool("translate", "--to", "de")
    old = base.read(DE)
    base.edit("docs/refunds.md", "three days", "four days")

    def full(self: Path, *_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    base.kbtool("translate", "--to", "de", code=3)
    assert "No space left" in base.said and base.read(DE) == old
    monkeypatch.undo()


def test_what_an_earlier_run_paid_for_comes_from_memory(base: Base) -> None:
    base.kbtool("translate", "--to", "de")
    (base.root / DE).unlink()
    (base.root / LEDGER).unlink()
    found = base.json("translate", "--to", "de")
    assert found["segments"] == 0 and found["translated"] == 6 and found["reused"] == 6

"""What goes wrong is told in words: what, where, what to do next; to machines as JSON."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from small_base import Base

from kbtool.cli.roof import run


@pytest.mark.parametrize(
    "command", [["translate"], ["build", "--out", "site/x"], ["report", "--out", "docs/refunds.md/x"]]
)
def test_a_place_that_cannot_be_written_to_is_named(base: Base, command: list[str]) -> None:
    base.write("translations", "a file where a folder belongs")
    base.write("site", "another")
    base.kbtool(*command, code=1)
    assert "Error: the system says: Not a directory (" in base.said
    assert str(base.root) in base.said and "Hint:  see whether" in base.said


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("export", "Error: the system says: File too large\nHint:  make room, and run the same command again"),
        ("report", "Error: the memory cannot be used: disk I/O error ("),
    ],
)
def test_a_full_disk_is_told_in_words(base: Base, command: str, said: str) -> None:
    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))

    line = [sys.executable, "-m", "kbtool", "-C", str(base.root), command, *(["xliff"] if command == "export" else [])]
    done = subprocess.run(line, preexec_fn=full, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert not list(base.root.glob("export/*.xlf")) and not (base.root / "report.html").exists()


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (["status", "--to", "tlh"], 2, "unknown locale 'tlh'"),
        (["check", "nowhere.md"], 2, "no such article: nowhere.md"),
        (["translate", "--limit", "none"], 2, "'none' is not a valid integer range"),
        (["audit", "nowhere"], 2, "there is no site to audit"),
    ],
)
def test_with_json_an_error_is_json_too(base: Base, command: list[str], code: int, said: str) -> None:
    error = base.json(*command, code=code)["error"]
    assert said in error["message"] and error["exit_code"] == code
    assert said in base.said.partition('"message"')[2] and "Error: " in base.said
    base.kbtool(*command, code=code)
    assert '"error"' not in base.said


def test_faults_of_the_settings_are_json_too(base: Base) -> None:
    base.write("kbtool.toml", "sorce = 5\n")
    assert "sorce" in base.json("doctor", code=2)["error"]["message"]


def test_out_counts_from_the_folder_that_was_named(
    base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    code = run(["-C", str(base.root), "build", "--edition", "customers", "--to", "en", "--out", "public", "--json"])
    assert code == 0 and json.loads(capsys.readouterr().out)["editions"][0]["folder"] == "public/customers"
    assert not list(elsewhere.iterdir()) and (base.root / "public/customers/index.html").is_file()


HASTY = """
import sys

class Interrupted:
    def find_spec(self, name, path=None, target=None):
        if name == "click":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupted())
from kbtool.cli import main
main(["status"])
"""


def test_an_interrupt_before_anything_has_begun_is_no_traceback() -> None:
    done = subprocess.run([sys.executable, "-c", HASTY], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "\nInterrupted.\n")

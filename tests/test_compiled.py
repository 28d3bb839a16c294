"""What Python compiles at each start is kept beside its own compiled modules, and comes out the same."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.cli import compiled
from kbtool.cli.compiled import Compiled

PATTERNS = [
    (r"", 0),
    (r"(?P<one>a+)(?P<two>b)?|(c)", 0),
    (r"(?x) [ ] \d{2,}  # words", re.VERBOSE),
    (r"(?i:straße)|\bK\b", re.IGNORECASE | re.MULTILINE),
    (r"[^\t\n -~\x85\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", re.UNICODE),
    (r"^(?<![\w-])(?>x+)(y)*+(?(1)a|b)", re.ASCII | re.DOTALL),
    (rb"\x1f\x8b|(?P<one>[\x80-\xff]+)", re.DOTALL | re.IGNORECASE),
]

STORY = """
import dataclasses, re, sys
from pathlib import Path
from kbtool.cli import compiled
compiled.cache_from_source = lambda file: sys.argv[1]
keep = compiled.remember_compiled()
sys.path.insert(0, sys.argv[2])
import told
print(told.SAID)
keep()
"""

TOLD = """
import re
from dataclasses import dataclass, field

@dataclass(frozen=True, slots=True)
class Told:
    words: tuple[str, ...]
    more: list[str] = field(default_factory=list)

def found(text):
    return re.findall(text, "one two")

SAID = Told(tuple(re.compile(r"(?P<w>[a-z]+)").findall("one two"))), found("t(w)o")
"""


def ends(file: Path) -> Path:
    return file.with_suffix(".known")


def story(tmp_path: Path) -> str:
    (tmp_path / "told.py").write_text(TOLD)
    argv = [sys.executable, "-c", STORY, str(tmp_path / "kept.pyc"), str(tmp_path)]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


def test_a_second_run_says_the_same_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    first, kept = story(tmp_path), ends(tmp_path / "kept.pyc")
    was = kept.read_bytes(), kept.stat().st_mtime_ns
    assert b"(?P<w>[a-z]+)" in was[0]
    assert b"words:_type_words" in was[0]
    assert story(tmp_path) == first == "(Told(words=('one', 'two'), more=[]), ['w'])\n"
    assert (kept.read_bytes(), kept.stat().st_mtime_ns) == was


@pytest.mark.parametrize("damage", [b"", b"\x00\x01", b"no such thing at all", None])
def test_a_damaged_file_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes | None) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    first, kept = story(tmp_path), ends(tmp_path / "kept.pyc")
    whole = kept.read_bytes()
    kept.write_bytes(whole[:900] + b"?" + whole[901:] if damage is None else damage)
    assert story(tmp_path) == first
    assert b"(?P<w>[a-z]+)" in kept.read_bytes()


def test_nothing_is_written_where_python_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    story(tmp_path)
    assert not ends(tmp_path / "kept.pyc").exists()


def test_a_pattern_that_a_run_asks_for_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    (tmp_path / "told.py").write_text("import re\n")
    late = STORY.replace("print(told.SAID)", "def f(n): return f(n - 1) if n else re.compile('sec'.upper())\nf(9)")
    argv = [sys.executable, "-c", late, str(tmp_path / "kept.pyc"), str(tmp_path)]
    subprocess.run(argv, check=True)
    assert not ends(tmp_path / "kept.pyc").exists()


def test_a_pattern_that_a_function_has_written_down_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    told = "import re\ndef f(n): return f(n - 1) if n else re.compile(rb'writ[t]en').pattern\n"
    (tmp_path / "told.py").write_text(told)
    late = STORY.replace("print(told.SAID)", "print(told.f(9))")
    argv = [sys.executable, "-c", late, str(tmp_path / "kept.pyc"), str(tmp_path)]
    assert [subprocess.check_output(argv, text=True) for _ in range(2)] == ["b'writ[t]en'\n"] * 2
    assert b"writ[t]en" in ends(tmp_path / "kept.pyc").read_bytes()


@pytest.mark.parametrize(("text", "flags"), PATTERNS)
def test_a_kept_pattern_is_the_one_that_python_compiles(text: str | bytes, flags: int) -> None:
    right = re.compile(text, flags)
    assert compiled._pattern(text, *compiled._worked_out(text, int(flags))) == right
    assert compiled._pattern(text, *compiled._worked_out(text, int(flags))).groupindex == right.groupindex


@given(st.text("ab(|)*+?[]^-\\d{2,}.:P<n>", max_size=20), st.sampled_from([0, re.I, re.M | re.S, re.X | re.A]))
def test_patterns_of_all_kinds(text: str, flags: int) -> None:
    try:
        right = re.compile(text, flags)
    except (re.error, FutureWarning, OverflowError):
        return
    found = compiled._pattern(text, *compiled._worked_out(text, int(flags)))
    assert found == right
    assert (found.flags, found.groups, found.groupindex) == (right.flags, right.groups, right.groupindex)


def test_texts_of_methods_are_run_where_they_are_asked_for(tmp_path: Path) -> None:
    known = Compiled(tmp_path / "none")
    for number in (1, 2):
        names: dict[str, int] = {}
        known.run("y = x + 1", {"x": number}, names)
        assert names == {"y": number + 1}

"""What is installed is read once, and answered as importlib.metadata would."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from kbtool import installed

STORY = """
import sys
from kbtool import installed
installed.cache_from_source = lambda file: sys.argv[1]
sys.path[1:1] = sys.argv[2:]
installed.answer_others()
from importlib.metadata import PackageNotFoundError, entry_points, version
for point in entry_points(group="kbtool.told"):
    print(point.name, point.value, point.dist.name, point.dist.version)
try:
    print(version("Told.Things"))
except PackageNotFoundError as error:
    print(f"no {error.name}")
"""


def told(folder: Path, version: str, points: str, name: str = "told_things") -> None:
    about = folder / f"{name}-1.0.dist-info"
    about.mkdir(parents=True, exist_ok=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (about / "entry_points.txt").write_text(f"[kbtool.told]\n{points}\n")


def story(kept: Path, *folders: Path) -> list[str]:
    argv = [sys.executable, "-c", STORY, str(kept.with_suffix(".pyc")), *map(str, folders)]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.splitlines()


@pytest.fixture(autouse=True)
def writing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)


def test_answers_are_those_of_python() -> None:
    packages = {package.name: package.version for package in metadata.distributions()}
    assert {name: installed.version(name) for name in packages} == packages
    groups = {point.group for package in metadata.distributions() for point in package.entry_points}
    for group in groups:
        right, found = metadata.entry_points(group=group), installed.entry_points(group=group)
        assert tuple(found) == tuple(right)
        assert [(p.dist.name, p.dist.version, p.dist.files) for p in found if p.dist] == [
            (p.dist.name, p.dist.version, p.dist.files) for p in right if p.dist
        ]
        assert tuple(installed.entry_points(group=group, name="none")) == ()
    assert tuple(installed.entry_points(name="kbtool")) == tuple(metadata.entry_points(name="kbtool"))


def test_a_second_run_reads_what_the_first_one_found(tmp_path: Path) -> None:
    kept = tmp_path / "kept.installed"
    told(tmp_path / "a", "1.0", "one = a:b")
    first = story(kept, tmp_path / "a")
    was = kept.read_bytes(), kept.stat().st_mtime_ns
    assert story(kept, tmp_path / "a") == first == ["one a:b told_things 1.0", "1.0"]
    assert (kept.read_bytes(), kept.stat().st_mtime_ns) == was


def test_what_changes_is_seen(tmp_path: Path) -> None:
    kept, first, second = tmp_path / "kept.installed", tmp_path / "a", tmp_path / "b"
    first.mkdir()
    assert story(kept, first) == ["no Told.Things"]
    told(first, "1.0", "one = a:b")
    assert story(kept, first) == ["one a:b told_things 1.0", "1.0"]
    told(first, "2.0-beta", "two = a:bc")  # in place
    assert story(kept, first) == ["two a:bc told_things 2.0-beta", "2.0-beta"]
    told(second, "3.0", "three = a:b", "Told.Things")
    assert story(kept, first, second) == ["two a:bc told_things 2.0-beta", "2.0-beta"]
    assert story(kept, second, first) == ["three a:b Told.Things 3.0", "3.0"]


@pytest.mark.parametrize("damage", [b"", b"\0\1", b"nothing at all", None])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: bytes | None) -> None:
    kept = tmp_path / "kept.installed"
    told(tmp_path / "a", "1.0", "one = a:b")
    first = story(kept, tmp_path / "a")
    whole = kept.read_bytes()
    kept.write_bytes(whole[:900] + b"?" + whole[901:] if damage is None else damage)
    assert story(kept, tmp_path / "a") == first
    assert kept.read_bytes() == whole


def test_nothing_is_written_where_python_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    told(tmp_path / "a", "1.0", "one = a:b")
    assert story(tmp_path / "kept.installed", tmp_path / "a") == ["one a:b told_things 1.0", "1.0"]
    assert not (tmp_path / "kept.installed").exists()

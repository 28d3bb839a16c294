"""A folder that was listed before, and that nobody has touched since, is known; whatever changes in a site is seen."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kbtool.checks.audit.listing import list_site
from kbtool.checks.audit.memory import Memory


def listed(site: Path, file: Path) -> set[str]:
    """The names that are found with what was remembered, which are those that stand there."""
    memory = Memory(file)
    found = list_site(str(site), memory)
    memory.save()
    there = [path for path in site.rglob("*") if path.is_symlink() or not path.is_dir()]
    assert found.files == {path.relative_to(site).as_posix() for path in there}
    assert found.links == {path.relative_to(site).as_posix() for path in there if path.is_symlink()}
    return found.files


def write(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("<p>Orders</p>\n", "utf-8")


def settle() -> None:
    time.sleep(0.06)


def laid_out(site: Path) -> Path:
    for name in ("index.html", "orders/index.html", "orders/late/index.html", "de/orders/index.html", "de/img/a.png"):
        write(site / name)
    (site / "empty").mkdir()
    settle()
    return site


def linked(site: Path) -> None:
    (site / "orders" / "index.html").unlink()
    (site / "orders" / "index.html").symlink_to("../index.html")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file more": lambda site: write(site / "orders" / "late" / "notes.txt"),
    "a file less": lambda site: (site / "de" / "img" / "a.png").unlink(),
    "another name": lambda site: (site / "de" / "img" / "a.png").rename(site / "de" / "img" / "b.png"),
    "a folder more": lambda site: write(site / "de" / "new" / "below" / "index.html"),
    "a folder with another name": lambda site: (site / "orders").rename(site / "parcels"),
    "a folder that is a link": lambda site: (site / "de" / "more").symlink_to(site / "orders"),
    "a file that is a link now": linked,
    "a file in a folder that was empty": lambda site: write(site / "empty" / "a.txt"),
    "an old time": lambda site: (write(site / "orders" / "x.txt"), os.utime(site / "orders", (1, 1))),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_change_is_seen(tmp_path: Path, change: Callable[[Path], object]) -> None:
    site, memory = laid_out(tmp_path / "site"), tmp_path / "memory"
    before = listed(site, memory)
    assert listed(site, memory) == before
    change(site)
    listed(site, memory)
    settle()
    listed(site, memory)


def test_what_stands_in_a_folder_that_is_no_longer_the_same_one(tmp_path: Path) -> None:
    site, twin, memory = laid_out(tmp_path / "site"), laid_out(tmp_path / "twin"), tmp_path / "memory"
    write(twin / "orders" / "x.txt")
    settle()
    for _ in range(3):
        listed(site, memory)
        listed(twin, memory)
    site.rename(tmp_path / "old")
    twin.rename(site)
    assert "orders/x.txt" in listed(site, memory)


def test_any_number_of_changes(tmp_path: Path) -> None:
    site, memory, dice = laid_out(tmp_path / "site"), tmp_path / "memory", random.Random(7)
    for _ in range(12):
        for _ in range(dice.randint(0, 3)):
            files = sorted(path for path in site.rglob("*") if path.is_file())
            if dice.random() < 0.5 and files:
                dice.choice(files).unlink()
            else:
                write(site / dice.choice("abc") / dice.choice("abc") / dice.choice("abc"))
        if dice.random() < 0.7:
            settle()
        listed(site, memory)


@pytest.mark.parametrize("damage", [b"", b"00000000\n", b"\xff"])
def test_a_damaged_memory_is_none(tmp_path: Path, damage: bytes) -> None:
    site, memory = laid_out(tmp_path / "site"), tmp_path / "memory"
    listed(site, memory)
    (tmp_path / "memory-site").write_bytes(damage)
    listed(site, memory)

"""Where a site is put: on other file systems, behind links, in the place of what is no folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site import builds
from tests.site.conftest import run, write
from tests.site.small_site import PRUNED, lay_out

FILES = {"kbtool.toml": "", "mkdocs.yml": "site_name: T\n", "docs/index.md": "# Start\n\nFirst words.\n"}


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder on another file system."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("this machine has no second file system to write to")
    folder = Path(tempfile.mkdtemp(dir=memory))
    yield folder
    shutil.rmtree(folder)


def test_a_site_may_stand_on_another_file_system(tmp_path: Path, elsewhere: Path) -> None:
    root = tmp_path / "kb"
    lay_out(root, PRUNED)
    for words in ("First words.", "Second words."):
        write(root, {"docs/devices/wifi.md": f"# Wireless\n\n{words}\n"})
        said = run(root, "build", "--edition", "customers", "--executor", "inline", "--out", str(elsewhere)).stdout
    assert "18 taken over" in said
    wanted = builds.clean(root, editions=["customers"])[1]["customers"]
    assert not builds.unlike(builds.site(elsewhere / "customers"), wanted)


@pytest.mark.parametrize("kind", ["link", "file"])
def test_what_is_no_folder_is_not_replaced_by_a_site(tmp_path: Path, kind: str) -> None:
    root, place = tmp_path / "kb", tmp_path / "kb/site/customers"
    write(root, FILES)
    run(root, "build", "--edition", "customers")
    shutil.move(place, tmp_path / "www")
    if kind == "link":
        place.symlink_to(tmp_path / "www")
    else:
        place.write_text("mine", "utf-8")
    write(root, {"docs/index.md": "# Start\n\nSecond words.\n"})
    before = builds.site(tmp_path / "www")
    said = run(root, "build", "--edition", "customers", code=1).stderr
    assert "this is no folder" in said
    assert "--out" in said
    assert place.is_symlink() == (kind == "link")
    assert builds.site(tmp_path / "www") == before


def test_the_old_site_stays_when_the_disk_takes_no_more_and_the_next_build_is_whole(tmp_path: Path) -> None:
    """A limit of the size of files stands for it."""
    write(tmp_path, FILES)
    run(tmp_path, "build", "--edition", "customers")
    before = builds.site(tmp_path / "site/customers")
    write(tmp_path, {"docs/index.md": "# Start\n\nSecond words.\n"})
    command = f'ulimit -f 1; exec "{sys.executable}" -m kbtool -C "{tmp_path}" build --edition customers'
    found = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert "too large" in found.stderr.lower()
    assert "Traceback" not in found.stderr
    assert builds.site(tmp_path / "site/customers") == before
    run(tmp_path, "build", "--edition", "customers")
    assert "Second words." in (tmp_path / "site/customers/index.html").read_text("utf-8")


def test_the_folder_of_all_editions_may_be_a_link(tmp_path: Path) -> None:
    root = tmp_path / "kb"
    write(root, FILES)
    (tmp_path / "www").mkdir()
    (root / "site").symlink_to(tmp_path / "www")
    for words in ("First words.", "Second words."):
        write(root, {"docs/index.md": f"# Start\n\n{words}\n"})
        run(root, "build", "--edition", "customers")
        assert words in (tmp_path / "www/customers/index.html").read_text("utf-8")

"""The second folder from which the next site is made: it costs no room, and is not trusted when somebody touched it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.site import builds
from tests.site.conftest import write
from tests.site.small_site import PRUNED, lay_out

EDITION = ["customers"]


def edit(root: Path, words: str) -> None:
    article = root / "docs" / "billing" / "refunds.md"
    article.write_text(f"{article.read_text('utf-8')}\n{words}\n", "utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A knowledge base that was built, edited and built again."""
    lay_out(tmp_path / "kb", PRUNED)
    builds.build(tmp_path / "kb", editions=EDITION)
    edit(tmp_path / "kb", "A first edit.")
    builds.build(tmp_path / "kb", editions=EDITION)
    return tmp_path / "kb"


def twin(root: Path) -> Path:
    return root / ".kbtool" / "twins" / "customers"


def inodes(folder: Path) -> dict[str, int]:
    return {f.relative_to(folder).as_posix(): f.stat().st_ino for f in folder.rglob("*") if f.is_file()}


def assert_clean(root: Path) -> None:
    _, wanted = builds.clean(root, editions=EDITION)
    site = root / "site" / "customers"
    assert not builds.unlike(builds.site(site), wanted["customers"])
    assert not [f for f in site.rglob("*") if f.is_symlink() or (f.is_dir() and not any(f.iterdir()))]


def test_the_twin_has_the_same_files_and_the_next_site_is_made_of_it(root: Path) -> None:
    site = root / "site" / "customers"
    assert inodes(twin(root)) == inodes(site)
    folder, before = twin(root).stat().st_ino, inodes(site)
    (root / "docs" / "devices" / "reset.md").unlink()
    (root / "translations" / "de" / "devices" / "reset.md").unlink(missing_ok=True)
    write(root, {"docs/devices/reset/again.md": "# Again\n\nA folder where an article was.\n"})
    builds.build(root, editions=EDITION)
    assert site.stat().st_ino == folder
    assert inodes(twin(root)) == inodes(site)
    assert inodes(site)["kb/kbtool.css"] == before["kb/kbtool.css"]
    assert_clean(root)
    builds.build(root, editions=EDITION)
    assert site.stat().st_ino == folder, "there was nothing to do"


def _delete(twin: Path) -> None:
    (twin / "billing" / "index.html").unlink()


def _replace(twin: Path) -> None:
    (twin / "billing" / "index.html").unlink()
    (twin / "billing" / "index.html").write_text("foreign")


def _add(twin: Path) -> None:
    (twin / "billing" / "foreign.html").write_text("foreign")


def _link(twin: Path) -> None:
    (twin / "billing" / "foreign.txt").symlink_to(twin / "404.html")


def _write_through(twin: Path) -> None:
    (twin / "billing" / "index.html").write_text("it is the site's own file, too")


@pytest.mark.parametrize("harm", [_delete, _replace, _add, _link, _write_through])
def test_a_twin_that_was_touched_is_not_used(root: Path, harm: Callable[[Path], None]) -> None:
    harm(twin(root))
    edit(root, "A second edit.")
    builds.build(root, editions=EDITION)
    assert_clean(root)
    edit(root, "A third edit.")
    builds.build(root, editions=EDITION)
    assert inodes(twin(root)) == inodes(root / "site" / "customers")
    assert_clean(root)


def test_a_site_with_something_foreign_in_it_does_not_pass_it_on(root: Path) -> None:
    (root / "site" / "customers" / "billing" / "foreign.txt").symlink_to(root / "mkdocs.yml")
    (root / "site" / "customers" / "nobody").mkdir()
    for words in ("A second edit.", "A third edit.", "A fourth edit."):
        edit(root, words)
        builds.build(root, editions=EDITION)
        assert_clean(root)


def test_what_somebody_did_to_files_for_machines_is_undone(root: Path) -> None:
    site = root / "site" / "customers"
    (site / "llms.txt").write_text("foreign", "utf-8")
    (site / "billing" / "refunds" / "index.md").write_text("foreign", "utf-8")
    (site / "sitemap.xml.gz").unlink()
    (site / "feed.xml").unlink()
    edit(root, "A second edit.")
    builds.build(root, editions=EDITION)
    assert_clean(root)

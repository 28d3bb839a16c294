"""With a version of MkDocs or a plugin that nobody has tried, builds take the slow way, say so, and come out alike."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

from tests.site import builds
from tests.site.small_site import lay_out


def pretend(folder: Path, name: str, version: str) -> None:
    """Have a folder claim, before all others on Python's path, that another version of a package is installed."""
    known = distribution(name)
    stem = name.replace("-", "_")
    real = Path(str(known.locate_file(f"{stem}-{known.version}.dist-info")))
    claimed = folder / f"{stem}-{version}.dist-info"
    shutil.copytree(real, claimed)
    metadata = claimed / "METADATA"
    metadata.write_text(metadata.read_text("utf-8").replace(f"Version: {known.version}\n", f"Version: {version}\n"))


def build(root: Path, path: Path | None = None, *options: str) -> str:
    """Build the customers' edition as a person does; gives what was said."""
    found = subprocess.run(
        [sys.executable, "-m", "kbtool", "-C", str(root), "build", "--edition", "customers", *options],
        capture_output=True, text=True, check=False,
        env={**os.environ, "NO_COLOR": "1", **({"PYTHONPATH": str(path)} if path else {})},
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout + found.stderr


def built_quickly(tmp_path: Path) -> tuple[Path, Path, dict[str, bytes]]:
    """A knowledge base, a folder for claims of other packages, and the site as the known ones make it."""
    root, packages = tmp_path / "kb", tmp_path / "packages"
    lay_out(root)
    packages.mkdir()
    said = build(root)
    assert "the slow way" not in said and "1.99" not in said
    return root, packages, builds.site(root / "site" / "customers")


def test_versions_that_nobody_has_quickened_build_the_same_and_are_told(tmp_path: Path) -> None:
    root, packages, quick = built_quickly(tmp_path)
    claims = ("import markdown, pymdownx", "markdown.__version__ = '3.99'", "pymdownx.__version__ = '99.0'")
    (packages / "sitecustomize.py").write_text("\n".join(claims))
    said = build(root, packages, "--clean")
    assert "pages are made the slow way: kbtool does not know markdown 3.99, pymdown-extensions 99.0 yet" in said
    assert not builds.unlike(builds.site(root / "site" / "customers"), quick)


def test_untried_versions_build_the_same_the_slow_way(tmp_path: Path) -> None:
    root, packages, quick = built_quickly(tmp_path)
    for name in ("mkdocs", "mkdocs-static-i18n"):
        pretend(packages, name, "1.99.0")
    said = build(root, packages)
    assert "mkdocs 1.99.0" in said
    assert "mkdocs-static-i18n 1.99.0" in said
    assert not builds.unlike(builds.site(root / "site" / "customers"), quick)

"""The house stands as it was drawn: imports point down only, each outside thing has one home, rooms stay small."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "kbtool"

#: a floor may import what stands below it, and itself
FLOORS = [
    {"cli"},
    {"web"},
    {"commands"},
    {"foreign"},
    {"checks", "site", "search", "support"},
    {"project"},
    {"settings", "store", "history", "memory", "pool", "lock", "installed", "engines", "reports", "interchange"},
    {"core"},
]
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}

#: outside thing → the rooms that may know it
HOMES = {
    "click": ("cli/",),
    "git": ("history.py",),
    "mkdocs": ("site/mkdocs/",),
    "mkdocs_static_i18n": ("site/mkdocs/",),
    "babel": ("site/dates.py",),
    "deep_translator": ("engines/shim.py",),
    "rich": ("reports/",),
    "jinja2": ("reports/", "site/"),
    "bs4": ("foreign/html.py", "foreign/tags.py"),
    "markdownify": ("foreign/tags.py",),
    "starlette": ("web/",),
    "uvicorn": ("web/",),
    "nh3": ("web/",),
    "polib": ("interchange/po.py",),
    "sqlite3": ("memory.py", "commands/status_cache.py"),
}
#: what the pure core may know besides the standard library: the Markdown parser, its extensions, and YAML
CORE_MAY = {"markdown", "pymdownx", "material", "yaml", "kbtool"}
#: standard library modules that reach out of a pure core
WORLD = {"os", "pathlib", "subprocess", "socket", "time", "tempfile", "shutil", "urllib.request", "sqlite3", "logging"}

FILES = sorted(PACKAGE.rglob("*.py"))


def imports(file: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: a relative import"
            module = node.module or ""
            for alias in node.names if module == "kbtool" else ():
                yield f"kbtool.{alias.name}", node.lineno
            if module != "kbtool":
                yield module, node.lineno


def room(file: Path) -> str:
    first = file.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.relative_to(PACKAGE).as_posix())
def test_imports_point_down(file: Path) -> None:
    here = room(file)
    if here in ("__init__", "__main__"):
        return
    assert here in LEVEL, f"{here} stands on no floor: add it to DESIGN and to this test"
    for module, line in imports(file):
        if module.startswith("kbtool."):
            there = module.split(".")[1]
            assert LEVEL[there] >= LEVEL[here], f"{file}:{line}: {here} imports {there}, which stands above it"


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.relative_to(PACKAGE).as_posix())
def test_each_outside_thing_has_one_home(file: Path) -> None:
    here = file.relative_to(PACKAGE).as_posix()
    for module, line in imports(file):
        for homes in (HOMES.get(module.split(".")[0]),):
            assert homes is None or here.startswith(homes), f"{file}:{line}: {module} belongs to {homes}"


@pytest.mark.parametrize("file", sorted((PACKAGE / "core").glob("*.py")), ids=lambda f: f.name)
def test_the_core_is_pure(file: Path) -> None:
    import sys

    for module, line in imports(file):
        top = module.split(".")[0]
        assert module not in WORLD and top not in WORLD - {"urllib"}, f"{file}:{line}: the core reaches out: {module}"
        assert top in sys.stdlib_module_names or top in CORE_MAY, f"{file}:{line}: the core knows {module}"


@pytest.mark.parametrize("file", sorted((PACKAGE / "site" / "stage").glob("*.py")), ids=lambda f: f.name)
def test_the_stage_knows_nothing_of_what_is_made_of_it(file: Path) -> None:
    above = ("kbtool.site.mkdocs", "kbtool.site.builder", "kbtool.site.making", "kbtool.site.lastsite")
    for module, line in imports(file):
        assert not module.startswith(above), f"{file}:{line}: the stage imports {module}"


def test_the_scanner_shares_no_code_with_what_it_checks() -> None:
    scanner = PACKAGE / "checks" / "audit"
    for file in scanner.rglob("*.py"):
        for module, line in imports(file):
            allowed = module.startswith(("kbtool.checks.audit", "kbtool.core.errors", "kbtool.core.model"))
            assert not module.startswith("kbtool.") or allowed, f"{file}:{line}: the audit imports {module}"

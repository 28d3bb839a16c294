"""Modules that are hardly ever used are loaded with the first thing that is asked for, and are then as ever."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kbtool.cli.late import LATE

START = "import sys\nfrom kbtool.cli.late import LATE, Late, import_late\nimport_late()\n"


def said(story: str) -> str:
    run = subprocess.run([sys.executable, "-c", START + story], check=True, capture_output=True, text=True)
    return run.stdout.strip()


@pytest.mark.parametrize("name", [*LATE])
def test_a_module_comes_with_its_first_use_and_is_whole(name: str) -> None:
    story = f"""
import importlib
import {name.rpartition(".")[0] or name}
late = importlib.import_module("{name}")
assert type(late) is Late
print(hasattr(late, "nothing"))
real = sys.modules["{name}"]
print(type(real) is Late, all(getattr(late, each) is it for each, it in vars(real).items()))
"""
    assert said(story) == "False\nFalse True"


def test_what_only_holds_a_module_does_not_load_it() -> None:
    held = "import importlib.metadata, inspect, traceback, urllib.parse\nfrom urllib.request import url2pathname\n"
    story = held + "print(*(name for name in LATE if type(sys.modules[name]) is not Late))"
    assert said(story) == ""


def test_a_function_that_was_taken_by_name_loads_its_module() -> None:
    story = "from urllib.request import pathname2url\nprint(pathname2url('/a b'))\nimport urllib.request\n"
    assert said(f"{story}print(urllib.request.Request('http://a/b').host)") == "/a%20b\na"


def test_what_a_module_holds_can_be_used_through_others() -> None:
    story = (
        "from urllib.parse import urlsplit\nprint(urlsplit('http://[::1]/').netloc)\nimport importlib.metadata as m\n"
    )
    assert said(f"{story}print(m.metadata('click')['Name'], m.files('click')[0].size > 0)") == "[::1]\nclick True"


def test_what_a_module_does_not_hold_is_missing_as_ever() -> None:
    assert said("import difflib\nprint(hasattr(difflib, 'nothing'), hasattr(difflib, '__path__'))") == "False False"

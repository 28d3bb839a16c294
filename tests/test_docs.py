"""The help centre tells the truth: every command, option and settings key has its place, every link leads somewhere."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import click
import pytest

from kbtool.cli.roof import COMMANDS, cli, run
from kbtool.settings import Budget, Policy, Review, Settings

ROOT = Path(__file__).parent.parent
COMMANDS_PAGE = (ROOT / "docs/reference/commands.md").read_text("utf-8")
SETTINGS_PAGE = (ROOT / "docs/reference/settings.md").read_text("utf-8")


def command(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)  # type: ignore[attr-defined]
    assert found is not None
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_explained(name: str) -> None:
    assert f"kbtool {name}" in COMMANDS_PAGE
    assert command(name).help, f"{name} has no --help text"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_explained(name: str) -> None:
    for parameter in command(name).params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"kbtool {name} {parameter.opts[0]} has no help text"
            long = next(o for o in parameter.opts if o.startswith("--"))
            assert long in COMMANDS_PAGE, f"kbtool {name} {long} is not in docs/reference/commands.md"


def test_only_commands_that_exist_are_explained() -> None:
    for page in sorted((ROOT / "docs").rglob("*.md")):
        for name in re.findall(r"`kbtool ([a-z][a-z-]+)", page.read_text("utf-8")):
            assert name in COMMANDS, f"{page.relative_to(ROOT)} speaks of `kbtool {name}`, which does not exist"


@pytest.mark.parametrize("kind", [Settings, Review, Budget, Policy])
def test_every_settings_key_is_explained(kind: type) -> None:
    names = {"policies": "policy", "locales": "locale"} if kind is Policy else {"policies": "policy"}
    for field in dataclasses.fields(kind):
        key = names.get(field.name, field.name)
        assert re.search(rf"\b{key}\b", SETTINGS_PAGE), f"{key} is not in docs/reference/settings.md"


def test_our_own_help_centre_passes_its_checks(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["-C", str(ROOT), "check"])
    assert code == 0, capsys.readouterr().out


def test_the_readme_names_commands_that_exist() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for name in re.findall(r"\bkbtool ([a-z][a-z-]+)", " ".join(re.findall(r"`[^`]+`|```.*?```", text, re.S))):
        assert name in COMMANDS, f"README.md speaks of `kbtool {name}`"
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"`make ([a-z-]+)", text):
        assert f"\n{target}:" in makefile, f"README.md speaks of `make {target}`"

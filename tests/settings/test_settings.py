"""Settings: every fault at once, and good defaults."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.cli.roof import run
from kbtool.core.errors import UsageError
from kbtool.settings import Settings, days, find_root, load_settings
from kbtool.settings.lines import lines_of
from tests.cases import cases

FAULTS = dict(cases(Path(__file__).parent / "cases", 2))


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_named(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, expected = FAULTS[name]
    (tmp_path / "kbtool.toml").write_text(text, "utf-8")
    (tmp_path / "docs").mkdir()
    assert run(["-C", str(tmp_path / "docs"), "check"]) == 2
    told = capsys.readouterr().err
    for line in expected.splitlines():
        assert line in told


@pytest.mark.parametrize("name", FAULTS)
def test_faults_in_pyproject_have_its_lines(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, expected = FAULTS[name]
    text = re.sub(r"(?m)^(\[+)", r"\1tool.kbtool.", text)
    (tmp_path / "pyproject.toml").write_text(f"[tool.kbtool]\n{text}", "utf-8")
    assert run(["-C", str(tmp_path), "check"]) == 2
    told = capsys.readouterr().err
    for line in expected.splitlines():
        assert re.sub(r"kbtool\.toml:(\d+)", lambda at: f"pyproject.toml:{int(at[1]) + 1}", line) in told


VALUES = ("1", '"a = 1"', '"""\n[not.a.table]\nb = 2\n"""', "[\n  1,  # [c]\n  2,\n]", "{}", "2026-11-22")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "# [comment]\n", "\n"]),
            st.booleans(),
            st.lists(st.tuples(st.sampled_from(["k", '"k v"', "k.l"]), st.sampled_from(VALUES)), max_size=4),
        ),
        max_size=5,
    )
)
def test_every_key_has_its_line(parts: list[tuple[str, bool, list[tuple[str, str]]]]) -> None:
    text, expected, many = "", dict[str, int](), 0
    for number, (before, is_array, values) in enumerate(parts):
        text += before
        many += is_array
        name = f"array.{many}" if is_array else f"table{number}"
        expected[name] = text.count("\n") + 1
        text += "[[array]]\n" if is_array else f"[table{number}]\n"
        for index, (start, value) in enumerate(values):
            expected[f"{name}.{start}{index}".replace('"', "")] = text.count("\n") + 1
            text += f"{start.rstrip(chr(34))}{index}" + '"' * start.startswith('"') + f" = {value}\n"
    assert expected.items() <= dict(lines_of(text)).items()


def test_a_knowledge_base_without_settings_works(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: x\ntheme:\n  name: material\n  language: fr\n", "utf-8")
    assert load_settings(tmp_path) == Settings(source="fr")
    assert Settings().editions == {"customers": "public", "agents": "agent"}


def test_settings_stand_in_pyproject_too(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n[tool.kbtool]\nlocales = ["de"]\n', "utf-8")
    assert load_settings(tmp_path).locales == ("de",)
    assert find_root(tmp_path / "docs") == tmp_path


def test_the_last_policy_that_says_something_wins(tmp_path: Path) -> None:
    (tmp_path / "kbtool.toml").write_text(
        'locales = ["de", "es"]\nengine = ["deepl", "google"]\n'
        '[[policy]]\npath = "legal/**"\nmode = "hand"\nevery = "30d"\n'
        '[[policy]]\nlocale = "es"\nengine = "apertium"\n',
        "utf-8",
    )
    settings = load_settings(tmp_path)
    assert settings.mode("legal/terms.md", "de") == "hand" and settings.mode("start.md", "de") == "machine-then-review"
    assert settings.chain("start.md", "es") == ("apertium",) and settings.chain("start.md", "de") == ("deepl", "google")
    assert settings.interval("legal/terms.md") == 30 and settings.interval("start.md", "de") == 180


@pytest.mark.parametrize(
    ("text", "number"),
    [("180d", 180), ("26w", 182), ("6m", 180), ("1y", 365), (90, 90), ("0d", None), ("soon", None), (True, None)],
)
def test_durations(text: object, number: int | None) -> None:
    assert days(text) == number


def test_outside_a_knowledge_base_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        find_root(tmp_path)
    assert "kbtool init" in (error.value.hint or "")

"""Settings: every fault at once, and good defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtool.core.errors import UsageError
from kbtool.settings import Settings, days, find_root, load_settings
from tests.cases import cases

FAULTS = dict(cases(Path(__file__).parent / "cases", 2))


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_named(name: str, tmp_path: Path) -> None:
    text, expected = FAULTS[name]
    (tmp_path / "kbtool.toml").write_text(text, "utf-8")
    with pytest.raises(UsageError) as error:
        load_settings(tmp_path)
    for line in expected.splitlines():
        assert line in str(error.value)
    assert "kbtool.toml" in str(error.value)


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

"""`kbtool hosting`: what it prints can be used as it is, and what would be unsafe is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kbtool.cli.roof import run
from tests.site.conftest import write


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    toml = 'source = "en"\nlocales = ["de", "pt_BR"]\n[site.urls]\nagents = "https://agents.example.com/"\n'
    yml = "site_name: T\nsite_url: https://help.example.com/kb/\n"
    write(tmp_path, {"kbtool.toml": toml, "mkdocs.yml": yml, "docs/index.md": "# Start\n"})
    return tmp_path


def test_the_settings_say_where_an_edition_stands(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(settings), "hosting", "nginx", "--out", "help.conf"]) == 0
    text = (settings / "help.conf").read_text()
    assert "server_name help.example.com;" in text
    assert '"~^/kb/pt_BR/" /kb/pt_BR/404.html;' in text
    assert "auth_" not in text
    capsys.readouterr()
    assert run(["-C", str(settings), "hosting", "nginx", "--edition", "agents", "--auth", "basic"]) == 0
    assert "server_name agents.example.com;" in capsys.readouterr().out


def test_a_pipeline_publishes_the_public_edition_and_nothing_else(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-C", str(settings), "hosting", "gitlab-pages"]) == 0
    text = capsys.readouterr().out
    jobs = yaml.safe_load(text)
    assert "agents" not in text
    script = jobs["pages"]["script"]
    assert script.index("kbtool audit site/customers") < script.index("mv site/customers public")
    assert jobs["pages"]["artifacts"]["paths"] == ["public"]
    assert "kbtool probe https://help.example.com/kb/ --edition customers" in text


REFUSED = {
    "an internal edition without a login": (["nginx", "--edition", "agents"], "who lets people in"),
    "an internal edition on public pages": (["gitlab-pages", "--edition", "agents"], "shows everything to everybody"),
    "a login that public pages do not have": (["gitlab-pages", "--auth", "basic"], "shows everything to everybody"),
    "a host that would end the line": (["nginx", "--host", "a.example.com; root /"], "no host name"),
    "a folder that would end the line": (["nginx", "--root", "/srv; root /"], "cannot use this path"),
    "an edition nobody knows": (["nginx", "--edition", "agent"], "unknown edition"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_be_unsafe_is_refused(settings: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    args, said = REFUSED[name]
    assert run(["-C", str(settings), "hosting", *args]) == 2
    assert said in capsys.readouterr().err


def test_an_internal_edition_has_a_host_of_its_own(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = settings / "kbtool.toml"
    file.write_text(file.read_text().replace("agents.example.com/", "help.example.com/agents/"))
    assert run(["-C", str(settings), "hosting", "nginx", "--edition", "agents", "--auth", "basic"]) == 2
    assert "needs a host of its own" in capsys.readouterr().err

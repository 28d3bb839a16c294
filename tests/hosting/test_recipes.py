"""`kbtool hosting`: what it prints can be used as it is, and what would be unsafe is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kbtool.cli import run
from tests.site.conftest import write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    toml = 'source = "en"\nlocales = ["de", "pt_BR"]\n[site.urls]\nagents = "https://agents.example.com/"\n'
    yml = "site_name: T\nsite_url: https://help.example.com/kb/\n"
    write(tmp_path, {"kbtool.toml": toml, "mkdocs.yml": yml, "docs/index.md": "# Start\n"})
    return tmp_path


def test_the_settings_say_where_an_edition_stands(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(root), "hosting", "nginx", "--out", "help.conf"]) == 0
    text = (root / "help.conf").read_text()
    assert "server_name help.example.com;" in text
    assert '"~^/kb/pt_BR/" /kb/pt_BR/404.html;' in text
    assert "auth_" not in text
    capsys.readouterr()
    assert run(["-C", str(root), "hosting", "nginx", "--edition", "agents", "--auth", "basic"]) == 0
    assert "server_name agents.example.com;" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["github-pages", "gitlab-pages"])
def test_a_pipeline_publishes_the_public_edition_and_nothing_else(
    root: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    assert run(["-C", str(root), "hosting", kind]) == 0
    text = capsys.readouterr().out
    jobs = yaml.safe_load(text)
    assert "agents" not in text
    if kind == "github-pages":
        steps = jobs["jobs"]["publish"]["steps"]
        order = [step.get("run", step.get("uses", "")).split("@")[0] for step in steps]
        assert order.index("kbtool audit site/customers") < order.index("actions/upload-pages-artifact")
        assert next(s["with"]["path"] for s in steps if "upload" in s.get("uses", "")) == "site/customers"
        assert jobs["jobs"]["publish"]["environment"]["url"] == "${{ steps.deployment.outputs.page_url }}"
    else:
        script = jobs["pages"]["script"]
        assert script.index("kbtool audit site/customers") < script.index("mv site/customers public")
        assert jobs["pages"]["artifacts"]["paths"] == ["public"]
    assert "kbtool probe https://help.example.com/kb/ --edition customers" in text


REFUSED = {
    "an internal edition without a login": (["nginx", "--edition", "agents"], "who lets people in"),
    "an internal edition on public pages": (["github-pages", "--edition", "agents"], "shows everything to everybody"),
    "a login that public pages do not have": (["gitlab-pages", "--auth", "basic"], "shows everything to everybody"),
    "a host that would end the line": (["nginx", "--host", "a.example.com; root /"], "no host name"),
    "a folder that would end the line": (["nginx", "--root", "/srv; root /"], "cannot use this path"),
    "an edition nobody knows": (["nginx", "--edition", "agent"], "unknown edition"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_be_unsafe_is_refused(root: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    args, said = REFUSED[name]
    assert run(["-C", str(root), "hosting", *args]) == 2
    assert said in capsys.readouterr().err


def test_an_internal_edition_has_a_host_of_its_own(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = root / "kbtool.toml"
    settings.write_text(settings.read_text().replace("agents.example.com/", "help.example.com/agents/"))
    assert run(["-C", str(root), "hosting", "nginx", "--edition", "agents", "--auth", "basic"]) == 2
    assert "needs a host of its own" in capsys.readouterr().err

"""The workflows that `kbtool init` brings along: linters find nothing, and every command in them works."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml
from runner import Runner
from small_base import Base

from tests.browser import serving

TEMPLATES = Path(__file__).parents[2] / "kbtool/templates/github/github"
WORKFLOWS = sorted((TEMPLATES / "workflows").glob("*.yml"))


class Hosted(Base):
    """A knowledge base as `kbtool init` makes it, on a code host: a bare repository on this disk."""

    def __init__(self, room: Path, capture: Callable[[], Any]) -> None:
        super().__init__(room / "kb", capture)
        self.room = room
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(room / "origin")], check=True)
        Base(room, capture).kbtool("init", "kb")
        self.git("init", "-q", "-b", "main")
        self.edit("kbtool.toml", "locales = []", 'locales = ["de"]\nengine = "pseudo"')
        self.git("remote", "add", "origin", str(room / "origin"))
        self.push("a fresh one")

    def push(self, message: str) -> str:
        commit = self.commit(message)
        self.git("push", "-q", "origin", "HEAD")
        return commit

    def runner(self, branch: str = "main") -> Runner:
        """A runner with a clone of its own."""
        number = len(list(self.room.glob("runner-*")))
        room = self.room / f"runner-{number}"
        room.mkdir()
        subprocess.run(["git", "clone", "-q", "-b", branch, str(self.room / "origin"), str(room / "clone")], check=True)
        return Runner(room / "clone", room)

    def at_origin(self, branch: str, path: str) -> str:
        self.git("fetch", "-q", "origin")
        return self.git("show", f"origin/{branch}:{path}")


@pytest.fixture
def hosted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Hosted:
    return Hosted(tmp_path, capsys.readouterr)


# -- what linters say


def test_the_security_linter_for_workflows_finds_nothing() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    said = subprocess.run(
        [str(zizmor), "--offline", "--persona=pedantic", "--no-progress", *map(str, WORKFLOWS)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize(
    ("schema", "files"), [("github-workflows", WORKFLOWS), ("dependabot", [TEMPLATES / "dependabot.yml"])]
)
def test_the_files_are_what_the_code_host_expects(schema: str, files: list[Path]) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, files)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_a_workflow_asks_for_little_and_trusts_nobody(file: Path) -> None:
    text = file.read_text("utf-8")
    told = yaml.safe_load(text)
    assert told["permissions"] == {}
    assert "pull_request_target" not in text
    for job in told["jobs"].values():
        assert job["permissions"] and job["timeout-minutes"]
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), "what others wrote reaches a shell through env only"
            if "uses" in step:
                assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"])
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False
    on_pull_requests = "pull_request" in told[True]  # YAML reads the key `on` as true
    assert not (
        on_pull_requests and ("secrets." in text or "write" in json.dumps(told["jobs"]["check"]["permissions"]))
    )


def test_they_install_the_kbtool_that_made_them(hosted: Hosted) -> None:
    assert f"\nkbtool=={version('kbtool')}\n" in hosted.read("requirements.txt")
    assert {p.name for p in (hosted.root / ".github/workflows").iterdir()} == {p.name for p in WORKFLOWS}
    Base(hosted.room, hosted._capture).kbtool("init", "plain", "--ci", "none")
    assert not (hosted.room / "plain/.github").exists()
    assert not (hosted.room / "plain/requirements.txt").exists()


# -- what they do


def test_a_pull_request_is_checked_built_commented_and_published(hosted: Hosted) -> None:
    base = hosted.git("rev-parse", "HEAD").strip()
    hosted.git("switch", "-q", "-c", "typo")
    hosted.edit("docs/billing/refunds.md", "within 30 days of buying.\n\n1.", "within 60 days of buying.\n\n1.")
    head = hosted.push("more days")
    runner = hosted.runner("typo")
    runner.install = True
    runner.run("check.yml", "check", {
        "github.event.pull_request.base.sha": base, "github.event.pull_request.number": "7",
        "github.event.pull_request.head.sha": head, "github.repository": "acme/help",
        "github.server_url": "https://github.com",
    })  # fmt: skip
    comment = (runner.clone / "comment/comment.md").read_text("utf-8")
    assert "1 of 1 section changes; " in comment
    assert f'href="https://github.com/acme/help/blob/{head}/docs/billing/refunds.md"' in comment
    assert (runner.room / "summary.md").read_text("utf-8") == comment
    assert (runner.clone / "site/customers/index.html").is_file()

    runner.run("publish.yml", "build")
    told = yaml.safe_load((TEMPLATES / "workflows/publish.yml").read_text("utf-8"))
    (handed,) = [s["with"]["path"] for s in told["jobs"]["build"]["steps"] if "upload" in s.get("uses", "")]
    assert handed == "site/customers"

    pages = Path(shutil.copytree(runner.clone / handed, hosted.room / "pages"))
    with serving(pages) as address:
        outside = hosted.runner("typo")
        outside.run("publish.yml", "probe", {"needs.deploy.outputs.page_url": address})
        shutil.copy(runner.clone / "mkdocs.yml", pages)
        with pytest.raises(AssertionError, match="anybody can read it"):
            outside.run("publish.yml", "probe", {"needs.deploy.outputs.page_url": address})
    assert told["jobs"]["deploy"]["outputs"]["page_url"] == "${{ steps.deployment.outputs.page_url }}"

    run = {"github.event.workflow_run.head_sha": head}
    runner.answers = [("repos/acme/help/pulls/7", head)]
    runner.run("comment.yml", "comment", run)
    *_, last = runner.calls
    assert last["call"][2:5] == ["--method", "POST", "repos/acme/help/issues/7/comments"]
    assert last["body"] == comment

    runner.answers.append(("issues/7/comments --paginate", "4711\n4712"))
    runner.run("comment.yml", "comment", run)
    assert runner.calls[-1]["call"][2:5] == ["--method", "PATCH", "repos/acme/help/issues/comments/4711"]

    runner.answers = [("repos/acme/help/pulls/7", "0" * 40)]
    runner.run("comment.yml", "comment", run)
    assert len(runner.calls) == 1, "a run that speaks for another commit is not believed"


def translate(runner: Runner, number: str = "") -> list[dict[str, Any]]:
    """Run the workflow; `number` is the pull request that is open."""
    runner.answers = [("pr list", number)]
    assert runner.run("translate.yml", "languages")["languages"] == '["de"]'
    runner.run("translate.yml", "translate", {"matrix.language": "de"})
    return runner.calls


def test_what_is_merged_is_translated_in_one_pull_request_that_people_may_edit(hosted: Hosted) -> None:
    calls = translate(hosted.runner())
    assert calls[-1]["call"][:6] == ["pr", "create", "--head", "kbtool/translate-de", "--base", "main"]
    assert "5 translations catch up" in calls[-1]["body"]
    page = "translations/de/billing/refunds.md"
    assert "Ýóú" in hosted.at_origin("kbtool/translate-de", page)

    hosted.git("switch", "-q", "kbtool/translate-de")
    hosted.write(page, hosted.read(page).replace("Ýóú ćáń", "Hier können Sie", 1))
    edited = next(line for line in hosted.read(page).splitlines() if "Hier können" in line)
    hosted.push("a reviewer corrects")
    hosted.git("switch", "-q", "main")
    hosted.edit("docs/questions.md", "We answer every day", "We answer every single day")
    hosted.push("more promises")

    calls = translate(hosted.runner(), "9")
    assert calls[-1]["call"][:3] == ["pr", "edit", "9"]
    assert edited in hosted.at_origin("kbtool/translate-de", page), "what a person wrote on the branch stays"
    log = hosted.git("log", "--format=%s", "origin/kbtool/translate-de")
    assert log.count("Translate into de") == 2
    assert "a reviewer corrects" in log

    hosted.git("merge", "-q", "origin/kbtool/translate-de")
    hosted.git("push", "-q", "origin", "HEAD")
    nothing_left = hosted.runner().run("translate.yml", "languages")
    assert nothing_left == {"languages": "[]"}


def test_every_week_there_is_an_issue_and_a_day_more_in_the_history(hosted: Hosted) -> None:
    hosted.edit("kbtool.toml", 'every = "180d"', 'every = "1d"\nstart = 2026-01-01')
    hosted.push("a short interval")
    runner = hosted.runner()
    runner.run("digest.yml", "digest")
    create = runner.calls[-1]
    assert create["call"][:4] == ["issue", "create", "--title", "Reviews that are due"]
    assert "docs/billing/refunds.md" in create["body"]
    assert "<h1>Kb</h1>" in (runner.room / "report.html").read_text("utf-8")
    assert hosted.at_origin("kbtool/history", "history.jsonl").count("\n") == 1

    earlier = '{"on": "2026-01-05", "articles": 4, "overdue": 0, "locales": {}}\n'
    hosted.git("switch", "-q", "kbtool/history")
    hosted.write("history.jsonl", earlier)
    hosted.push("an earlier week")
    again = hosted.runner()
    again.answers = [("issue list", "12")]
    again.run("digest.yml", "digest")
    assert again.calls[-1]["call"][:3] == ["issue", "edit", "12"]
    history = hosted.at_origin("kbtool/history", "history.jsonl")
    assert history.startswith(earlier) and history.count("\n") == 2

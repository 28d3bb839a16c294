"""Runs the `run:` steps of a GitHub workflow on this machine, as a runner would, with a stand-in for `gh`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
#: answers with the first entry of $GH_ANSWERS whose words all occur among the arguments, and notes every call
GH = """#!{python}
import json, os, pathlib, sys
call = sys.argv[1:]
bodies = [a[len("body=@"):] for a in call if a.startswith("body=@")]
bodies += [call[n + 1] for n, a in enumerate(call) if a == "--body-file"]
note = {{"call": call, "body": "".join(pathlib.Path(b).read_text("utf-8") for b in bodies)}}
with open(os.environ["GH_CALLS"], "a", encoding="utf-8") as log:
    log.write(json.dumps(note) + "\\n")
said = " ".join(call)
for words, answer in json.loads(os.environ["GH_ANSWERS"]):
    if all(word in said for word in words.split()):
        print(answer)
        break
"""


class Runner:
    """One machine that runs jobs in a clone."""

    def __init__(self, clone: Path, room: Path) -> None:
        self.clone, self.room = clone, room
        self.install = False  #: whether the step that installs kbtool runs; it takes long and changes nothing here
        self.answers: list[tuple[str, str]] = []  #: words of a call of gh, what it prints
        self.calls_file = room / "calls.jsonl"
        tools = room / "bin"
        tools.mkdir(parents=True)
        (tools / "gh").write_text(GH.format(python=sys.executable), "utf-8")
        (tools / "gh").chmod(0o755)
        self.path = os.pathsep.join((str(tools), str(Path(sys.executable).parent), os.environ["PATH"]))

    @property
    def calls(self) -> list[dict[str, Any]]:
        """The calls of gh so far; the log is emptied."""
        if not self.calls_file.exists():
            return []
        found = [json.loads(line) for line in self.calls_file.read_text("utf-8").splitlines()]
        self.calls_file.unlink()
        return found

    def run(self, workflow: str, job: str, context: Mapping[str, str] | None = None, **github: str) -> dict[str, str]:
        """Run a job's steps in order; gives its outputs. What fails fails the test, with all that was printed."""
        told = yaml.safe_load((self.clone / ".github/workflows" / workflow).read_text("utf-8"))
        mine, outputs, known = told["jobs"][job], {}, dict(context or {})
        for step in mine["steps"]:
            if "run" not in step or not self._wanted(step, known):
                continue
            if step["name"] == "Install kbtool" and not self.install:
                continue
            result = self.room / "output"
            result.write_text("", "utf-8")
            env = {
                key: self._filled(value, known) for key, value in {**mine.get("env", {}), **step.get("env", {})}.items()
            }
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=self.clone, env=self._env(result, github) | env, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, f"{workflow}, {step['name']}:\n{done.stdout}{done.stderr}"
            for line in result.read_text("utf-8").splitlines():
                name, _, value = line.partition("=")
                known[f"steps.{step['id']}.outputs.{name}"] = outputs[name] = value
        return outputs

    def _wanted(self, step: Mapping[str, Any], known: Mapping[str, str]) -> bool:
        """The one condition that our steps have: that another step went well."""
        condition = step.get("if")
        assert condition in (None, "steps.fetch.outcome == 'success'"), condition
        return condition is None or known.get("steps.fetch.outcome", "success") == "success"

    def _filled(self, value: object, known: Mapping[str, str]) -> str:
        return EXPRESSION.sub(lambda found: known.get(found[1], ""), str(value))

    def _env(self, result: Path, github: Mapping[str, str]) -> dict[str, str]:
        head = subprocess.run(
            ["git", "-C", str(self.clone), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        )
        return {
            **{key: value for key, value in os.environ.items() if key.startswith(("GIT_", "LANG", "HOME", "COVERAGE"))},
            "PATH": self.path,
            "GH_CALLS": str(self.calls_file),
            "GH_ANSWERS": json.dumps(self.answers),
            "GITHUB_OUTPUT": str(result),
            "GITHUB_STEP_SUMMARY": str(self.room / "summary.md"),
            "GITHUB_REPOSITORY": "acme/help",
            "GITHUB_REF_NAME": "main",
            "GITHUB_SHA": head.stdout.strip(),
            "RUNNER_TEMP": str(self.room),
            **github,
        }

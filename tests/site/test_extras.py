"""The dashboard in the agents' edition, and nowhere else."""

from __future__ import annotations

import json
import re
from datetime import date

from kbtool.commands.report import extra
from kbtool.project import Project
from tests.site.conftest import Base, run

DASHBOARD = "kb/dashboard.html"


def test_agents_find_the_dashboard_at_the_foot_of_every_page_and_customers_never(base: Base) -> None:
    assert 'href="../../kb/dashboard.html">Dashboard</a>' in base.read("billing/refunds/index.html", "agents")
    assert 'href="../../../kb/dashboard.html">Überblick in Zahlen</a>' in base.read(
        "de/billing/refunds/index.html", "agents"
    )
    assert [name for name in base.files("agents") if "dashboard" in name] == [DASHBOARD]
    assert not [name for name, data in base.files().items() if "dashboard" in name or b"dashboard.html" in data]


def test_it_counts_only_what_the_readers_of_the_edition_may_see(base: Base) -> None:
    page = base.read(DASHBOARD, "agents")
    whole = json.loads(run(base.root, "report", "--json").stdout)
    shown = re.search(r"· (\d+) articles in", page)
    assert shown and int(shown[1]) == whole["articles"] - 1
    assert "odd.md" in {gap["path"].removeprefix("docs/") for gap in whole["gaps"]}
    assert "odd.md" not in page
    assert "internal/escalation.md" in page
    assert "To catch up" not in page


def test_the_same_files_and_day_give_the_same_bytes(base: Base) -> None:
    project, day = Project.at(base.root), date(2026, 11, 22)
    articles = ("index.md", "billing/refunds.md")
    first = extra(project, "agent", articles, day)
    assert extra(project, "agent", articles, day) == first
    assert extra(project, "agent", articles, date(2027, 11, 22)) != first
    assert extra(project, "public", articles, day) == {}

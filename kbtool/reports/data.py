"""The dashboard for machines; `kbtool report --schema` describes it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from kbtool.core.dashboard import Dashboard
from kbtool.core.freshness import LABELS
from kbtool.core.trend import Day
from kbtool.reports.standings import covered


def as_json(board: Dashboard) -> str:
    """The same figures as on the page; `locales` and `sections` are those of `kbtool status --json`."""
    found: dict[str, Any] = {
        "schema": 1,
        "name": board.name,
        "on": board.on.isoformat(),
        "source": board.source,
        "articles": board.articles,
        "views": board.views or None,
        "locales": [covered(each) for each in board.locales],
        "sections": [{"section": each.section, **covered(each)} for each in board.sections],
        "freshness": [
            {"locale": each.locale, "files": dict(zip(LABELS, each.files, strict=True))} for each in board.freshness
        ],
        "overdue": [
            {
                "owner": each.owner,
                "originals": each.originals,
                "translations": each.translations,
                "oldest": each.oldest.isoformat(),
            }
            for each in board.overdue
        ],
        "overdue_files": board.overdue_files,
        "gaps": [{**asdict(gap), "path": f"docs/{gap.path}"} for gap in board.gaps],
        "more_gaps": board.more_gaps,
        "to_do": None if board.bills is None else [asdict(bill) for bill in board.bills],
        "currency": board.currency,
        "trend": [_day(day) for day in board.trend],
    }
    return json.dumps(found, ensure_ascii=False, indent=1)


def _day(day: Day) -> dict[str, Any]:
    return {**asdict(day), "on": day.on.isoformat()}
